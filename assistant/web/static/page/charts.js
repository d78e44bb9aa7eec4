// Numbers compared are seen: a thin bar in each cell of a comparison, a small line for three times or more, the rest behind a button.
import { find, findAll, make, onClick } from "./elements.js";

const SHOWN = 10;
const [WIDTH, HEIGHT, EDGE, FOOT] = [560, 170, 44, 28];

export function prepareCharts() {
  // By delegation: an exchange that has become one of those before is a copy, without what hung on its elements.
  onClick("[data-do=unfold]", (more) => {
    findAll("tr[hidden]", more.previousElementSibling).forEach((row) => (row.hidden = false));
    more.remove();
  });
  onClick(".zw-chart circle", (dot) => findAll(".zw-cite", dot.closest(".zw-chart").nextElementSibling)[dot.dataset.row]?.click());
  new MutationObserver(drawAll).observe(find("#main"), { childList: true, subtree: true });
  drawAll();
}

const drawAll = () => findAll("#reply .zw-sides:not([data-drawn]), #earlier .zw-sides:not([data-drawn])").forEach(draw);

function draw(table) {
  table.dataset.drawn = "yes";
  const rows = findAll("tbody tr", table);
  const cells = rows.map((row) => find("td[data-value]", row));
  const alike = cells.every(Boolean) && new Set(cells.map((cell) => cell.dataset.unit)).size === 1;
  if (alike) addBars(cells);
  const places = new Set(rows.map((row) => find("th", row).textContent));
  if (alike && places.size === 1 && rows.length > 2) table.before(line(rows, cells));
  if (rows.length > SHOWN) fold(table, rows);
}

function addBars(cells) {
  const values = cells.map((cell) => Math.abs(Number(cell.dataset.value)));
  const most = Math.max(...values) || 1;
  cells.forEach((cell, at) => {
    const bar = make("span", { look: "zw-bar", set: { "aria-hidden": "true" } });
    bar.style.width = `${Math.max(2, (100 * values[at]) / most)}%`;
    cell.append(bar);
  });
}

function fold(table, rows) {
  rows.slice(SHOWN).forEach((row) => (row.hidden = true));
  const words = `共比较${rows.length}个地方，现在显示前${SHOWN}个。展开全部`;
  table.after(make("button", { look: "zw-act", type: "button", set: { "data-do": "unfold" } }, words));
}

// One place over time; each point leads to its sentence.
function line(rows, cells) {
  const points = rows
    .map((row, at) => ({ when: find("td", row).textContent, value: Number(cells[at].dataset.value), said: find("strong", cells[at])?.textContent ?? "", row: at }))
    .sort((one, other) => one.when.localeCompare(other.when));
  const values = points.map(({ value }) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const x = (at) => EDGE + (at * (WIDTH - 2 * EDGE)) / (points.length - 1);
  const y = (value) => FOOT + 8 + (most === least ? 0.5 : (most - value) / (most - least)) * (HEIGHT - 2 * FOOT - 16);
  const chart = svg("svg", { class: "zw-chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": points.map(({ when, said }) => `${when}${said}`).join("，") });
  chart.append(svg("line", { x1: EDGE, x2: WIDTH - EDGE, y1: HEIGHT - FOOT, y2: HEIGHT - FOOT }));
  chart.append(svg("polyline", { points: points.map(({ value }, at) => `${x(at)},${y(value)}`).join(" ") }));
  points.forEach(({ when, value, said, row }, at) => {
    const dot = svg("circle", { cx: x(at), cy: y(value), r: 5, "data-row": row });
    chart.append(dot, label(x(at), y(value) - 12, said, "zw-said"), label(x(at), HEIGHT - 8, when, ""));
  });
  return chart;
}

function svg(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function label(x, y, words, look) {
  const made = svg("text", { x, y, "text-anchor": "middle", ...(look ? { class: look } : {}) });
  made.textContent = words;
  return made;
}
