// The view of indicators: what is chosen, its address, and the table, chart and sentence that come of it.
import { button, find, findAll, make } from "./elements.js";
import { drawPlace, drawRanking, rankingWords } from "./fulfilment.js";
import { drawChart, saveChart } from "./indicator-chart.js";
import { copyTable, drawTable } from "./indicator-table.js";
import { prepareSource, showSource } from "./indicator-source.js";
import { copy, download, tell } from "./acting.js";

const SHOWS = { both: "目标和完成", target: "只看目标", actual: "只看完成" };
const FIRST = "地区生产总值";
const SOME = 6; // places and years to begin with, where there are many of them
const COMMON = 8;
const PARTS = { table: "数据表", fulfilment: "承诺与兑现" };
const KEYS = ["part", "indicator", "place", "from", "to", "show", "kind"];

let names = null; // what one can ask for, once it was fetched
let chosen; // {part, indicators, places, from, to, show, kinds}
let found = null; // the table that the server sent last
let asked = 0; // requests so far: an older reply is not shown over a newer one
let body;

export function prepareIndicators() {
  body = find("#indicators .zw-panel");
  prepareSource(find("#indicators"));
  document.addEventListener("zw-corrected", refresh);
}

// Shows the view; `wanted` is a choice to begin with, else that of the address, else the one that was there.
export async function openIndicators(wanted = null) {
  if (!names) {
    body.replaceChildren(hint("正在读取……"));
    try {
      names = await ask("./indicators/names");
    } catch (error) {
      body.replaceChildren(hint(error.message));
      return;
    }
  }
  const places = names.places.length > 2 * SOME ? names.places.slice(0, SOME) : [];
  const from = names.years.length > SOME ? String(names.years.at(-SOME)) : "";
  const begun = { part: "table", indicators: names.indicators.length ? [FIRST] : [], places, from, to: "", show: "both", kinds: {} };
  // Of a place alone, what its reports tell most of.
  const usual = names.indicators.slice(0, COMMON).map(({ name }) => name);
  chosen = { ...begun, ...(wanted ? { ...wanted, indicators: wanted.indicators ?? usual, show: "both", kinds: {} } : chosen ?? ofAddress()) };
  if (!names.indicators.length) return body.replaceChildren(hint("还没有收录任何报告。"));
  lay();
  await refresh();
}

function ofAddress() {
  const asked = new URLSearchParams(location.search);
  if (asked.get("view") !== "indicators") return {};
  const part = asked.get("part") === "fulfilment" ? "fulfilment" : "table";
  if (!asked.has("indicator") && part === "table") return {}; // only the view is asked for
  const given = { part, indicators: asked.getAll("indicator"), places: asked.getAll("place"), from: asked.get("from") ?? "", to: asked.get("to") ?? "" };
  const kinds = Object.fromEntries(asked.getAll("kind").map((one) => one.split(":")));
  return { ...given, show: Object.hasOwn(SHOWS, asked.get("show")) ? asked.get("show") : "both", kinds };
}

function address() {
  const told = new URL(location.href);
  for (const key of [...KEYS, "q"]) told.searchParams.delete(key);
  told.hash = "";
  told.searchParams.set("view", "indicators");
  chosen.indicators.forEach((one) => told.searchParams.append("indicator", one));
  chosen.places.forEach((one) => told.searchParams.append("place", one));
  for (const key of ["from", "to"]) if (chosen[key]) told.searchParams.set(key, chosen[key]);
  if (chosen.part !== "table") told.searchParams.set("part", chosen.part);
  if (chosen.show !== "both") told.searchParams.set("show", chosen.show);
  for (const [name, kind] of Object.entries(chosen.kinds)) told.searchParams.append("kind", `${name}:${kind}`);
  return told;
}

// Another view is shown: the address is the chat's again.
export function leaveIndicators() {
  if (new URLSearchParams(location.search).get("view") !== "indicators") return;
  const told = new URL(location.href);
  for (const key of [...KEYS, "view"]) told.searchParams.delete(key);
  history.replaceState(history.state, "", told);
}

