// A click on 〔1〕 brings its passage into view and lights it up; the way back works alike.
// The page has a <base>, so a plain #fragment link would not do.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="#zw-"]');
  const target = link && document.getElementById(link.getAttribute("href").slice(1));
  if (!target) return;
  event.preventDefault();
  document.querySelectorAll(".zw-lit").forEach((lit) => lit.classList.remove("zw-lit"));
  target.classList.add("zw-lit");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  target.scrollIntoView({ behavior: still ? "auto" : "smooth", block: "nearest" });
  target.focus({ preventScroll: true });
});

// The browser keeps the conversation under this name. What is longer than the page ever writes would not get through the gate, and
// the page would open without its reports: away with it before Gradio reads it.
try {
  if (localStorage.getItem("zhengwen-conversation")?.length > 64 * 1024) localStorage.removeItem("zhengwen-conversation");
} catch {} // no storage is allowed here
