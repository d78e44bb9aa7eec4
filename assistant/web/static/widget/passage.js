// The passages that an answer stands on: where each stands, the words relied on, the figures in them, and what comes before and after.
// `acts.near` gives the paragraphs around one, `acts.show` brings its words before the eyes.
function passageElements(passages, acts) {
  return passages.flatMap((passage, at) => [
    passage.report_id === passages[at - 1]?.report_id ? "" : chinese(make("h3", passage.title)),
    passageElement(passage, acts),
  ]);
}

function passageElement(passage, acts) {
  const { number, where, before, quote, after, copied, caution } = passage;
  const paragraph = chinese(make("p.quoted", before, quote.length ? make("span.quote", runElements(quote)) : "", after));
  const near = button(word("near"), () => toggle());
  const copy = button(word("copyQuote"), (pressed) => acts.copy(copied, pressed));
  const article = make("article", chinese(make("p.soft", `〔${number}〕 ${where}`)), paragraph, caution ? chinese(make("p.caution", caution)) : "", make("div.acts", near, copy));

  async function toggle() {
    const shown = article.querySelectorAll(".near");
    shown.forEach((one) => one.remove());
    if (shown.length) return (near.textContent = word("near"));
    near.disabled = true; // a second press would fetch them twice
    try {
      const [previous, next] = await acts.near(passage);
      if (previous) paragraph.before(neighbourElement("previous", previous));
      if (next) paragraph.after(neighbourElement("next", next));
      near.textContent = word("fold");
      acts.show(article);
    } catch (error) {
      near.textContent = error.kind ? error.message : word("failed");
    }
    near.disabled = false;
    near.focus({ preventScroll: true });
  }
  return having(article, { "data-number": number, "aria-label": word("source", number) });
}

const neighbourElement = (name, { text }) => make("div.near", make("span", word(name)), chinese(make("p", text)));
