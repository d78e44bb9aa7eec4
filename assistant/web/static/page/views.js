// The three views of the page and the drawer that holds the sidebar on a small screen; the list of the reports.
import { button, find, findAll, make, onClick } from "./elements.js";
import { closed, opened } from "./layers.js";

const VIEWS = ["chat", "indicators", "library"];
const root = document.documentElement;
let shelf = null; // the reports, once they were fetched
let managing = null; // what administrators have of the library, once one has looked at it
let indicators = null; // what draws the tables, once somebody has looked at them

export function prepareViews() {
  for (const view of VIEWS) onClick(`[data-do=view-${view}]`, () => {
    closeDrawer();
    showView(view);
  });
  onClick("[data-do=drawer]", openDrawer);
  const scrim = make("div", { look: "zw-scrim", onclick: closeDrawer });
  document.body.append(scrim);
  find("#library .zw-find").addEventListener("input", drawShelf);
  onClick("[data-ask]", () => showView("chat"));
  // An answer that compares, and a place of the library, open as a table.
  onClick("[data-do=indicators]", ({ dataset: { indicator, places, years = "," } }) => {
    const [from, to] = years.split(",");
    showView("indicators", { indicators: indicator ? [indicator] : null, places: places.split(","), from, to });
  });
  if (new URLSearchParams(location.search).get("view") === "indicators") showView("indicators");
  document.addEventListener("keydown", (event) => event.key === "Escape" && closeDrawer());
}

export function showView(view, wanted = null) {
  for (const one of VIEWS) {
    root.classList.toggle(`zw-view-${one}`, one === view && one !== "chat");
    findAll(`[data-do=view-${one}].zw-view`).forEach((tab) => (one === view ? tab.setAttribute("aria-current", "page") : tab.removeAttribute("aria-current")));
  }
  if (view === "library") openShelf();
  if (view === "indicators") openIndicators(wanted);
  else indicators?.leaveIndicators();
  if (view !== "chat") scrollTo(0, 0);
}

async function openIndicators(wanted) {
  if (!indicators) {
    const loaded = await import("./indicators.js").catch(() => null);
    if (!loaded) return find("#indicators .zw-panel").replaceChildren(make("p", { look: "zw-hint" }, "暂时读不到数据，请稍后再试。"));
    if (!indicators) loaded.prepareIndicators();
    indicators = loaded;
  }
  if (root.classList.contains("zw-view-indicators")) await indicators.openIndicators(wanted);
}

function openDrawer() {
  root.classList.add("zw-drawer");
  find("[data-do=drawer]").setAttribute("aria-expanded", "true");
  find(".zw-side .zw-new").focus();
  opened("drawer", hideDrawer);
}

function hideDrawer() {
  root.classList.remove("zw-drawer");
  find("[data-do=drawer]").setAttribute("aria-expanded", "false");
}

export function closeDrawer() {
  if (!root.classList.contains("zw-drawer")) return;
  hideDrawer();
  closed("drawer");
}

async function openShelf() {
  const places = find("#library .zw-places");
  if (!shelf) places.replaceChildren(make("p", { look: "zw-hint" }, "正在读取……"));
  try {
    const reply = await fetch("./reports");
    if (!reply.ok) throw new Error(reply.statusText);
    shelf = await reply.json();
    if (reply.headers.has("x-zhengwen-manages")) managing ??= await import("./managing.js").catch(() => null);
    managing?.prepareManaging(openShelf);
    drawShelf();
  } catch {
    places.replaceChildren(make("p", { look: "zw-hint" }, "暂时读不到已收录的报告，请稍后再试。"));
  }
}

// Grouped by province and place, the years beside each other; only what fits the words typed.
function drawShelf() {
  if (!shelf) return;
  const words = find("#library .zw-find").value.trim().split(/\s+/).filter(Boolean);
  const fits = (one) => words.every((word) => `${one.province}${one.region}${one.year}${one.title}`.includes(word));
  const shown = shelf.filter(fits);
  const told = !shelf.length ? "还没有收录任何报告。" : shown.length ? `共${shown.length}份报告` : "没有找到这样的报告。";
  const parts = [make("p", { look: "zw-hint" }, told)];
  let province = null;
  let place = null;
  let row;
  for (const one of shown) {
    if (one.province !== province) parts.push(make("h3", {}, (province = one.province)));
    if (one.region !== place || !row) {
      place = one.region;
      row = make("div", { look: "zw-place" }, make("b", {}, one.region));
      const newest = one;
      row.append(button("可以问什么", (event) => offer(event.target.parentElement, newest), "zw-plain zw-what"));
      row.append(make("button", { look: "zw-plain", type: "button", set: { "data-do": "indicators", "data-places": one.region } }, "看指标"));
      parts.push(row);
    }
    find(".zw-what", row).before(make("button", { look: "zw-plain", type: "button", title: one.title, set: { "data-do": "read", "data-report": one.id } }, `${one.year}年`));
  }
  find("#library .zw-places").replaceChildren(...parts);
  managing?.addManaging(find("#library .zw-places"), shown);
}

// Three questions that the place's newest report answers.
async function offer(row, { id, region, year }) {
  if (find(".zw-asks", row)) return find(".zw-asks", row).remove();
  const overview = `总结一下${region}${year}年政府工作报告`;
  const { questions } = await import("./reports.js").then(({ report }) => report(id)).catch(() => ({ questions: [] }));
  const asked = [...questions.slice(0, 2), overview];
  row.append(make("div", { look: "zw-asks" }, ...asked.map((question) => make("button", { look: "zw-ask-one", type: "button", set: { "data-ask": question } }, question))));
}
