// One question and what becomes of it: words while they come, then the answer, or a sentence that says why there is none.
class Exchange {
  constructor(question) {
    this.question = question;
    this.body = make("div", {});
    this.element = make("section", {}, make("h3", { set: { lang: "zh-CN" } }, make("span", { look: "who" }, word("you")), question), this.body);
  }

  show(...elements) {
    this.body.replaceChildren(...elements);
  }

  // Draws the parts as they come and returns the answer; one that breaks off leaves the extract that came before it.
  async drawn(parts, acts) {
    let soFar = "";
    let answer;
    this.show(make("p", { look: "soft wait" }, word("searching")));
    for await (const [kind, content] of parts) {
      if (kind === "answer") {
        answer = content;
        this.show(...answerElements(answer, acts));
      } else if (kind === "preview") {
        this.extract = content;
        this.show(make("p", { look: "soft wait" }, word("wording")));
      } else if (kind === "delta") {
        soFar += content.text ?? "";
        const known = { answer: soFar, citations: this.extract?.citations };
        this.show(make("div", { look: "answer" }, ...told(known, acts.open), make("p", { look: "soft wait" }, word("wording"))));
      }
    }
    return answer;
  }

  // One plain sentence and a way to try again, which opens once the time that was asked for has passed.
  fail(error, acts) {
    const sentence = error.kind ? error.message : word("failed");
    const again = button(word("retry"), () => acts.retry(this));
    if (error.wait) countDown(again, error.wait);
    const extract = this.extract ? answerElements(this.extract, acts) : [];
    this.show(...extract, make("div", { look: "trouble" }, make("p", {}, sentence), again));
    return sentence;
  }

  halt(acts) {
    this.show(make("p", { look: "soft" }, word("stopped")), button(word("again"), () => acts.retry(this)));
  }
}

function countDown(pressed, seconds) {
  pressed.disabled = seconds > 0;
  pressed.textContent = seconds > 0 ? word("waiting", seconds) : word("retry");
  if (seconds > 0) setTimeout(() => countDown(pressed, seconds - 1), 1000);
}
