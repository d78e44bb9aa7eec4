// Light or dark, 关怀版, and the language of the interface: chosen with a click, kept in the browser.
import { browser, find, keep, kept, onClick } from "./elements.js";

const NAME = "zhengwen-look";
const dark = matchMedia("(prefers-color-scheme: dark)");
let look = {};
let english = null; // what puts the page into English, once somebody has wanted that

export function prepareLook() {
  try {
    look = JSON.parse(kept(browser, NAME)) ?? {};
  } catch {} // somebody else wrote it
  look = { ...look, ...wanted() };
  onClick("[data-do=dark]", () => change({ dark: !isDark() }));
  onClick("[data-do=care]", () => change({ care: look.care !== true }));
  onClick("[data-do=english]", () => change({ english: look.english !== true }));
  dark.addEventListener("change", apply);
  // Gradio follows the system of its own accord, and more than once.
  new MutationObserver(applyTheme).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  for (const part of ["#answer", "#evidence", "#earlier"]) find(part)?.setAttribute("lang", "zh-CN");
  apply();
}

// What a portal that shows this page in a frame asks for in its address: ?theme=dark&lang=en
function wanted() {
  const asked = new URLSearchParams(location.search);
  const [theme, lang] = [asked.get("theme"), asked.get("lang")];
  return {
    ...(theme === "dark" || theme === "light" ? { dark: theme === "dark" } : {}),
    ...(lang === "en" || lang === "zh" ? { english: lang === "en" } : {}),
  };
}

const isDark = () => (typeof look.dark === "boolean" ? look.dark : dark.matches);

function change(more) {
  look = { ...look, ...more };
  keep(browser, NAME, JSON.stringify(look));
  apply();
}

function applyTheme() {
  if (document.body.classList.contains("dark") !== isDark()) document.body.classList.toggle("dark", isDark());
}

function apply() {
  applyTheme();
  document.documentElement.classList.toggle("zw-care", look.care === true);
  document.documentElement.style.colorScheme = isDark() ? "dark" : "light";
  press("dark", isDark());
  press("care", look.care === true);
  speak();
}

async function speak() {
  if (look.english !== true && !english) return;
  english ??= await import("./english.js").catch(() => null);
  english?.useEnglish(look.english === true);
}

// Does something with the page as it is written, in Chinese.
export function asWritten(act) {
  if (english) english.asWritten(act);
  else act();
}

function press(act, on) {
  find(`[data-do=${act}]`)?.setAttribute("aria-pressed", on);
}
