// 政问 in the corner of a portal's page:
//   <script src="https://assistant.example/widget.js" data-portal="oa" data-token-url="/my-token"></script>
// No framework and no global name; it asks nobody but the assistant and the portal's own token address.
const script = document.currentScript;
const TAG = "zhengwen-widget";
const MOST = 20; // earlier questions that are sent along
const option = (name, otherwise = "") => script.dataset[name] || otherwise;
const base = new URL(".", script.src); // the service may stand under a path
