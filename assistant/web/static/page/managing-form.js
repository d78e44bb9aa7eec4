// What describes a report, as an administrator mends it, and how what they do reaches the server.
import { make } from "./elements.js";

const KINDS = ["政府工作报告", "新闻稿", "工作要点", "其他"];
const FIELDS = [
  ["region", "地区", 40],
  ["parent", "上级地区", 40],
  ["report_year", "年份", 4],
  ["kind", "种类", 20],
  ["title", "标题", 100],
  ["delivered", "作报告的日期", 10],
  ["occasion", "会议", 80],
  ["speaker", "报告人", 40],
];
const MAIN = 4; // fields that decide what a report answers

// The fields of a report; `said` gives those that were changed.
export function describing(report) {
  const value = (name) => String(report[name === "report_year" ? "year" : name] || "");
  const inputs = FIELDS.map(([name, label, longest]) => [name, field(name, label, longest, value(name))]);
  const row = (some) => make("div", { look: "zw-fields" }, ...some.map(([, one]) => one.parentElement));
  const more = make("details", { look: "zw-more-fields" }, make("summary", {}, "标题、日期、会议、报告人"), row(inputs.slice(MAIN)));
  const said = () => {
    const changed = inputs.filter(([name, one]) => one.value.trim() !== value(name) && one.value.trim());
    return Object.fromEntries(changed.map(([name, one]) => [name, name === "report_year" ? Number(one.value) : one.value.trim()]));
  };
  return { shown: make("div", {}, row(inputs.slice(0, MAIN)), more), said };
}

function field(name, label, longest, value) {
  let input;
  if (name === "kind") {
    const kinds = KINDS.includes(value) || !value ? KINDS : [value, ...KINDS];
    input = make("select", {}, ...kinds.map((kind) => make("option", { value: kind, selected: kind === value }, kind)));
  } else {
    const type = name === "delivered" ? "date" : "text";
    input = make("input", { type, value, maxLength: longest, ...(name === "report_year" ? { inputMode: "numeric" } : {}) });
  }
  make("label", {}, make("span", {}, label), input);
  return input;
}

// Says it to the server; what comes back is `{ok, told}` or `{error, hint}`.
export async function act(path, body = {}) {
  const asked = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const reply = await fetch(`./library/${path}`, asked).catch(() => null);
  const told = (await reply?.json().catch(() => null)) ?? {};
  if (reply?.ok) return { ok: true, told };
  return { ok: false, status: reply?.status ?? 0, error: told.error ?? told.message ?? "没有连上服务，请稍后再试。", hint: told.hint ?? "" };
}

export async function look(path) {
  const reply = await fetch(`./library/${path}`).catch(() => null);
  return reply?.ok ? reply.json().catch(() => null) : null;
}

export const told = (words) => make("span", { look: "zw-told" }, words);

export const fault = ({ error, hint }) => make("p", { look: "zw-fault", set: { role: "alert" } }, error, hint ? make("span", { look: "zw-hint" }, ` ${hint}`) : "");
