// Whole reports from the server, each fetched once. Their `html` is made safe there; all else is text.
const fetched = new Map();
let cache = "default";

// `path` is another one for what only administrators may read.
export function report(id, path = "./reports/") {
  if (!fetched.has(id)) {
    const coming = load(id, path);
    fetched.set(id, coming);
    coming.catch(() => fetched.delete(id));
  }
  return fetched.get(id);
}

// Somebody has changed what the reports are.
export function forget() {
  fetched.clear();
  cache = "no-cache"; // what the browser keeps may be of before
}

async function load(id, path) {
  const reply = await fetch(`${path}${encodeURIComponent(id)}`, { cache });
  if (!reply.ok) throw new Error((await reply.json().catch(() => ({}))).error ?? "暂时打不开这份报告，请稍后再试。");
  return reply.json();
}
