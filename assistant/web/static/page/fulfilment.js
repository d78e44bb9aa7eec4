// 承诺与兑现: how many of its goals each place has met, and of one place each goal beside its result, a line an indicator.
import { button, findAll, make } from "./elements.js";
import { drawTable } from "./indicator-table.js";
import { showGoals, showSource } from "./indicator-source.js";

const COMPARED = ["met", "close", "missed"];
const COLUMNS = [
  { name: "完成率", key: "share", outcomes: COMPARED, said: ({ sum }) => sum || "—" },
  { name: "已完成", key: "met", outcomes: ["met"] },
  { name: "接近", key: "close", outcomes: ["close"] },
  { name: "未完成", key: "missed", outcomes: ["missed"] },
  { name: "可比目标", key: "compared", outcomes: COMPARED },
  { name: "全部目标", key: "goals", outcomes: null },
];

// All places: `read(place)` fetches the goals of one with their sentences, `openPlace` shows its page.
export function drawRanking({ ranking }, read, openPlace) {
  const caption = "各地目标兑现的排名";
  const table = make("table", { look: "zw-table zw-panel-table zw-ranking" }, make("caption", {}, caption));
  let order = null;
  const heads = COLUMNS.map((column) => make("th", { set: { scope: "col" } }, button(column.name, () => {
    order = order?.column === column ? { column, up: !order.up } : { column, up: false };
    fill();
  }, "zw-plain zw-sort", { title: "按这一列排序" })));
  const head = make("tr", {}, make("th", { set: { scope: "col" } }, "地区"), make("th", { set: { scope: "col" } }, "名次"), ...heads);
  const tbody = make("tbody");
  table.append(make("thead", {}, head), tbody);
  fill();
  return make("div", { look: "zw-panel-scroll", tabIndex: 0, set: { role: "region", "aria-label": caption } }, table);

  function fill() {
    const rows = [...ranking];
    if (order) rows.sort((one, other) => ((other[order.column.key] ?? -1) - (one[order.column.key] ?? -1)) * (order.up ? -1 : 1));
    tbody.replaceChildren(...rows.map((row) => make("tr", {},
      make("th", { set: { scope: "row" } }, button(row.place, () => openPlace(row.place), "zw-plain zw-name", { title: "看这个地方的每个目标" })),
      make("td", {}, make("span", { look: "zw-rank" }, row.rank === null ? "不排名" : `第${row.rank}名`)),
      ...COLUMNS.map((column) => make("td", {}, cell(row, column))),
    )));
    heads.forEach((one, at) => (order?.column === COLUMNS[at] ? one.setAttribute("aria-sort", order.up ? "ascending" : "descending") : one.removeAttribute("aria-sort")));
  }

  function cell(row, { name, key, outcomes, said = () => `${row[key]}个` }) {
    if (!row[key]) return make("span", { look: "zw-empty zw-rank" }, said(row));
    const open = async () => showGoals(`${row.place} · ${name}`, goalsOf((await read(row.place)).series, outcomes));
    return button(said(row), open, "zw-cell", { "aria-label": `${row.place}${name}${said(row)}。看原文` });
  }
}

// The goals of a table, newest first; `outcomes` chooses what has become of them.
function goalsOf(series, outcomes) {
  const all = series.flatMap((one) => one.pairs.map((pair) => ({ pair, series: one })));
  const kept = all.filter(({ pair }) => pair.target.state === "told" && (!outcomes || outcomes.includes(pair.outcome)));
  return kept.sort((one, other) => other.pair.year - one.pair.year);
}

// One place: every indicator of which a goal is told, year by year.
export function drawPlace(table) {
  const series = table.series.filter((one) => one.pairs.some((pair) => pair.target.state === "told"));
  return drawTable({ ...table, series, show: "both", countFirst: true }, showSource);
}

// What the numbers mean, in words.
export function rankingWords({ ranking, without, fewest, indicators, years }, place) {
  const lines = [];
  const one = place && ranking.find((row) => row.place === place);
  if (one) {
    const { goals, compared, met, close, missed, sum } = one;
    const told = compared ? `可比的${compared}个：完成${met}个，接近${close}个，未完成${missed}个；完成率${sum}。` : "没有可比的。";
    lines.push(make("p", { look: "zw-source-verdict" }, make("span", {}, `共${goals}个目标，`), make("span", {}, told)));
  } else if (!place) {
    const span = years.length > 1 ? `${years[0]}—${years.at(-1)}年的目标。` : `${years[0]}年的目标。`;
    const of = indicators.length === 1 ? make("span", { look: "zw-name" }, indicators[0]) : make("span", {}, `${indicators.length}项指标`);
    lines.push(make("p", { look: "zw-hint" }, make("span", {}, `${ranking.length}个地方`), "，", of, "，", make("span", {}, span), make("span", {}, "点地名看它的每个目标，点数字看原文。")));
    if (without.length) lines.push(make("p", { look: "zw-hint" }, make("span", {}, "没有这些目标的地方："), make("span", { look: "zw-name" }, without.join("、")), "。"));
    lines.push(make("p", { look: "zw-hint" }, `完成率是完成的目标除以可比的目标；可比的不到${fewest}个，不排名次。`));
  }
  lines.push(make("p", { look: "zw-hint" }, "可比的目标：下一年的报告写了同一种数，而且是全年的。没写、只写了部分月份、没有数字的，不算完成，也不算未完成。"));
  return lines;
}
