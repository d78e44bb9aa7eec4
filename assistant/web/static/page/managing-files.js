// Files on their way into the library: chosen or dropped, sent one after the other, then watched until the server has taken them in.
import { button, find, findAll, make } from "./elements.js";
import { fault, look, told } from "./managing-form.js";
import { read } from "./reader.js";
import { say } from "./speaking.js";

const EVERY = 1000; // milliseconds between two looks at how far the server has come
const STATUS = { added: "已收录", already: "库里已有", waiting: "待确认", failed: "没有收录", confirmed: "已确认", removed: "已删除" };
const queue = []; // {file, instead, parts, row}: not yet sent
const rows = new Map(); // by the server's name for it
let sending = null;
let due = false; // the server has to be asked once more
let watching = false;
let limits = null;
let list;
let changed;

export function prepareFiles(place, onChange) {
  changed = onChange;
  const files = make("input", { type: "file", multiple: true, hidden: true, set: { "aria-label": "选择文件" } });
  const folder = make("input", { type: "file", multiple: true, hidden: true, webkitdirectory: true, set: { "aria-label": "选择文件夹" } });
  for (const one of [files, folder])
    one.addEventListener("change", () => {
      take([...one.files]);
      one.value = "";
    });
  const hint = make("p", { look: "zw-hint zw-kinds" });
  const acts = make("div", { look: "zw-acts-row" }, button("选择文件", () => files.click(), "zw-act zw-first"), button("选择文件夹", () => folder.click(), "zw-act"));
  const zone = make("div", { look: "zw-drop" }, make("p", {}, "把报告文件或文件夹拖到这里，或者："), acts, hint, files, folder);
  list = make("ul", { look: "zw-files", set: { "aria-label": "上传的文件" } });
  droppable(zone);
  place.replaceChildren(make("h3", {}, "收录报告"), zone, list);
  addEventListener("beforeunload", (event) => (sending || queue.length) && event.preventDefault());
  watch();
}

function droppable(zone) {
  const over = (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    zone.classList.add("zw-over");
  };
  zone.addEventListener("dragenter", over);
  zone.addEventListener("dragover", over);
  zone.addEventListener("dragleave", (event) => zone.contains(event.relatedTarget) || zone.classList.remove("zw-over"));
  zone.addEventListener("drop", async (event) => {
    event.preventDefault();
    zone.classList.remove("zw-over");
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const files = entries.length ? (await Promise.all(entries.map(within))).flat() : [...event.dataTransfer.files];
    take(files);
  });
}

// All files of a dropped folder.
async function within(entry) {
  if (entry.isFile) return new Promise((done) => entry.file((file) => done([file]), () => done([])));
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((done) => reader.readEntries(done, () => done([])));
    if (!some.length) break;
    found.push(...(await Promise.all(some.map(within))).flat());
  }
  return found;
}

// `instead` is the report that the file is to replace, `parts` what becomes of several reports in it: "split" or "whole".
export function take(files, instead = "", parts = "") {
  const before = list.firstChild; // the newest files stand on top, in the order in which they were given
  for (const file of files.filter(({ name }) => !name.startsWith(".") && !name.startsWith("~$"))) {
    const row = line(file.name, before);
    const refused = fault_of(file);
    if (refused) row.show(fault(refused));
    else {
      row.show(make("span", { look: "zw-hint" }, "等待上传"));
      queue.push({ file, instead, parts, row });
    }
  }
  send();
}

// What the server would refuse is not even sent: of what is refused in the midst a browser only says that the connection broke.
function fault_of({ name, size }) {
  if (!limits) return null;
  const suffix = /\.[^.]+$/.exec(name.toLowerCase())?.[0] ?? "";
  if (!size) return { error: "这个文件是空的。", hint: "请重新下载或复制一份完整的文件。" };
  if (!limits.kinds.includes(suffix)) return { error: "不在可以收录的文件类型里。", hint: limits.hint };
  const most = suffix === ".zip" ? limits.archive : limits.file;
  return size > most ? { error: `文件太大（${size >> 20} MB），上限是${most >> 20} MB。`, hint: "请去掉图片或附件，或者分开上传。" } : null;
}

function line(name, before = null) {
  const state = make("div", { look: "zw-file-state" });
  const shown = make("li", { look: "zw-file" }, make("p", { look: "zw-file-name" }, told(name)), state);
  list.insertBefore(shown, before);
  return { shown, show: (...parts) => state.replaceChildren(...parts) };
}

