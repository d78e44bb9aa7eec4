"""Takes pictures of the page in fourteen situations: `.venv/bin/python -m tests.web.pictures DIR`.

The whole assistant answers from the five seed reports; `ZHENGWEN_HOME` may name a home that holds them already.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import open_assistant
from assistant.corpus.feedback import FeedbackBook
from tests.browser import launched
from tests.web.conftest import served
from tests.web.walking import GDP_QUESTION, answer_to, ask, ready

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LONG = "松北区2025年怎么优化营商环境"


def first_visit(page: Page) -> None:
    page.locator("#examples button").first.wait_for()


def gdp(page: Page) -> None:
    _answered(page, GDP_QUESTION)
    page.locator("#answer .zw-cite").first.click()
    page.locator("#passages .zw-near").first.wait_for()


def table(page: Page) -> None:
    _answered(page, "比较松北区2025年和2023年GDP目标")


def explanation(page: Page) -> None:
    _answered(page, LONG)


def not_covered(page: Page) -> None:
    _answered(page, "道里区2025年GDP目标是多少", following=False)


def ambiguous(page: Page) -> None:
    _answered(page, "GDP目标是多少", following=False)


def thread(page: Page) -> None:
    for question in (GDP_QUESTION, LONG, "松北区2023年GDP目标是多少"):
        _answered(page, question)


def library(page: Page) -> None:
    page.locator(".zw-side [data-do=view-library]").click()
    page.locator(".zw-what").first.click()
    page.locator(".zw-place .zw-asks").wait_for()


def drawer(page: Page) -> None:
    _answered(page, GDP_QUESTION)
    page.locator("[data-do=drawer]").click()
    page.locator("#side").wait_for()


def paper(page: Page) -> None:
    _answered(page, GDP_QUESTION)
    page.emulate_media(media="print")


def reader(page: Page) -> None:
    _answered(page, GDP_QUESTION)
    page.locator("#passages [data-do=read]").first.click()
    page.locator("#zw-reader .zw-target").wait_for()


def phone(page: Page) -> None:
    _answered(page, GDP_QUESTION)
    page.locator("#answer .zw-cite").first.click()
    page.locator("#passages .zw-near").first.wait_for()


def large(page: Page) -> None:
    page.locator("[data-do=care]").click()
    _answered(page, GDP_QUESTION)


SITUATIONS: dict[str, tuple[Callable[[Page], None], int, int]] = {
    "01-first-visit": (first_visit, 1280, 800),
    "02-answer": (gdp, 1280, 800),
    "03-table": (table, 1280, 800),
    "04-explanation": (explanation, 1280, 800),
    "05-not-covered": (not_covered, 1280, 800),
    "06-ambiguous": (ambiguous, 1280, 800),
    "07-reader": (reader, 1280, 800),
    "08-phone": (phone, 360, 740),
    "09-dark": (gdp, 1280, 800),
    "10-care": (large, 1280, 900),
    "11-thread": (thread, 1280, 800),
    "12-library": (library, 1280, 800),
    "13-drawer": (drawer, 360, 740),
    "14-paper": (paper, 800, 1100),
}


def take(browser: Browser, address: str, directory: Path) -> None:
    """Put a picture of each situation into `directory`."""
    for name, (play, width, height) in SITUATIONS.items():
        with _page(browser, width, height, dark="dark" in name) as page:
            page.goto(address)
            ready(page)
            play(page)
            page.wait_for_timeout(500)
            page.screenshot(path=directory / f"{name}.png")


@contextmanager
def _page(browser: Browser, width: int, height: int, *, dark: bool) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        locale="zh-CN",
        device_scale_factor=2 if width < 500 else 1,
    )
    yield context.new_page()
    context.close()


def _answered(page: Page, question: str, *, following: bool = True) -> None:
    ask(page, question)
    answer_to(page, question)
    if following:
        page.locator("#offer .zw-next [data-ask]").first.wait_for()
    page.wait_for_timeout(300)


def main() -> None:
    directory = Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        given = os.environ.get("ZHENGWEN_HOME")
        with (
            closing(open_assistant(home=Path(given or home))) as assistant,
            closing(FeedbackBook.open(Path(home) / "feedback.db")) as book,
            served(assistant, book) as address,
            launched() as browser,
        ):
            take(browser, address, directory)


if __name__ == "__main__":
    main()
