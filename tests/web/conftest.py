"""The page around a small assistant, served on a free port, and a headless Chromium that looks at it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

import pytest

from assistant.corpus.feedback import FeedbackBook
from assistant.settings import Settings
from tests.browser import launched
from tests.ports import service_on
from tests.web.seed_assistant import SeedAssistant
from tests.web.walking import ready

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

# Taken out at once: to the settings it would be a key that they do not know.
_SCREENSHOTS = os.environ.pop("ZHENGWEN_SCREENSHOTS", None)
Scheme = Literal["light", "dark"]

# Every visible text, its size in pixels and its contrast against the nearest opaque background (WCAG 2.2, 1.4.3).
SETTLED = """Promise.all(
    document.getAnimations().filter(one => one instanceof CSSTransition).map(one => one.finished.catch(() => null))
).then(() => null)"""
"""Resolves when no colour is on its way to another."""
READABILITY = """() => {
  const channel = (c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const backdrop = (node) => {
    for (; node; node = node.parentElement) {
      const colour = parse(getComputedStyle(node).backgroundColor);
      if (colour.length < 4 || colour[3] > 0.99) return colour;
    }
    return [255, 255, 255];
  };
  const seen = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !parent.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
      continue;
    const style = getComputedStyle(parent);
    const [light, dark] = [luminance(parse(style.color)), luminance(backdrop(parent))].sort((a, b) => b - a);
    const contrast = (light + 0.05) / (dark + 0.05);
    seen.push({ text: walker.currentNode.data.trim().slice(0, 30), size: parseFloat(style.fontSize), contrast });
  }
  return seen;
}"""


@contextmanager
def served(assistant: object, book: FeedbackBook | None = None, **settings: object) -> Iterator[str]:
    """Serve the page on a free port of this machine and give its address; the server ends with the block."""
    from assistant.web.server.app import server

    chosen = Settings(port=0, **settings)  # type: ignore[arg-type]  # pydantic checks the values
    with service_on(server(assistant, chosen, book)) as address:  # type: ignore[arg-type]  # each test brings its own assistant
        yield f"{address}/"


@pytest.fixture(scope="session")
def seed_assistant() -> SeedAssistant:
    return SeedAssistant()


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FeedbackBook]:
    with FeedbackBook.open(tmp_path_factory.mktemp("book") / "library.db") as opened:
        yield opened


@pytest.fixture(scope="session")
def address(seed_assistant: SeedAssistant, book: FeedbackBook) -> Iterator[str]:
    with served(seed_assistant, book) as url:
        yield url


@pytest.fixture
def serve_page() -> Iterator[Callable[..., str]]:
    """Serve the page around any assistant, without a book of feedback unless one is given, until the test ends."""
    with ExitStack() as stack:
        yield lambda *given, **settings: stack.enter_context(served(*given, **settings))


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with launched() as running:
        yield running


@pytest.fixture(scope="session")
def contexts(browser: Browser, address: str) -> Iterator[dict[str, BrowserContext]]:
    """One browser profile for each colour scheme: what it has fetched once it need not fetch for each test.

    A first page stays open in each: a profile whose last page was closed opens a window anew, as dear as the page itself.
    """
    kept = {
        scheme: browser.new_context(color_scheme=scheme, locale="zh-CN", service_workers="block")
        for scheme in get_args(Scheme)
    }
    for context in kept.values():
        context.new_page().goto(f"{address}favicon.ico")
    yield kept
    for context in kept.values():
        context.close()


@pytest.fixture
def open_page(contexts: dict[str, BrowserContext], address: str) -> Iterator[Callable[..., Page]]:
    """Open the page at a width and in a colour scheme; what a test has left in the browser is gone before the next."""
    used = set()

    def opened(width: int = 1280, scheme: Scheme = "light") -> Page:
        page = contexts[scheme].new_page()
        page.set_viewport_size({"width": width, "height": 800})
        page.set_default_timeout(60_000)
        if scheme not in used:
            # Cleared by the tab that will read it: what another tab clears reaches this one when it may.
            page.goto(f"{address}favicon.ico")
            page.evaluate("() => localStorage.clear()")
            used.add(scheme)
        page.goto(address)
        ready(page)
        return page

    yield opened
    for context in contexts.values():
        context.set_offline(False)
        context.clear_permissions()
        for page in context.pages[1:]:
            page.close()


@pytest.fixture
def snapshot() -> Callable[[Page, str], None]:
    """Keep a picture of the page where `ZHENGWEN_SCREENSHOTS` names a directory: `ZHENGWEN_SCREENSHOTS=shots pytest tests/web`."""
    directory = _SCREENSHOTS

    def taken(page: Page, name: str) -> None:
        if directory:
            page.screenshot(path=Path(directory) / f"{name}.png", full_page=True)

    return taken


@pytest.fixture(scope="session")
def serve() -> Callable[..., AbstractContextManager[str]]:
    """Give what serves the page around an assistant, for fixtures that keep it up for longer than one test."""
    return served


@pytest.fixture(scope="session")
def assert_readable() -> Callable[[Page], None]:
    """Nothing wider than the screen, no text small or pale, nothing to click that is hard to hit."""

    def checked(page: Page) -> None:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        # A button that turns from 停止 to 提问 is paler on the way.
        page.evaluate(SETTLED)
        texts = page.evaluate(READABILITY)
        assert len(texts) > 6
        assert [text for text in texts if text["size"] < 14] == []
        assert [text for text in texts if text["contrast"] < 4.5] == []
        heights = page.locator("button:visible, summary:visible, #reason label, .zw-tool").evaluate_all(
            "nodes => nodes.map(node => node.getBoundingClientRect().height)"
        )
        assert min(heights) >= 40

    return checked
