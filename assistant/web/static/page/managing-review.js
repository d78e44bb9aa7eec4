// The reports that wait: what was found, why it is doubtful, what else claims the same; confirmed, mended or dropped here.
import { button, find, make } from "./elements.js";
import { settled } from "./managing-files.js";
import { act, describing, fault, look, told } from "./managing-form.js";
import { remover } from "./managing-remove.js";
import { original } from "./original.js";
import { read } from "./reader.js";
import { say } from "./speaking.js";

const cards = new Map(); // what is shown of each report that waits, with what somebody has typed into it

export async function drawReview(place, changed) {
  const found = await look("review");
  if (!found) return;
  const { waiting } = found;
  place.hidden = !waiting.length && !find(".zw-proof, .zw-settled", place);
  const kept = [...place.querySelectorAll(".zw-settled")]; // what was just done stays to be read
  const heading = make("h3", { tabIndex: -1 }, `待确认（${waiting.length}）`);
  const hint = make("p", { look: "zw-hint" }, "这些报告暂时不用来回答。核对地区和年份，对的就确认，不对的改好再确认。");
  const active = document.activeElement;
  place.replaceChildren(heading, hint, ...kept, ...waiting.map((one) => keptCard(one, place, changed)));
  if (place.contains(active)) active.focus();
}

function keptCard(one, place, changed) {
  const whole = JSON.stringify(one);
  const held = cards.get(one.id);
  if (held?.whole === whole && !held.shown.classList.contains("zw-settled")) return held.shown;
  const shown = card(one, place, changed);
  cards.set(one.id, { whole, shown });
  return shown;
}

function card(one, place, changed) {
  const form = describing(one);
  const said = make("div");
  const settle = async (replace_rivals) => {
    const reply = await act(`reports/${one.id}`, { ...form.said(), confirm: true, replace_rivals });
    if (!reply.ok) {
      said.replaceChildren(fault(reply));
      if (reply.status === 409) instead.hidden = false;
      return;
    }
    const { region, year, title } = reply.told;
    say(`已确认：${title}`);
    settled(one.id, "confirmed");
    shown.replaceWith(make("p", { look: "zw-settled", set: { role: "status" } }, make("b", {}, "已确认"), " ", told(`${region} ${year}年 ${title}`)));
    await changed();
    find("h3", place).focus();
  };
  const instead = button("换掉原来的", () => settle(true), "zw-act", { hidden: "" });
  instead.hidden = !one.rivals.length;
  const drop = remover(one.id, "不要这一份", (where) => {
    shown.replaceChildren(...where.childNodes);
    shown.classList.add("zw-settled");
    changed();
  });
  const doubts = one.doubts.map((sentence) => make("p", { look: "zw-doubt" }, sentence));
  const confirm = button("确认", () => settle(false), "zw-act zw-first");
  const shown = make(
    "article",
    { look: "zw-waits", tabIndex: -1, set: { "aria-label": one.title, "data-report": one.id } },
    make("p", { look: "zw-waits-head" }, make("b", {}, told(one.source)), " ", make("span", { look: "zw-hint" }, `${one.paragraphs}段`)),
    ...doubts,
    ...(one.rivals.length ? [beside(one)] : []),
    form.shown,
    evidence(one.claims),
    said,
    make("div", { look: "zw-acts-row" }, confirm, instead, ...(one.rivals.length ? [] : reading(one, "./library/reports/")), drop),
  );
  return shown;
}

// The ways to its text and to its file, where that was kept.
function reading({ id, original: kind }, path) {
  const file = kind ? [button("看原件", () => original(id, 1, kind, path))] : [];
  return [button("看报告", () => read(id, null, null, path)), ...file];
}

// The one that waits and those that answer already, side by side.
function beside(one) {
  const side = (label, report, more, path) =>
    make("div", { look: "zw-side-one" }, make("p", { look: "zw-hint" }, label), make("p", {}, told(report.title)), make("p", { look: "zw-hint" }, told(`${report.kind}，${report.source}`)), make("p", { look: "zw-hint" }, more), ...reading(report, path));
  const sides = one.rivals.map((held) => side("已经在用的", held, `${held.paragraphs}段，其中${held.same}段和这一份相同`, "./reports/"));
  const own = side("这一份", one, `${one.paragraphs}段`, "./library/reports/");
  return make("div", {}, make("p", { look: "zw-doubt" }, "同一个地区同一年已经有一份，两份不能一起用：换掉原来的，或者改成别的地区、年份、种类再确认，或者不要这一份。"), make("div", { look: "zw-beside" }, ...sides, own));
}

function evidence(claims) {
  if (!claims.length) return "";
  const rows = claims.map(({ source, value, words }) => make("li", {}, make("span", { look: "zw-hint" }, source), " ", make("b", {}, told(value)), " ", told(words)));
  return make("details", { look: "zw-evidence" }, make("summary", {}, "依据"), make("ul", {}, ...rows));
}
