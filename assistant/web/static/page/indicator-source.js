// The sentences behind a cell: its goal and its result with the words that they stand in, and how the one compares with the other.
import { button, find, make } from "./elements.js";
import { closed, opened } from "./layers.js";

const FAULTS = { value: "数字不对", indicator: "不是这个指标", place: "不是这个地方", year: "不是这一年", role: "目标和完成弄反了", other: "其他" };
const WHY = { not_held: "没有收录应写这个数的那一年报告", not_told: "收录的报告没有写这个数", altered: "报告的文字和收录时不一致，不能引用" };
const STATES = { open: "待管理员确认", accepted: "已更正" };

let panel;
let from = null; // the cell that was pressed, which gets the focus back

export function prepareSource(view) {
  panel = make("aside", { look: "zw-source", hidden: true, tabIndex: -1, set: { "aria-label": "指标的原文" } });
  view.append(panel);
}

export function showSource({ pair, series }) {
  from = document.activeElement;
  const verdict = pair.target.state === "told" && pair.actual.state === "told" ? [make("p", { look: "zw-source-verdict" }, pair.verdict)] : [];
  show(`${pair.place} ${pair.year}年 ${series.indicator}`, [...verdict, ...sides({ pair, series })]);
}

// Several goals under one title, each folded to a line that opens its sentences.
export function showGoals(title, goals) {
  from = document.activeElement;
  show(`${title}（${goals.length}个）`, goals.map(({ pair, series }) => {
    const line = make("summary", {}, make("b", {}, `${pair.year}年 ${series.indicator}${series.kind_name}`), make("span", {}, `目标${pair.target.told.figure}，${pair.verdict}`));
    const goal = make("details", { look: "zw-goal-line" }, line);
    goal.addEventListener("toggle", () => goal.append(...sides({ pair, series })), { once: true });
    return goal;
  }));
}

// A goal and its result with their sentences.
const sides = ({ pair, series }) => [["target", "目标"], ["actual", "完成情况"]].flatMap(([role, name]) => cards(name, pair[role], { pair, series, role }));

function show(title, parts) {
  panel.replaceChildren(make("div", { look: "zw-source-head" }, make("h3", {}, title), button("关闭", () => hide())), ...parts);
  panel.hidden = false;
  document.documentElement.classList.add("zw-sourced");
  panel.scrollTop = 0;
  panel.focus({ preventScroll: true });
  opened("zw-source", conceal);
}

function hide() {
  conceal();
  closed("zw-source");
}

function conceal() {
  panel.hidden = true;
  document.documentElement.classList.remove("zw-sourced");
  from?.focus?.({ preventScroll: true });
}

function cards(name, cell, slot) {
  const called = cell.called_wrong.map(({ figure, fault, right, state }) => {
    const should = right ? `，应为${right}` : "";
    return make("p", { look: "zw-hint" }, `“${figure}”有人标为不对：${FAULTS[fault]}${should}（${STATES[state]}）。`);
  });
  if (cell.state !== "told") {
    const why = WHY[cell.state];
    return [make("p", { look: "zw-hint" }, make("span", {}, name), "：", make("span", {}, why), "。"), ...called];
  }
  const others = cell.others.length ? [make("p", { look: "zw-hint" }, "不同的写法（并列，不合并）：")] : [];
  return [card(name, cell.told, slot), ...called, ...others, ...cell.others.map((one) => card("", one, slot))];
}

function card(name, told, slot) {
  const { figure, partial, report, headings, sentence, start, end, paragraph_id, citation, pages, doubtful } = told;
  const words = make("p", { look: "zw-paragraph" }, make("span", { look: "zw-quote" }, sentence.slice(0, start), make("mark", {}, sentence.slice(start, end)), sentence.slice(end)));
  const read = make("button", { look: "zw-plain", type: "button", set: { "data-do": "read", "data-report": report.id, "data-paragraph": paragraph_id } }, "阅读全文");
  const quote = make("button", { look: "zw-plain", type: "button", set: { "data-do": "copy", "data-copy": citation } }, "复制引文");
  const page = pages.length ? `（第${[...new Set([pages[0], pages.at(-1)])].join("—")}页）` : "";
  const caution = doubtful ? make("p", { look: "zw-caution" }, `识别所得，请核对：${figure}`) : "";
  return make("article", { look: "zw-card" }, make("p", { look: "zw-where" }, make("b", {}, [name, figure, partial].filter(Boolean).join(" ")), ` ${report.title}${headings.length ? ` › ${headings.join(" › ")}` : ""}${page}`), words, caution, make("p", { look: "zw-tools" }, read, quote, button("这个数不对", ({ target }) => target.closest(".zw-card").append(complaint(told, slot, target)))));
}

// What is wrong with a figure, and what would be right; it is kept and shown as such, and an administrator decides.
function complaint(told, { pair, series, role }, pressed) {
  pressed.hidden = true;
  const fault = make("select", { look: "zw-panel-year", set: { "aria-label": "哪里不对" } }, ...Object.entries(FAULTS).map(([value, words]) => make("option", { value }, words)));
  const right = make("input", { look: "zw-panel-add", type: "text", maxLength: 100, placeholder: "应该是（可以不填）", set: { "aria-label": "应该是" } });
  const said = make("p", { look: "zw-hint", set: { role: "status" } });
  const send = button("提交", async () => {
    send.disabled = true;
    const body = { report: told.report.id, paragraph: told.paragraph_id, start: told.place, place: pair.place, year: pair.year, role, indicator: series.indicator, kind: series.kind, figure: told.figure, fault: fault.value, right: right.value.trim() };
    const reply = await fetch("./indicators/corrections", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }).catch(() => null);
    said.textContent = reply?.ok ? "谢谢，已经记下，表里会注明；管理员确认后更正。" : "没能记下来，请稍后再试。";
    send.disabled = Boolean(reply?.ok);
    if (reply?.ok) document.dispatchEvent(new Event("zw-corrected"));
  }, "zw-act");
  return make("div", { look: "zw-panel-row" }, fault, right, send, said);
}
