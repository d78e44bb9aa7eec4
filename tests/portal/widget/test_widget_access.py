"""The bubble for everybody: by keyboard and by screen reader, on a phone, in English, in a portal's own colours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.portal.widget.bubble import GDP, OpenPage, answered, focused

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_it_is_walked_by_keyboard_alone_and_keeps_keys_from_the_portal(open_page: OpenPage) -> None:
    page = open_page()
    for _ in range(3):
        page.keyboard.press("Tab")
    assert focused(page) == "问报告"
    page.keyboard.press("Enter")
    assert page.get_by_role("dialog", name="政府工作报告问答").is_visible()
    page.keyboard.type("s" + GDP)
    page.keyboard.press("Home")
    page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    page.locator(".headline").wait_for()
    page.locator(".heard", has_text="回答：松北区2025年地区生产总值预期目标：增长5.5%").wait_for()
    page.locator(".cite").focus()
    page.keyboard.press("Space")
    assert focused(page) == "← 回到回答"
    page.keyboard.press("Escape")
    assert focused(page) == "〔1〕"
    page.keyboard.press("Escape")
    assert page.locator(".panel").is_hidden()
    assert focused(page) == "问报告"
    page.keyboard.press("Space")
    assert page.locator(".panel").is_visible()
    assert page.evaluate("document.body.className") == ""  # the portal has a shortcut on "s"
    heights = page.locator(".panel button:visible:not(.cite), textarea").evaluate_all(
        "nodes => nodes.map((node) => node.getBoundingClientRect().height)"
    )
    assert min(heights) >= 44


def test_enter_that_chooses_a_word_of_an_input_method_asks_nothing(open_page: OpenPage) -> None:
    page = open_page()
    page.locator(".bubble").click()
    page.locator("textarea").fill("songbei")
    client = page.context.new_cdp_session(page)
    client.send("Input.imeSetComposition", {"text": "松北", "selectionStart": 2, "selectionEnd": 2})
    page.locator("textarea").dispatch_event(
        "keydown", {"key": "Enter", "keyCode": 229, "isComposing": True, "bubbles": True}
    )
    assert page.locator("section").count() == 0
    assert page.locator("textarea").input_value() == "songbei松北"


def test_on_a_phone_it_covers_the_page_and_tab_goes_round_within_it(open_page: OpenPage) -> None:
    page = open_page(width=360)
    page.locator(".bubble").click()
    dialog = page.locator(".panel")
    assert dialog.evaluate("node => node.matches(':modal')")
    assert dialog.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 760}
    page.locator(".chip").first.wait_for()
    seen = []
    for _ in range(20):
        page.keyboard.press("Tab")
        seen.append(focused(page))
        assert page.evaluate("document.activeElement.localName") in {
            "zhengwen-widget",
            "body",
        }  # body: the browser's own bar
    assert seen.count("关闭") > 1


def test_it_speaks_english_where_the_tag_says_so(open_page: OpenPage) -> None:
    page = open_page(lang="en")
    assert page.locator(".bubble").inner_text() == "Ask the reports"
    told = answered(page)
    told.locator(".cite").click()
    assert page.locator(".panel").get_attribute("lang") == "en"
    assert _own_words_in_chinese(page) == []
    page.locator(".words").get_by_text("Show context").click()
    page.locator(".near").first.wait_for()
    assert _own_words_in_chinese(page) == []
    page.locator(".bar button").click()
    told.get_by_role("button", name="Something is wrong").click()
    for question in ("比较松北区2025年和2023年GDP目标", "香坊区2025年GDP目标是多少", "GDP目标是多少"):
        answered(page, question)
    assert page.locator(".label").last.inner_text().startswith("Written automatically")
    assert (
        page.locator("summary").first.inner_text()
        == "Figures checked against the reports: 2, computed from cited ones: 1; show each"
    )
    assert _own_words_in_chinese(page) == []


def _own_words_in_chinese(page: Page) -> list[str]:
    """Texts of the panel in Chinese characters that are not marked as Chinese."""
    found: list[str] = page.locator(".panel").evaluate(
        """panel => {
          const walk = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT), words = [];
          while (walk.nextNode()) {
            const around = walk.currentNode.parentElement;
            if (around.closest('[lang]').lang === 'en' && !around.matches('.heard')) words.push(walk.currentNode.data);
          }
          return words;
        }"""
    )
    assert found
    return [words for words in found if re.search(r"[\u4e00-\u9fff]", words)]


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_axe_finds_nothing_serious_in_it(open_page: OpenPage, scheme: str) -> None:
    page = open_page(scheme=scheme)
    assert _violations(page) == []
    answered(page, "比较松北区2025年和2023年GDP目标")
    page.locator("summary").click()
    answered(page, "香坊区2025年GDP目标是多少")
    assert _violations(page) == []
    page.locator(".cite").first.click()
    page.locator(".words").get_by_text("看上下文").first.click()
    page.locator(".near").first.wait_for()
    assert _violations(page) == []


def _violations(page: Page) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context={"include": [["zhengwen-widget"]]}).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]


def test_a_portal_opens_it_from_a_button_of_its_own_and_sets_its_colour_and_theme(open_page: OpenPage) -> None:
    page = open_page(theme="dark")
    colour = (
        "getComputedStyle(document.querySelector('zhengwen-widget').shadowRoot.querySelector('{}')).backgroundColor"
    )
    page.evaluate("document.querySelector('zhengwen-widget').open()")
    assert page.evaluate(colour.format(".panel")) == "rgb(27, 33, 42)"
    page.evaluate("document.querySelector('zhengwen-widget').dataset.theme = 'light'")
    assert page.evaluate(colour.format(".panel")) == "rgb(255, 255, 255)"
    page.evaluate("document.documentElement.style.setProperty('--zhengwen-accent', 'rgb(120, 20, 20)')")
    assert page.evaluate(colour.format(".head")) == "rgb(120, 20, 20)"
