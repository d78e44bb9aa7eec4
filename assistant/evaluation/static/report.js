"use strict";
const choices = document.querySelector("nav");
if (choices) {
  choices.hidden = false;
  choices.addEventListener("click", (event) => {
    const chosen = event.target.closest("button");
    if (!chosen) return;
    for (const button of choices.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button === chosen));
    }
    for (const article of document.querySelectorAll("article")) {
      article.hidden = chosen.dataset.kind !== "" && article.dataset.kind !== chosen.dataset.kind;
    }
  });
}
