// How the page looks was chosen before, so it is set before anything is drawn; all else is loaded beside it.
{
  const root = document.documentElement;
  let look = {};
  try {
    look = JSON.parse(localStorage.getItem("zhengwen-look")) ?? {};
  } catch {} // no storage is allowed here, or somebody else wrote into it
  root.classList.toggle("zw-care", look.care === true);
  root.classList.toggle("zw-embed", new URLSearchParams(location.search).has("embed"));
  root.classList.toggle("zw-wide", matchMedia("(min-width: 901px)").matches && look.care !== true);
  try {
    // A conversation is about to come back: the room for its passages is there from the beginning.
    root.classList.toggle("zw-talking", sessionStorage.getItem("zhengwen-current") !== null);
  } catch {}
  import("./page/start.js");
}
