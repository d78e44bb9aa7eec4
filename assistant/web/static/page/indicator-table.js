// Figures as a table: places and years, indicators and years, or places and indicators, whichever leaves one of the three alone.
import { button, findAll, make } from "./elements.js";

const SHOWN = 40; // rows before the fold
const EMPTY = { not_told: "未提及", not_held: "未收录", altered: "不能引用" };
const OUTCOMES = { met: "✓ 完成", close: "≈ 接近", missed: "✗ 未完成", unclear: "不能确定", partial: "部分月份", in_words: "没有数字", unlike: "口径不同" };

export function drawTable(view, open) {
  const { rows, columns, corner, caption, at } = pivoted(view);
  const table = make("table", { look: "zw-table zw-panel-table" }, make("caption", {}, caption));
  let order = null;
  const head = make("tr", {}, make("th", { set: { scope: "col" } }, corner));
  const sorter = (column, place) => button(column, () => {
    order = order?.place === place ? { place, up: !order.up } : { place, up: false };
    fill();
  }, "zw-plain zw-sort", { title: "按这一列排序" });
  const heads = columns.map((column, place) => make("th", { set: { scope: "col" } }, sorter(column, place)));
  const counts = view.show === "both" && columns.length > 1;
  const kept = columns.length; // the column that counts
  if (counts) heads.push(make("th", { set: { scope: "col" } }, sorter("兑现", kept)));
  const inOrder = (cells) => (counts && view.countFirst ? [cells.at(-1), ...cells.slice(0, -1)] : cells);
  head.append(...inOrder(heads));
  const tbody = make("tbody");
  table.append(make("thead", {}, head), tbody);
  fill();
  const box = make("div", { look: "zw-panel-scroll", tabIndex: 0, set: { role: "region", "aria-label": caption } }, table);
  if (rows.length > SHOWN) box.append(fold());
  return box;

  function fill() {
    const places = rows.map((_, row) => row);
    const worth = order?.place === kept ? (row) => shareMet(columns.map((_, column) => at(row, column).pair)) : (row) => valueOf(at(row, order.place), view.show);
    if (order) places.sort((one, other) => (worth(other) - worth(one) || 0) * (order.up ? -1 : 1));
    tbody.replaceChildren(...places.map((row, place) => {
      const line = make("tr", { hidden: place >= SHOWN && !table.dataset.whole }, make("th", { set: { scope: "row" } }, rows[row]));
      const cells = columns.map((_, column) => at(row, column));
      const shown = cells.map((found) => cellOf(found, view.show, open));
      if (counts) shown.push(make("td", { look: "zw-kept-count" }, fulfilled(cells.map((cell) => cell?.pair))));
      line.append(...inOrder(shown));
      return line;
    }));
    findAll("th[aria-sort]", head).forEach((one) => one.removeAttribute("aria-sort"));
    if (order) heads[order.place].setAttribute("aria-sort", order.up ? "ascending" : "descending");
  }

  function fold() {
    return button(`共${rows.length}行，现在显示前${SHOWN}行。展开全部`, ({ target }) => {
      table.dataset.whole = "yes";
      findAll("tr[hidden]", tbody).forEach((row) => (row.hidden = false));
      target.remove();
    }, "zw-act");
  }
}

// Rows and columns, and what stands where they meet.
export function pivoted({ places, years: since, series }) {
  const years = [...since].reverse(); // the newest is what is looked for
  const of = series.map((one) => new Map(one.pairs.map((pair) => [`${pair.place} ${pair.year}`, pair])));
  const met = (which, place, year) => ({ pair: of[which].get(`${place} ${year}`), series: series[which] });
  const named = (one) => `${one.indicator}${one.kind_name === "增速" ? "增速" : one.kind_name === "总量" ? "" : one.kind_name}`;
  const label = (one) => named(one) + (one.unit ? `（${one.unit}）` : "");
  const yearly = years.map((year) => `${year}年`);
  if (series.length === 1) {
    const kept = places.length > 1 ? places.filter((place) => years.some((year) => told(met(0, place, year).pair))) : places;
    return { rows: kept, columns: yearly, corner: "地区", caption: label(series[0]), at: (row, column) => met(0, kept[row], years[column]) };
  }
  if (places.length === 1) {
    return { rows: series.map(label), columns: yearly, corner: "指标", caption: places[0], at: (row, column) => met(row, places[0], years[column]) };
  }
  const year = fullest(years, of);
  const caption = `${year}年${years.length > 1 ? "（多个地区、多个指标时一次看一年，可用年份来选）" : ""}`;
  return { rows: places, columns: series.map(label), corner: "地区", caption, at: (row, column) => met(column, places[row], year) };
}

