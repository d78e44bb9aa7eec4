// An answer as elements. The service has decided what stands where (`display`, as on the page); here each block becomes an element.
const ROWS = 10; // of a comparison; the others are behind a button
const TAGS = { figure: "strong.figure", computed: "strong.reckoned", verbatim: "span.tag", mark: "mark" };

// `open` is called with the number of a citation and the mark that was pressed.
const BLOCKS = {
  headline: ({ before, value, after, citation, note }, open) =>
    make("p.headline", before, titled(make("strong", value), note), after, markElement(citation, open)),
  paragraph: ({ pieces }, open) => make("p", runElements(pieces, open)),
  list: ({ items }, open) => make("ol", ...items.map((item) => make("li", runElements(item, open)))),
  comparison: comparisonElement,
  grid: gridElement,
};

const runElements = (pieces, open) => pieces.map((piece) => pieceElement(piece, open));
const titled = (element, note) => having(element, { title: told(note) });

function pieceElement({ text, look, citation, note }, open) {
  if (look === "plain") return text;
  if (look === "citation") return markElement(citation, open);
  const words = look === "verbatim" ? told(text) : text;
  return note ? titled(make(TAGS[look], words), note) : make(TAGS[look], words);
}

function markElement(citation, open) {
  const mark = button(`〔${citation}〕`, (pressed) => open(citation, pressed), "cite");
  return having(mark, { "aria-label": word("source", citation) });
}

function comparisonElement({ caption, columns, sides }, open) {
  const heading = (scope, words) => having(make("th", words), { scope });
  const rows = sides.map(({ lead: [first, ...others], told, share }) => {
    const cell = make("td", runElements(told, open), share === null ? "" : barElement(share));
    return make("tr", heading("row", first), ...others.map((other) => make("td", other)), cell);
  });
  const head = make("tr", ...columns.map((column) => heading("col", told(column))));
  const table = make("table", caption ? make("caption", caption) : "", make("thead", head), make("tbody", rows));
  const rest = rows.slice(ROWS);
  if (!rest.length) return table;
  rest.forEach((row) => (row.hidden = true));
  const all = button(word("unfold", rows.length, ROWS), () => {
    rest.forEach((row) => (row.hidden = false));
    all.remove();
  });
  return [table, all];
}

function gridElement({ caption, columns, rows }, open) {
  const line = ([first, ...cells], cell) => make("tr", make("th", first), ...cells.map((one) => make(cell, one)));
  const head = line(columns.map(told), "th");
  const body = rows.map((row) => line(row.map((cell) => runElements(cell, open)), "td"));
  return make("table", make("caption", caption), make("thead", head), make("tbody", ...body));
}

// A rule has a width of its own; the policy of the portal's page may forbid to style one.
const barElement = (share) => having(make("hr"), { width: `${Math.max(2, 100 * share)}%`, "aria-hidden": "true" });

// One line: whose, when, goal or result, who wrote it, and that the figures were checked.
function knownElement({ blocks, label, checks }) {
  const { of = [], role } = blocks.find(({ kind }) => kind === "headline") ?? {};
  const parts = [...of.map((part) => chinese(make("span", part))), role && make("b", told(role)), label && told(label)];
  if (checks.said && !checks.lines.length) parts.push(make("span.true", told(checks.said)));
  return make("p.label", ...parts.filter(Boolean).flatMap((part, at) => (at ? [" · ", part] : [part])));
}

function checksElement({ said, lines }) {
  if (!lines.length) return "";
  const items = lines.map(({ figure, known, arithmetic }) => {
    const sum = arithmetic ? chinese(make("span", ` ${arithmetic}`)) : "";
    return make("li", chinese(make("b", figure)), " ", make("span.true", told(known)), sum);
  });
  return make("details", make("summary", told(said)), make("ul", items));
}

function nearElement(near) {
  if (!near.length) return "";
  const items = near.map(({ title, text }) => make("li", make("b", title), make("p", text)));
  return having(make("details", make("summary", word("nearest")), chinese(make("ol", items))), { open: "" });
}

function answerElements(answer, acts) {
  const { display, standalone, understood, alternatives, suggestions, notice } = answer;
  const taken = [standalone, understood].filter(Boolean).join(" · ");
  const open = (number, pressed) => acts.open(display, number, pressed);
  const many = display.passages.length;
  return [
    taken ? make("p.soft", word("taken"), chinese(make("span", taken))) : "",
    ...offered(word("others"), alternatives.slice(0, 3), acts.ask),
    make(
      "div.answer",
      display.verdict ? make("p.verdict", told(display.verdict)) : "",
      display.blocks.flatMap((block) => BLOCKS[block.kind](block, open)).map((one) => (one.matches("button") ? one : chinese(one))),
      knownElement(display),
      checksElement(display.checks),
      notice ? make("p.soft", notice) : "",
      nearElement(display.near),
      make(
        "div.acts",
        many ? button(word("passages", many), (pressed) => acts.open(display, 0, pressed)) : "",
        button(word("copy"), (pressed) => acts.copy(display.copied, pressed)),
      ),
    ),
    ...offered(told(display.lead), suggestions, acts.ask),
  ];
}
