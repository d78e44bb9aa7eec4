// What lies over the page, the newest on top: the browser's Back closes it before it leaves the page.
const open = []; // {close, name}
let leaving = 0; // steps back that we took ourselves

export function prepareLayers() {
  window.addEventListener("popstate", () => {
    if (leaving) return (leaving -= 1);
    open.pop()?.close();
  });
}

// `close` takes it away again, whoever asks for it; called at most once.
export function opened(name, close) {
  if (open.some((layer) => layer.name === name)) return;
  open.push({ name, close });
  history.pushState({ zhengwen: name }, "");
}

// It was closed otherwise than with Back: the step that it took in the browser's history is taken back.
export function closed(name) {
  const at = open.findIndex((layer) => layer.name === name);
  if (at < 0) return;
  open.splice(at, 1);
  leaving += 1;
  history.back();
}
