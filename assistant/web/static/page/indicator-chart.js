// Figures as a picture, drawn as SVG: a line a place where there are years, bars where there is one; a chart for each indicator.
import { findAll, make } from "./elements.js";
import { save } from "./acting.js";

const NS = "http://www.w3.org/2000/svg";
const [HEIGHT, TOP, FOOT] = [300, 38, 34];
let [WIDTH, LEFT, RIGHT] = [760, 64, 112]; // less where there is little room, so that the words stay legible
const LINES = { both: 3, target: 5, actual: 5 }; // places in one chart: more lines cannot be told apart
const BARS = 15;
const [BAR, NAME] = [30, 128]; // height of a bar's row, room for a name
const DASHES = ["", "7 4", "2 4", "10 3 2 3", "14 4"];
const STYLES = ["fill", "stroke", "stroke-width", "stroke-dasharray", "font-family", "font-size", "font-weight", "opacity"];

export function drawChart(view, open) {
  const box = make("figure", { look: "zw-panel-charts" });
  const isLarge = document.documentElement.classList.contains("zw-care");
  [WIDTH, LEFT, RIGHT] = innerWidth < 700 ? [400, 44, 92] : [isLarge ? 560 : 760, 64, 112];
  for (const one of view.series.slice(0, 6)) {
    const chart = view.years.length > 1 ? lines(one, view, open) : bars(one, view, open);
    if (chart) box.append(chart);
  }
  return box;
}

const figure = (part, unit) => (part.state === "told" && part.told.value !== null && !part.told.partial && part.told.unit === unit ? Number(part.told.value) : null);
const scaled = (unit, most) => (/^(%|个百分点|位)$/.test(unit) || most < 1e4 ? [1, unit] : most < 1e8 ? [1e4, `万${unit}`] : [1e8, `亿${unit}`]);
const short = (value) => String(Math.round(value * 100) / 100);

