// The thread: what is finished stays where it is, the question just asked stands below it at once, and the view follows the newest.
import { button, fill, find, findAll, make, soon, still } from "./elements.js";
import { asWritten } from "./look.js";
import { showNewest } from "./evidence.js";

const NEAR = 160; // pixels from the bottom within which one still reads the newest
const PATIENCE = 10_000; // milliseconds after which the server is asked again for a conversation
const root = document.documentElement;
let thread; // what this tab has finished since the page was laid out
let newest; // the way back down
let follows = true;
let standing = null; // the answer that stood there when the newest question was sent
let isSent = false;
let opening = null; // the conversation that the server has been asked for, as the browser keeps it; "" for a new one
let wanted = null; // the one that it is to be asked for
let due = 0; // when the server should have shown it
let shown = Promise.resolve();
let tellShown;

export function prepareThread() {
  thread = make("div", { id: "zw-thread" });
  find("#answer").before(thread);
  newest = button("↓ 回到最新", () => toNewest(true), "zw-newest", { hidden: "" });
  find("#asking").prepend(newest);
  new MutationObserver(onAnswer).observe(find("#answer"), { childList: true, subtree: true });
  new ResizeObserver(() => follows && toNewest()).observe(find("#main"));
  for (const kind of ["touchmove", "keydown"]) addEventListener(kind, () => setTimeout(onMoved, 60), { passive: true });
  addEventListener("wheel", onWheel, { passive: true });
  addEventListener("scroll", () => (newest.hidden = isNear() || !root.classList.contains("zw-talking")), { passive: true });
}

const answerShown = () => find("#reply [id^=zw-a]");
const numberShown = () => Number(/^zw-a(\d+)$/.exec(answerShown()?.id ?? "")?.[1] ?? 0);

// The question stands below all else at once.
export function begin(question) {
  isSent = false;
  showNewest();
  root.classList.add("zw-talking", "zw-begun");
  const waiting = make("div", { look: "zw-answer zw-busy" }, make("p", { look: "zw-waiting" }, "正在查找原文……"));
  const asked = make("p", { look: "zw-question" }, make("span", { look: "zw-who" }, "问："), question.trim());
  find("#zw-echo")?.remove();
  thread.append(make("div", { id: "zw-echo", look: "zw-html zw-echo" }, asked, waiting));
  follows = true;
  toNewest();
}

// The newest exchange becomes one of those before, unless it is to be replaced; the next answer is that of the new question.
export function sent(replaces) {
  if (!replaces) asWritten(takeOver);
  standing = answerShown();
  isSent = true;
}

export const hasBegun = () => !root.classList.contains("zw-begun");

// The question was not taken: what stood there before stands there again.
export function takeBack() {
  find("[data-taken]", thread)?.remove();
  settle();
}

// The answer is complete.
export function finish() {
  settle();
  find("[data-taken]", thread)?.removeAttribute("data-taken");
}

// Has the server show a conversation from its beginning, or with "" a new one; of several in a row the last.
export async function showAnew(text) {
  if (wanted === null) shown = new Promise((done) => (tellShown = done));
  wanted = text;
  root.classList.add("zw-opening");
  if (Date.now() < due) return;
  opening = text;
  due = Date.now() + PATIENCE;
  fill(find("#memory textarea"), ""); // so that whatever the server writes there is news
  fill(find("#picked textarea"), text);
  await soon();
  find("#recall").click();
}

// Once the conversation that was opened last is there.
export const whenShown = () => shown;

export const isOpening = () => wanted !== null;

// While one is being opened the server has written the conversation `id`: whether it is that one.
export function isShown(id, exchanges) {
  if (exchanges.length && !opening.startsWith(`["${id}"`)) return false; // an answer that comes too late
  due = 0;
  if (opening !== wanted) {
    showAnew(wanted);
    return false;
  }
  wanted = null;
  findAll(".zw-exchange", thread).forEach((one) => one.remove());
  root.classList.remove("zw-opening");
  // The other parts of the page are written in the same breath.
  setTimeout(() => {
    tellShown();
    toNewest();
  }, 0);
  return true;
}

function takeOver() {
  const copies = ["#asked .zw-question", "#reply .zw-answer, #reply .zw-notice"].map((one) => find(one)?.cloneNode(true));
  if (!copies[0]) return;
  const cards = make("div", { look: "zw-cards" }, ...[...(find("#passages .prose")?.childNodes ?? [])].map((one) => one.cloneNode(true)));
  findAll(".zw-open", cards).forEach((card) => card.classList.remove("zw-open"));
  find("#zw-echo").before(make("div", { look: "zw-html zw-exchange", set: { "data-taken": "" } }, ...copies.filter(Boolean), cards));
}

function settle() {
  find("#zw-echo")?.remove();
  root.classList.remove("zw-begun");
}

// The server has begun to answer; the words that follow from it belong to the newest question alone.
function onAnswer() {
  if (!hasBegun() && isSent && answerShown() && answerShown() !== standing) settle();
  const offered = find("#offer [id^=zw-n]");
  if (offered) find("#offer").hidden = offered.id !== `zw-n${numberShown()}`;
}

const bottom = () => document.scrollingElement.scrollHeight - innerHeight;
const isNear = () => bottom() - scrollY < NEAR;

// Who wheels up leaves the newest at once: whatever comes before the page has moved would carry one back.
function onWheel({ deltaY }) {
  if (deltaY < 0) follows = false;
  setTimeout(onMoved, deltaY < 0 ? 600 : 60);
}

function onMoved() {
  follows = isNear();
}

// Down to the end, but never past the newest question: its answer is read from the top.
function toNewest(asked = false) {
  if (!root.classList.contains("zw-talking")) return;
  const question = find("#zw-echo .zw-question") ?? find("#asked .zw-question");
  const top = question ? question.getBoundingClientRect().top + scrollY - 56 : Infinity;
  follows = true;
  scrollTo({ top: asked ? bottom() : Math.min(bottom(), top), behavior: asked && !still() ? "smooth" : "auto" });
}
