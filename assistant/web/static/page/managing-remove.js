// A report is removed once it was asked for twice, and the proof that nothing is left is shown.
import { button, find, make } from "./elements.js";
import { settled } from "./managing-files.js";
import { act, fault, told } from "./managing-form.js";

export function remover(id, label, done) {
  const place = make("div", { look: "zw-remove" });
  const ask = () => {
    const sure = button("确认删除", remove, "zw-act zw-danger");
    place.replaceChildren(make("p", {}, "连同段落、数据、向量、评价一起删除，不能恢复。"), make("div", { look: "zw-acts-row" }, sure, button("取消", rest)));
    sure.focus();
  };
  const rest = () => place.replaceChildren(button(label, ask, "zw-plain zw-danger"));
  const remove = async () => {
    place.replaceChildren(make("p", { look: "zw-hint", set: { role: "status" } }, "正在删除，并逐处核对……"));
    const reply = await act(`reports/${id}/remove`);
    if (reply.ok) place.replaceChildren(proof(reply.told));
    else place.replaceChildren(fault(reply), button(label, ask, "zw-plain zw-danger"));
    if (!reply.ok) return;
    settled(id, "removed");
    find(".zw-proof", place).focus();
    done(place);
  };
  rest();
  return place;
}

export function proof({ report, rows, left, searched, evaluations, holds }) {
  const counts = Object.entries(rows).map(([name, count]) => make("li", {}, make("span", {}, name), ` ${count}`));
  return make(
    "div",
    { look: holds ? "zw-proof" : "zw-proof zw-left", tabIndex: -1, set: { role: "status" } },
    make("p", {}, make("b", {}, holds ? "已删除，没有剩下。" : "已删除，但还有剩下的。"), " ", told(report.title)),
    make("p", { look: "zw-hint" }, "核对资料库的各个表，剩下的行数："),
    make("ul", { look: "zw-proof-rows" }, ...counts),
    make("p", { look: "zw-hint" }, `查找了数据目录里的${searched}个文件，还含有它的文字的有${left.length}个。`),
    ...left.map((path) => make("p", { look: "zw-fault" }, told(path))),
    ...(evaluations.length ? [make("p", { look: "zw-hint" }, `引用了它的${evaluations.length}次评测结果也已删除。`)] : []),
    make("p", { look: "zw-hint" }, "审计日志只记下删除过它，不含正文；以前做的备份里还有它。"),
  );
}
