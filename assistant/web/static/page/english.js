// The interface in English, with the assistant's own sentences in its answers. Questions, and whatever reports say, stay Chinese.
const ATTRIBUTES = ["aria-label", "title", "placeholder", "data-kind", "data-empty"];
const FOREIGN = `.zw-question, .zw-answer > p:not([class]), .zw-answer ol, .zw-table td, .zw-table caption, .zw-table tbody th, .zw-value, .zw-of,
  .zw-taken, .zw-still, .zw-change summary, [data-ask], .zw-paragraph, .zw-near p, .zw-found, .zw-reader-text, .zw-outline-item, .zw-one,
  .zw-told, .zw-place b, #zw-queue b, .zw-chip, .zw-panel-svg, .zw-source h3, .zw-source > .zw-source-verdict, .zw-goal-line summary, .zw-name, textarea`;
const OURS = ".zw-verbatim, .zw-empty, .zw-rank, .zw-chip-none, .zw-ranking caption, .zw-ranking .zw-cell, .zw-cell-role, .zw-outcome, .zw-kept-count";
const ANSWER = ".zw-answer:not(.zw-written)"; // what a language model has written is left as it is
const SAID = `${ANSWER} > p:not([class]), ${ANSWER} .zw-of, ${ANSWER} .zw-table :is(td, caption, tbody th), .zw-still, .zw-change summary`;
const own = new WeakMap(); // what each text was before it was put into English
let on = false;
let asked = false; // what was wanted last: somebody may change their mind while the words are fetched
let said = null; // what is said for what, once it was fetched
let watching;

export async function useEnglish(wanted) {
  asked = wanted;
  if (wanted && !said) said = await import("./english-sentences.js").catch(() => null);
  if (asked !== wanted || wanted === on || (wanted && !said)) return;
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
    else if (node.nodeType === Node.ELEMENT_NODE) {
      if (node.matches(SAID)) putSaid(node);
      for (const name of ATTRIBUTES) put(node.getAttributeNode(name), "value");
    }
  }
}

function put(node, part) {
  if (!node || (part === "data" && node.parentElement?.closest(FOREIGN) && !node.parentElement.matches(OURS))) return;
  const known = own.get(node);
  if (on) {
    const chinese = node[part];
    const english = known?.english === chinese ? chinese : said.inEnglish(chinese);
    if (english === chinese) return;
    own.set(node, { chinese, english });
    node[part] = english;
  } else if (known && node[part] === known.english) {
    node[part] = known.chinese;
    own.delete(node);
  }
}

// A part of an answer is one in English with all its words, or stays as it is; of one that quotes, only whose and when that is.
function putSaid(block) {
  const known = own.get(block);
  if (on && !known) {
    const chinese = [...block.childNodes];
    const english = block.querySelector(".zw-cite") ? ledInEnglish(chinese) : saidInEnglish(block);
    if (!english) return;
    own.set(block, chinese);
    block.replaceChildren(...english);
  } else if (!on && known) {
    block.replaceChildren(...known);
    own.delete(block);
  }
}

function saidInEnglish(block) {
  const chinese = block.textContent.trim();
  const lead = block.matches("p") && chinese.endsWith("：") ? ledBy(chinese.slice(0, -1)) : null;
  const english = said.inSentences(chinese) ?? lead ?? (block.matches("p") ? null : chinese.split(" · ").map(said.part).join(" · "));
  return english === null || english === chinese ? null : dressed(english, block.querySelectorAll("strong, b"));
}

function ledInEnglish(nodes) {
  const at = nodes.findIndex((node) => node.textContent.includes("："));
  const before = nodes.slice(0, at + 1);
  if (!before.length || before.some((node) => node.matches?.(".zw-cite"))) return null;
  const text = before.map((node) => node.textContent).join("");
  const lead = nodes[at].nodeType === Node.TEXT_NODE ? ledBy(text.slice(0, text.indexOf("："))) : null;
  return lead && [lead, text.slice(text.indexOf("：") + 1), ...nodes.slice(at + 1)];
}

// Whose words follow, and of when; null for anything but names, of which some are known.
function ledBy(chinese) {
  const english = said.part(chinese);
  return english === chinese ? null : `${english}: `;
}

// The figures of a text look in English as they do in Chinese.
function dressed(text, figures) {
  const nodes = [text];
  for (const figure of figures) {
    const words = said.part(figure.textContent);
    const alone = new RegExp(`(^|[^\\w.])${words.replace(/[^\w\s]/g, "\\$&")}(?![\\w%])`);
    const at = nodes.findIndex((node) => typeof node === "string" && alone.test(node));
    if (at < 0) continue;
    const [{ index }, before] = [alone.exec(nodes[at]), alone.exec(nodes[at])[1]];
    const copy = figure.cloneNode();
    copy.textContent = words;
    const start = index + before.length;
    nodes.splice(at, 1, nodes[at].slice(0, start), copy, nodes[at].slice(start + words.length));
  }
  return nodes.filter((node) => node !== "");
}
