// From a mark to its passage: a card while one looks at the mark, the passage with its neighbours after a click. The passages beside
// the thread are those of the answer that one reads or clicks; where there is no room beside it they come up from below.
import { find, findAll, make, onClick, still } from "./elements.js";
import { asWritten } from "./look.js";
import { closed, opened } from "./layers.js";

const root = document.documentElement;
const roomy = matchMedia("(min-width: 901px)");
const READ_AT = 0.4; // height of the window at which one reads
let peek; // the card at a mark
let older; // the passages of an answer before the newest one
let newest = null; // the first passage of the newest answer
let shown = null; // the exchange whose passages these are; null for the newest
let from = null; // the mark that led to the sheet, which gets the focus back

export function prepareEvidence() {
  peek = make("div", { id: "zw-peek", look: "zw-peek", hidden: true, set: { role: "tooltip" } });
  document.body.append(peek);
  older = make("div", { id: "zw-older", look: "zw-html", hidden: true });
  const evidence = find("#evidence");
  evidence.append(older);
  evidence.dataset.empty = "回答引用的原文会显示在这里。";
  evidence.setAttribute("role", "region");
  evidence.setAttribute("aria-label", "引用的原文");
  onClick('a[href^="#zw-"]:not(.zw-skip)', follow);
  onClick("[data-do=evidence]", (pressed) => {
    showPassagesOf(pressed.closest(".zw-exchange"));
    openSheet(pressed);
  });
  onClick("[data-do=close-evidence]", closeEvidence);
  onClick("[data-do=open-card]", (pressed) => {
    const card = pressed.closest(".zw-card");
    if (card.classList.contains("zw-open")) closeCard(card);
    else openCard(card);
  });
  for (const kind of ["mouseover", "focusin"]) document.addEventListener(kind, (event) => peekAt(event.target.closest?.(".zw-cite")));
  document.addEventListener("keydown", onKey);
  // At the click and not at the toggle, which comes later: that of a menu opened before would close the one opened since.
  document.addEventListener("click", (event) => closeMenus(event.target.closest?.("details.zw-change")));
  new MutationObserver(onPassages).observe(find("#passages"), { childList: true, subtree: true });
  let due = 0;
  addEventListener("scroll", () => {
    cancelAnimationFrame(due);
    due = requestAnimationFrame(followReading);
  }, { passive: true });
  for (const change of [roomy]) change.addEventListener("change", fit);
  new MutationObserver(fit).observe(root, { attributes: true, attributeFilter: ["class"] });
  fit();
}

// Whether there is room for the passages beside the thread; 关怀版 has none.
function fit() {
  root.classList.toggle("zw-wide", roomy.matches && !root.classList.contains("zw-care"));
}

const isWide = () => root.classList.contains("zw-wide");

export function showPassagesOf(exchange) {
  if (!exchange) return showNewest();
  if (shown === exchange) return;
  shown = exchange;
  asWritten(() => older.replaceChildren(...[...find(".zw-cards", exchange).childNodes].map((one) => one.cloneNode(true))));
  older.hidden = false;
  root.classList.add("zw-older");
}

export function showNewest() {
  shown = null;
  older.hidden = true;
  older.replaceChildren();
  root.classList.remove("zw-older");
}

// Other passages have come; whoever reads one of an older answer goes on reading it.
function onPassages() {
  const first = find("#passages .zw-card");
  if (first) import("./original.js").then(({ showWays }) => showWays(), () => {});
  if (first === newest || find(".zw-open", older)) return;
  newest = first;
  showNewest();
}

// The answer at reading height has its passages beside it.
function followReading() {
  if (!isWide() || root.classList.contains("zw-print-older") || find(".zw-open", find("#evidence"))) return;
  const height = innerHeight * READ_AT;
  const read = findAll(".zw-exchange").find((one) => {
    const { top, bottom } = one.getBoundingClientRect();
    return top <= height && bottom > height;
  });
  if (read && find(".zw-cards .zw-card", read)) showPassagesOf(read);
  else if (!read) shown && showNewest();
}

const panel = () => (root.classList.contains("zw-older") ? older : find("#passages"));

// The passage that a mark leads to, among those beside its own answer.
function cardOf(mark) {
  const id = mark.getAttribute("href").slice(1);
  const exchange = mark.closest(".zw-exchange");
  return find(`[id="${id}"]`, exchange ? find(".zw-cards", exchange) : find("#passages")) ?? find(`#answer [id="${id}"]`);
}

// The page has a <base>, so a plain #fragment link would not do.
function follow(link, event) {
  const target = cardOf(link);
  event.preventDefault();
  if (!target) return closeEvidence();
  hidePeek();
  if (!target.matches(".zw-card")) {
    closeEvidence();
    return light(target);
  }
  showPassagesOf(link.closest(".zw-exchange"));
  openSheet(link);
  openCard(find(`[id="${target.id}"]`, panel()));
}

