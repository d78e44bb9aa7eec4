"""The bubble in a portal's page, and asking in it as a person does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.corpus.feedback import FeedbackBook
from tests.portal.portal_site import PortalSite, assisted

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

GDP = "松北区2025年GDP目标是多少"
OpenPage = Callable[..., "Page"]


@contextmanager
def in_a_portal(assistant: Any, home: Path, **changes: Any) -> Iterator[PortalSite]:
    """Serve a portal, and the service of an assistant that it has its bubble from, with a book of feedback in `home`."""
    from assistant.web.server.service import create_service

    with (
        FeedbackBook.open(home / "library.db") as book,
        assisted(lambda settings: create_service(assistant, settings, None, book=book), home, **changes) as site,
    ):
        yield site


def ask(page: Page, question: str) -> Locator:
    """Ask in the open or closed bubble, and give what stands below the question."""
    if page.locator(".bubble").is_visible():
        page.locator(".bubble").click()
    page.locator(".send:not(.stop)").wait_for()
    page.locator("textarea").fill(question)
    page.keyboard.press("Enter")
    return page.locator("section", has_text=question).last


def answered(page: Page, question: str = GDP) -> Locator:
    told = ask(page, question)
    told.locator(".label").wait_for()
    return told


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.shadowRoot?.activeElement?.textContent ?? ''"))
