// The conversations of this browser: kept, listed, renamed, deleted. The server keeps none.
import { answered, forgetWaiting } from "./asking.js";
import { browser, button, dialog, fill, find, findAll, keep, kept, make, onClick, onWritten, soon, tab } from "./elements.js";
import { exportAs } from "./copying.js";
import { say, sayAnswer } from "./speaking.js";

const LIST = "zhengwen-conversations";
const ONE = "zhengwen-conversation-";
const CURRENT = "zhengwen-current"; // of this tab: each tab may be in a conversation of its own
const MOST = 50;
const LONGEST = 64 * 1024; // what is longer was not written by the page and would not get through the gate
let list; // the dialog

export function prepareConversations() {
  list = dialog("zw-history", "对话记录");
  list.body.append(make("p", { look: "zw-hint" }, "对话只保存在这个浏览器里，不在服务器上。"), make("ul", { look: "zw-kept" }), make("div", { look: "zw-dialog-foot" }));
  onClick("[data-do=history]", () => showList());
  onClick("[data-do=new]", () => open(""));
  onWritten(find("#memory textarea"), onKept);
  window.addEventListener("storage", (event) => event.key === LIST && list.shown.open && drawList());
  open(kept(tab, CURRENT) ?? "");
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
  const before = kept(browser, ONE + id);
  keep(tab, CURRENT, id);
  if (!exchanges.length || before === text) return;
  const found = conversations();
  const known = found.find((one) => one.id === id);
  const title = known?.title ?? exchanges[0].question.slice(0, 60);
  const others = found.filter((one) => one.id !== id);
  while (!keep(browser, ONE + id, text) && others.length) keep(browser, ONE + others.pop().id, null);
  keepList([{ id, title, at: Date.now() }, ...others]);
  answered();
  setTimeout(sayAnswer, 50);
}

// Shows a conversation that is kept, or with "" a new one.
async function open(id) {
  forgetWaiting();
  const text = id ? (kept(browser, ONE + id) ?? "") : "";
  keep(tab, CURRENT, text ? id : null);
  fill(find("#memory textarea"), text.length > LONGEST ? "" : text);
  await soon();
  find("#recall").click();
}

function showList() {
  drawList();
  list.shown.showModal();
}

function drawList() {
  const rows = conversations().map(row);
  find("ul", list.body).replaceChildren(...(rows.length ? rows : [make("li", { look: "zw-hint" }, "还没有对话。")]));
  const exporting = currentExchanges().length
    ? [make("span", { look: "zw-hint" }, "导出当前对话："), button("Markdown", () => exportAs("md", currentExchanges())), button("Word", () => exportAs("docx", currentExchanges()))]
    : [];
  const all = rows.length ? [button("全部删除", (event) => sure(event.target, "真的全部删除", deleteAll), "zw-plain zw-danger")] : [];
  find(".zw-dialog-foot", list.body).replaceChildren(button("新对话", () => leaveFor("")), ...exporting, ...all);
}

export function currentExchanges() {
  try {
    return JSON.parse(find("#memory textarea").value)[1];
  } catch {
    return [];
  }
}

function row({ id, title, at }) {
  const here = id === kept(tab, CURRENT);
  const when = new Date(at).toLocaleString("zh-CN", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
  const line = make("li", { look: here ? "zw-here" : "" });
  const name = button(title, () => leaveFor(id), "zw-open-one", here ? { "aria-current": "true" } : {});
  const time = make("span", { look: "zw-when" }, when);
  const change = button("改名", () => rename(line, id, title), "zw-plain", { "aria-label": `改名：${title}` });
  const drop = button("删除", (event) => sure(event.target, "真的删除", () => deleteOne(id)), "zw-plain zw-danger", { "aria-label": `删除：${title}` });
  line.append(name, time, change, drop);
  return line;
}

function leaveFor(id) {
  list.shown.close();
  open(id);
  find("#question textarea").focus();
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
  pressed.setAttribute("aria-label", question);
}

function deleteOne(id) {
  keep(browser, ONE + id, null);
  keepList(conversations().filter((one) => one.id !== id));
  if (id === kept(tab, CURRENT)) open("");
  drawList();
  find("button", list.body)?.focus();
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
