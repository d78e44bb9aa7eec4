// The box and its keys, questions that are clicked, and the one that waits until the one before it is answered.
import { button, fill, find, keep, kept, make, onClick, soon, tab } from "./elements.js";
import { say } from "./speaking.js";
import { begin as show, finish, hasBegun, sent, showAnew, takeBack, whenShown } from "./thread.js";

const DRAFT = "zhengwen-draft";
const ASKED = "zhengwen-asked";
const LONGEST = 500;
const PATIENCE = 20_000; // milliseconds after which a question that nobody answers is given back
const root = document.documentElement;
let running = null; // {question, since, noted: the note before it, before: the conversation with the exchange that is replaced}
let waiting = null; // the question that is next
let replacing = false; // whether the question in the box takes the place of the newest one
let composed = 0; // when the input method last put a word into the box

const box = () => find("#question textarea");

export function prepareAsking() {
  restore();
  for (const kind of ["keydown", "keypress"]) document.addEventListener(kind, onKey, true);
  document.addEventListener("compositionend", () => (composed = Date.now()), true);
  document.addEventListener("click", (event) => event.target.closest?.("#send") && onSend(event), true);
  box().addEventListener("input", onInput);
  onInput();
  new MutationObserver(onNote).observe(find("#note"), { childList: true, subtree: true });
  onClick("#stop", () => {
    const stopped = running;
    setTimeout(() => stopped && running === stopped && giveUp("已停止。"), 3000);
  });
  onClick("[data-ask]", (chip) => {
    chip.closest("details.zw-change")?.removeAttribute("open");
    ask(chip.dataset.ask);
  });
  onClick(".zw-skip", (_, event) => {
    event.preventDefault();
    box().focus();
  });
  onClick("[data-do=again]", () => ask(newestQuestion(), true));
  onClick("[data-do=edit]", edit);
}

const newestQuestion = () => {
  const shown = find("#asked .zw-question")?.cloneNode(true);
  shown?.querySelector(".zw-who")?.remove();
  return shown?.textContent.trim() ?? "";
};

// The answer has come; called when the page keeps it.
export function answered() {
  finish();
  end();
}

// Another conversation is opened: nothing of this one is waited for.
export function abandon() {
  waiting = null;
  showWaiting();
  stopReplacing();
  if (!running) return;
  takeBack();
  end();
}

// Asks at once, or after the question that is being answered; false where there is no place for it.
export function ask(question, replaces = false) {
  if (!question.trim()) return false;
  if (running) return wait(question);
  send(question, replaces);
  return true;
}

async function send(question, replaces) {
  find(".zw-told")?.remove();
  stopReplacing();
  const asked = { question, since: Date.now(), noted: find("#note .zw-notice"), before: null };
  running = asked;
  keep(tab, ASKED, question);
  root.classList.add("zw-asking");
  show(question);
  watch(asked);
  await whenShown();
  if (running !== asked) return;
  if (replaces) asked.before = dropNewest();
  sent(replaces);
  fill(find("#picked textarea"), question);
  await soon();
  find("#pick").click();
}

function edit() {
  const draft = replacing ? "" : box().value;
  fill(box(), newestQuestion());
  replacing = true;
  find("#zw-editing")?.remove();
  const note = make("div", { id: "zw-editing", look: "zw-editing" }, make("span", {}, "正在修改上一个问题，提问后替换原来的回答。"), button("取消", () => {
    stopReplacing();
    fill(box(), draft);
  }));
  find(".zw-ask").before(note);
  box().focus();
}

function stopReplacing() {
  replacing = false;
  find("#zw-editing")?.remove();
}

function onInput() {
  const { value } = box();
  keep(tab, DRAFT, value);
  const over = excess(value);
  find("#send").setAttribute("aria-disabled", String(!value.trim() || over > 0));
  find("#zw-long")?.remove();
  if (over > 0) find(".zw-ask").before(make("div", { id: "zw-long", look: "zw-queue", set: { role: "status" } }, `问题最多${LONGEST}字，现在多了${over}字。`));
}

const excess = (question) => [...question.trim()].length - LONGEST;

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
  event.preventDefault();
  const question = box().value;
  if (excess(question) <= 0 && ask(question, replacing)) fill(box(), "");
}

// The conversation goes on without its newest exchange; gives what it was with it.
function dropNewest() {
  const field = find("#memory textarea");
  const before = field.value;
  const [id, exchanges] = JSON.parse(before);
  fill(field, JSON.stringify([id, exchanges.slice(0, -1)]));
  return before;
}

// Nothing is heard of a question: it goes back into the box, where it can be asked again.
function watch(asked) {
  if (running !== asked) return;
  if (!hasBegun() && Date.now() - asked.since > PATIENCE) return giveUp("没有连上服务，问题已放回框里，请再试一次。");
  setTimeout(() => watch(asked), 500);
}

function end() {
  running = null;
  keep(tab, ASKED, null);
  root.classList.remove("zw-asking");
  next();
}

// The question comes to nothing: it is back in the box with a word why.
export function giveUp(sentence) {
  if (!running) return;
  const { question, before } = running;
  const isHalfShown = hasBegun();
  takeBack();
  end();
  if (isHalfShown || before !== null) showAnew(before ?? find("#memory textarea").value);
  if (!box().value) fill(box(), question);
  find(".zw-ask").before(make("div", { look: "zw-queue zw-told", set: { role: "status" } }, sentence));
}

// A note while a question is asked refuses it; the page shows again what it showed before.
function onNote() {
  const said = find("#note .zw-notice");
  if (!running || !said || said === running.noted) return;
  if (running.before !== null) return giveUp(said.textContent);
  const { question } = running;
  takeBack();
  end();
  if (!box().value) fill(box(), question);
}

function wait(question) {
  if (waiting) {
    say("已有一个问题在排队。");
    find("#zw-queue")?.classList.add("zw-full");
    return false;
  }
  if (question.trim() === running.question.trim() && Date.now() - running.since < 1000) return true; // a double click asks once
  waiting = question;
  showWaiting();
  return true;
}

function next() {
  if (!waiting) return;
  const question = waiting;
  waiting = null;
  showWaiting();
  setTimeout(() => ask(question), 0);
}

function showWaiting() {
  find("#zw-queue")?.remove();
  if (!waiting) return;
  const drop = button("取消排队", () => {
    if (!box().value) fill(box(), waiting);
    waiting = null;
    showWaiting();
    box().focus();
  });
  const words = make("span", {}, "上一个问题还在回答，接着回答：");
  const full = make("span", { look: "zw-later" }, "一次只能排一个，请等它答完。");
  const shown = make("div", { id: "zw-queue", look: "zw-queue", set: { role: "status" } }, words, make("b", {}, waiting), full, drop);
  find(".zw-ask").before(shown);
}

// What was being written, and what was asked and never answered, is back in the box after a reload or a lost connection.
function restore() {
  const asked = kept(tab, ASKED);
  const draft = kept(tab, DRAFT);
  keep(tab, ASKED, null);
  const text = draft || asked;
  if (!text) return;
  fill(box(), text);
  if (asked) find(".zw-ask").before(make("div", { look: "zw-queue zw-told", set: { role: "status" } }, "上次的问题没有答完，已经放回框里，请再问一次。"));
}

// `?q=` opens the page with that question asked, once.
export function askedInAddress() {
  const address = new URL(location.href);
  const question = address.searchParams.get("q");
  address.searchParams.delete("q");
  if (question !== null) history.replaceState(history.state, "", address);
  return question?.trim().slice(0, LONGEST) ?? "";
}
