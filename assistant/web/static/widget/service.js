// Talks to the assistant: a portal's token is changed for a ticket, questions are answered in parts, and what goes wrong has a kind.
const SILENCE = 90_000; // ms without a word after which nobody waits any longer

class Trouble extends Error {
  constructor(kind, told = "", wait = 0) {
    super(told || word(kind));
    Object.assign(this, { kind, wait });
  }
}

async function troubleOf(reply) {
  const told = (await reply.json().catch(() => null))?.error ?? {};
  const sentence = clean(told.message);
  const wait = Math.min(Number(reply.headers.get("retry-after")) || 0, 3600);
  if (reply.status === 401) return new Trouble("expired");
  if (reply.status === 429 || reply.status === 503) return new Trouble("busy", language ? "" : sentence, wait || 3);
  return new Trouble("failed", reply.status < 500 ? sentence + clean(told.hint) : "");
}

// The portal's own address gives a fresh token as text or as {"token": …}; a sign-in page in its place is no token.
async function freshToken() {
  if (!option("tokenUrl")) return option("token");
  const reply = await reached(new URL(option("tokenUrl"), document.baseURI), { cache: "no-store" });
  const text = reply.ok ? (await reply.text()).trim() : "";
  const token = /^"?(?:\{[^]*"token"\s*:\s*")?([\w-]+\.[\w-]+\.[\w-]*)/.exec(text)?.[1];
  if (!token) throw new Trouble("expired");
  return token;
}

async function reached(address, init) {
  try {
    return await fetch(address, init);
  } catch (error) {
    throw init.signal?.aborted ? error : new Trouble("network");
  }
}

class Service {
  #ticket = "";

  // Signs in where it must, and once more where what it showed has expired meanwhile.
  async call(path, init = {}, tries = 2) {
    try {
      this.#ticket ||= await this.#enter();
      return await this.#send(path, init, this.#ticket);
    } catch (error) {
      this.#ticket = error.kind === "expired" ? "" : this.#ticket;
      const hopeless = error.kind !== "expired" || tries < 2 || !(option("tokenUrl") || option("token"));
      if (hopeless) throw error;
      return this.call(path, init, tries - 1);
    }
  }

  // A token lives for minutes and a page is open for hours: one that the page was written with is changed at once.
  begin() {
    if (option("token") && !option("tokenUrl")) this.#enter().then((ticket) => (this.#ticket = ticket), () => {});
  }

  async #enter() {
    const token = await freshToken();
    return token && (await (await this.#send("api/session", { method: "POST" }, token)).json()).session;
  }

  async #send(path, init, bearer) {
    const headers = bearer ? { ...init.headers, authorization: `Bearer ${bearer}` } : init.headers;
    const reply = await reached(new URL(path, base), { ...init, headers, cache: "no-store" });
    if (!reply.ok) throw await troubleOf(reply);
    return reply;
  }

  // Yields [kind, content] for each part: preview, delta, answer.
  async *ask(question, history, controller) {
    const headers = { "content-type": "application/json", accept: "text/event-stream" };
    const body = JSON.stringify({ question, history });
    let silent = false;
    let timer;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => controller.abort((silent = true)), SILENCE);
    };
    try {
      wait();
      const reply = await this.call("api/ask", { method: "POST", headers, body, signal: controller.signal });
      for await (const part of events(reply.body.getReader())) {
        wait();
        yield part;
      }
    } catch (error) {
      if (silent) throw new Trouble("silent");
      throw error.kind || controller.signal.aborted ? error : new Trouble("cut");
    } finally {
      clearTimeout(timer);
    }
  }

  #reports = new Map();

  // The paragraphs before and after one that is cited.
  async neighbours({ report, paragraph_id }) {
    if (!this.#reports.has(report.id)) {
      const reply = await this.call(`api/reports/${encodeURIComponent(report.id)}`);
      this.#reports.set(report.id, (await reply.json()).paragraphs);
    }
    const paragraphs = this.#reports.get(report.id);
    const at = paragraphs.findIndex((paragraph) => paragraph.id === paragraph_id);
    return at < 0 ? [] : [paragraphs[at - 1], paragraphs[at + 1]];
  }

  // Questions to begin with, about the newest report of three places.
  async examples() {
    const { reports } = await (await this.call("api/reports")).json();
    const newest = new Map();
    for (const report of reports.sort((a, b) => b.report_year - a.report_year)) if (!newest.has(report.region)) newest.set(report.region, report);
    const subjects = ["GDP", "社会消费品零售总额", "固定资产投资"];
    return [...newest.values()].slice(0, 3).map((report, at) => `${report.region}${report.report_year}年${subjects[at]}目标是多少`);
  }
}

async function* events(reader) {
  const decoder = new TextDecoder();
  let rest = "";
  let whole = false;
  for (;;) {
    const { done, value } = await reader.read();
    if (done && whole) return;
    if (done) throw new Trouble("cut");
    const blocks = (rest + decoder.decode(value, { stream: true })).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const kind = /^event: (.*)$/m.exec(block)?.[1];
      const content = JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? "{}");
      if (kind === "error") throw new Trouble("failed", language ? "" : clean(content.error?.message));
      whole = whole || kind === "answer";
      yield [kind, content];
    }
  }
}
