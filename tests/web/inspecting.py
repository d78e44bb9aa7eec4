"""What is looked for on a page, whatever it shows: faults that axe knows, and words of its own that are not in English yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

_NOT_OURS = {
    "landmark-one-main",  # Gradio's frame
}
# The words of the page itself: what is left when questions, answers and reports are taken away.
_OWN_WORDS = """() => {
  const foreign = `.zw-question, .zw-answer > p:not([class]), .zw-answer ol, .zw-table td, .zw-table caption, .zw-table tbody th, .zw-value,
    #zw-live, .zw-checks b, .zw-of, .zw-paragraph, .zw-near p, .zw-where, .zw-found, [data-ask], .zw-still, .zw-taken, .zw-change summary, h3, .zw-place b,
    .zw-one, #zw-queue b, .zw-chip, .zw-panel-svg, .zw-panel-kinds, .zw-source-verdict, datalist, #zw-reader h2, .zw-outline-item, .zw-fact-said, [data-do=english], textarea, script, style, .zw-reader-text`;
  const about = ".zw-more, .zw-one, .zw-chart, .zw-fact, .zw-place button, .zw-kept input, .zw-chip, .zw-cell, .zw-outcome, .zw-panel-scroll, .zw-panel-kinds *"; // name what is foreign
  const chinese = (text) => /[\\u4e00-\\u9fff]/.test(text);
  const words = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const parent = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    if (!parent.checkVisibility()) continue;
    if (parent === node) {
      for (const name of ["aria-label", "title", "placeholder", "data-kind", "data-empty"])
        if (chinese(node.getAttribute(name)) && !node.matches(about)) words.push(`${name}: ${node.getAttribute(name)}`);
    } else if (chinese(node.data) && !parent.closest(foreign) && !parent.matches(".zw-checks li, .zw-searched li")) words.push(node.data);
  }
  // What the assistant says itself keeps the names of places, and no sentence around them.
  for (const said of document.querySelectorAll(".zw-answer:not(.zw-written) > p:not([class])"))
    if (said.checkVisibility() && !said.querySelector(".zw-cite") && /[，。：；？（]/.test(said.textContent)) words.push(said.textContent);
  return words;
}"""


def violations(page: Page) -> list[str]:
    """What axe finds that is serious."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in {"serious", "critical"} and one["id"] not in _NOT_OURS
        for node in one["nodes"]
    ]


def chinese_words(page: Page) -> list[str]:
    """Words of the page itself that are to be seen in Chinese."""
    return list(page.evaluate(_OWN_WORDS))