function send() {
  if (sending || !queue.length) return;
  sending = queue.shift();
  const { file, instead, parts, row } = sending;
  const bar = make("progress", { max: 100, value: 0, set: { "aria-label": "上传进度" } });
  const percent = make("span", { look: "zw-hint" }, "正在上传 0%");
  row.show(bar, percent);
  const request = new XMLHttpRequest();
  request.upload.onprogress = ({ loaded, total }) => {
    bar.value = total ? Math.round((100 * loaded) / total) : 0;
    percent.textContent = `正在上传 ${bar.value}%`;
  };
  request.onloadend = () => {
    const reply = request.response ?? {};
    if (request.status === 202) {
      rows.get(reply.id)?.shown.remove(); // a look at the server was faster than its reply
      rows.set(reply.id, row);
      Object.assign(row, { file, instead });
      row.show(make("span", { look: "zw-hint" }, "等待收录"));
      watch();
    } else row.show(fault({ error: reply.error ?? reply.message ?? "没有传上去，请检查网络再试。", hint: reply.hint ?? "" }));
    sending = null;
    send();
  };
  request.responseType = "json";
  request.open("POST", `./library/uploads?name=${encodeURIComponent(file.name)}&instead_of=${instead}&parts=${parts}`);
  request.setRequestHeader("content-type", "application/octet-stream");
  request.send(file);
}

// Looks until all files have come to their end; what is sent in the midst of a look is looked for once more.
async function watch() {
  due = true;
  if (watching) return;
  watching = true;
  while (due) {
    due = false;
    const now = await look("uploads");
    if (now && draw(now)) await changed();
    if (now && !now.busy) continue;
    due = true;
    await new Promise((done) => setTimeout(done, now ? EVERY : 5 * EVERY));
  }
  watching = false;
}

// Shows how far each file has come; says whether another one has come to its end.
function draw(now) {
  const isFirst = !limits;
  limits = now.limits;
  const most = (bytes) => `${bytes >> 20} MB`;
  const kinds = limits.kinds.map((kind) => kind.slice(1)).join("、");
  find(".zw-kinds").textContent = `可以收录：${kinds}；每个文件最大${most(limits.file)}，zip最大${most(limits.archive)}。`;
  let ended = false;
  for (const status of now.files) {
    // What had come to its end before this page was opened was looked at then, and does not come back.
    if (!rows.has(status.id)) rows.set(status.id, isFirst && status.state === "done" ? { done: true } : line(status.name));
    const row = rows.get(status.id);
    if (row.done) continue;
    row.done = status.state === "done";
    row.show(...(row.done ? status.outcomes.map((one) => outcome(one, status.outcomes.length > 1, row)) : [step(status)]));
    if (!row.done) continue;
    ended = true;
    say(status.outcomes.map((one) => `${one.file}：${STATUS[one.status]}`).join("。"));
  }
  return ended;
}

function step({ state, stage, done, total }) {
  const bar = make("progress", { max: total || 1, set: { "aria-label": "收录进度" } });
  if (total) bar.value = done;
  return make("div", { look: "zw-step" }, state === "waiting" ? "" : bar, make("span", { look: "zw-hint" }, state === "waiting" ? "等待收录" : stage));
}

// Why a report waits is said where it is confirmed.
function outcome({ file, status, report, paragraphs, notes, error, hint, several }, named, row) {
  const label = make("b", { look: `zw-status-${status}` }, STATUS[status]);
  const parts = [label, " ", named ? told(`${file} `) : ""];
  if (report) {
    const place = [report.parent, report.region].filter(Boolean).join(" ");
    parts.push(told([place, report.year ? `${report.year}年` : "", `《${report.title}》`].filter(Boolean).join(" ")), " ", make("span", { look: "zw-hint" }, `${paragraphs}段`), " ");
    parts.push(status === "waiting" ? button("去确认", () => bringUp(report.id)) : button("看报告", () => read(report.id, null, null, "./library/reports/")));
  }
  const said = notes.map((one) => make("p", { look: "zw-hint" }, one));
  return make("div", { set: { "data-report": report?.id ?? "" } }, make("p", {}, ...parts), ...said, error ? fault({ error, hint: several ? "" : hint }) : "", several ? choice(several, row) : "");
}

// Several reports were found in a file: it is sent once more with what is to become of them.
function choice(several, row) {
  const again = (parts) => {
    const instead = parts === "whole" ? (row.instead ?? "") : "";
    if (row.file) return take([row.file], instead, parts);
    const files = make("input", { type: "file" }); // it was sent before this page was opened
    files.addEventListener("change", () => take([...files.files], instead, parts));
    files.click();
  };
  const split = button(`拆开收录（${several}份）`, () => again("split"), "zw-act zw-first");
  return make("div", { look: "zw-acts-row" }, split, button("按一份收录", () => again("whole"), "zw-act"));
}

function bringUp(id) {
  const card = find(`.zw-waits[data-report="${id}"]`);
  card?.scrollIntoView({ block: "start" });
  card?.focus({ preventScroll: true });
}

// Somebody has decided on a report, which the list of files says too.
export function settled(id, status) {
  for (const one of findAll(`[data-report="${id}"]`, list)) {
    find("b", one).replaceWith(make("b", { look: `zw-status-${status}` }, STATUS[status]));
    find("button", one)?.remove();
  }
}
