// The file that a report was read from: a PDF page by page as pictures, any other file as a download.
import { button, dialog, find, findAll, make } from "./elements.js";
import { opened } from "./layers.js";
import { report } from "./reports.js";

const asked = new Set(); // reports of which is known whether their file was kept
let kinds = {};
let ways; // shows the buttons of those that were
let shown;
let at = { id: "", page: 1, pages: 0 };

// Asks which files were kept, again only where a report is cited that was not held then.
export async function showWays() {
  const cited = findAll("#passages .zw-original").map((one) => one.dataset.report);
  if (cited.every((id) => asked.has(id))) return;
  cited.forEach((id) => asked.add(id));
  const reply = await fetch("./originals").catch(() => null);
  if (!reply?.ok) return cited.forEach((id) => asked.delete(id));
  kinds = await reply.json();
  ways ??= document.head.appendChild(make("style"));
  ways.textContent = Object.keys(kinds).map((id) => `.zw-html .zw-original[data-report="${id}"]`).join(",") + "{display:inline-block !important}";
}

// `kind` and `path` are given for what only administrators may read.
export function original(id, page, kind = kinds[id], path = "./reports/") {
  if (kind !== "pdf") return make("a", { href: address(id), download: "" }).click();
  shown ??= prepare();
  shown.image.removeAttribute("src");
  if (!shown.shown.open) {
    shown.shown.showModal();
    opened("zw-original", () => shown.shown.close());
  }
  shown.heading.textContent = "原件";
  report(id, path).then((whole) => at.id === id && (shown.heading.textContent = whole.report.title), () => {});
  shown.file.href = address(id);
  at = { id, page, pages: 0 };
  return turn(0);
}

const address = (id) => `./reports/${encodeURIComponent(id)}/original`;

function prepare() {
  const made = dialog("zw-original", "原件");
  made.before = button("上一页", () => turn(-1));
  made.after = button("下一页", () => turn(1));
  made.where = make("span", { set: { role: "status" } });
  made.file = make("a", { download: "" }, "下载原件");
  made.image = make("img", { alt: "" });
  made.head.after(make("div", { look: "zw-original-bar" }, made.before, made.where, made.after, made.file));
  made.body.append(made.image);
  made.body.tabIndex = 0;
  made.shown.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, PageUp: -1, ArrowRight: 1, PageDown: 1 }[event.key];
    if (step) event.preventDefault();
    if (step) turn(step);
  });
  return made;
}

// The page that is so many on; where another one was asked for meanwhile, this one is not shown.
async function turn(step) {
  const page = at.page + step;
  if (page < 1 || (at.pages && page > at.pages)) return;
  at.page = page;
  const { id } = at;
  shown.where.textContent = `正在打开第${page}页……`;
  const reply = await fetch(`${address(id)}/${page}`).catch(() => null);
  const picture = reply?.ok ? await reply.blob() : null;
  const why = picture ? "" : ((await reply?.json().catch(() => null))?.error ?? "暂时打不开，请稍后再试。");
  if (at.id !== id || at.page !== page) return;
  at.pages = Number(reply?.headers.get("x-pages")) || at.pages;
  shown.where.textContent = why || `第${page}页，共${at.pages}页`;
  shown.before.disabled = page <= 1;
  shown.after.disabled = Boolean(at.pages) && page >= at.pages;
  URL.revokeObjectURL(shown.image.src);
  if (!picture) return shown.image.removeAttribute("src");
  shown.image.src = URL.createObjectURL(picture);
  shown.image.alt = `原件第${page}页的图片`;
  find(".zw-dialog-body", shown.shown).scrollTop = 0;
}
