// Small things that every part needs of the document. What is drawn is text: no string ever becomes markup.
const UNSEEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
const clean = (text) => String(text ?? "").replace(UNSEEN, "");

// An element by name and look: make("p.soft", "words", child, …); arrays are laid flat.
function make(name, ...children) {
  const [tag, look] = name.split(".");
  const made = document.createElement(tag);
  if (look) made.className = look;
  made.append(...children.flat().map((child) => (typeof child === "string" ? clean(child) : child)));
  return made;
}

function having(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

const chinese = (element) => having(element, { lang: "zh-CN" });

function button(label, act, look = "plain") {
  const made = make(`button.${look}`, label);
  made.type = "button";
  made.onclick = () => act(made);
  return made;
}

// Questions under a line that says what they are; nothing where there are none.
function offered(lead, questions, ask) {
  const chips = questions.map((question) => chinese(button(question, () => ask(question), "chip")));
  return chips.length ? [make("div.chips", make("p.soft", lead), chips)] : [];
}

// On plain http a page has no clipboard of its own: there the text is selected and copied.
async function copy(text, root) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const back = root.activeElement;
    const field = make("textarea.heard", text);
    root.querySelector(".panel").append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    back?.focus();
    return done;
  }
}

// What the browser keeps for this portal; it may forbid even to be asked for it, be full, or hold what somebody else wrote.
const KEPT_AS = `zhengwen ${base.pathname} ${option("portal")}`;

function recalled() {
  try {
    const { open, asked } = JSON.parse(localStorage.getItem(KEPT_AS));
    return { open: open === true, asked: asked.filter((one) => typeof one === "string" && one.length <= 500).slice(-MOST) };
  } catch {
    return { open: false, asked: [] };
  }
}

function remember(kept) {
  try {
    localStorage.setItem(KEPT_AS, JSON.stringify(kept));
  } catch {} // then it is forgotten with the page
}
