// How the page looks was chosen before, so it is set before anything is drawn; all else is loaded beside it.
{
  let look = {};
  try {
    look = JSON.parse(localStorage.getItem("zhengwen-look")) ?? {};
  } catch {} // no storage is allowed here, or somebody else wrote into it
  document.documentElement.classList.toggle("zw-care", look.care === true);
  const isFramed = new URLSearchParams(location.search).has("embed");
  document.documentElement.classList.toggle("zw-embed", isFramed);
  for (const name of isFramed ? ["over", "embed"] : ["over"])
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: `./zhengwen/page/${name}.css` }));
  import("./page/start.js");
}
