"""What a person does on the page, as the browser tests say it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

GDP_QUESTION = "松北区2025年GDP目标是多少"
READY = "html.zw-ready #reply :is(.zw-welcome, .zw-answer, .zw-notice)"
"""What stands on a page that is laid out with the conversation that it had, or with the beginning of a new one."""

SCREENS = [
    *((360, "dark"), (1280, "light")),
    *(pytest.param(*other, marks=pytest.mark.slow) for other in ((360, "light"), (1280, "dark"))),
]
"""Each width and each colour scheme once; what either does to the page has nothing to do with the other."""


def ask(page: Page, question: str) -> None:
    page.locator("#question textarea").fill(question)
    page.locator("#send").click()


def answer_to(page: Page, question: str) -> Locator:
    """Wait until the reply to the question that begins with `question` is complete."""
    page.locator("#asked .zw-question", has_text=re.compile(rf"^\s*问：\s*{re.escape(question)}")).wait_for()
    page.locator("#reply .zw-busy").wait_for(state="detached")
    page.locator("#send").wait_for()
    return page.locator("#answer")


def answered(page: Page, question: str = GDP_QUESTION) -> None:
    """Ask, and wait for the reply."""
    ask(page, question)
    answer_to(page, question)


def reload(page: Page) -> None:
    page.reload()
    ready(page)


def ready(page: Page) -> None:
    """Wait until the page is laid out with the conversation that it had."""
    page.locator(READY).wait_for()


def pick(page: Page, selector: str, text: str = "") -> None:
    """Click a question that is offered."""
    page.locator(f"{selector} [data-ask]", has_text=text).first.click()


def earlier(page: Page, question: str = "") -> Locator:
    """The exchanges before the newest one, or the one whose question begins with `question`."""
    asked = page.locator(".zw-question", has_text=re.compile(rf"^\s*问：\s*{re.escape(question)}"))
    return page.locator(".zw-exchange").filter(has=asked)


def thread(page: Page) -> list[str]:
    """The questions that are to be seen, from top to bottom."""
    shown = page.locator("#main .zw-question:visible").all_text_contents()
    return [question.removeprefix("问：").strip() for question in shown]


def titles(page: Page) -> list[str]:
    """The conversations in the sidebar, from top to bottom."""
    return page.locator(".zw-kept .zw-one").all_inner_texts()


def act_on(page: Page, title: str, *acts: str) -> None:
    """Choose what is to be done with a conversation in the sidebar."""
    page.get_by_role("button", name=f"更多：{title}", exact=True).click()
    for act in acts:
        page.locator(".zw-row-acts").get_by_role("button", name=act, exact=True).click()
