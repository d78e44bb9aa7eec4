// A cited passage: where it stands, the words relied on, the figures in them, and what comes before and after.

// 《2025年哈尔滨市松北区政府工作报告》“二、2025年工作安排”：“……”。
function official({ report, headings, quote }) {
  const inner = (text) => text.trim().replace(/[\s，,、；;：:。—]+$/, "").replace(/\n/g, "").replace(/[“”]/g, (one) => (one === "“" ? "‘" : "’"));
  const part = headings.length ? `“${inner(headings[0])}”` : "";
  return `《${report.title.replace(/[《》]/g, "")}》${part}：“${inner(quote)}”。`;
}

// Of equal figures in the words relied on, the one that follows its indicator is meant.
function figuresIn(quote, number, figures) {
  return figures.filter((figure) => figure.citation === number).flatMap((figure) => {
    const found = places(quote, figure.text);
    const after = figure.indicator ? quote.indexOf(figure.indicator) : -1;
    return [found.find((place) => place.start > after) ?? found[0]].filter(Boolean);
  });
}

function paragraphElement({ paragraph, quote, number }, figures) {
  const start = quote ? paragraph.indexOf(quote) : -1;
  if (start < 0) return make("p", { look: "paragraph" }, paragraph);
  const marks = figuresIn(quote, number, figures).map((place) => ({ ...place, element: (text) => make("mark", {}, text) }));
  const quoted = make("span", { look: "quote" }, ...woven(quote, marks));
  return make("p", { look: "paragraph" }, paragraph.slice(0, start), quoted, paragraph.slice(start + quote.length));
}

function neighbourElement(label, paragraph) {
  return paragraph ? [make("div", { look: "near" }, make("b", {}, word(label)), make("p", {}, paragraph.text))] : [];
}

// `acts.near` gives the paragraphs around it.
function passageElements(citation, figures, acts) {
  const { report, headings, number } = citation;
  const paragraph = paragraphElement(citation, figures);
  const tools = make("div", { look: "tools" });
  const near = button(word("near"), async () => {
    try {
      const [before, after] = await acts.near(citation);
      paragraph.before(...neighbourElement("before", before));
      paragraph.after(...neighbourElement("after", after));
      acts.focus();
      near.remove();
    } catch {
      acts.say(word("unread"));
      near.after(make("span", { look: "soft" }, word("unread")));
    }
  });
  tools.append(near, button(word("copyPassage"), (event) => acts.copy(official(citation), event.currentTarget)));
  return [
    make("h3", {}, `〔${number}〕${report.region} ${report.report_year}年`),
    make("p", { look: "soft" }, `《${report.title.replace(/[《》]/g, "")}》`),
    ...(headings.length ? [make("p", { look: "soft" }, headings.join(" › "))] : []),
    paragraph,
    tools,
  ];
}
