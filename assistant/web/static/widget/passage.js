// A cited passage: where it stands, the words relied on, the figures in them, and what comes before and after.
const bare = (title) => title.replace(/[《》]/g, "");

// 《2025年哈尔滨市松北区政府工作报告》“二、2025年工作安排”：“……”。
function official({ report, headings, quote }) {
  const inner = (text) => text.replace(/[\s，,、；;：:。—]+$/, "").replace(/\n/g, "").replace(/“/g, "‘").replace(/”/g, "’");
  const part = headings.length ? `“${inner(headings[0])}”` : "";
  return clean(`《${bare(report.title)}》${part}：“${inner(quote)}”。`);
}

// Of equal figures in the words relied on, the one that follows its indicator is meant.
function marksIn(quote, figures) {
  return figures.flatMap(({ text, indicator }) => {
    const found = places(quote, text);
    const place = found.find((one) => one.start > quote.indexOf(indicator ?? "")) ?? found[0];
    return place ? [{ ...place, element: (words) => make("mark", words) }] : [];
  });
}

function paragraphElement({ paragraph, quote, number }, figures) {
  const start = quote ? paragraph.indexOf(quote) : -1;
  if (start < 0) return make("p.quoted", paragraph);
  const here = figures.filter((figure) => figure.citation === number);
  const quoted = make("span.quote", woven(quote, marksIn(quote, here)));
  return make("p.quoted", paragraph.slice(0, start), quoted, paragraph.slice(start + quote.length));
}

// `acts.near` gives the paragraphs around it, `acts.show` brings the words relied on back before the eyes.
function passageElements(citation, figures, acts) {
  const { report, headings, number } = citation;
  const paragraph = paragraphElement(citation, figures);
  const near = button(word("near"), async () => {
    try {
      const [before, after] = (await acts.near(citation)).map((one) => (one ? make("p.near", one.text) : ""));
      paragraph.before(before);
      paragraph.after(after);
      near.remove();
      acts.show();
    } catch (error) {
      near.textContent = error.kind ? error.message : word("failed");
    }
  });
  return [
    make("h3", `〔${number}〕${report.region} ${report.report_year}年`),
    make("p.soft", `《${bare(report.title)}》`),
    make("p.soft", headings.join(" › ")),
    paragraph,
    make("div.chips", near, button(word("copyQuote"), (pressed) => acts.copy(official(citation), pressed))),
  ];
}
