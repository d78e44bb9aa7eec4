// One question and what becomes of it: words while they come, then the answer, or a sentence that says why there is none.
class Exchange {
  constructor(question) {
    this.question = question;
    this.history = []; // the questions that it was asked after
    this.body = make("div");
    this.element = make("section", chinese(make("h3", make("span.who", word("you")), question)), this.body);
  }

  show(...elements) {
    this.body.replaceChildren(...elements);
  }

  // Draws the parts as they come and returns the answer; an extract that came before it is kept, should it break off.
  async drawn(parts, acts) {
    let words = "";
    this.show(make("p.wait", word("searching")));
    for await (const [kind, content] of parts) {
      if (kind === "answer") {
        this.show(...answerElements(content, acts), ratingElement(content, this.history, acts));
        return content;
      }
      if (kind === "preview") this.extract = content;
      else words += content.text;
      const lines = words.replaceAll("〔原文〕", "").split("\n");
      this.show(make("div.answer", ...lines.map((line) => chinese(make("p", line))), make("p.wait", word("wording"))));
    }
  }

  // One plain sentence and a way to try again, which opens once the time that was asked for has passed.
  fail(sentence, wait, acts) {
    const again = button("", () => acts.retry(this));
    countDown(again, wait);
    const extract = this.extract ? answerElements(this.extract, acts) : [];
    this.show(...extract, make("div.trouble", make("p", sentence), again));
  }
}

function countDown(pressed, seconds) {
  pressed.disabled = seconds > 0;
  pressed.textContent = seconds > 0 ? word("waiting", seconds) : word("retry");
  if (seconds > 0) setTimeout(countDown, 1000, pressed, seconds - 1);
}