function light(target) {
  findAll(".zw-lit").forEach((lit) => lit.classList.remove("zw-lit"));
  target.classList.add("zw-lit");
  target.scrollIntoView({ behavior: still() ? "auto" : "smooth", block: isWide() ? "nearest" : "start" });
  target.focus({ preventScroll: true });
}

function openSheet(mark) {
  from = mark;
  if (isWide()) return;
  root.classList.add("zw-sheet");
  find("#evidence").setAttribute("role", "dialog");
  opened("sheet", hideSheet);
  (find(".zw-close", panel()) ?? find(".zw-card", panel()))?.focus({ preventScroll: true });
}

function hideSheet() {
  root.classList.remove("zw-sheet");
  find("#evidence").setAttribute("role", "region");
  findAll("#evidence .zw-open").forEach(closeCard);
  findAll(".zw-lit").forEach((lit) => lit.classList.remove("zw-lit"));
  if (from?.isConnected) from.focus();
  from = null;
}

function closeEvidence() {
  const isSheet = root.classList.contains("zw-sheet");
  const open = isSheet || find("#evidence .zw-open");
  hideSheet();
  if (isSheet) closed("sheet");
  return Boolean(open);
}

// The whole paragraph with the one before it and the one after it.
async function openCard(card) {
  findAll("#evidence .zw-open").forEach((other) => other !== card && closeCard(other));
  card.classList.add("zw-open");
  find("[data-do=open-card]", card).textContent = "收起";
  light(card);
  let paragraphs;
  try {
    const { report } = await import("./reports.js");
    ({ paragraphs } = await report(card.dataset.report));
  } catch {
    return; // the passage itself stands there; its neighbours are an extra
  }
  const at = paragraphs.findIndex((one) => one.id === card.dataset.paragraph);
  if (at < 0 || !card.classList.contains("zw-open") || find(".zw-near", card)) return;
  const own = find(".zw-paragraph", card);
  if (paragraphs[at - 1]) own.before(near(paragraphs[at - 1], "上一段"));
  if (paragraphs[at + 1]) own.after(near(paragraphs[at + 1], "下一段"));
  for (const words of findAll(".zw-near p", card)) if (words.scrollHeight > words.clientHeight) words.tabIndex = 0;
  if (card.getBoundingClientRect().height > 0) find(".zw-quote, .zw-paragraph", card).scrollIntoView({ block: "nearest" });
}

function near(paragraph, label) {
  const words = make("p");
  words.innerHTML = paragraph.html; // our own server's, cleaned there
  return make("div", { look: "zw-near" }, make("span", { look: "zw-near-label" }, label), words);
}

function closeCard(card) {
  card.classList.remove("zw-open");
  find("[data-do=open-card]", card).textContent = "看上下文";
  findAll(".zw-near", card).forEach((one) => one.remove());
}

function titleOf(card) {
  let title = card.previousElementSibling;
  while (title && !title.matches(".zw-report")) title = title.previousElementSibling;
  return title?.textContent ?? "";
}

function peekAt(mark) {
  const card = mark && cardOf(mark);
  if (!card?.matches(".zw-card")) return hidePeek();
  if (peek.dataset.of === card.id && !peek.hidden) return;
  const copy = (selector, look) => make("p", { look }, ...(find(selector, card)?.cloneNode(true).childNodes ?? []));
  peek.replaceChildren(make("p", { look: "zw-peek-title" }, titleOf(card)), copy(".zw-where", "zw-where"), copy(".zw-quote", "zw-peek-quote"));
  peek.dataset.of = card.id;
  peek.hidden = false;
  findAll("[aria-describedby=zw-peek]").forEach((other) => other.removeAttribute("aria-describedby"));
  mark.setAttribute("aria-describedby", "zw-peek");
  const at = mark.getBoundingClientRect();
  const below = at.bottom + 8 + peek.offsetHeight < innerHeight;
  peek.style.left = `${Math.max(8, Math.min(at.left - 20, innerWidth - peek.offsetWidth - 8))}px`;
  peek.style.top = `${below ? at.bottom + 8 : Math.max(8, at.top - 8 - peek.offsetHeight)}px`;
}

function hidePeek() {
  peek.hidden = true;
  findAll("[aria-describedby=zw-peek]").forEach((mark) => mark.removeAttribute("aria-describedby"));
}

function onKey(event) {
  if (event.key === "Escape" && !find("dialog[open]")) {
    if (!peek.hidden) return hidePeek();
    if (closeMenus()) return;
    closeEvidence();
  }
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!step || !event.target.matches?.(".zw-cite")) return;
  event.preventDefault();
  const marks = findAll(".zw-cite").filter((mark) => mark.checkVisibility());
  marks[(marks.indexOf(event.target) + step + marks.length) % marks.length].focus();
}

function closeMenus(but = null) {
  const open = findAll("details.zw-change[open]").filter((menu) => menu !== but);
  for (const menu of open) {
    const focused = menu.contains(document.activeElement);
    menu.removeAttribute("open");
    if (focused) find("summary", menu).focus();
  }
  return open.length > 0;
}
