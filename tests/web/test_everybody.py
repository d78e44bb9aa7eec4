"""The page for whoever comes: other language, large type, dark, keyboard alone, a screen reader, an input method."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.walking import GDP_QUESTION, answer_to, ask, earlier, reload

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")]

OpenPage = Callable[..., "Page"]
Snapshot = Callable[["Page", str], None]
Readable = Callable[["Page"], None]
NOT_OURS = {
    "landmark-one-main",  # Gradio's frame
}
# The words of the page itself: what is left when questions, answers and reports are taken away.
OWN_WORDS = """() => {
  const foreign = `.zw-question, .zw-answer > p:not([class]), .zw-answer ol, .zw-table td, .zw-table caption, .zw-table tbody th, .zw-value,
    #zw-live, .zw-checks b, .zw-of, .zw-paragraph, .zw-near p, .zw-where, .zw-found, [data-ask], .zw-still, .zw-taken, .zw-change summary, h3, .zw-place b,
    .zw-one, #zw-queue b, .zw-chip, .zw-panel-svg, .zw-panel-kinds, .zw-source-verdict, datalist, #zw-reader h2, .zw-outline-item, .zw-fact-said, [data-do=english], textarea, script, style, .zw-reader-text`;
  const about = ".zw-more, .zw-one, .zw-chart, .zw-fact, .zw-place button, .zw-kept input, .zw-chip, .zw-cell, .zw-outcome, .zw-panel-scroll, .zw-panel-kinds *"; // name what is foreign
  const chinese = (text) => /[\\u4e00-\\u9fff]/.test(text);
  const words = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const parent = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    if (!parent.checkVisibility()) continue;
    if (parent === node) {
      for (const name of ["aria-label", "title", "placeholder", "data-kind", "data-empty"])
        if (chinese(node.getAttribute(name)) && !node.matches(about)) words.push(`${name}: ${node.getAttribute(name)}`);
    } else if (chinese(node.data) && !parent.closest(foreign) && !parent.matches(".zw-checks li, .zw-searched li")) words.push(node.data);
  }
  return words;
}"""


def answered(page: Page, question: str = GDP_QUESTION) -> None:
    ask(page, question)
    answer_to(page, question)


def violations(page: Page) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in {"serious", "critical"} and one["id"] not in NOT_OURS
        for node in one["nodes"]
    ]


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


def test_the_interface_is_english_to_the_last_word_and_answers_stay_chinese(
    open_page: OpenPage, snapshot: Snapshot
) -> None:
    page = open_page()
    page.locator("[data-do=english]").click()
    page.locator("#send", has_text="Ask").wait_for()
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.evaluate(OWN_WORDS) == []
    page.locator("#question textarea").fill("长" * 600)
    page.locator("#zw-long", has_text="this one has 100 too many").wait_for()
    assert page.evaluate(OWN_WORDS) == []
    ask(page, "看不懂")
    page.locator("#note", has_text="could not be understood").wait_for()
    assert page.evaluate(OWN_WORDS) == []
    for question in ("香坊区2025年GDP目标是多少", "GDP目标是多少", "这个会出错", "那目标呢", GDP_QUESTION):
        answered(page, question)
        page.wait_for_timeout(200)  # what could be asked next has come too
        assert page.evaluate(OWN_WORDS) == []
    page.locator("#offer .zw-next").wait_for()
    page.locator("#offer .zw-change summary").first.click()
    assert page.evaluate(OWN_WORDS) == []
    page.keyboard.press("Escape")
    page.locator("#reply [data-do=edit]").click()
    assert page.evaluate(OWN_WORDS) == []
    ask(page, "这个很慢")
    page.locator("#reply .zw-busy").wait_for()
    for waiting in (GDP_QUESTION, "第三个"):
        page.locator("#question textarea").fill(waiting)
        page.keyboard.press("Enter")
    page.locator("#zw-queue", has_text="Only one can wait").wait_for()
    assert page.evaluate(OWN_WORDS) == []
    page.locator("#zw-queue button").click()
    page.locator("#stop").click()
    answer_to(page, "这个很慢")
    assert page.evaluate(OWN_WORDS) == []
    answered(page, "比较松北区2025年和2023年GDP目标")
    page.locator("#answer .zw-cite").first.click()
    page.locator("#passages .zw-near").first.wait_for()
    page.locator("#bad").click()
    page.locator("#complain").click()
    page.locator("#said", has_text="Please choose").wait_for()
    for fold in (".zw-searched", "#reply .zw-fold"):
        page.locator(f"{fold} summary:visible").first.click()
    assert page.evaluate(OWN_WORDS) == []
    assert "松北区2025年的目标比松北区2023年低" in page.locator("#answer").inner_text()
    snapshot(page, "english-1280-light")
    reload(page)
    page.locator("#send", has_text="Ask").wait_for()
    page.locator(".zw-more").first.click()
    page.locator(".zw-row-acts .zw-danger").click()
    assert page.evaluate(OWN_WORDS) == []
    page.get_by_role("button", name="Rename").click()
    assert page.evaluate(OWN_WORDS) == []
    page.locator(".zw-side .zw-find").fill("没有的")
    assert page.evaluate(OWN_WORDS) == []
    page.locator("[data-do=view-library]").first.click()
    page.locator(".zw-place").first.wait_for()
    page.locator(".zw-what").first.click()
    page.locator(".zw-place .zw-asks").wait_for()
    assert page.evaluate(OWN_WORDS) == []
    page.locator(".zw-place [data-do=read]", has_text="2025").first.click()
    page.locator("#zw-reader .zw-reader-text p").first.wait_for()
    page.locator("#zw-reader .zw-fact-bar button").click()
    assert page.evaluate(OWN_WORDS) == []
    page.keyboard.press("Escape")
    page.locator("[data-do=view-indicators]").click()
    assert page.evaluate(OWN_WORDS) == []
    page.locator("[data-do=view-chat]").click()
    answered(page)
    page.locator("[data-do=english]").click()
    page.locator("#send", has_text="提问").wait_for()
    assert earlier(page).last.locator(".zw-acts [data-do=copy]").inner_text() == "复制回答"
    assert earlier(page).last.locator(".zw-fold summary").first.inner_text().endswith("查看出处")
    assert page.locator(".zw-new").inner_text() == "＋ 新对话"
    assert page.evaluate("document.documentElement.lang") == "zh-CN"


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
