// From a mark to its passage: a card while one looks at the mark, the passage with its neighbours after a click.
import { find, findAll, make, onClick, still } from "./elements.js";
import { report } from "./reports.js";

const narrow = matchMedia("(max-width: 900px)");
let peek; // the card at a mark
let from = null; // the mark that led to the sheet, which gets the focus back

export function prepareEvidence() {
  peek = make("div", { id: "zw-peek", look: "zw-peek", hidden: true, set: { role: "tooltip" } });
  document.body.append(peek);
  onClick('a[href^="#zw-"]:not(.zw-skip)', follow);
  onClick("[data-do=evidence]", (pressed) => openSheet(pressed));
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
  find("#passages").setAttribute("role", "region");
  find("#passages").setAttribute("aria-label", "所引原文");
}

const cardOf = (mark) => document.getElementById(mark.getAttribute("href").slice(1));

// The page has a <base>, so a plain #fragment link would not do.
function follow(link, event) {
  const target = cardOf(link);
  if (!target) return;
  event.preventDefault();
  hidePeek();
  if (target.matches("#passages .zw-card")) {
    openSheet(link);
    openCard(target);
  } else {
    closeEvidence();
    light(target);
  }
}

function light(target) {
  findAll(".zw-lit").forEach((lit) => lit.classList.remove("zw-lit"));
  target.classList.add("zw-lit");
  target.scrollIntoView({ behavior: still() ? "auto" : "smooth", block: narrow.matches ? "start" : "nearest" });
  target.focus({ preventScroll: true });
}

function openSheet(mark) {
  from = mark;
  document.documentElement.classList.add("zw-sheet");
  if (!narrow.matches) return;
  find("#passages").setAttribute("role", "dialog");
  (find("#passages .zw-close") ?? find("#passages .zw-card")).focus({ preventScroll: true });
}

function closeEvidence() {
  const open = document.documentElement.classList.contains("zw-sheet");
  document.documentElement.classList.remove("zw-sheet");
  findAll("#passages .zw-open").forEach(closeCard);
  findAll(".zw-lit").forEach((lit) => lit.classList.remove("zw-lit"));
  find("#passages").setAttribute("role", "region");
  if (open && from?.isConnected) from.focus();
  from = null;
  return open;
}

// The whole paragraph with the one before it and the one after it.
async function openCard(card) {
  findAll("#passages .zw-open").forEach((other) => other !== card && closeCard(other));
  card.classList.add("zw-open");
  find("[data-do=open-card]", card).textContent = "收起";
  light(card);
  let paragraphs;
  try {
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

function peekAt(mark) {
  const card = mark && cardOf(mark);
  if (!card) return hidePeek();
  if (peek.dataset.of === card.id && !peek.hidden) return;
  const copy = (selector, look) => make("p", { look }, ...(find(selector, card)?.cloneNode(true).childNodes ?? []));
  peek.replaceChildren(copy("h3", "zw-peek-title"), copy(".zw-where", "zw-where"), copy(".zw-quote", "zw-peek-quote"));
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
