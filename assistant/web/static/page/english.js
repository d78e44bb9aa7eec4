// The interface in English. Only the page's own words are in the list; questions, answers and reports stay Chinese.
const ATTRIBUTES = ["aria-label", "title", "placeholder", "data-kind", "data-empty"];
const FOREIGN = `.zw-question, .zw-answer > p:not([class]), .zw-answer ol, .zw-table td, .zw-table caption, .zw-table tbody th, .zw-value, .zw-of,
  .zw-taken, .zw-still, .zw-change summary, [data-ask], .zw-paragraph, .zw-near p, .zw-found, .zw-reader-text, .zw-outline-item, .zw-one,
  .zw-told, .zw-place b, #zw-queue b, .zw-chip, .zw-panel-svg, .zw-source h3, .zw-source > .zw-source-verdict, .zw-goal-line summary, .zw-name, textarea`;
const OURS = ".zw-verbatim, .zw-empty, .zw-rank, .zw-chip-none, .zw-ranking caption, .zw-ranking .zw-cell, .zw-cell-role, .zw-outcome, .zw-kept-count";
const own = new WeakMap(); // what each text was before it was put into English
let on = false;
let asked = false; // what was wanted last: somebody may change their mind while the words are fetched
let words = null; // what is said for what, once it was fetched
let watching;

export async function useEnglish(wanted) {
  asked = wanted;
  if (wanted && !words) words = await import("./english-words.js").catch(() => null);
  if (asked !== wanted || wanted === on || (wanted && !words)) return;
  on = wanted;
  document.documentElement.lang = on ? "en" : "zh-CN";
  watching ??= new MutationObserver((changes) => changes.forEach(onChange));
  if (on) watching.observe(document.documentElement, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES });
  else watching.disconnect();
  each(document.documentElement);
}

// Does something with the page as it is written, in Chinese: what is copied then can be put back into Chinese later.
export function asWritten(act) {
  const was = on;
  useEnglish(false);
  act();
  useEnglish(was);
}

function onChange({ type, target, addedNodes, attributeName }) {
  if (type === "childList") addedNodes.forEach(each);
  else if (type === "characterData") put(target, "data");
  else put(target.getAttributeNode(attributeName), "value");
}

function each(root) {
  if (!root.isConnected) return;
  const nodes = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = nodes.currentNode; node; node = nodes.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) put(node, "data");
    else if (node.nodeType === Node.ELEMENT_NODE) for (const name of ATTRIBUTES) put(node.getAttributeNode(name), "value");
  }
}

function put(node, part) {
  if (!node || (part === "data" && node.parentElement?.closest(FOREIGN) && !node.parentElement.matches(OURS))) return;
  const known = own.get(node);
  if (on) {
    const chinese = node[part];
    const english = known?.english === chinese ? chinese : inEnglish(chinese);
    if (english === chinese) return;
    own.set(node, { chinese, english });
    node[part] = english;
  } else if (known && node[part] === known.english) {
    node[part] = known.chinese;
    own.delete(node);
  }
}

function inEnglish(text) {
  const said = text.trim();
  if (Object.hasOwn(words.WORDS, said)) return text.replace(said, () => words.WORDS[said]);
  const parts = text.split("·"); // one line says several things
  if (parts.length > 1) return parts.map(inEnglish).join("·");
  const [pattern, english] = words.PATTERNS.find(([pattern]) => pattern.test(said)) ?? [];
  return pattern ? text.replace(said, () => said.replace(pattern, english)) : text;
}
