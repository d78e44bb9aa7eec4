"""A portal with the bubble in its page, and a browser that has seen nothing before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.portal.portal_site import PortalSite
from tests.portal.widget.bubble import OpenPage, in_a_portal
from tests.web.seed_assistant import SeedAssistant

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from assistant import Assistant


@pytest.fixture(scope="module")
def site(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalSite]:
    with in_a_portal(assistant, tmp_path_factory.mktemp("portal")) as made:
        yield made


@pytest.fixture(scope="module")
def seed_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalSite]:
    """The same with an assistant that is slow and has a model where a question says so."""
    with in_a_portal(SeedAssistant(), tmp_path_factory.mktemp("portal")) as made:
        yield made


@pytest.fixture
def open_page(browser: Browser, site: PortalSite) -> Iterator[OpenPage]:
    """Open the portal's page in a browser that has seen nothing before; options go into the script tag."""
    contexts = []
    site.stale = 0

    def opened(
        at: PortalSite = site, *, width: int = 1280, scheme: Any = "light", init: str = "", **options: Any
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 760}, color_scheme=scheme, locale="zh-CN", reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.add_init_script(init)
        page.goto(f"{at.address}/widget?{'&'.join(f'{name}={value}' for name, value in options.items())}")
        page.locator("zhengwen-widget .all").wait_for(state="attached")
        return page

    yield opened
    for context in contexts:
        context.close()
