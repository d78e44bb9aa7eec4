"""Measures the page on loopback: `.venv/bin/python -m tests.web.timing`.

The whole assistant answers from the five seed reports without a language model; `ZHENGWEN_HOME` may name a home that holds them already.
Figures are for two idle cores; nothing is asserted.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

from assistant import open_assistant
from tests.browser import launched
from tests.web.conftest import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LOADS = 7
ASKED = 30
QUESTIONS = ("松北区2025年GDP目标是多少", "南岗区2021年财政收入完成多少", "道里区2023年GDP目标是多少")

# From Enter to the first frame in which the question stands on the page, and to that in which an answer of another number does,
# measured in the page itself.
WATCH = """() => { window.waited = new Promise((done) => {
  const before = document.querySelector('#reply .zw-answer')?.id;
  addEventListener('keydown', () => {
    const start = performance.now();
    let echoed = 0;
    const look = () => {
      const now = performance.now();
      if (!echoed && document.querySelector('#zw-echo')) echoed = now - start;
      const shown = document.querySelector('#reply .zw-answer:not(.zw-busy)');
      if (shown?.checkVisibility() && shown.id !== before) requestAnimationFrame(() => done([echoed, performance.now() - start]));
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, { once: true, capture: true });
}) }"""
SHIFTS = """window.shifted = 0; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: 'layout-shift', buffered: true })"""


def first_load(browser: Browser, address: str) -> tuple[float, int, int]:
    """Seconds until the page takes a question, with nothing in the browser's cache; how many requests that is, and how many bytes."""
    page = browser.new_context(locale="zh-CN").new_page()
    fetched: list[Any] = []
    page.on("requestfinished", _into(fetched))
    page.goto(address, wait_until="commit")
    page.locator("html.zw-ready #examples button").first.wait_for()
    seconds = page.evaluate("performance.now()") / 1000
    page.wait_for_timeout(500)
    weight = sum(map(_size, fetched))
    page.context.close()
    return seconds, len(fetched), weight


def first_loads(browser: Browser, address: str) -> dict[str, Any]:
    """From the request to a page that takes a question, several times; and what is fetched for it."""
    seconds, counts, weights = zip(*(first_load(browser, address) for _ in range(LOADS)), strict=True)
    return {
        "first load usable, s, median": round(median(seconds), 2),
        "first load usable, s, worst": round(max(seconds), 2),
        "requests": max(counts),
        "KB over the wire": round(max(weights) / 1024),
    }


def answers(browser: Browser, address: str) -> dict[str, Any]:
    """From Enter to the question on the page and to its answer, in milliseconds, and how far the page moved from its load on."""
    page = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800}).new_page()
    page.add_init_script(SHIFTS)
    page.goto(address)
    page.locator("html.zw-ready #examples button").first.wait_for()
    measured = [_asked(page, QUESTIONS[number % len(QUESTIONS)]) for number in range(ASKED)]
    echoed, waited = zip(*measured, strict=True)
    shifted = page.evaluate("window.shifted")
    page.context.close()
    return {
        f"question after Enter, ms, median of {ASKED}": round(median(echoed)),
        "question after Enter, ms, p95": round(quantiles(echoed, n=20)[-1]),
        f"answer after Enter, ms, median of {ASKED}": round(median(waited)),
        "answer after Enter, ms, p95": round(quantiles(waited, n=20)[-1]),
        "layout shift, load and all answers": round(shifted, 3),
    }


def _asked(page: Page, question: str) -> tuple[float, float]:
    page.locator("#question textarea").fill(question)
    page.evaluate(WATCH)
    page.locator("#question textarea").press("Enter")
    echoed, waited = page.evaluate("window.waited")
    page.locator("#send").wait_for()
    page.wait_for_timeout(400)
    return echoed, waited


def _into(fetched: list[Any]) -> Callable[[Any], None]:
    """Playwright marks what it calls, and a built-in method takes no mark."""
    return lambda request: fetched.append(request)


def _size(request: Any) -> int:
    sizes = request.sizes()
    return int(sizes["responseBodySize"] + sizes["responseHeadersSize"])


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        chosen = Path(os.environ.get("ZHENGWEN_HOME", home))
        with closing(open_assistant(home=chosen)) as assistant, served(assistant) as address, launched() as browser:
            for name, value in (first_loads(browser, address) | answers(browser, address)).items():
                sys.stdout.write(f"{name}\t{value}\n")


if __name__ == "__main__":
    main()
