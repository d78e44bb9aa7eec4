"""Hostile texts in the bubble on a portal's page: what is asked, what is answered, what is cited, what the browser keeps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from assistant.settings import Portal, Settings
from tests.browser import launched
from tests.portal import portal_site
from tests.portal.hostile_site import Parrot, Walls, Watched, canary, watched
from tests.portal.payloads import PAYLOADS, quick
from tests.portal.portal_site import PortalSite
from tests.portal.service import SECRET, running
from tests.portal.test_script_injection import check, joined

if TYPE_CHECKING:
    from playwright.sync_api import Locator

pytestmark = pytest.mark.browser

QUICK = quick()
ALL = tuple(range(len(PAYLOADS)))
SHOWN = "section, .words, .chips"


@pytest.fixture(scope="module")
def parrot() -> Parrot:
    return Parrot()


@pytest.fixture(scope="module")
def site(parrot: Parrot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalSite]:
    from assistant.web.server.service import create_service

    with portal_site.portal_site() as made:
        portal = Portal(origins=(made.address,), secret=SECRET, asks_per_minute=100_000)  # type: ignore[arg-type]  # pydantic wraps it
        home = tmp_path_factory.mktemp("portal")
        settings = Settings(home=home, port=0, portal={"oa": portal}, sign_in=True, asks_per_minute=100_000)
        walls = Walls(create_service(parrot, settings, None))
        walls.has_csp = False
        with running(walls, settings) as address:  # type: ignore[arg-type]  # stands before a Front
            made.assistant = address
            yield made


def asked(seen: Watched, question: str) -> Locator:
    seen.page.locator("textarea").fill(question)
    seen.page.keyboard.press("Enter")
    told = seen.page.locator("section").last
    told.locator(".label, .trouble").first.wait_for()
    return told


@pytest.mark.parametrize(
    "numbers", [pytest.param(QUICK, id="some"), pytest.param(ALL, id="all", marks=pytest.mark.slow)]
)
@pytest.mark.parametrize(
    "policy", ["", pytest.param(portal_site.POLICY, marks=pytest.mark.slow)], ids=["none", "strict"]
)
def test_the_bubble_runs_nothing(
    numbers: tuple[int, ...], policy: str, parrot: Parrot, site: PortalSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portal_site, "POLICY", policy)
    with (
        canary() as trap,
        launched() as browser,
        watched(browser, trap, f"{site.address}/", f"{site.assistant}/") as seen,
    ):
        hostile = [PAYLOADS[number].text(number, trap.address).encode("utf-8", "ignore").decode() for number in numbers]
        parrot.texts = tuple(hostile)
        kept = json.dumps({"open": True, "asked": joined(hostile, 450)[:20]})
        seen.page.goto(f"{site.address}/icon.svg")
        seen.page.evaluate("(kept) => localStorage.setItem('zhengwen / oa', kept)", kept)
        seen.page.goto(f"{site.address}/widget")
        seen.page.locator("zhengwen-widget .chip").first.wait_for()
        check(seen, SHOWN)
        rows = joined(hostile)
        for question in rows if numbers is ALL else rows[:2]:
            told = asked(seen, question)
            check(seen, SHOWN)
            assert told.locator(".cite").count(), told.inner_text()
            told.locator(".cite").first.click()
            near = seen.page.locator(".words button").first
            near.click()
            seen.page.locator(".words .near").first.wait_for()
            check(seen, SHOWN)
            seen.page.keyboard.press("Escape")
        asked(seen, f"错{rows[0]}"[:500])
        check(seen, SHOWN)
