// An answer as elements: the figure that was asked for with its role and hedge, the text with its marks, and whose words they are.
const AFTER = ["左右", "以上", "以下", "以内", "上下", "之间"]; // hedges that stand behind their figure
const MARK = /(〔原文〕)?〔(\d{1,3})〕/g;

const narrowed = (text) => text.replace(/[！-～]/g, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0)); // of equal length

// Where a figure stands in a text as it is printed: 5% is not in 15%, nor in 1.5%.
function places(text, printed) {
  const [within, wanted] = [narrowed(text), narrowed(printed)];
  const found = [];
  for (let at = within.indexOf(wanted); wanted && at >= 0; at = within.indexOf(wanted, at + 1)) {
    const [before, behind] = [within.slice(0, at), within.slice(at + wanted.length)];
    const cut = (/^\d/.test(wanted) && /\d[.,]?$/.test(before)) || (/\d$/.test(wanted) && /^([\d%]|[.,]\d)/.test(behind));
    if (!cut) found.push({ start: at, end: at + wanted.length });
  }
  return found;
}

const hedged = ({ text, hedge }) => {
  const hedges = (hedge ?? "").split(" ").filter((one) => one && !text.includes(one));
  return [hedges.filter((one) => !AFTER.includes(one)).join(""), text, hedges.filter((one) => AFTER.includes(one)).join("")];
};

// The only figure of a short first line is the answer itself and is shown large, in front.
function headline({ answer, figures, citations, model, verdict, understood }) {
  const line = answer.split("\n")[0];
  const marks = [...line.matchAll(MARK)];
  if (verdict !== "answered" || model !== "reader" || marks.length !== 1 || line.length > 80 || /\n.*：.*〔/.test(answer)) return [];
  const here = figures.filter((figure) => figure.citation === Number(marks[0][2]) && places(line, figure.text).length);
  const cited = citations.find((citation) => citation.number === Number(marks[0][2]));
  if (here.length !== 1 || !cited) return [];
  const [figure] = here;
  const [front, text, behind] = hedged(figure);
  const before = line.slice(0, places(line, text)[0].start).replace(front, "");
  const trend = /(增长|下降|降低|减少|提高|增加|新增)$/.exec(before)?.[1] ?? "";
  const of = [cited.report.region, figure.period, figure.indicator ?? understood.split(" · ")[2]].filter(Boolean).join(" · ");
  const value = make("p", { look: "value" }, `${front}${trend} `, make("strong", {}, text), ` ${behind}`);
  if (figure.role) value.append(make("span", { look: "role" }, word(figure.role)));
  return [make("div", { look: "headline" }, value, make("p", { look: "soft" }, of))];
}

// The lines of an answer; `open` is called with a citation, the figures, and the button that was pressed.
function told({ answer, figures = [], citations = [] }, open) {
  const strong = (text) => make("strong", { look: "figure" }, text);
  const marked = (text) => [
    ...figures.flatMap((figure) => places(text, figure.text).map((place) => ({ ...place, element: strong }))),
    ...[...text.matchAll(MARK)].map((match) => ({
      start: match.index,
      end: match.index + match[0].length,
      element: () => mark(match, citations, (citation, pressed) => open(citation, figures, pressed)),
    })),
  ];
  const lines = answer.split("\n").filter((line) => line.trim());
  return lines.map((line) => make("p", { set: { lang: "zh-CN" } }, ...woven(line, marked(line))));
}

function mark([, verbatim, number], citations, open) {
  const citation = citations.find((one) => one.number === Number(number));
  const label = citation ? `${word("source", number)}：${citation.report.title}` : "";
  const cite = citation ? button(`〔${number}〕`, (event) => open(citation, event.currentTarget), "cite", { "aria-label": label }) : "";
  return make("span", {}, ...(verbatim ? [make("span", { look: "tag" }, word("verbatim"))] : []), cite);
}

// How each figure is known to be true: a line each, folded where there are many.
function checks(figures) {
  const lines = figures.map((figure) => {
    const of = [figure.period, figure.indicator, figure.role && word(figure.role)].filter(Boolean).join(" · ");
    const known = make("span", { look: "true" }, figure.status === "computed" ? word("computed") : `${word("verified")}〔${figure.citation}〕`);
    return make("li", {}, make("b", {}, hedged(figure).join("")), of ? ` ${of} ` : " ", known);
  });
  const list = make("ul", {}, ...lines);
  if (lines.length < 3) return lines.length ? [list] : [];
  return [make("details", {}, make("summary", {}, word("checks", lines.length)), list)];
}

function answerElements(answer, acts) {
  const { verdict, standalone, understood, alternatives = [], suggestions = [], notice, label, model, citations, figures } = answer;
  const taken = [standalone, understood].filter(Boolean).join(" · ");
  const verdictTold = verdict === "answered" ? [] : [make("p", { look: "verdict" }, word(verdict))];
  const whose = (citations.length || model !== "reader" ? word(model === "reader" ? "extract" : "written") : "") + label;
  const copying = button(word("copy"), (event) => acts.copy(asText(answer), event.currentTarget), "plain small");
  return [
    ...(taken ? [make("p", { look: "soft", set: { lang: "zh-CN" } }, word("taken") + taken)] : []),
    ...offered(word("others"), alternatives.slice(0, 3), acts.ask),
    make(
      "div",
      { look: "answer" },
      ...verdictTold,
      ...headline(answer),
      ...told(answer, acts.open),
      make("p", { look: "label" }, whose),
      ...(notice ? [make("p", { look: "soft" }, notice)] : []),
      ...checks(figures),
      ...(citations.length ? [copying] : []),
    ),
    ...offered(word(verdict === "needs_clarification" ? "meant" : "suggested"), suggestions, acts.ask),
  ];
}

const asText = (answer) => {
  const cited = answer.citations.map((citation) => `〔${citation.number}〕${official(citation)}`);
  return [answer.answer, [word("sources"), ...cited].join("\n"), `（${answer.label}）`].map(clean).join("\n\n");
};
