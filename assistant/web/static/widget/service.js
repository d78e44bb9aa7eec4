// Talks to the assistant: a portal's token is changed for a ticket, questions are answered in parts, and what goes wrong has a kind.
class Trouble extends Error {
  constructor(kind, sentence = "", wait = 0) {
    super(sentence || word(kind));
    Object.assign(this, { kind, wait });
  }
}

const inChinese = (sentence) => (isChinese ? clean(sentence) : ""); // what the service says of an error

async function troubleOf(reply) {
  const { message = "", hint = "" } = (await reply.json().catch(() => ({}))).error ?? {};
  if (reply.status === 401) return new Trouble("expired");
  if (reply.status === 429 || reply.status === 503) return new Trouble("busy", inChinese(message), Number(reply.headers.get("retry-after")) || 3);
  return new Trouble("failed", reply.status < 500 ? inChinese(message + hint) : "");
}

async function reached(address, init) {
  try {
    return await fetch(address, { ...init, cache: "no-store" });
  } catch (error) {
    throw init.signal?.aborted ? error : new Trouble("network");
  }
}

// The portal's own address gives a fresh token as text or as {"token": …}; a sign-in page in its place is no token. That the portal
// gives none is for its administrator to mend, so it is said where and how.
async function freshToken(signal) {
  const address = option("tokenUrl");
  if (!address) return option("token");
  const unissued = (name, ...more) => new Trouble("unissued", word("unissued", word(name, address.split("?")[0], ...more)));
  const reply = await reached(address, { signal }).catch((error) => {
    throw error.kind ? unissued("unreached") : error;
  });
  if (!reply.ok) throw unissued("refusedToken", reply.status);
  const text = (await reply.text().catch(() => "")).trim();
  if (!text) throw unissued("noToken");
  const token = /^"?(?:{[^]*"token"\s*:\s*")?([\w-]+\.[\w-]+\.[\w-]*)/.exec(text)?.[1];
  if (!token) throw unissued("otherToken");
  return token;
}

const posted = (content, accept = "application/json") => ({
  method: "POST",
  headers: { "content-type": "application/json", accept },
  body: JSON.stringify(content),
});

class Service {
  #ticket = "";
  #reports = {};

  constructor() {
    // A token lives for minutes and a page is open for hours: one that the page was written with is changed at once.
    if (option("token") && !option("tokenUrl")) this.#enter().catch(() => {});
  }

  async #enter(signal) {
    const token = await freshToken(signal);
    this.#ticket = token && (await (await this.#send("api/session", { method: "POST", signal }, token)).json()).session;
  }

  async #send(path, init, bearer) {
    const headers = { ...init.headers, ...(bearer && { authorization: `Bearer ${bearer}` }) };
    const reply = await reached(new URL(path, base), { ...init, headers });
    if (!reply.ok) throw await troubleOf(reply);
    return reply;
  }

  // Signs in where it must, and once more where what it showed has expired meanwhile.
  async call(path, init = {}, isLast = !option("tokenUrl") && !option("token")) {
    try {
      if (!this.#ticket) await this.#enter(init.signal);
      return await this.#send(path, init, this.#ticket);
    } catch (error) {
      if (error.kind === "expired") this.#ticket = "";
      if (error.kind !== "expired" || isLast) throw error;
      return this.call(path, init, true);
    }
  }

  // Yields [kind, content] for each part: preview, delta, answer.
  async *ask(question, history, signal) {
    const reply = await this.call("api/ask", { ...posted({ question, history }, "text/event-stream"), signal });
    try {
      yield* events(reply.body.getReader());
    } catch (error) {
      throw error.kind || signal.aborted ? error : new Trouble("cut");
    }
  }

  // Says whether it was kept. The answer goes back as it came, without what is only for showing it.
  async rate({ display, ...answer }, history, judged) {
    return this.call("api/feedback", posted({ answer, history, ...judged })).then(
      () => true,
      () => false,
    );
  }

  // The paragraphs before and after one that is cited.
  async neighbours({ report_id: id, paragraph_id }) {
    this.#reports[id] ??= (await (await this.call(`api/reports/${id}`)).json()).paragraphs;
    const at = this.#reports[id].findIndex((paragraph) => paragraph.id === paragraph_id);
    return [this.#reports[id][at - 1], this.#reports[id][at + 1]];
  }

  // Questions to begin with, about the newest report of three places.
  async examples() {
    const { reports } = await (await this.call("api/reports")).json();
    reports.sort((a, b) => b.report_year - a.report_year || (a.region < b.region ? -1 : 1));
    const newest = reports.filter((one, at) => reports.findIndex(({ region }) => region === one.region) === at);
    const subjects = ["GDP", "社会消费品零售总额", "固定资产投资"];
    return newest.slice(0, 3).map(({ region, report_year }, at) => `${region}${report_year}年${subjects[at]}目标是多少`);
  }
}

async function* events(reader) {
  const decoder = new TextDecoder();
  let rest = "";
  let last;
  for (;;) {
    const { done, value } = await reader.read();
    if (done && last === "answer") return;
    if (done) throw new Trouble("cut");
    const blocks = (rest + decoder.decode(value, { stream: true })).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const [, kind, content] = /^event: (.*)\ndata: (.*)/.exec(block) ?? [];
      const part = JSON.parse(content ?? "{}");
      if (kind === "error") throw new Trouble("failed", inChinese(part.error.message));
      last = kind;
      yield [kind, part];
    }
  }
}
