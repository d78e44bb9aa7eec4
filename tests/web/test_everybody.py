"""The page for whoever comes: large type, dark, keyboard alone, a screen reader, an input method."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.inspecting import violations
from tests.web.walking import GDP_QUESTION, answer_to, answered, ask, reload

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")]

OpenPage = Callable[..., "Page"]
Snapshot = Callable[["Page", str], None]
Readable = Callable[["Page"], None]


@pytest.mark.parametrize(
    "look",
    [
        "light",
        pytest.param("dark", marks=pytest.mark.slow),
        pytest.param("care", marks=pytest.mark.slow),
        pytest.param("care dark", marks=pytest.mark.slow),
    ],
)
def test_axe_finds_nothing_serious_in_any_state(open_page: OpenPage, look: str) -> None:
    page = open_page(scheme="dark" if "dark" in look else "light")
    if "care" in look:
        page.locator("[data-do=care]").click()
    assert violations(page) == []
    answered(page, "比较松北区2025年和2023年GDP目标")
    page.locator("#offer .zw-next [data-ask]").first.wait_for()
    page.locator("#reply .zw-fold summary").click()
    page.locator("#offer .zw-change summary").first.click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.locator("#answer .zw-cite").first.click()
    page.locator("#passages .zw-near").first.wait_for()
    page.locator("#passages .zw-searched summary").click()
    assert violations(page) == []
    page.locator("#passages [data-do=read]").first.click()
    page.locator("#zw-reader .zw-target").wait_for()
    assert violations(page) == []
    page.keyboard.press("Escape")
    if "care" in look:  # the passages came up from below
        page.keyboard.press("Escape")
        page.locator("#evidence").wait_for(state="hidden")
    answered(page, "香坊区2025年GDP目标是多少")
    page.locator("#bad").click()
    if "care" in look:
        page.set_viewport_size({"width": 360, "height": 740})
        page.locator("[data-do=drawer]").click()
    page.locator(".zw-more").first.click()
    assert violations(page) == []
    page.locator("[data-do=view-library]:visible").first.click()
    page.locator(".zw-place").first.wait_for()
    page.locator(".zw-what").first.click()
    page.locator(".zw-place .zw-asks").wait_for()
    assert violations(page) == []


def test_the_large_version_is_large_everywhere_in_one_column_and_stays(
    open_page: OpenPage, snapshot: Snapshot, assert_readable: Readable
) -> None:
    page = open_page()
    page.locator("[data-do=care]").click()
    answered(page)
    page.locator("#answer .zw-cite").first.click()
    page.locator("#passages .zw-near").first.wait_for()
    snapshot(page, "care-1280-light")
    assert_readable(page)
    sizes = page.evaluate(
        "() => [...document.querySelectorAll('#room :not(#question span)')]"
        ".filter(n => n.checkVisibility() && [...n.childNodes].some(c => c.nodeType === 3 && c.data.trim()))"
        ".map(n => [parseFloat(getComputedStyle(n).fontSize), n.textContent.slice(0, 20)]).filter(([size]) => size < 20)"
    )
    assert sizes == []
    inks = "['.zw-value', '.zw-paragraph'].map((one) => getComputedStyle(document.querySelector(one)).color)"
    assert page.evaluate(inks) == ["rgb(0, 0, 0)"] * 2
    assert page.locator("#evidence").get_attribute("role") == "dialog"  # the passages come up from below
    page.keyboard.press("Escape")
    page.locator("#evidence").wait_for(state="hidden")
    reload(page)
    assert page.evaluate("document.documentElement.classList.contains('zw-care')")
    assert page.locator("[data-do=care]").get_attribute("aria-pressed") == "true"
    page.locator("[data-do=care]").click()
    assert not page.evaluate("document.documentElement.classList.contains('zw-care')")


def test_dark_follows_the_system_until_one_chooses(open_page: OpenPage) -> None:
    page = open_page(scheme="dark")
    dark = "document.body.classList.contains('dark')"
    assert page.evaluate(dark)
    page.locator("[data-do=dark]").click()
    assert not page.evaluate(dark)
    reload(page)
    assert not page.evaluate(dark)
    page = open_page(scheme="light")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"() => {dark}")
    page.emulate_media(color_scheme="light")
    page.wait_for_function(f"() => !{dark}")


def test_everything_is_done_with_the_keyboard_alone(open_page: OpenPage, seed_assistant: Any) -> None:
    page = open_page()
    reload(page)
    page.locator("body").evaluate("body => { body.tabIndex = -1; body.focus(); body.removeAttribute('tabindex') }")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到提问框"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    box = page.locator("#question textarea")
    assert box.evaluate("node => node === document.activeElement")
    page.keyboard.type(GDP_QUESTION)
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("请说")
    assert box.input_value() == f"{GDP_QUESTION}\n请说"
    page.keyboard.press("Enter")
    answer_to(page, GDP_QUESTION)
    assert seed_assistant.heard[-1][0] == f"{GDP_QUESTION}\n请说"
    page.locator("#answer .zw-cite").first.focus()
    focused = "document.activeElement.getAttribute('href')"
    first = page.evaluate(focused)
    page.keyboard.press("ArrowRight")
    assert page.evaluate(focused) != first
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(focused) == first
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert float(outline.removesuffix("px")) >= 2
    page.keyboard.press("Enter")
    page.locator("#passages .zw-open .zw-near").first.wait_for()
    page.keyboard.press("Escape")
    assert page.evaluate(focused) == first
    page.keyboard.press("/")
    assert box.evaluate("node => node === document.activeElement")
    assert box.input_value() == ""
    page.keyboard.type("1/2")
    assert box.input_value() == "1/2"


def test_enter_that_chooses_a_word_of_the_input_method_does_not_ask(open_page: OpenPage, seed_assistant: Any) -> None:
    page = open_page()
    before = len(seed_assistant.heard)
    box = page.locator("#question textarea")
    box.focus()
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "songbei", "selectionStart": 7, "selectionEnd": 7})
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229, "nativeVirtualKeyCode": 229}
    session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    session.send("Input.insertText", {"text": "松北区2025年GDP目标"})
    # Some browsers hand the Enter on right after the word is in the box.
    box.evaluate(
        "node => { node.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }));"
        " for (const kind of ['keydown', 'keypress'])"
        " node.dispatchEvent(new KeyboardEvent(kind, { key: 'Enter', keyCode: 13, bubbles: true, cancelable: true })); }"
    )
    page.wait_for_timeout(400)
    assert len(seed_assistant.heard) == before
    assert box.input_value() == "松北区2025年GDP目标"
    page.keyboard.press("Enter")
    answer_to(page, "松北区2025年GDP目标")
    assert len(seed_assistant.heard) == before + 1


def test_a_screen_reader_hears_each_answer_once_when_it_is_complete(open_page: OpenPage, seed_assistant: Any) -> None:
    page = open_page()
    page.evaluate(
        "() => { window.heard = []; new MutationObserver(() => { const said = document.querySelector('#zw-live').textContent;"
        " if (said) heard.push(said) }).observe(document.querySelector('#zw-live'), { childList: true }) }"
    )
    ask(page, "松北区GDP目标，用模型说")
    page.locator("#answer .zw-waiting", has_text="正在组织语言").wait_for()
    seed_assistant.pace.release(2)
    page.locator("#answer .zw-busy .zw-cite").first.wait_for()
    assert page.evaluate("heard") == []
    seed_assistant.pace.release(2)
    answer_to(page, "松北区GDP目标")
    page.wait_for_function("() => heard.length > 0")
    page.wait_for_timeout(300)
    (said,) = page.evaluate("heard")
    assert said.startswith("回答：松北区2025年的地区生产总值预期目标是增长5.5%")
    reload(page)
    page.wait_for_timeout(300)
    assert page.locator("#zw-live").inner_text() == ""


def test_marks_buttons_and_regions_have_names(open_page: OpenPage) -> None:
    page = open_page()
    answered(page)
    assert page.get_by_role("link", name="看第1条引用的原文").count() == 1
    assert page.get_by_role("region", name="引用的原文").count() == 1
    assert page.get_by_role("article", name="第1条引用的原文").count() == 1
    assert page.get_by_role("navigation", name="页面").count() == 1
    unnamed = page.evaluate(
        "() => [...document.querySelectorAll('button, a, summary, textarea, input')].filter(n => n.checkVisibility() &&"
        " !(n.textContent.trim() || n.getAttribute('aria-label') || n.labels?.length)).map(n => n.outerHTML)"
    )
    assert unnamed == []
    page.locator("#passages [data-do=read]").first.click()
    page.get_by_role("dialog", name=re.compile("政府工作报告")).wait_for()


def test_who_wants_less_motion_gets_none(open_page: OpenPage) -> None:
    page = open_page(width=360)
    page.emulate_media(reduced_motion="reduce")
    ask(page, "这个很慢")
    waiting = page.locator("#answer .zw-busy")
    waiting.wait_for()
    moving = page.evaluate("document.getAnimations().filter(a => a.animationName?.startsWith('zw-')).length")
    assert moving == 0
    page.locator("#stop").click()
    answer_to(page, "这个很慢")


def test_a_number_and_its_unit_stay_on_one_line(open_page: OpenPage) -> None:
    page = open_page(width=360)
    answered(page)
    broken = page.evaluate(
        "() => [...document.querySelectorAll('.zw-nb, .zw-figure, mark')].filter(n => n.getClientRects().length > 1)"
        ".map(n => n.textContent)"
    )
    assert broken == []
    assert page.locator("#passages .zw-nb, #answer .zw-nb").count() > 3
