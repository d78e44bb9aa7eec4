"""The page in a portal's frame: as small as a frame is, framed by that portal alone, and opened anew once a sign-in has expired."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.access.callers import Caller
from assistant.access.sessions import LIFE, Sessions
from tests.portal.portal_site import PortalSite, assisted, portal_site
from tests.portal.service import SECRET
from tests.web.walking import READY

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Frame, Page

    from assistant import Assistant

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")]
GDP = "松北区2025年GDP目标是多少"
SHOW = "(address) => (document.querySelector('iframe').src = address)"
OpenPage = Callable[..., "Page"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("portal")


@pytest.fixture(scope="module")
def site(assistant: Assistant, home: Path) -> Iterator[PortalSite]:
    from assistant.web.server.app import create_app

    with assisted(partial(create_app, assistant), home, origins=("http://first.example.cn",)) as made:
        yield made


@pytest.fixture
def open_page(browser: Browser, site: PortalSite) -> Iterator[OpenPage]:
    """Open the portal's page with a frame; options go into the frame's address."""
    context = browser.new_context(viewport={"width": 900, "height": 800}, locale="zh-CN", reduced_motion="reduce")

    def opened(path: str = "/frame") -> Page:
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.goto(site.address + path)
        return page

    yield opened
    context.close()


def framed(page: Page) -> Frame:
    """The assistant's page within, once it can be asked."""
    page.frame_locator("iframe").locator(READY).wait_for()
    return page.frames[-1]


def answered(frame: Frame) -> None:
    frame.locator("#question textarea, #question input").fill(GDP)
    frame.locator("#send").click()
    frame.locator("#reply .zw-value", has_text="5.5%").wait_for()


@pytest.mark.parametrize("width", [312, 360])
def test_in_a_small_frame_a_question_is_answered_and_its_citation_opens_with_the_figure_marked(
    open_page: OpenPage, width: int
) -> None:
    page = open_page(f"/frame?width={width}&height=600")
    frame = framed(page)
    top = page.locator("iframe").bounding_box()
    head, box = frame.locator("#top").bounding_box(), frame.locator("#asking").bounding_box()
    assert top is not None
    assert head is not None
    assert box is not None
    assert head["height"] <= 60
    assert box["height"] <= 100  # what lies between is the answer's
    assert box["y"] + box["height"] <= top["y"] + 600
    assert frame.locator("#side, [data-do=drawer], .zw-foot").locator("visible=true").count() == 0
    answered(frame)
    figure = frame.locator("#reply .zw-figure").first.bounding_box()
    assert figure is not None
    assert figure["y"] >= head["y"] + head["height"]
    assert figure["y"] + figure["height"] <= box["y"]  # seen without scrolling
    assert frame.evaluate("document.documentElement.scrollWidth") <= width
    sides = "nodes => nodes.map((node) => node.getBoundingClientRect()).flatMap(({ left, right }) => [left, right])"
    reach = frame.locator("button:visible, textarea:visible, input:visible").evaluate_all(sides)
    assert min(reach) >= 0
    assert max(reach) <= width
    frame.locator("#reply .zw-cite").first.click()
    frame.locator("#passages mark", has_text="5.5%").wait_for()
    assert page.evaluate("seen") == []  # nothing that the portal's strict policy forbids


@pytest.mark.slow
def test_the_portal_says_whether_its_frame_is_dark_and_in_english(open_page: OpenPage) -> None:
    frame = framed(open_page("/frame?theme=dark&lang=en"))
    assert frame.evaluate("document.body.classList.contains('dark')")
    assert frame.locator("#send").inner_text() == "Ask"
    frame = framed(open_page("/frame?theme=light&lang=zh"))
    assert not frame.evaluate("document.body.classList.contains('dark')")
    assert frame.locator("#send").inner_text() == "提问"


def test_the_browser_refuses_the_frame_of_a_site_that_is_not_listed(browser: Browser, site: PortalSite) -> None:
    with portal_site() as other:
        other.assistant = site.assistant
        page = browser.new_page()
        with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            page.goto(f"{other.address}/frame")
        assert not [frame for frame in page.frames if "/s/" in frame.url]
        page.close()


def test_a_portal_is_told_of_an_expired_token_and_its_user_can_try_again(open_page: OpenPage, site: PortalSite) -> None:
    site.stale, before = 2, site.minted
    page = open_page()
    told = page.frame_locator("iframe").get_by_role("alert")
    told.get_by_text("登录已过期。").wait_for()
    again = told.get_by_role("link", name="再试一次")
    assert (again.bounding_box() or {"height": 0})["height"] >= 44
    page.wait_for_function("renewed > 0")  # the portal was told and has put another token in, which has expired too
    told.get_by_text("登录已过期。").wait_for()
    page.wait_for_timeout(300)
    assert site.minted == before + 2
    page.evaluate("renewed = 0")
    again.click()  # loads the page anew, hence tells the portal anew, whose token is good now
    framed(page)
    assert site.minted == before + 3


def test_a_page_that_was_open_for_too_long_tells_its_portal_and_no_other(
    open_page: OpenPage, site: PortalSite, home: Path
) -> None:
    ticket = Sessions(home, {"oa": SECRET}).ticket(Caller(user="zhang", portal="oa"), time.time() - LIFE - 1)
    page = open_page()
    with page.expect_response(lambda reply: ticket in reply.url) as reply:
        page.evaluate(SHOW, f"{site.assistant}/s/{ticket}/?embed=1")
    assert reply.value.status == 401
    policy = reply.value.headers["content-security-policy"]
    assert policy.endswith(f"frame-ancestors 'self' http://first.example.cn {site.address}")
    framed(page)  # the portal has put a fresh token into the frame's address


@pytest.mark.slow
def test_a_page_that_is_open_when_its_sign_in_expires_is_opened_anew_too(
    open_page: OpenPage, site: PortalSite, home: Path
) -> None:
    ticket = Sessions(home, {"oa": SECRET}).ticket(Caller(user="zhang", portal="oa"), time.time() - LIFE + 12)
    page = open_page()
    framed(page)
    with page.expect_event("framenavigated"):
        page.evaluate(SHOW, f"{site.assistant}/s/{ticket}/?embed=1")
    assert ticket in framed(page).url
    with page.expect_response(lambda reply: f"{ticket}/?embed" in reply.url and reply.status == 401):
        pass  # the page looks every five seconds whether it may still ask
    page.frames[-1].wait_for_url(lambda url: ticket not in url)
    framed(page)
