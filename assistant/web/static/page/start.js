// Brings the parts together once Gradio has laid the page out.
import { prepareAsking } from "./asking.js";
import { watchConnection } from "./connection.js";
import { prepareConversations } from "./conversations.js";
import { prepareCopying } from "./copying.js";
import { prepareEvidence } from "./evidence.js";
import { prepareLook } from "./look.js";
import { prepareReader } from "./reader.js";
import { announceAnswers } from "./speaking.js";

const parts = ["#memory textarea", "#recall", "#picked textarea", "#pick", "#question textarea", "#send", "#head button", "#passages", "#note"];

function laidOut() {
  return parts.every((part) => document.querySelector(part));
}

function begin() {
  prepareLook();
  announceAnswers();
  prepareAsking();
  prepareEvidence();
  prepareReader();
  prepareCopying();
  prepareConversations();
  watchConnection();
  document.documentElement.classList.add("zw-ready");
}

if (laidOut()) begin();
else {
  const watching = new MutationObserver(() => {
    if (!laidOut()) return;
    watching.disconnect();
    begin();
  });
  watching.observe(document.body, { childList: true, subtree: true });
}
