// The conversations of this browser: kept, listed in the sidebar, found, renamed, exported, deleted. The server keeps none.
import { abandon, answered, ask, askedInAddress } from "./asking.js";
import { browser, button, find, findAll, keep, kept, make, onClick, onWritten, tab } from "./elements.js";
import { exportAs } from "./acting.js";
import { say, sayAnswer } from "./speaking.js";
import { isOpening, isShown, showAnew } from "./thread.js";
import { closeDrawer, showView } from "./views.js";

const LIST = "zhengwen-conversations";
const ONE = "zhengwen-conversation-";
const CURRENT = "zhengwen-current"; // of this tab: each tab may be in a conversation of its own
const MOST = 50;
const LONGEST = 64 * 1024; // what is longer was not written by the page and would not get through the gate
const DAY = 24 * 60 * 60 * 1000;
const root = document.documentElement;
let here = ""; // the conversation that is on the page

export function prepareConversations() {
  onClick("[data-do=new]", () => leaveFor(""));
  onWritten(find("#memory textarea"), onKept);
  find(".zw-side .zw-find").addEventListener("input", drawList);
  window.addEventListener("storage", (event) => event.key === LIST && drawList());
  const question = askedInAddress();
  open(question ? "" : (kept(tab, CURRENT) ?? ""));
  drawList();
  ask(question);
}

// The conversations, newest first: {id, title, at}. Anything else that stands there is no list.
function conversations() {
  try {
    const found = JSON.parse(kept(browser, LIST) ?? "[]");
    return found.filter((one) => /^[0-9a-z]{8,32}$/.test(one?.id) && typeof one.title === "string" && typeof one.at === "number");
  } catch {
    return [];
  }
}

function keepList(found) {
  for (const old of found.slice(MOST)) keep(browser, ONE + old.id, null);
  return keep(browser, LIST, JSON.stringify(found.slice(0, MOST)));
}

// The page has written the conversation as it now stands.
function onKept(text) {
  if (!text) return;
  const [id, exchanges] = JSON.parse(text);
  const isAnswer = !isOpening();
  const seen = isAnswer ? id === here : isShown(id, exchanges);
  if (seen) {
    keep(tab, CURRENT, (here = id));
    root.classList.toggle("zw-talking", exchanges.length > 0 || root.classList.contains("zw-asking"));
  }
  if (!exchanges.length) return;
  if (seen && isAnswer) answered();
  if (kept(browser, ONE + id) === text) return;
  const found = conversations();
  const known = found.find((one) => one.id === id);
  const title = known?.title ?? exchanges[0].question.slice(0, 60);
  const others = found.filter((one) => one.id !== id);
  while (!keep(browser, ONE + id, text) && others.length) keep(browser, ONE + others.pop().id, null);
  keepList([{ id, title, at: Date.now() }, ...others]);
  drawList();
  if (seen) setTimeout(sayAnswer, 50);
  else if (isAnswer && !root.classList.contains("zw-asking")) open(here); // an answer that comes after one has left
}

// Shows a conversation that is kept, or with "" a new one.
function open(id) {
  abandon();
  const text = id ? (kept(browser, ONE + id) ?? "") : "";
  keep(tab, CURRENT, text ? id : null);
  root.classList.toggle("zw-talking", Boolean(text));
  showAnew(text.length > LONGEST ? "" : text);
}

function leaveFor(id) {
  closeDrawer();
  showView("chat");
  open(id);
  drawList();
  find("#question textarea").focus();
}

function drawList() {
  const sought = find(".zw-side .zw-find").value.trim();
  const shown = conversations().filter(({ title }) => title.includes(sought));
  const rows = [];
  let told = "";
  for (const one of shown) {
    const when = dated(one.at);
    if (when !== told) rows.push(make("li", { look: "zw-when" }, (told = when)));
    rows.push(row(one));
  }
  const none = sought ? "没有找到这样的对话。" : "提过的问题会列在这里，只保存在这个浏览器里。";
  const all = shown.length > 1 && !sought ? [make("li", {}, button("全部删除", (event) => sure(event.target, "确认全部删除", deleteAll), "zw-plain zw-danger"))] : [];
  find(".zw-side .zw-kept").replaceChildren(...(rows.length ? rows : [make("li", { look: "zw-hint" }, none)]), ...all);
}

function dated(at) {
  const day = new Date(at);
  const midnight = new Date().setHours(0, 0, 0, 0);
  if (at >= midnight) return "今天";
  if (at >= midnight - DAY) return "昨天";
  return `${day.getFullYear()}年${day.getMonth() + 1}月${day.getDate()}日`;
}

function row({ id, title }) {
  const here = id === kept(tab, CURRENT);
  const line = make("li", { look: here ? "zw-here" : "" });
  const name = button(title, () => leaveFor(id), "zw-one", { title, ...(here ? { "aria-current": "true" } : {}) });
  const more = button("⋯", () => showActs(line, id, title, more), "zw-plain zw-more", { "aria-label": `更多：${title}`, "aria-expanded": "false" });
  line.append(name, more);
  return line;
}

function showActs(line, id, title, more) {
  const shown = find(".zw-row-acts", line);
  findAll(".zw-row-acts").forEach((one) => one.remove());
  findAll(".zw-more").forEach((one) => one.setAttribute("aria-expanded", "false"));
  if (shown) return;
  more.setAttribute("aria-expanded", "true");
  line.append(
    make(
      "div",
      { look: "zw-row-acts" },
      button("改名", () => rename(line, id, title)),
      button("导出Word", () => exportAs("docx", exchangesOf(id))),
      button("导出Markdown", () => exportAs("md", exchangesOf(id))),
      button("删除", (event) => sure(event.target, "确认删除", () => deleteOne(id)), "zw-plain zw-danger"),
    ),
  );
}

function exchangesOf(id) {
  try {
    return JSON.parse(kept(browser, ONE + id))[1];
  } catch {
    return [];
  }
}

function rename(line, id, title) {
  const field = make("input", { type: "text", value: title, maxLength: 60, set: { "aria-label": "新的名字" } });
  const done = () => {
    const name = field.value.trim();
    if (name) keepList(conversations().map((one) => (one.id === id ? { ...one, title: name } : one)));
    drawList();
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) done();
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    drawList();
  });
  line.replaceChildren(field, button("保存", done));
  field.focus();
  field.select();
}

// A second click on the same button does it.
function sure(pressed, question, act) {
  if (pressed.dataset.sure) return act();
  pressed.dataset.sure = "asked";
  pressed.textContent = question;
}

function deleteOne(id) {
  keep(browser, ONE + id, null);
  keepList(conversations().filter((one) => one.id !== id));
  if (id === kept(tab, CURRENT)) open("");
  drawList();
  find(".zw-side .zw-new").focus();
  say("已删除。");
}

function names() {
  try {
    return Object.keys(browser());
  } catch {
    return [];
  }
}

function deleteAll() {
  for (const name of names().filter((name) => name.startsWith(ONE))) keep(browser, name, null);
  keepList([]);
  open("");
  drawList();
  say("已全部删除。");
}
