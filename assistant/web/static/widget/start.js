// One bubble a page, however many script tags there are.
function begin() {
  if (customElements.get(TAG)) return;
  customElements.define(TAG, Widget);
  const widget = document.createElement(TAG);
  if (option("theme")) widget.dataset.theme = option("theme");
  document.body.append(widget);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
else begin();
