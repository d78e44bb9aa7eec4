// Whole reports from the server, each fetched once. Their `html` is made safe there; all else is text.
const fetched = new Map();

export function report(id) {
  if (!fetched.has(id)) {
    const coming = load(id);
    fetched.set(id, coming);
    coming.catch(() => fetched.delete(id));
  }
  return fetched.get(id);
}

async function load(id) {
  const reply = await fetch(`./reports/${encodeURIComponent(id)}`);
  if (!reply.ok) throw new Error((await reply.json().catch(() => ({}))).error ?? "暂时打不开这份报告，请稍后再试。");
  return reply.json();
}
