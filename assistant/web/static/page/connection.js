// Says when the server cannot be reached, and when it can again.
import { giveUp } from "./asking.js";
import { find, make } from "./elements.js";

const CALM = 5000;
const ANXIOUS = 1500;
const LEAVING = 10000; // so long a way to another page may take; a file that is saved begins like one, and leaves nothing
let banner, server, timer;
let left = 0; // when somebody last set out for another page
let gradioLost = false; // Gradio loads the page again, some seconds after it can reach the server: what is asked until then would be lost

export function watchConnection() {
  banner = make("div", { id: "zw-lost", look: "zw-lost", hidden: true, set: { role: "alert" } }, "连接断开，正在重试……您写的内容还在。");
  document.body.append(banner);
  for (const event of ["offline", "online"]) window.addEventListener(event, () => look());
  window.addEventListener("beforeunload", () => (left = Date.now()));
  document.addEventListener("visibilitychange", () => !document.hidden && look());
  new MutationObserver(onToast).observe(document.body, { childList: true, subtree: true });
  look();
}

async function look() {
  clearTimeout(timer);
  if (!document.hidden) {
    try {
      const reply = await fetch("./gradio_api/app_id", { cache: "no-store", signal: AbortSignal.timeout(4000) });
      if (reply.status === 401) loadAnew(); // a page of its own says that the sign-in has expired
      else if (!reply.ok && reply.status !== 429) throw new Error(reply.statusText);
      else if (reply.ok && gradioLost) loadAnew();
      else if (reply.ok) met((await reply.json()).app_id);
      banner.hidden = true;
    } catch {
      banner.hidden = false;
    }
  }
  timer = setTimeout(look, banner.hidden ? CALM : ANXIOUS);
}

// Streams break off when somebody leaves, and a sign-out ends the session: to load this page again would keep them here.
function loadAnew() {
  if (Date.now() - left > LEAVING) location.reload();
}

// A server that was started anew does not know this page: it is loaded again, with its conversation and what stood in the box.
function met(id) {
  if (server && id !== server) loadAnew();
  server ??= id;
}

// Gradio's own notices are in English and cover the page; they are hidden and said here. It puts several into one frame.
function onToast() {
  const toast = find("[data-testid=toast-text]:not(.zw-met)");
  if (!toast) return;
  toast.classList.add("zw-met");
  if (/lost|connection/i.test(toast.textContent)) {
    gradioLost = true;
    banner.hidden = false;
    look();
  } else giveUp(/queue|full|busy/i.test(toast.textContent) ? "现在提问的人较多，请过一会儿再问。" : "服务出了问题，没有答出来。请再试一次；如果还是不行，请告诉管理员。");
}