function query({ path = "./indicators", indicators = chosen.indicators, places = chosen.places, format = "" } = {}) {
  const told = new URLSearchParams();
  indicators.forEach((one) => told.append("indicator", one));
  places.forEach((one) => told.append("place", one));
  if (chosen.from || chosen.to) yearsBetween().forEach((year) => told.append("year", year));
  if (format) told.set("format", format);
  return `${path}?${told}`;
}

const yearsBetween = () => names.years.filter((year) => year >= (chosen.from || 0) && year <= (chosen.to || 9999));

async function ask(path) {
  const reply = await fetch(path).catch(() => null);
  if (reply?.ok) return reply.json();
  const told = await reply?.json().catch(() => null);
  throw new Error(told?.error ? `${told.error}${told.hint ?? ""}` : "暂时读不到数据，请稍后再试。");
}

async function refresh() {
  const mine = ++asked;
  history.replaceState(history.state, "", address());
  if (!chosen.indicators.length && chosen.part === "table") return put(hint("请选一个指标。"));
  find(".zw-panel-out", body).setAttribute("aria-busy", "true");
  try {
    const told = await (chosen.part === "table" ? ask(query()) : kept());
    if (mine !== asked) return;
    found = told;
    if (chosen.part === "table") draw();
    else drawKept();
  } catch (error) {
    if (mine === asked) put(hint(error.message));
  }
  find(".zw-panel-out", body).removeAttribute("aria-busy");
}

function put(...parts) {
  find(".zw-panel-out", body).replaceChildren(...parts);
}

const hint = (words) => make("p", { look: "zw-hint" }, words);

// The controls: chips for what is chosen, a field to add to them, years, goal or result.
function lay() {
  const out = make("div", { look: "zw-panel-out", set: { "aria-live": "polite" } });
  const isTable = chosen.part === "table";
  body.replaceChildren(
    parts(),
    chips("指标", chosen.indicators, "添加指标，如：固投、高新技术企业", suggestIndicators, isTable ? "" : "不选就是全部指标", isTable ? common() : []),
    chips("地区", chosen.places, "添加地区", () => names.places, "不选就是全部地区", provinces()),
    make("div", { look: "zw-panel-row" }, make("span", { look: "zw-panel-label" }, "年份"), yearPicker("from", "从最早"), make("span", {}, "到"), yearPicker("to", "到最新"), ...(isTable ? [shows()] : [])),
    out,
  );
}

// The table of figures, or what became of the goals: there all indicators, places and years are meant until some are chosen.
function parts() {
  const row = make("div", { look: "zw-panel-parts", set: { role: "group", "aria-label": "看什么" } });
  for (const [part, label] of Object.entries(PARTS)) row.append(button(label, () => part !== chosen.part && change(() => {
    const places = chosen.places.length === 1 ? chosen.places : [];
    chosen = part === "table" ? { ...chosen, part, indicators: chosen.indicators.length ? chosen.indicators : [FIRST] } : { ...chosen, part, indicators: [], places, from: "", to: "" };
  }), "zw-plain", { "aria-pressed": String(part === chosen.part) }));
  return row;
}

// The indicators of which the reports tell most, all at once.
function common() {
  const most = names.indicators.slice(0, COMMON).map(({ name }) => name);
  const rest = most.filter((name) => !chosen.indicators.includes(name));
  return rest.length ? [button(`常用${most.length}项`, () => change(() => chosen.indicators.push(...rest)))] : [];
}

// All provinces at once, where cities and counties are held beside them.
function provinces() {
  const found = names.places.filter((place) => /省$|自治区$|^(?:北京|上海|天津|重庆)市$/.test(place));
  const isApart = found.length > 2 && found.length < names.places.length && found.some((place) => !chosen.places.includes(place));
  return isApart ? [button("各省", () => change(() => (chosen.places = found)))] : [];
}

function chips(label, list, placeholder, options, none = "", more = []) {
  const row = make("div", { look: "zw-panel-row", set: { role: "group", "aria-label": label } }, make("span", { look: "zw-panel-label" }, label));
  for (const one of list) row.append(button(`${one} ✕`, () => change(() => list.splice(list.indexOf(one), 1)), "zw-chip", { "aria-label": `去掉${one}` }));
  if (none && !list.length) row.append(make("span", { look: "zw-chip zw-chip-none" }, none));
  if (list.length > 1) row.append(button("清空", () => change(() => list.splice(0)), "zw-plain"));
  row.append(adder(label, list, placeholder, options), ...more);
  return row;
}

