"""Takes pictures of the bubble and of the frame in a portal's page: `.venv/bin/python -m tests.portal.pictures DIR`.

The whole assistant answers from the five seed reports; `ZHENGWEN_HOME` may name a home that holds them already.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from assistant import open_assistant
from assistant.web.server.app import create_app
from tests.browser import launched
from tests.portal.portal_site import PortalSite, assisted
from tests.web.walking import READY

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

GDP = "松北区2025年GDP目标是多少"
Play = Callable[["Page", PortalSite], None]


def closed(page: Page, site: PortalSite) -> None:
    page.locator(".bubble").wait_for()


def opened(page: Page, site: PortalSite) -> None:
    page.locator(".bubble").click()
    page.locator(".chip").first.wait_for()


def asked(question: str) -> Play:
    def play(page: Page, site: PortalSite) -> None:
        opened(page, site)
        page.locator("textarea").fill(question)
        page.keyboard.press("Enter")
        page.locator(".label").wait_for()

    return play


def cited(page: Page, site: PortalSite) -> None:
    asked(GDP)(page, site)
    page.locator(".cite").first.click()


def near(page: Page, site: PortalSite) -> None:
    cited(page, site)
    page.locator(".words").get_by_text("看上下文").first.click()
    page.locator(".near").first.wait_for()


def judged(page: Page, site: PortalSite) -> None:
    asked(GDP)(page, site)
    page.get_by_role("button", name="有问题").click()
    page.locator("form [type=submit]").scroll_into_view_if_needed()


def unissued(page: Page, site: PortalSite) -> None:
    page.route("**/token", lambda route: route.fulfill(status=404))
    page.locator(".bubble").click()
    page.locator("textarea").fill(GDP)
    page.keyboard.press("Enter")
    page.locator(".trouble").wait_for()


def expired(page: Page, site: PortalSite) -> None:
    site.stale = 9
    page.locator(".bubble").click()
    page.locator("textarea").fill(GDP)
    page.keyboard.press("Enter")
    page.locator(".trouble").wait_for()
    site.stale = 0


def framed(page: Page, site: PortalSite) -> None:
    page.frame_locator("iframe").locator(READY).wait_for()


def framed_answer(page: Page, site: PortalSite) -> None:
    framed(page, site)
    frame = page.frame_locator("iframe")
    frame.locator("#question textarea").fill(GDP)
    frame.locator("#send").click()
    frame.locator("#offer .zw-next [data-ask]").first.wait_for()


def framed_passage(page: Page, site: PortalSite) -> None:
    framed_answer(page, site)
    page.frame_locator("iframe").locator("#reply .zw-cite").first.click()
    page.frame_locator("iframe").locator("#passages .zw-near").first.wait_for()


def refused(page: Page, site: PortalSite) -> None:
    site.stale = 9
    page.reload()
    page.frame_locator("iframe").get_by_role("alert").wait_for()
    site.stale = 0


SITUATIONS: dict[str, tuple[str, Play]] = {
    "widget-closed": ("/widget", closed),
    "widget-open": ("/widget", opened),
    "widget-answer": ("/widget", asked(GDP)),
    "widget-citation": ("/widget", cited),
    "widget-context": ("/widget", near),
    "widget-comparison": ("/widget", asked("比较松北区2025年和2023年GDP目标")),
    "widget-list": ("/widget", asked("松北区2025年怎么优化营商环境")),
    "widget-not-covered": ("/widget", asked("香坊区2025年GDP目标是多少")),
    "widget-clarify": ("/widget", asked("GDP目标是多少")),
    "widget-english": ("/widget?lang=en&position=left", asked(GDP)),
    "widget-complaint": ("/widget", judged),
    "widget-expired": ("/widget", expired),
    "widget-no-token": ("/widget", unissued),
    "frame": ("/frame?width={width}&height=600", framed),
    "frame-answer": ("/frame?width={width}&height=600", framed_answer),
    "frame-passage": ("/frame?width={width}&height=600", framed_passage),
    "frame-expired": ("/frame?width={width}&height=600", refused),
}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def take(browser: Browser, site: PortalSite, directory: Path) -> None:
    """Put a picture of each situation into `directory`, on a phone and on a desk, light and dark."""
    for name, (path, play) in SITUATIONS.items():
        for width, height in ((312, 740), (360, 740), (400, 740), (1280, 800)):
            for scheme in SCHEMES:
                size = {"width": width, "height": height}
                context = browser.new_context(viewport=size, color_scheme=scheme, locale="zh-CN")  # type: ignore[arg-type]
                page = context.new_page()
                page.goto(site.address + path.format(width=min(width - 12, 420)))
                play(page, site)
                page.wait_for_timeout(400)
                page.screenshot(path=directory / f"{name}-{width}-{scheme}.png", full_page="frame" in name)
                context.close()


def main() -> None:
    directory = Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    given = os.environ.pop("ZHENGWEN_HOME", None)
    with tempfile.TemporaryDirectory() as made:
        home = Path(given or made)
        with (
            closing(open_assistant(home=home)) as assistant,
            assisted(partial(create_app, assistant), home) as site,
            launched() as browser,
        ):
            take(browser, site, directory)


if __name__ == "__main__":
    main()
