// What is done with an answer: copied, linked to, printed, put into a file.
import { find, findAll, make, onClick } from "./elements.js";
import { say } from "./speaking.js";
import { showNewest, showPassagesOf } from "./evidence.js";

const LINE_BREAK = "␤"; // as in render.py
const root = document.documentElement;

export function prepareActing() {
  onClick("[data-do=copy]", async (pressed) => tell(pressed, (await copy(pressed.dataset.copy.replaceAll(LINE_BREAK, "\n"))) ? "已复制" : "没能复制，请手动选取"));
  onClick("[data-do=link]", async (pressed) => tell(pressed, (await copy(linkTo(pressed))) ? "链接已复制" : "没能复制，请手动选取"));
  onClick("[data-do=print]", printOne);
  addEventListener("afterprint", () => {
    root.classList.remove("zw-print-older");
    findAll(".zw-printed").forEach((one) => one.classList.remove("zw-printed"));
  });
}

// The address that opens the page with this question asked.
function linkTo(pressed) {
  const question = find(".zw-question", pressed.closest(".zw-exchange") ?? find("#asked")).cloneNode(true);
  question.querySelector(".zw-who")?.remove();
  const address = new URL("./", document.baseURI);
  address.searchParams.set("q", question.textContent.trim());
  return String(address);
}

// The question, its answer and the cited passages, on paper.
function printOne(pressed) {
  const exchange = pressed.closest(".zw-exchange");
  root.classList.toggle("zw-print-older", Boolean(exchange));
  exchange?.classList.add("zw-printed");
  if (exchange) showPassagesOf(exchange);
  else showNewest();
  print();
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text); // only where the page came by https or from this machine
    return true;
  } catch {
    return copyBySelecting(text);
  }
}

function copyBySelecting(text) {
  const back = document.activeElement;
  const field = make("textarea", { look: "zw-heard", value: text, readOnly: true, set: { "aria-hidden": "true" } });
  (find("dialog[open]") ?? document.body).append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  back?.focus({ preventScroll: true });
  return done;
}

export function tell(pressed, words) {
  const label = pressed.dataset.label ?? pressed.textContent;
  pressed.dataset.label = label;
  pressed.textContent = words;
  say(`${words}。`);
  setTimeout(() => (pressed.textContent = label), 2000);
}

export async function exportAs(format, exchanges) {
  const body = JSON.stringify({ format, exchanges });
  if (await download("./export", { method: "POST", headers: { "content-type": "application/json" }, body })) return;
  find(".zw-row-acts")?.append(make("span", { look: "zw-hint zw-danger" }, "没能导出，请稍后再试。"));
}

// Saves what an address replies under the name that it gives; says whether it came.
export async function download(address, asked = {}) {
  try {
    const reply = await fetch(address, asked);
    if (!reply.ok) throw new Error(reply.statusText);
    const named = /filename\*=UTF-8''([^;]+)/.exec(reply.headers.get("content-disposition") ?? "");
    save(await reply.blob(), named ? decodeURIComponent(named[1]) : "zhengwen");
    say("已导出。");
    return true;
  } catch {
    say("没能导出，请稍后再试。");
    return false;
  }
}

export function save(blob, name) {
  const address = URL.createObjectURL(blob);
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