function adder(label, list, placeholder, options) {
  const known = make("datalist", { id: `zw-known-${label}` });
  const field = make("input", { look: "zw-panel-add", type: "text", placeholder, maxLength: 40, autocomplete: "off", set: { list: known.id, "aria-label": `添加${label}` } });
  const offer = async () => known.replaceChildren(...(await options(field.value)).filter((one) => !list.includes(one)).map((one) => make("option", { value: one })));
  const take = () => {
    const name = field.value.trim();
    if (name && !list.includes(name)) change(() => list.push(name));
  };
  field.addEventListener("focus", offer);
  field.addEventListener("input", async (event) => {
    await offer();
    // What is picked from the list comes as one piece; what is typed comes letter by letter and waits for Enter.
    if (!(event instanceof InputEvent) || event.inputType === "insertReplacementText") take();
  });
  field.addEventListener("keydown", (event) => event.key === "Enter" && !event.isComposing && take());
  return make("span", { look: "zw-panel-adder" }, field, known);
}

async function suggestIndicators(words) {
  const all = names.indicators.map(({ name }) => name);
  if (words.trim().length < 2) return all;
  const { indicators, subjects } = await ask(`./indicators/names?q=${encodeURIComponent(words.trim())}`).catch(() => ({ indicators: [], subjects: [] }));
  return [...indicators, ...subjects].map(({ name }) => name);
}

function yearPicker(key, open) {
  const options = [make("option", { value: "" }, open), ...names.years.map((year) => make("option", { value: year }, `${year}年`))];
  const picker = make("select", { look: "zw-panel-year", set: { "aria-label": open } }, ...options);
  picker.value = chosen[key];
  picker.addEventListener("change", () => change(() => (chosen[key] = picker.value)));
  return picker;
}

function shows() {
  const row = make("span", { look: "zw-panel-shows", set: { role: "group", "aria-label": "目标或完成" } });
  for (const [show, label] of Object.entries(SHOWS)) {
    row.append(button(label, () => {
      chosen.show = show;
      findAll("[aria-pressed]", row).forEach((one) => one.setAttribute("aria-pressed", one.textContent === label));
      history.replaceState(history.state, "", address());
      draw();
    }, "zw-plain", { "aria-pressed": String(show === chosen.show) }));
  }
  return row;
}

function change(act) {
  act();
  lay();
  refresh();
}

// The table, what is not there, and below it the chart.
function draw() {
  if (!found) return;
  const series = chosen.indicators.length ? pickKinds() : [];
  const notes = notesOf(found);
  if (!series.length) return put(...notes, ...(notes.length ? [] : [hint("这些报告里没有这个指标的数据。")]));
  const view = { ...found, series, show: chosen.show };
  const table = drawTable(view, showSource);
  const chart = drawChart(view, showSource);
  const kinds = kindSwitches();
  put(...notes, ...(kinds.childElementCount ? [kinds] : []), acts(table, { chart }), table, chart, ...legend());
}

// What became of the goals: the places one after the other, and of a single place its goals too.
async function kept() {
  const ranking = await ask(query({ path: "./indicators/ranking" }));
  const [place, another] = chosen.places;
  return place && !another && ranking.ranking.length ? { ranking, of: await goalsOf(place, ranking) } : { ranking };
}

const goalsOf = (place, { indicators }) => ask(query({ indicators, places: [place] }));

function drawKept() {
  const { ranking, of } = found;
  const notes = notesOf(ranking);
  if (!ranking.ranking.length) return put(...notes, hint("这些报告里没有这样的目标。"));
  const [place] = of ? of.places : [];
  const words = rankingWords(ranking, place);
  if (!of) {
    const table = drawRanking(ranking, (one) => goalsOf(one, ranking), (one) => change(() => (chosen.places = [one])));
    return put(...notes, words[0], acts(table, { files: false }), table, ...words.slice(1));
  }
  const table = drawPlace(of);
  const back = button("← 各地的排名", () => change(() => (chosen.places = [])), "zw-plain");
  put(...notes, back, words[0], acts(table, { indicators: ranking.indicators }), table, ...words.slice(1));
}

