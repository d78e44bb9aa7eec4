// One bubble a page, however many script tags there are.
function begin() {
  language = isChinese() ? 0 : 1;
  if (!customElements.get(TAG)) customElements.define(TAG, Widget);
  if (document.querySelector(TAG)) return;
  const widget = document.createElement(TAG);
  if (option("theme")) widget.dataset.theme = option("theme");
  document.body.append(widget);
}

if (script && !customElements.get(TAG)) {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
}
