// The box and its keys, questions that are clicked, and the one that waits until the one before it is answered.
import { button, fill, find, keep, kept, make, onClick, soon, tab } from "./elements.js";
import { say } from "./speaking.js";

const DRAFT = "zhengwen-draft";
const ASKED = "zhengwen-asked";
let running = null; // when the question that is being answered was asked, and whether its answer has come
let waiting = null; // the question that is next, and how to ask it
let composed = 0; // when the input method last put a word into the box

const box = () => find("#question textarea");
const shows = (selector) => find(selector)?.checkVisibility() ?? false;

export function prepareAsking() {
  restore();
  for (const kind of ["keydown", "keypress"]) document.addEventListener(kind, onKey, true);
  document.addEventListener("compositionend", () => (composed = Date.now()), true);
  document.addEventListener("click", (event) => event.target.closest?.("#send") && onSend(event), true);
  box().addEventListener("input", () => keep(tab, DRAFT, box().value));
  onClick("[data-ask]", (chip) => {
    chip.closest("details.zw-change")?.removeAttribute("open");
    ask(chip.dataset.ask);
  });
  onClick(".zw-skip", (_, event) => {
    event.preventDefault();
    box().focus();
  });
}

// The answer has come; called when the page keeps it.
export function answered() {
  if (running) running.answered = true;
  keep(tab, ASKED, null);
  if (!box().value) keep(tab, DRAFT, null);
}

export const isAsking = () => running !== null;

export function forgetWaiting() {
  waiting = null;
  showWaiting();
}

// Asks at once, or after the question that is being answered.
export async function ask(question) {
  if (running) return wait(question);
  begin(question);
  fill(find("#picked textarea"), question);
  await soon();
  find("#pick").click();
}

function onKey(event) {
  const typing = event.target === box();
  if (event.key === "Enter" && typing) {
    // Enter during pinyin chooses a word; some browsers send it after the word is in the box.
    if (event.isComposing || event.keyCode === 229 || Date.now() - composed < 50) event.stopImmediatePropagation();
    else if (!event.shiftKey && event.type === "keypress") onSend(event);
  } else if (event.key === "/" && event.type === "keydown" && !event.target.closest("input, textarea, [contenteditable]") && !find("dialog[open]")) {
    event.preventDefault();
    box().focus();
  }
}

function onSend(event) {
  const question = box().value;
  if (!running) {
    if (question.trim()) begin(question);
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!question.trim()) return;
  if (wait(question)) fill(box(), "");
}

function begin(question) {
  find(".zw-told")?.remove();
  running = { since: Date.now(), seen: false, answered: false };
  keep(tab, ASKED, question);
  watch();
}

function watch() {
  if (!running) return;
  const busy = shows("#stop");
  running.seen ||= busy;
  const since = Date.now() - running.since;
  // A question that is refused is answered with a note; one that waits in the server's queue shows nothing for a while.
  const over = running.seen || running.answered || (since > 300 && shows("#note .zw-notice")) || since > 20_000;
  if (busy || !over || !shows("#send")) return setTimeout(watch, 60);
  const refused = shows("#note .zw-notice"); // the page has put the question back into the box
  running = null;
  if (refused) keep(tab, ASKED, null);
  next();
}

function wait(question) {
  if (waiting) {
    say("已有一个问题在排队。");
    find("#zw-queue")?.classList.add("zw-full");
    return false;
  }
  waiting = question;
  showWaiting();
  return true;
}

function next() {
  if (!waiting) return;
  const question = waiting;
  forgetWaiting();
  ask(question);
}

function showWaiting() {
  find("#zw-queue")?.remove();
  if (!waiting) return;
  const drop = button("不问了", () => {
    if (!box().value) fill(box(), waiting);
    forgetWaiting();
    box().focus();
  });
  const words = make("span", {}, "上一个问题还在回答，这个排在后面：");
  const full = make("span", { look: "zw-later" }, "一次只能排一个，请等它答完。");
  const shown = make("div", { id: "zw-queue", look: "zw-queue", set: { role: "status" } }, words, make("b", {}, waiting), full, drop);
  find(".zw-ask").after(shown);
}

// What was being written, and what was asked and never answered, is back in the box after a reload or a lost connection.
function restore() {
  const asked = kept(tab, ASKED);
  const draft = kept(tab, DRAFT);
  keep(tab, ASKED, null);
  const text = draft || asked;
  if (!text) return;
  fill(box(), text);
  if (asked) find(".zw-ask").after(make("div", { look: "zw-queue zw-told", set: { role: "status" } }, "上次的问题没有答完，已经放回框里，请再问一次。"));
}
