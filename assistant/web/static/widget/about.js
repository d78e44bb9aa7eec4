// 政问 in the corner of a portal's page:
//   <script src="https://assistant.example/widget.js" data-portal="oa" data-token-url="/my-token"></script>
// No framework and no global name; it asks nobody but the assistant and the portal's own token address.
const TAG = "zhengwen-widget";
const MOST_ASKED = 20; // earlier questions that are sent along
const script = document.currentScript ?? document.querySelector('script[src*="/widget.js"]');
const base = script && new URL(".", script.src); // the service may stand under a path
const option = (name) => script.dataset[name] ?? "";
