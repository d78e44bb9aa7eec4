// What an administrator has of the library beside what every reader has; fetched when they open it, and by nobody else.
import { button, dialog, find, findAll, make } from "./elements.js";
import { opened } from "./layers.js";
import { prepareFiles, take } from "./managing-files.js";
import { act, describing, fault, look, told } from "./managing-form.js";
import { remover } from "./managing-remove.js";
import { drawReview } from "./managing-review.js";
import { read } from "./reader.js";
import { forget } from "./reports.js";
import { say } from "./speaking.js";

let desk; // where files are taken in and doubts are settled
let review;
let redraw;
let shown;

export function prepareManaging(openShelf) {
  if (desk) return;
  redraw = openShelf;
  document.head.append(make("link", { rel: "stylesheet", href: "./zhengwen/managing.css" }));
  desk = make("section", { look: "zw-desk", set: { "aria-label": "收录报告" } });
  review = make("section", { look: "zw-review", hidden: true, set: { "aria-label": "待确认的报告" } });
  find("#library .zw-shelf h2").after(desk, review);
  prepareFiles(desk, changed);
  drawReview(review, changed);
}

async function changed() {
  forget();
  await Promise.all([drawReview(review, changed), redraw()]);
}

// A way to each place's reports, beside what every reader sees of it.
export function addManaging(places, shelf) {
  for (const row of findAll(".zw-place", places)) {
    const ids = findAll("[data-do=read]", row).map((one) => one.dataset.report);
    const held = shelf.filter((one) => ids.includes(one.id));
    row.append(button("管理", () => manage(held), "zw-plain", { "aria-label": `管理${held[0].region}的报告` }));
  }
}

function manage(held) {
  shown ??= dialog("zw-manage", "");
  shown.heading.replaceChildren("管理：", told(held[0].region));
  shown.body.replaceChildren(...held.map((one) => section(one, held.length === 1)));
  shown.shown.showModal();
  opened("zw-manage", () => shown.shown.close());
}

function section({ id, year, title }, isOnly) {
  const place = make("div", {}, make("p", { look: "zw-hint" }, "正在读取……"));
  const one = make("details", { look: "zw-managed" }, make("summary", {}, told(`${year}年 ${title}`)), place);
  one.addEventListener("toggle", async () => {
    if (!one.open || find(".zw-fields", place)) return;
    const whole = await look(`reports/${id}`);
    if (whole) fillIn(one, place, id, whole.described);
    else place.replaceChildren(fault({ error: "暂时打不开这份报告，请稍后再试。" }));
  });
  one.open = isOnly;
  return one;
}

function fillIn(one, place, id, report) {
  const form = describing(report);
  const said = make("div", { look: "zw-said", set: { role: "status" } });
  const save = button("保存", async () => {
    const change = form.said();
    if (!Object.keys(change).length) return said.replaceChildren(make("p", { look: "zw-hint" }, "没有改动。"));
    const reply = await act(`reports/${id}`, change);
    if (!reply.ok) return said.replaceChildren(fault(reply));
    const { region, year, title } = reply.told;
    find("summary", one).replaceChildren(told(`${year}年 ${title}`));
    fillIn(one, place, id, reply.told);
    find(".zw-said", place).append(make("p", { look: "zw-saved" }, make("b", {}, "已保存"), " ", told(`${region} ${year}年 ${title}`)));
    find(".zw-first", place).focus();
    say("已保存");
    await changed();
  }, "zw-act zw-first");
  const file = make("input", { type: "file", hidden: true, set: { "aria-label": "换成新的文件" } });
  file.addEventListener("change", () => {
    shown.shown.close();
    take([...file.files], id);
    desk.scrollIntoView({ block: "start" });
  });
  const acts = make("div", { look: "zw-acts-row" }, save, button("看报告", () => read(id, null, null)), button("换成新的文件", () => file.click()), file);
  const remove = remover(id, "删除这份报告", (where) => {
    place.replaceChildren(where); // nothing is left to be mended
    changed();
  });
  place.replaceChildren(make("p", { look: "zw-hint" }, "来源：", told(report.source)), form.shown, said, acts, remove);
}
