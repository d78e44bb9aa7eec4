// What a screen reader hears: each answer once, when it is complete, and small notices.
import { find, findAll, make } from "./elements.js";

let region;

export function announceAnswers() {
  region = make("div", { id: "zw-live", look: "zw-heard", set: { "aria-live": "polite", role: "status" } });
  document.body.append(region);
  find("#note").setAttribute("role", "status");
}

export function say(sentence) {
  region.textContent = "";
  setTimeout(() => (region.textContent = sentence), 60);
}

// The answer that stands on the page, in the order in which it is read.
export function sayAnswer() {
  const told = findAll("#reply .zw-value, #reply .zw-answer > p, #reply tr, #reply li, #reply .zw-notice p");
  const heard = told.filter((node) => !node.closest("details, .zw-checks") && !node.querySelector("button"));
  say(`回答：${heard.map((node) => node.textContent.trim()).join("。")}`);
}
