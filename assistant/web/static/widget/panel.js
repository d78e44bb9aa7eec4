// The element itself: a bubble in the corner and the panel it opens. Its shadow keeps the page's styles out and its own in.
const phone = matchMedia("(max-width: 480px)");
const dark = matchMedia("(prefers-color-scheme: dark)");
const region = (name, look) => having(make(`div.${look}`), { tabindex: "0", role: "region", "aria-label": word(name) });

class Widget extends HTMLElement {
  static observedAttributes = ["data-theme"];
  #service = new Service();
  #kept = recalled();
  #controller = null; // of the question that is being answered
  #composed = 0; // when the input method last put a word into the box
  #from = null; // the mark that led to the passage, which gets the focus back
  #bubble = having(button(word("bubble"), () => this.open(), "bubble"), { "aria-haspopup": "dialog" });
  #log = region("title", "log");
  #words = region("cited", "words");
  #back = button(word("back"), () => this.#closePassage());
  #box = make("textarea");
  #send = button(word("send"), () => (this.#controller ? this.#controller.abort() : this.#askTyped()), "send");
  #heard = having(make("p.heard"), { role: "status" });
  #panel = make("dialog.panel");
  #all = make("div.all", this.#bubble, this.#panel);
  #acts = {
    ask: (question) => this.#ask(new Exchange(question)),
    retry: (exchange) => this.#ask(exchange),
    open: (...cited) => this.#openPassages(...cited),
    copy: (text, pressed) => this.#copy(text, pressed),
    near: (passage) => this.#service.neighbours(passage),
    show: (article) => this.#showCited(article),
    rate: (...judged) => this.#service.rate(...judged),
    say: (sentence) => this.#say(sentence),
  };

  connectedCallback() {
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: "open" });
    const style = new CSSStyleSheet(); // a page's policy may forbid a <style>, never this
    style.replaceSync(STYLE);
    root.adoptedStyleSheets = [style];
    this.#layOut();
    root.append(this.#all);
    // What is typed here is no shortcut of the page's: from outside it would not look typed into a box.
    for (const kind of ["keydown", "keyup", "keypress"]) root.addEventListener(kind, (event) => event.stopPropagation());
    dark.addEventListener("change", () => this.attributeChangedCallback());
    this.attributeChangedCallback();
    this.#begin();
    if (this.#kept.open) this.#show();
  }

  attributeChangedCallback() {
    const { theme } = this.dataset;
    this.#all.classList.toggle("dark", theme === "dark" || (theme !== "light" && dark.matches));
  }

  disconnectedCallback() {
    this.#controller?.abort();
  }

  open() {
    this.#show();
    this.#keep({ open: true });
    this.#box.focus();
  }

  close() {
    this.#closePassage();
    this.#panel.close();
    this.#bubble.hidden = false;
    this.#keep({ open: false });
    this.#bubble.focus();
  }

  #layOut() {
    const title = having(make("h2", word("title")), { id: "title" });
    const head = make("div.head", title, button(word("fresh"), () => this.#forget()), button(word("close"), () => this.close()));
    having(this.#box, { rows: 2, maxlength: 500, placeholder: word("box"), "aria-label": word("box") });
    const passage = make("div.passage", make("div.bar", this.#back), this.#words);
    const body = make("div.body", this.#log, make("div.form", this.#box, this.#send), passage);
    this.#panel.append(head, body, this.#heard);
    having(this.#panel, { "aria-labelledby": "title", lang: isChinese ? "zh-CN" : "en" });
    if (/left/.test(option("position"))) this.#all.classList.add("left");
    this.#box.oncompositionend = () => (this.#composed = Date.now());
    this.#box.onkeydown = (event) => this.#onEnter(event);
    this.#panel.onkeydown = (event) => this.#onEscape(event);
    this.#panel.oncancel = (event) => event.preventDefault(); // Escape has been seen to
  }

  #onEnter(event) {
    // Enter during pinyin chooses a word; some browsers send it after the word is in the box.
    const isComposing = event.isComposing || event.keyCode === 229 || Date.now() - this.#composed < 50;
    if (event.key !== "Enter" || event.shiftKey || isComposing) return;
    event.preventDefault();
    this.#askTyped();
  }

  #onEscape(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    if (!this.#closePassage()) this.close();
  }

  // On a phone the panel covers the page, and the browser keeps the focus within it.
  #show() {
    if (phone.matches) this.#panel.showModal();
    else this.#panel.open = true; // without taking the focus
    this.#bubble.hidden = true;
    this.#suggest();
  }

  // The words to begin with, and the questions of this conversation as far as the browser knows them.
  #begin() {
    const earlier = offered(word("earlier"), this.#kept.asked.slice(-5), this.#acts.ask);
    this.#log.replaceChildren(make("p.soft", word("welcome")), ...earlier);
  }

  async #suggest() {
    const hasMore = () => this.#log.querySelector("section, .chips");
    if (hasMore()) return;
    const questions = await this.#service.examples().catch(() => []);
    if (!hasMore()) this.#log.append(...offered(word("examples"), questions, this.#acts.ask));
  }

  #keep(change) {
    remember(Object.assign(this.#kept, change));
  }

  #forget() {
    this.#controller?.abort();
    this.#closePassage();
    this.#keep({ asked: [] });
    this.#begin();
    this.#suggest();
    this.#box.focus();
  }

  #askTyped() {
    const question = this.#box.value.trim();
    if (!question || this.#controller) return;
    this.#box.value = "";
    this.#ask(new Exchange(question));
  }

  async #ask(exchange) {
    if (this.#controller) return;
    this.#controller = new AbortController();
    this.#showBusy("stop");
    if (!this.#log.querySelector("section")) this.#log.replaceChildren(); // the words to begin with
    if (!exchange.element.isConnected) this.#log.append(exchange.element);
    try {
      const { signal } = this.#controller;
      exchange.history = this.#kept.asked;
      const drawing = exchange.drawn(this.#service.ask(exchange.question, exchange.history, signal), this.#acts);
      this.#log.scrollTop = exchange.element.offsetTop - 8;
      if (!this.shadowRoot.activeElement) this.#log.focus({ preventScroll: true }); // the button that was pressed is gone
      const { answer } = await drawing;
      this.#keep({ asked: [...this.#kept.asked, exchange.question].slice(-MOST) });
      this.#say(word("answered") + answer.replace(/〔.*?〕/g, ""));
    } catch (error) {
      this.#failed(exchange, error);
    }
    this.#controller = null;
    this.#showBusy("send");
  }

  #showBusy(state) {
    this.#send.textContent = word(state);
    this.#send.className = `send ${state}`;
  }

  #failed(exchange, error) {
    const isStopped = this.#controller.signal.aborted;
    const sentence = isStopped ? word("stopped") : error.kind ? error.message : word("failed");
    exchange.fail(sentence, error.wait, this.#acts);
    this.#say(sentence);
    if (/expired|unissued/.test(error.kind)) this.dispatchEvent(new CustomEvent("zhengwen:token-expired", { bubbles: true, composed: true }));
  }

  // All passages of an answer, at the one with this number where a mark led there.
  #openPassages({ passages }, number, pressed) {
    this.#from = pressed;
    this.#words.replaceChildren(...passageElements(passages, this.#acts));
    this.#panel.classList.add("reading");
    this.#words.scrollTop = 0;
    if (number) this.#showCited(this.#words.querySelector(`[data-number="${number}"]`));
    this.#back.focus({ preventScroll: true });
  }

  // The words relied on stand before the eyes, in a long paragraph and among its neighbours too.
  #showCited(article) {
    const cited = article.querySelector("mark, .quote, .quoted");
    this.#words.scrollTop = cited.offsetTop - this.#words.clientHeight / 2;
  }

  // Says whether one was open.
  #closePassage() {
    const wasOpen = this.#panel.classList.contains("reading");
    this.#panel.classList.remove("reading");
    if (wasOpen) this.#from.focus();
    return wasOpen;
  }

  async #copy(text, pressed) {
    const label = pressed.textContent;
    pressed.textContent = word((await copy(text, this.shadowRoot)) ? "copied" : "uncopied");
    this.#say(pressed.textContent);
    setTimeout(() => (pressed.textContent = label), 2000);
  }

  #say(sentence) {
    this.#heard.textContent = "";
    setTimeout(() => (this.#heard.textContent = clean(sentence)), 60);
  }
}
