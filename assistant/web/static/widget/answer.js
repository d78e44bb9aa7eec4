// An answer as elements: the figure that was asked for with its role and hedge, the text with its marks, and whose words they are.
const AFTER = ["左右", "以上", "以下", "以内", "上下", "之间"]; // hedges that stand behind their figure
const MARK = /(〔原文〕)?〔(\d{1,3})〕/g;

const narrow = (text) => text.replace(/[！-～]/g, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0)); // of equal length
const joined = (...parts) => parts.filter(Boolean).join(" · ");

// Where a figure stands in a text as it is printed: 5% is not in 15%, nor in 1.5%.
function places(text, printed) {
  const [within, wanted] = [narrow(text), narrow(printed)];
  const found = [];
  for (let at = within.indexOf(wanted); wanted && at >= 0; at = within.indexOf(wanted, at + 1)) {
    const [before, behind] = [within.slice(0, at), within.slice(at + wanted.length)];
    const isCut = (/^\d/.test(wanted) && /\d[.,]?$/.test(before)) || (/\d$/.test(wanted) && /^([\d%]|[.,]\d)/.test(behind));
    if (!isCut) found.push({ start: at, end: at + wanted.length });
  }
  return found;
}

// What stands in front of a figure, the figure, and what stands behind it: 预计 620亿元, 6.5% 左右.
function hedged({ text, hedge }) {
  const hedges = (hedge ?? "").split(" ").filter((one) => !text.includes(one));
  return [hedges.filter((one) => !AFTER.includes(one)).join(""), text, hedges.filter((one) => AFTER.includes(one)).join("")];
}

// The only figure of a short first line is the answer itself and is shown large, in front.
function headline({ answer, figures, citations, model, verdict, understood }) {
  const line = answer.split("\n")[0];
  const [mark, ...more] = line.matchAll(MARK);
  const saysMore = more.length || line.length > 80 || /\n.*：.*〔/.test(answer);
  if (verdict !== "answered" || model !== "reader" || !mark || saysMore) return [];
  const number = Number(mark[2]);
  const [figure, ...others] = figures.filter((one) => one.citation === number && places(line, one.text).length);
  const cited = citations.find((one) => one.number === number);
  if (!figure || others.length || !cited) return [];
  const [front, text, behind] = hedged(figure);
  const before = line.slice(0, places(line, text)[0].start).replace(front, "");
  const trend = /(增长|下降|降低|减少|提高|增加|新增)$/.exec(before)?.[1] ?? "";
  const role = figure.role ? make("span.role", word(figure.role)) : "";
  const of = joined(cited.report.region, figure.period, figure.indicator ?? understood.split(" · ")[2]);
  return [make("div.headline", make("p.value", `${front}${trend} `, make("strong", text), ` ${behind}`, role), make("p.soft", of))];
}

// The lines of an answer; `open` is called with a citation, the figures, and the button that was pressed.
function told({ answer, figures = [], citations = [] }, open) {
  const strong = ({ status }) => (text) => make(status === "computed" ? "strong.reckoned" : "strong.figure", text);
  const mark = ([, verbatim, number]) => () => {
    const cited = citations.find((one) => one.number === Number(number));
    const cite = cited ? button(`〔${number}〕`, (pressed) => open(cited, figures, pressed), "cite") : "";
    if (cite) cite.setAttribute("aria-label", word("source", number) + cited.report.title);
    return make("span", verbatim ? make("span.tag", word("verbatim")) : "", cite);
  };
  const spans = (line) => [
    ...figures.flatMap((figure) => places(line, figure.text).map((place) => ({ ...place, element: strong(figure) }))),
    ...[...line.matchAll(MARK)].map((one) => ({ start: one.index, end: one.index + one[0].length, element: mark(one) })),
  ];
  const lines = answer.replace(/(〔\d+〕)；/g, "$1\n").split("\n"); // what is strung together reads better one below the other
  return lines.filter((line) => line.trim()).map((line) => chinese(make("p", woven(line, spans(line)))));
}

// How each figure is known to be true: a line each, folded where there are many.
function checks(figures, isLarge) {
  const lines = figures.map((figure) => {
    const of = isLarge ? "" : joined(figure.period, figure.indicator, figure.role && word(figure.role));
    const known = word(figure.status) + (figure.citation ? `〔${figure.citation}〕` : "");
    return make("li", make("b", hedged(figure)), ` ${of} `, make("span.true", known));
  });
  const list = lines.length ? [make("ul", lines)] : [];
  return lines.length < 3 ? list : [make("details", make("summary", word("checks", lines.length)), list)];
}

function answerElements(answer, acts) {
  const { verdict, standalone, understood, alternatives, suggestions, notice, label, model, citations, figures } = answer;
  const taken = joined(standalone, understood);
  const by = answer.decided_by;
  const said = verdict === "answered" || /^(about|off)/.test(by) ? "" : by === "not stated" ? "not_found" : verdict;
  const large = headline(answer);
  const whose = citations.length ? word(model === "reader" ? "extract" : "written") + label : label;
  return [
    taken ? make("p.soft", word("taken"), taken) : "",
    ...offered("others", alternatives.slice(0, 3), acts.ask),
    make(
      "div.answer",
      said ? make("p.verdict", word(said)) : "",
      large,
      told(answer, acts.open),
      make("p.label", whose),
      notice ? make("p.soft", notice) : "",
      checks(figures, large.length && figures.length === 1),
      citations.length ? button(word("copy"), (pressed) => acts.copy(asText(answer), pressed)) : "",
    ),
    ...offered(verdict === "needs_clarification" ? "meant" : "suggested", suggestions, acts.ask),
  ];
}

function asText({ answer, citations, label }) {
  const cited = citations.map((citation) => `〔${citation.number}〕${official(citation)}`);
  return clean([answer, [word("sources"), ...cited].join("\n"), `（${label}）`].join("\n\n"));
}