// Results as dots on a line, goals as hollow diamonds; a gap stays a gap, a range is a bar from end to end.
function lines(series, { places, years, show }, open) {
  const rows = places
    .map((place) => ({ place, pairs: series.pairs.filter((pair) => pair.place === place) }))
    .filter(({ pairs }) => pairs.some((pair) => roles(show).some((role) => figure(pair[role], series.unit) !== null)));
  const drawn = rows.slice(0, LINES[show]);
  const values = drawn.flatMap(({ pairs }) => pairs.flatMap((pair) => roles(show).flatMap((role) => ends(pair[role], series.unit))));
  if (!values.length || drawn.every(({ pairs }) => pairs.length < 2)) return null;
  const axis = scale(values);
  const [by, unit] = scaled(series.unit, Math.max(...values.map(Math.abs)));
  const x = (year) => LEFT + ((years.indexOf(year) + 0.5) * (WIDTH - LEFT - RIGHT)) / years.length;
  const y = (value) => TOP + ((axis.most - value) / (axis.most - axis.least)) * (HEIGHT - TOP - FOOT);
  const chart = picture(WIDTH, HEIGHT, `${series.indicator}${series.kind_name}，${drawn.map(({ place }) => place).join("、")}`);
  chart.append(text(4, 14, `${series.indicator}${series.kind_name}（${unit}）`, "zw-chart-title", "start"));
  for (const tick of axis.ticks) chart.append(svg("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(tick), y2: y(tick), class: "zw-grid" }), text(LEFT - 8, y(tick) + 5, short(tick / by), "", "end"));
  years.forEach((year, at) => at % Math.ceil((years.length * 56) / (WIDTH - LEFT - RIGHT)) === 0 && chart.append(text(x(year), HEIGHT - 10, `${year}`, "")));
  const labels = [];
  drawn.forEach(({ place, pairs }, line) => {
    if (show !== "target") run(chart, pairs, "actual", line, x, y, series, open);
    if (show !== "actual") run(chart, pairs, "target", line, x, y, series, open, show === "target");
    const last = [...pairs].reverse().flatMap((pair) => roles(show).map((role) => figure(pair[role], series.unit))).find((value) => value !== null);
    labels.push({ place, line, at: y(last) });
  });
  spread(labels).forEach(({ place, line, at }) => {
    const sample = svg("line", { x1: WIDTH - RIGHT + 4, x2: WIDTH - RIGHT + 24, y1: at, y2: at, class: `zw-line zw-line-${line}`, "stroke-dasharray": DASHES[line] });
    chart.append(sample, text(WIDTH - RIGHT + 28, at + 5, place, "zw-chart-name", "start"));
  });
  const more = rows.length > drawn.length ? `图上是前${drawn.length}个地区，表里是全部${rows.length}个` : "";
  return figured(chart, [show === "both" ? "● 完成　◇ 目标" : "", more, "空缺处不连线"]);
}

const roles = (show) => (show === "both" ? ["actual", "target"] : [show]);
const ends = (part, unit) => {
  const value = figure(part, unit);
  return value === null ? [] : part.told.upper ? [value, Number(part.told.upper)] : [value];
};

function run(chart, pairs, role, line, x, y, series, open, joined = true) {
  let path = "";
  let pen = false;
  const marks = [];
  for (const pair of pairs) {
    const value = figure(pair[role], series.unit);
    if (value === null) {
      pen = false;
      continue;
    }
    path += `${pen ? "L" : "M"}${x(pair.year)} ${y(value)}`;
    pen = true;
    const { upper, figure: said } = pair[role].told;
    if (upper) marks.push(svg("line", { x1: x(pair.year), x2: x(pair.year), y1: y(value), y2: y(Number(upper)), class: `zw-range zw-line-${line}` }));
    marks.push(mark(role, x(pair.year), y(value), line, `${pair.place}${pair.year}年${role === "target" ? "目标" : "完成"}${said}`, () => open({ pair, series })));
  }
  if (role === "actual" || joined) chart.append(svg("path", { d: path, class: `zw-line zw-line-${line}${role === "target" ? " zw-line-goal" : ""}`, "stroke-dasharray": DASHES[line] }));
  chart.append(...marks);
}

function mark(role, x, y, line, label, act) {
  const made = role === "target" ? svg("path", { d: `M${x} ${y - 6}L${x + 6} ${y}L${x} ${y + 6}L${x - 6} ${y}Z`, class: `zw-goal zw-line-${line}` }) : svg("circle", { cx: x, cy: y, r: 4.5, class: `zw-dot zw-line-${line}` });
  return pressable(made, label, act);
}

function pressable(made, label, act) {
  made.append(svg("title", {}, label));
  made.addEventListener("click", act);
  return made;
}

// One year: a bar a place, the greatest first; the goal as a hollow mark on it.
function bars(series, { places, years, show }, open) {
  const main = show === "target" ? "target" : "actual";
  const worth = (part) => figure(part, series.unit) ?? -Number.MAX_VALUE; // what has none comes last
  const rows = series.pairs
    .filter((pair) => places.includes(pair.place) && roles(show).some((role) => figure(pair[role], series.unit) !== null))
    .sort((one, other) => worth(other[main]) - worth(one[main]) || worth(other.target) - worth(one.target));
  if (rows.length < 2) return null;
  const drawn = rows.slice(0, BARS);
  const values = drawn.flatMap((pair) => roles(show).flatMap((role) => ends(pair[role], series.unit)));
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
  const [by, unit] = scaled(series.unit, Math.max(...values.map(Math.abs)));
  const height = TOP + drawn.length * BAR + 10;
  const x = (value) => NAME + ((value - least) / (most - least || 1)) * (WIDTH - NAME - 90);
  const chart = picture(WIDTH, height, `${years[0]}年${series.indicator}${series.kind_name}`);
  chart.append(text(4, 14, `${years[0]}年${series.indicator}${series.kind_name}（${unit}）`, "zw-chart-title", "start"));
  drawn.forEach((pair, row) => {
    const middle = TOP + row * BAR + BAR / 2 + 2;
    chart.append(text(NAME - 8, middle + 5, pair.place, "zw-chart-name", "end"));
    const value = figure(pair[main], series.unit);
    const goal = show === "both" ? figure(pair.target, series.unit) : null;
    const label = (role) => `${pair.place}${pair.year}年${role === "target" ? "目标" : "完成"}${pair[role].told.figure}`;
    if (value !== null) {
      const left = Math.min(x(0), x(value));
      chart.append(pressable(svg("rect", { x: left, y: middle - 9, width: Math.max(2, Math.abs(x(value) - x(0))), height: 18, class: `zw-bar-${main}` }), label(main), () => open({ pair, series })));
      chart.append(text(Math.max(x(0), x(value), goal === null ? 0 : x(goal) + 4) + 8, middle + 5, short(value / by), "zw-said", "start"));
    }
    if (goal !== null) chart.append(mark("target", x(goal), middle, 0, label("target"), () => open({ pair, series })));
  });
  const more = rows.length > BARS ? `图上是前${BARS}个地区，表里是全部${rows.length}个` : "";
  const without = places.length - rows.length;
  return figured(chart, [show === "both" ? "▬ 完成　◇ 目标" : "", more, without > 0 ? `${without}个地区没有这个数` : ""]);
}

function figured(chart, words) {
  return make("div", { look: "zw-panel-chart" }, chart, make("p", { look: "zw-hint" }, words.filter(Boolean).join(" · ")));
}

// A scale with round steps that holds all values; from zero on where they are not far from it.
function scale(values) {
  let [least, most] = [Math.min(...values), Math.max(...values)];
  if (least > 0 && least < most * 0.6) least = 0;
  if (most === least) [least, most] = [least - Math.abs(least || 1) / 2, most + Math.abs(most || 1) / 2];
  const rough = (most - least) / 5;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * size).find((one) => one >= rough);
  const [from, to] = [Math.floor(least / step) * step, Math.ceil(most / step) * step];
  const ticks = Array.from({ length: Math.round((to - from) / step) + 1 }, (_, at) => from + at * step);
  return { least: from, most: to, ticks };
}

// Names at the ends of lines, moved apart where they would lie over each other.
function spread(labels) {
  const sorted = [...labels].sort((one, other) => one.at - other.at);
  sorted.forEach((label, at) => at && (label.at = Math.max(label.at, sorted[at - 1].at + 18)));
  return sorted;
}

function picture(width, height, label) {
  return svg("svg", { class: "zw-chart zw-panel-svg", viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label });
}

function svg(name, attributes, words) {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) if (value !== "") made.setAttribute(key, value);
  if (words) made.textContent = words;
  return made;
}