// The newest year of which most is told.
function fullest(years, of) {
  const count = (year) => of.reduce((sum, pairs) => sum + [...pairs.values()].filter((pair) => pair.year === year && told(pair)).length, 0);
  return years.reduce((best, year) => (count(year) >= count(best) ? year : best), years[0]);
}

const told = (pair) => pair && (pair.target.state === "told" || pair.actual.state === "told");

function cellOf(met, show, open) {
  const { pair, series } = met;
  const cell = make("td");
  if (!pair) return cell;
  const parts = show === "both" ? [["目标", pair.target], ["完成", pair.actual]] : [["", pair[show]]];
  const isEmpty = parts.every(([, part]) => part.state !== "told" && !part.called_wrong.length);
  if (isEmpty) {
    const states = new Set(parts.map(([, part]) => part.state));
    cell.append(make("span", { look: "zw-empty" }, states.size === 1 ? EMPTY[[...states][0]] : parts.map(([name, part]) => name + EMPTY[part.state]).join("，")));
    return cell;
  }
  const lines = parts.map(([name, part]) => make("span", { look: "zw-cell-line" }, ...(name ? [make("span", { look: "zw-cell-role" }, name)] : []), ...figureOf(part, series)));
  const outcome = show === "both" && OUTCOMES[pair.outcome];
  if (outcome) lines.push(make("span", { look: `zw-outcome zw-outcome-${pair.outcome}`, title: pair.verdict }, outcome));
  cell.append(button("", () => open(met), "zw-cell", { "aria-label": `${pair.place}${pair.year}年${series.indicator}，${parts.map(([name, part]) => name + said(part)).join("，")}。看原文` }));
  cell.firstChild.append(...lines);
  return cell;
}

function figureOf(part, series) {
  const called = part.called_wrong.length ? [make("small", { title: "有人标为不对，点开看" }, part.called_wrong.some(({ state }) => state === "accepted") ? "已更正" : "有疑问")] : [];
  if (part.state !== "told") return [make("span", { look: "zw-empty" }, EMPTY[part.state]), ...called];
  const { figure, partial, unit, value } = part.told;
  const marks = [];
  if (partial) marks.push(make("small", {}, partial.replace(/^\d{4}年/, "")));
  if (part.others.length) marks.push(make("small", { title: "报告里还有不同的写法" }, `另有${part.others.map((other) => other.figure).join("、")}`));
  if (part.told.doubtful) marks.push(make("small", { title: "识别所得，请核对" }, "请核对"));
  if (value !== null && unit !== series.unit) marks.push(make("small", {}, "单位不同"));
  return [make("b", {}, figure), ...marks, ...called];
}

const said = (part) => (part.state === "told" ? part.told.figure : EMPTY[part.state]);

// What a cell is sorted by; what has no value comes last.
function valueOf({ pair }, show) {
  const parts = show === "both" ? [pair?.actual, pair?.target] : [pair?.[show]];
  const part = parts.find((each) => each?.state === "told" && each.told.value !== null);
  return part ? Number(part.told.value) : -Infinity;
}

const decidedOf = (pairs) => pairs.filter((pair) => pair && ["met", "close", "missed"].includes(pair.outcome));

function shareMet(pairs) {
  const decided = decidedOf(pairs);
  return decided.length ? decided.filter((pair) => pair.outcome === "met").length / decided.length : -1;
}

function fulfilled(pairs) {
  const decided = decidedOf(pairs);
  if (!decided.length) return "—";
  const met = decided.filter((pair) => pair.outcome === "met").length;
  const close = decided.filter((pair) => pair.outcome === "close").length;
  return close ? `${decided.length}年里完成${met}年、接近${close}年` : `${decided.length}年里完成${met}年`;
}

// The table as Word takes it: its cells as text, with lines around them.
export async function copyTable(box) {
  const lines = findAll("tr", box).map((row) => [...row.children].map((cell) => words(cell)));
  const escaped = (text) => text.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]);
  const html = `<table border="1" style="border-collapse:collapse">${lines.map((cells) => `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join("")}</tr>`).join("")}</table>`;
  const plain = lines.map((cells) => cells.join("\t")).join("\n");
  try {
    const as = (type, text) => new Blob([text], { type });
    await navigator.clipboard.write([new ClipboardItem({ "text/html": as("text/html", html), "text/plain": as("text/plain", plain) })]);
    return true;
  } catch {
    return copyMarked(box);
  }
}

function words(cell) {
  const lines = findAll(".zw-cell-line, .zw-outcome", cell).map((line) => [...line.childNodes].map((node) => node.textContent).join(" "));
  return (lines.length ? lines.join("；") : cell.textContent).trim();
}

function copyMarked(box) {
  const range = document.createRange();
  range.selectNode(box.querySelector("table"));
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  const done = document.execCommand("copy");
  getSelection().removeAllRanges();
  return done;
}
