// Brings the parts together once Gradio has laid the page out.
import { prepareActing } from "./acting.js";
import { prepareAsking } from "./asking.js";
import { prepareCharts } from "./charts.js";
import { watchConnection } from "./connection.js";
import { prepareConversations } from "./conversations.js";
import { prepareEvidence } from "./evidence.js";
import { prepareLayers } from "./layers.js";
import { prepareLook } from "./look.js";
import { prepareReader } from "./reader.js";
import { announceAnswers } from "./speaking.js";
import { prepareThread } from "./thread.js";
import { prepareViews } from "./views.js";

const parts = ["#memory textarea", "#recall", "#picked textarea", "#pick", "#nudge", "#question textarea", "#send", ".zw-side .zw-find", "#library .zw-find", "#passages", "#note", "#answer"];

function laidOut() {
  return parts.every((part) => document.querySelector(part));
}

function begin() {
  prepareLayers();
  prepareLook();
  announceAnswers();
  prepareThread();
  prepareAsking();
  prepareEvidence();
  prepareReader();
  prepareActing();
  prepareViews();
  prepareCharts();
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
