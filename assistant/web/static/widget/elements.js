// Small things that every part needs of the document. What is drawn is text: no string ever becomes markup.
const UNSEEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
const clean = (text) => String(text ?? "").replace(UNSEEN, "");

function make(tag, { look = "", set = {}, ...properties } = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  if (look) made.className = look;
  for (const [name, value] of Object.entries(set)) made.setAttribute(name, value);
  made.append(...children.map((child) => (typeof child === "string" ? clean(child) : child)));
  return made;
}

const button = (label, act, look = "plain", set = {}) => make("button", { look, type: "button", onclick: act, set }, label);

// A row of questions under a line that says what they are; nothing where there are none.
function offered(lead, questions, ask) {
  if (!questions.length) return [];
  const chips = questions.map((question) => button(question, () => ask(question), "chip", { lang: "zh-CN" }));
  return [make("div", { look: "chips" }, make("p", { look: "soft" }, lead), ...chips)];
}

function drawing(path) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  for (const [name, value] of [["viewBox", "0 0 24 24"], ["aria-hidden", "true"]]) svg.setAttribute(name, value);
  svg.append(document.createElementNS(space, "path"));
  svg.firstChild.setAttribute("d", path);
  return svg;
}

// `text` with elements in place of some spans of it; a span that overlaps an earlier one is left out.
function woven(text, spans) {
  const pieces = [];
  let at = 0;
  for (const { start, end, element } of spans.sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (start < at) continue;
    pieces.push(clean(text.slice(at, start)), element(text.slice(start, end)));
    at = end;
  }
  return [...pieces, clean(text.slice(at))];
}

// On plain http a page has no clipboard of its own: there the text is selected and copied.
async function copy(text, root) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const back = root.activeElement;
    const field = make("textarea", { look: "heard", value: text, readOnly: true, set: { "aria-hidden": "true", tabindex: "-1" } });
    root.querySelector(".all").append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    back?.focus({ preventScroll: true });
    return done;
  }
}

// What the browser keeps for this portal; it may forbid even to be asked for it, be full, or hold what somebody else wrote.
const KEPT_AS = () => `zhengwen-widget ${base.pathname} ${option("portal")}`;
function recalled() {
  try {
    const { open, asked } = JSON.parse(localStorage.getItem(KEPT_AS()));
    return { open: open === true, asked: asked.filter((one) => typeof one === "string" && one && one.length <= 500).slice(-MOST_ASKED) };
  } catch {
    return { open: false, asked: [] };
  }
}
function remember(kept) {
  try {
    localStorage.setItem(KEPT_AS(), JSON.stringify(kept));
  } catch {} // then it is forgotten with the page
}
