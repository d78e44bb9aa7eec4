"""What a person does on the page, as the browser tests say it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

GDP_QUESTION = "松北区2025年GDP目标是多少"


def ask(page: Page, question: str) -> None:
    page.locator("#question textarea").fill(question)
    page.locator("#send").click()


def answer_to(page: Page, question: str) -> Locator:
    """Wait until the reply to the question that begins with `question` is complete."""
    page.locator("#answer .zw-question", has_text=re.compile(rf"^\s*问\s*{re.escape(question)}")).wait_for()
    page.locator("#answer .zw-busy").wait_for(state="detached")
    page.locator("#send").wait_for()
    return page.locator("#answer")


def reload(page: Page) -> None:
    page.reload()
    ready(page)


def ready(page: Page) -> None:
    """Wait until the page is laid out with the conversation that it had."""
    page.locator("html.zw-ready #covered summary").wait_for()


def pick(page: Page, selector: str, text: str = "") -> None:
    """Click a question that is offered."""
    page.locator(f"{selector} [data-ask]", has_text=text).first.click()
