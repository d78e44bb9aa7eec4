// A whole report with its outline, opened at the paragraph that one came from.
import { button, dialog, find, findAll, make, still } from "./elements.js";
import { opened } from "./layers.js";
import { report } from "./reports.js";

let reader;

function prepare() {
  reader = dialog("zw-reader", "报告全文");
  reader.close.textContent = "← 回到回答";
  reader.close.classList.add("zw-return");
  reader.head.after(figures());
}

export async function read(id, paragraph, card, path) {
  if (!reader) prepare();
  reader.heading.textContent = "正在打开报告……";
  reader.body.replaceChildren();
  if (!reader.shown.open) {
    reader.shown.showModal();
    opened("zw-reader", () => reader.shown.close());
  }
  let whole;
  try {
    whole = await report(id, path);
  } catch (error) {
    reader.heading.textContent = "打不开这份报告";
    reader.body.replaceChildren(make("p", { look: "zw-reader-text" }, error instanceof TypeError ? "暂时打不开这份报告，请稍后再试。" : error.message));
    return;
  }
  reader.heading.textContent = whole.report.title;
  const headings = Map.groupBy ? Map.groupBy(whole.outline, (one) => one.id) : grouped(whole.outline);
  const shown = new Map();
  const text = make("div", { look: "zw-reader-text", tabIndex: 0, set: { role: "document", "aria-label": "报告全文" } });
  for (const one of whole.paragraphs) {
    for (const { level, heading } of headings.get(one.id) ?? []) text.append(make(`h${Math.min(level + 2, 6)}`, {}, heading));
    const words = make("p");
    words.innerHTML = one.html; // our own server's, cleaned there
    if (reader.shown.classList.contains("zw-facts")) findAll(".zw-fact", words).forEach((figure) => (figure.tabIndex = 0));
    shown.set(one.id, words);
    text.append(words);
  }
  reader.body.replaceChildren(outline(whole.outline, shown), text);
  bringUp(shown.get(paragraph), card);
}

// A switch that marks every figure, and a line that says of one what it is: it stands still while one reads on.
function figures() {
  const asking = "点一个数据，看它是什么、哪一年的、目标还是完成。";
  const said = make("p", { look: "zw-fact-said", hidden: true, set: { role: "status" } }, asking);
  const mark = button("标出数据", () => {
    const on = reader.shown.classList.toggle("zw-facts");
    mark.setAttribute("aria-pressed", on);
    said.hidden = !on;
    said.textContent = asking;
    findAll(".zw-fact", reader.body).forEach((one) => (on ? (one.tabIndex = 0) : one.removeAttribute("tabindex")));
  });
  mark.setAttribute("aria-pressed", "false");
  const tell = ({ target }) => {
    const one = target.closest(".zw-fact");
    if (!one || !reader.shown.classList.contains("zw-facts")) return;
    findAll(".zw-fact-told", reader.body).forEach((told) => told.classList.remove("zw-fact-told"));
    one.classList.add("zw-fact-told");
    said.textContent = `${one.textContent}：${one.title}`;
  };
  reader.body.addEventListener("click", tell);
  reader.body.addEventListener("focusin", tell);
  return make("div", { look: "zw-fact-bar" }, mark, said);
}

function grouped(outline) {
  const found = new Map();
  for (const one of outline) found.set(one.id, [...(found.get(one.id) ?? []), one]);
  return found;
}

function outline(headings, shown) {
  const items = headings.map(({ id, level, heading }) => {
    const go = button(heading, () => {
      const target = shown.get(id);
      if (innerWidth <= 900) go.closest("details").open = false; // it lies over the text there
      (target.previousElementSibling?.matches("h3, h4, h5, h6") ? target.previousElementSibling : target).scrollIntoView({
        behavior: still() ? "auto" : "smooth",
      });
    }, "zw-outline-item");
    return make("li", { look: `zw-level-${Math.min(level, 3)}` }, go);
  });
  const list = make("details", { look: "zw-outline", open: innerWidth > 900 }, make("summary", {}, "目录"), make("ul", {}, ...items));
  return make("nav", { set: { "aria-label": "目录" } }, list);
}

// The same words marked otherwise: each figure of one is marked in the other at the same place.
function markFiguresOf(plain, words) {
  if (plain.textContent !== words.textContent) return;
  for (const figure of findAll(".zw-fact", plain)) {
    const before = document.createRange();
    before.setStart(plain, 0);
    before.setEndBefore(figure);
    const start = before.toString().length;
    const end = start + figure.textContent.length;
    const nodes = document.createTreeWalker(words, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (nodes.nextNode()) texts.push(nodes.currentNode);
    let at = 0;
    for (const node of texts) {
      const [from, to] = [Math.max(start - at, 0), Math.min(end - at, node.length)];
      at += node.length;
      if (from >= to) continue;
      const part = from ? node.splitText(from) : node;
      if (part.length > to - from) part.splitText(to - from);
      const span = figure.cloneNode();
      part.replaceWith(span);
      span.append(part);
    }
  }
}

// The paragraph one came from, marked as it was there.
function bringUp(target, card) {
  if (!target) return;
  const marked = card && find(".zw-paragraph", card);
  if (marked) {
    const plain = target.cloneNode(true);
    target.replaceChildren(...marked.cloneNode(true).childNodes);
    findAll(".zw-context", target).forEach((one) => one.replaceWith(...one.childNodes));
    markFiguresOf(plain, target);
  }
  target.classList.add("zw-target");
  target.tabIndex = -1;
  (find(".zw-quote", target) ?? target).scrollIntoView({ block: "center" });
  target.focus({ preventScroll: true });
}
