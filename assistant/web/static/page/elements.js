// Small things that every part needs of the document.
import { closed } from "./layers.js";

export const find = (selector, within = document) => within.querySelector(selector);
export const findAll = (selector, within = document) => [...within.querySelectorAll(selector)];

// An element with properties, classes and children; what is a string becomes text.
export function make(tag, { look = "", set = {}, ...properties } = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  if (look) made.className = look;
  for (const [name, value] of Object.entries(set)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export const button = (label, act, look = "zw-plain", set = {}) =>
  make("button", { look, type: "button", onclick: act, set }, label);

// Calls back with the element of each click on something that says what it does: data-do="read", data-ask="…".
export function onClick(selector, act) {
  document.addEventListener("click", (event) => {
    const met = event.target.closest?.(selector);
    if (met) act(met, event);
  });
}

const written = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");

// Writes into a field of Gradio's as if it had been typed.
export function fill(field, text) {
  written.set.call(field, text);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// Calls back with whatever the page itself writes into a field.
export function onWritten(field, act) {
  Object.defineProperty(field, "value", {
    configurable: true,
    get() {
      return written.get.call(this);
    },
    set(text) {
      const changed = written.get.call(this) !== text;
      written.set.call(this, text);
      if (changed) act(text);
    },
  });
}

export const soon = () => new Promise((done) => setTimeout(done, 0));

export const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// What a browser keeps; it may forbid even to be asked for it, or be full.
export function keep(store, name, text) {
  try {
    if (text === null) store().removeItem(name);
    else store().setItem(name, text);
    return true;
  } catch {
    return false;
  }
}

export function kept(store, name) {
  try {
    return store().getItem(name);
  } catch {
    return null;
  }
}

export const browser = () => window.localStorage;
export const tab = () => window.sessionStorage;

// A dialog that is built once, closes with Esc or a click beside it, and gives the focus back.
export function dialog(id, title) {
  const heading = make("h2", { id: `${id}-title` }, title);
  const body = make("div", { look: "zw-dialog-body" });
  const shown = make("dialog", { id, look: "zw-dialog", set: { "aria-labelledby": heading.id } });
  shown.addEventListener("close", () => closed(id));
  const close = button("关闭", () => shown.close());
  const head = make("div", { look: "zw-dialog-head" }, heading, close);
  shown.append(head, body);
  shown.addEventListener("click", (event) => event.target === shown && shown.close());
  document.body.append(shown);
  return { shown, head, heading, body, close };
}
