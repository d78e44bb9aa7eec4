// Light or dark, 关怀版, and the language of the interface: chosen with a click, kept in the browser.
import { useEnglish } from "./english.js";
import { browser, find, keep, kept, onClick } from "./elements.js";

const NAME = "zhengwen-look";
const dark = matchMedia("(prefers-color-scheme: dark)");
let look = {};

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
  useEnglish(look.english === true);
}

function press(act, on) {
  find(`[data-do=${act}]`)?.setAttribute("aria-pressed", on);
}
