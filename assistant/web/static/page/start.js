// Brings the parts together once Gradio has laid the page out.
import { prepareActing } from "./acting.js";
import { prepareAsking } from "./asking.js";
import { watchConnection } from "./connection.js";
import { prepareConversations } from "./conversations.js";
import { find, onClick } from "./elements.js";
import { prepareEvidence } from "./evidence.js";
import { prepareLayers } from "./layers.js";
import { prepareLook } from "./look.js";
import { announceAnswers } from "./speaking.js";
import { prepareThread } from "./thread.js";
import { prepareViews } from "./views.js";

const parts = ["#memory textarea", "#recall", "#picked textarea", "#pick", "#question textarea", "#send", ".zw-side .zw-find", "#library .zw-find", "#passages", "#note", "#answer"];

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
  onClick("[data-do=read]", read);
  onClick("[data-do=original]", original);
  prepareActing();
  prepareViews();
  awaitCharts();
  prepareConversations();
  watchConnection();
  document.documentElement.classList.add("zw-ready");
}

// What draws comparisons is fetched with the first question: none stands on an empty page.
function awaitCharts() {
  const watching = new MutationObserver(async () => {
    if (!find("#zw-echo, #reply .zw-question, #earlier .zw-question")) return;
    watching.disconnect();
    (await import("./charts.js").catch(() => null))?.prepareCharts();
  });
  watching.observe(find("#main"), { childList: true, subtree: true });
}

// A whole report is seldom read: what shows it is fetched then.
async function read(pressed) {
  const reader = await import("./reader.js").catch(() => null);
  reader?.read(pressed.dataset.report, pressed.dataset.paragraph, pressed.closest(".zw-card"));
}

async function original(pressed) {
  const shower = await import("./original.js").catch(() => null);
  shower?.original(pressed.dataset.report, Number(pressed.dataset.page));
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