function text(x, y, words, look, anchor = "middle") {
  return svg("text", { x, y, "text-anchor": anchor, class: look }, words);
}

// The charts as one picture that stands for itself: every look is written into it, on the page's paper.
export async function saveChart(box, form) {
  const drawn = findAll("svg", box);
  const height = drawn.reduce((sum, one) => sum + one.viewBox.baseVal.height + 12, 12);
  const whole = svg("svg", { xmlns: NS, viewBox: `0 0 ${WIDTH + 24} ${height}`, width: WIDTH + 24, height });
  whole.append(svg("rect", { width: "100%", height: "100%", fill: getComputedStyle(document.body).getPropertyValue("--zw-paper") }));
  let top = 12;
  for (const one of drawn) {
    const part = svg("g", { transform: `translate(12 ${top})` });
    for (const child of one.children) part.append(asDrawn(child));
    whole.append(part);
    top += one.viewBox.baseVal.height + 12;
  }
  const written = new Blob([new XMLSerializer().serializeToString(whole)], { type: "image/svg+xml" });
  if (form === "svg") return save(written, "政问指标.svg");
  const image = new Image();
  image.src = URL.createObjectURL(written);
  await image.decode();
  const canvas = make("canvas", { width: (WIDTH + 24) * 2, height: height * 2 });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  const blob = await new Promise((done, fail) => canvas.toBlob((made) => (made ? done(made) : fail(new Error("no picture"))), "image/png"));
  save(blob, "政问指标.png");
}

function asDrawn(element) {
  const copy = element.cloneNode(true);
  const look = getComputedStyle(element);
  for (const style of STYLES) if (look[style]) copy.style.setProperty(style, look.getPropertyValue(style));
  copy.removeAttribute("class");
  return copy;
}
