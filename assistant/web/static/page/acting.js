// Puts a citation on the clipboard and a conversation into a file.
import { find, make, onClick } from "./elements.js";
import { say } from "./speaking.js";

export function prepareCopying() {
  onClick("[data-do=copy]", async (pressed) => tell(pressed, (await copy(pressed.dataset.copy)) ? "已复制" : "没能复制，请手动选取"));
}

async function copy(text) {
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

function tell(pressed, words) {
  const label = pressed.dataset.label ?? pressed.textContent;
  pressed.dataset.label = label;
  pressed.textContent = words;
  say(`${words}。`);
  setTimeout(() => (pressed.textContent = label), 2000);
}

export async function exportAs(format, exchanges) {
  const body = JSON.stringify({ format, exchanges });
  try {
    const reply = await fetch("./export", { method: "POST", headers: { "content-type": "application/json" }, body });
    if (!reply.ok) throw new Error(reply.statusText);
    const named = /filename\*=UTF-8''([^;]+)/.exec(reply.headers.get("content-disposition") ?? "");
    const address = URL.createObjectURL(await reply.blob());
    make("a", { href: address, download: named ? decodeURIComponent(named[1]) : `zhengwen.${format}` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
    say("已导出。");
  } catch {
    say("没能导出，请稍后再试。");
    find("#zw-history .zw-dialog-foot")?.append(make("span", { look: "zw-danger" }, "没能导出，请稍后再试。"));
  }
}