// Names that are not there, and reports whose figures are left out.
function notesOf({ unknown, altered }) {
  const left = altered.length ? [make("p", { look: "zw-hint zw-left-out", set: { role: "status" } }, make("span", { look: "zw-name" }, altered.map(({ title }) => `《${title}》`).join("、")), make("span", {}, "在资料库里的文字和收录时不一致，它的数没有列出。请管理员运行 zhengwen doctor 查明，再重新收录，或从备份恢复。"))] : [];
  return [...left, ...unknown.map(unknownNote)];
}

// One kind of each indicator: the one chosen, else the fullest. Unlike things never stand in one column or on one axis.
function pickKinds() {
  const kept = new Map();
  for (const one of found.series) {
    const known = kept.get(one.indicator);
    if (!known || chosen.kinds[one.indicator] === one.kind) kept.set(one.indicator, one);
  }
  return [...kept.values()];
}

function kindSwitches() {
  const rows = make("div", { look: "zw-panel-kinds" });
  for (const indicator of new Set(found.series.map((one) => one.indicator))) {
    const kinds = found.series.filter((one) => one.indicator === indicator);
    if (kinds.length < 2) continue;
    const picked = pickKinds().find((one) => one.indicator === indicator);
    const row = make("span", { set: { role: "group", "aria-label": `${indicator}的口径` } }, `${indicator}：`);
    for (const one of kinds) {
      row.append(button(`${one.kind_name}（${one.count}）`, () => {
        chosen.kinds[indicator] = one.kind;
        history.replaceState(history.state, "", address());
        draw();
      }, "zw-plain", { "aria-pressed": String(one === picked) }));
    }
    rows.append(row);
  }
  if (rows.childElementCount) rows.append(make("span", { look: "zw-hint" }, "增速和总量等口径不同，分开列表，不画在一张图上。"));
  return rows;
}

function unknownNote({ sort, asked: name, nearest }) {
  const what = { indicator: "没有叫这个名字的指标", place: "没有收录这个地方", year: "没有这一年的数据" }[sort];
  const row = make("p", { look: "zw-hint" }, `“${name}”：`, make("span", {}, what), "。", ...(nearest.length ? [make("span", {}, "最接近的：")] : []));
  const list = sort === "indicator" ? chosen.indicators : chosen.places;
  if (sort !== "year") for (const one of nearest) {
    row.append(button(one, () => change(() => {
      const at = list.indexOf(name);
      list.splice(at < 0 ? list.length : at, at < 0 ? 0 : 1, one);
    })));
  } else row.append(nearest.join(" "));
  return row;
}

function acts(table, { chart = null, files = true, indicators = chosen.indicators }) {
  const row = make("div", { look: "zw-acts zw-panel-acts" });
  const add = (label, act) => row.append(button(label, (event) => act(event.target), "zw-act"));
  add("复制为表格", async (pressed) => tell(pressed, (await copyTable(table)) ? "已复制，可粘贴到Word" : "没能复制，请手动选取"));
  if (files) {
    add("下载Excel", () => download(query({ indicators, format: "xlsx" })));
    add("下载CSV", () => download(query({ indicators, format: "csv" })));
  }
  if (chart?.querySelector("svg")) {
    add("图存为PNG", (pressed) => saveChart(chart, "png").catch(() => tell(pressed, "没能保存")));
    add("图存为SVG", (pressed) => saveChart(chart, "svg").catch(() => tell(pressed, "没能保存")));
  }
  add("复制链接", async (pressed) => tell(pressed, (await copy(String(address()))) ? "链接已复制" : "没能复制，请手动选取"));
  return row;
}

function legend() {
  const words = "点任何一格，看它的原文。未提及：收录了报告，但没有写这个数。未收录：没有那一年的报告（某年的完成情况写在下一年的报告里）。";
  const verdict = "兑现由程序按两个数字相减得出；目标写“左右”的，差0.5个百分点或5%以内算接近。";
  return [make("p", { look: "zw-hint" }, words), ...(chosen.show === "both" ? [make("p", { look: "zw-hint" }, verdict)] : [])];
}
