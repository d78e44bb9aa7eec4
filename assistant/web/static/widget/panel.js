// The element itself: a bubble in the corner and the panel it opens. Its shadow keeps the page's styles out and its own in.
const narrow = matchMedia("(max-width: 480px)");
const dark = matchMedia("(prefers-color-scheme: dark)");
const STOPS = "button, textarea, summary, [tabindex='0']";

class Widget extends HTMLElement {
  #service = new Service();
  #kept = recalled();
  #controller = null; // of the question that is being answered
  #composed = 0; // when the input method last put a word into the box
  #from = null; // the mark that led to the passage, which gets the focus back
  #parts = {};
  #acts = {
    ask: (question) => this.#ask(new Exchange(question)),
    retry: (exchange) => this.#ask(exchange),
    open: (...cited) => this.#openPassage(...cited),
    copy: (text, pressed) => this.#copy(text, pressed),
    near: (citation) => this.#service.neighbours(citation),
    say: (sentence) => this.#say(sentence),
    focus: () => this.#parts.back.focus(),
  };

  connectedCallback() {
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: "open" });
    const style = new CSSStyleSheet(); // a page's policy may forbid a <style>, never this
    style.replaceSync(STYLE);
    root.adoptedStyleSheets = [style];
    root.append(this.#laidOut());
    // What is typed here is no shortcut of the page's: from outside it would not look typed into a box.
    for (const kind of ["keydown", "keyup", "keypress"]) root.addEventListener(kind, (event) => event.stopPropagation());
    for (const media of [narrow, dark]) media.addEventListener("change", () => this.#adapt());
    this.#adapt();
    this.#begin();
    this.#service.begin();
    if (this.#kept.open) this.#show(true);
  }

  static observedAttributes = ["data-theme"];

  attributeChangedCallback() {
    if (this.shadowRoot) this.#adapt();
  }

  disconnectedCallback() {
    this.#controller?.abort();
  }

  open() {
    this.#show(true);
    this.#keep({ open: true });
    this.#parts.box.focus();
  }

  close() {
    this.#closePassage();
    this.#show(false);
    this.#keep({ open: false });
    this.#parts.bubble.focus();
  }

  #laidOut() {
    const bubble = button("", () => this.open(), "bubble", { "aria-haspopup": "dialog", "aria-expanded": "false" });
    bubble.append(drawing("M4 3h16a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2h-8l-5 4v-4H4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zm3 5v2h10V8zm0 4v2h7v-2z"), word("bubble"));
    const log = make("div", { look: "log", set: { tabindex: "0", role: "region", "aria-label": word("title") } });
    const back = button(word("back"), () => this.#closePassage());
    const passage = make("div", { look: "passage", hidden: true, set: { lang: "zh-CN", role: "region", "aria-label": word("sources") } });
    const heard = make("p", { look: "heard", set: { role: "status", "aria-live": "polite" } });
    const tag = language ? "en" : "zh-CN";
    const panel = make("div", { look: "panel", hidden: true, set: { role: "dialog", "aria-labelledby": "title", lang: tag } });
    const all = make("div", { look: `all ${/left/.test(option("position")) ? "left" : "right"}` }, bubble, panel);
    this.#parts = { all, bubble, log, back, passage, heard, panel };
    panel.append(this.#head(), make("div", { look: "body" }, log, this.#form(), passage), heard);
    panel.addEventListener("keydown", (event) => this.#onKey(event));
    return all;
  }

  #head() {
    const fresh = button(word("fresh"), () => this.#forget());
    return make("div", { look: "head" }, make("h2", { id: "title" }, word("title")), fresh, button(word("close"), () => this.close()));
  }

  #form() {
    const box = make("textarea", { rows: 2, maxLength: 500, placeholder: word("box"), set: { "aria-label": word("box") } });
    const send = button(word("send"), () => (this.#controller ? this.#controller.abort() : this.#askTyped()), "send");
    box.addEventListener("compositionend", () => (this.#composed = Date.now()));
    box.addEventListener("keydown", (event) => {
      // Enter during pinyin chooses a word; some browsers send it after the word is in the box.
      const composing = event.isComposing || event.keyCode === 229 || Date.now() - this.#composed < 50;
      if (event.key !== "Enter" || event.shiftKey || composing) return;
      event.preventDefault();
      this.#askTyped();
    });
    Object.assign(this.#parts, { box, send });
    return make("div", { look: "form" }, box, send);
  }

  #onKey(event) {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      if (this.#parts.passage.hidden) this.close();
      else this.#closePassage();
    } else if (event.key === "Tab" && narrow.matches) this.#trap(event);
  }

  // On a phone the panel covers the page, so Tab goes round within it.
  #trap(event) {
    const seen = (node) => !node.disabled && node.getClientRects().length && getComputedStyle(node).visibility === "visible";
    const stops = [...this.#parts.panel.querySelectorAll(STOPS)].filter(seen);
    const [first, last] = [stops[0], stops[stops.length - 1]];
    const here = this.shadowRoot.activeElement;
    if (here !== (event.shiftKey ? first : last)) return;
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  }

  // To the width of the window and to light or dark, as the page or else the system wants it.
  #adapt() {
    const { all, panel } = this.#parts;
    const { theme } = this.dataset;
    all.classList.toggle("dark", theme === "dark" || (theme !== "light" && dark.matches));
    if (narrow.matches) panel.setAttribute("aria-modal", "true");
    else panel.removeAttribute("aria-modal");
  }

  #show(open) {
    this.#parts.panel.hidden = !open;
    this.#parts.bubble.hidden = open;
    this.#parts.bubble.setAttribute("aria-expanded", open);
    if (open) this.#suggest();
  }

  // The words to begin with, and the questions of this conversation as far as the browser knows them.
  #begin() {
    this.#parts.log.replaceChildren(
      make("p", { look: "soft" }, word("welcome")),
      ...offered(word("earlier"), this.#kept.asked.slice(-5), this.#acts.ask),
    );
  }

  #suggested = false;
  async #suggest() {
    if (this.#suggested || this.#kept.asked.length) return;
    this.#suggested = true;
    const questions = await this.#service.examples().catch(() => []);
    if (!this.#parts.log.querySelector("section, .chips")) this.#parts.log.append(...offered(word("examples"), questions, this.#acts.ask));
  }

  #keep(change) {
    Object.assign(this.#kept, change);
    remember(this.#kept);
  }

  #forget() {
    this.#controller?.abort();
    this.#closePassage();
    this.#keep({ asked: [] });
    this.#begin();
    this.#suggested = false;
    this.#suggest();
    this.#parts.box.focus();
  }

  #askTyped() {
    const question = this.#parts.box.value.trim();
    if (!question || this.#controller) return;
    this.#parts.box.value = "";
    this.#ask(new Exchange(question));
  }

  async #ask(exchange) {
    if (this.#controller) return;
    const controller = (this.#controller = new AbortController());
    const { log, send } = this.#parts;
    send.textContent = word("stop");
    send.classList.add("stop");
    if (!exchange.element.isConnected) log.append(exchange.element);
    log.scrollTop = exchange.element.offsetTop - 8;
    try {
      const answer = await exchange.drawn(this.#service.ask(exchange.question, this.#kept.asked, controller), this.#acts);
      this.#keep({ asked: [...this.#kept.asked, exchange.question].slice(-MOST_ASKED) });
      this.#say(word("answered") + answer.answer.replace(MARK, ""));
    } catch (error) {
      this.#failed(exchange, error, controller.signal.aborted && !error.kind);
    } finally {
      this.#controller = null;
      send.textContent = word("send");
      send.classList.remove("stop");
    }
  }

  #failed(exchange, error, stopped) {
    if (stopped) exchange.halt(this.#acts);
    else this.#say(exchange.fail(error, this.#acts));
    if (error.kind === "expired") this.dispatchEvent(new CustomEvent("zhengwen:token-expired", { bubbles: true, composed: true }));
  }

  #openPassage(citation, figures, pressed) {
    const { passage, back, panel } = this.#parts;
    this.#from = pressed;
    passage.replaceChildren(back, ...passageElements(citation, figures, this.#acts));
    passage.hidden = false;
    panel.classList.add("reading");
    passage.scrollTop = 0;
    back.focus();
  }

  #closePassage() {
    const { passage, panel } = this.#parts;
    if (passage.hidden) return;
    passage.hidden = true;
    panel.classList.remove("reading");
    this.#from?.focus();
  }

  async #copy(text, pressed) {
    const label = pressed.textContent;
    const done = word((await copy(text, this.shadowRoot)) ? "copied" : "uncopied");
    pressed.textContent = done;
    this.#say(done);
    setTimeout(() => (pressed.textContent = label), 2000);
  }

  #say(sentence) {
    this.#parts.heard.textContent = "";
    setTimeout(() => (this.#parts.heard.textContent = clean(sentence)), 60);
  }
}
