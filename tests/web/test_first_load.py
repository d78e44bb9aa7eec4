"""The first visit, with nothing in the browser's cache: what it fetches stays little."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.timing import first_load

if TYPE_CHECKING:
    from playwright.sync_api import Browser

REQUESTS, BYTES = 72, 340 << 10
"""What it takes now, and a little room for the page's own scripts to grow."""


@pytest.mark.browser
@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
def test_the_first_visit_is_light(browser: Browser, address: str) -> None:
    _, requests, weight = first_load(browser, address)
    assert requests <= REQUESTS
    assert weight <= BYTES
