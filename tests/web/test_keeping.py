"""The conversations of a browser: kept, listed, renamed, deleted, exported; each tab in its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.walking import GDP_QUESTION, act_on, answer_to, ask, pick, ready, reload, thread, titles

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")]

OpenPage = Callable[..., "Page"]
OTHER = "香坊区2025年GDP目标是多少"


def asked(page: Page, *questions: str) -> None:
    for question in questions:
        ask(page, question)
        answer_to(page, question)


def anew(page: Page) -> None:
    page.locator(".zw-new").click()
    page.locator("#answer .zw-welcome").wait_for()


def open_one(page: Page, title: str) -> None:
    page.locator(".zw-kept .zw-one", has_text=title).click()


def test_conversations_are_listed_newest_first_and_come_back_with_citations_and_history(
    open_page: OpenPage, seed_assistant: Any
) -> None:
    page = open_page()
    asked(page, GDP_QUESTION)
    anew(page)
    assert page.locator("#passages article, .zw-exchange").count() == 0
    assert page.locator(".zw-kept [aria-current]").count() == 0
    assert not page.locator("#rating").is_visible()
    page.locator("#examples button").first.wait_for()
    asked(page, OTHER)
    assert seed_assistant.heard[-1] == (OTHER, ())
    assert titles(page) == [OTHER, GDP_QUESTION]
    assert page.locator(".zw-kept [aria-current]").inner_text() == OTHER
    assert page.locator(".zw-kept .zw-when").all_inner_texts() == ["今天"]
    open_one(page, GDP_QUESTION)
    answer_to(page, GDP_QUESTION)
    page.locator("#answer .zw-cite", has_text="〔2〕").click()
    assert page.locator("#passages article.zw-open mark").inner_text() == "620亿元"
    page.locator("#offer .zw-next [data-ask]").first.wait_for()
    asked(page, "那目标呢")
    assert seed_assistant.heard[-1] == ("那目标呢", (GDP_QUESTION,))
    assert thread(page) == [GDP_QUESTION, "那目标呢"]
    assert titles(page) == [GDP_QUESTION, OTHER]


def test_conversations_are_found_by_their_title(open_page: OpenPage) -> None:
    page = open_page()
    asked(page, GDP_QUESTION)
    anew(page)
    asked(page, OTHER)
    sought = page.locator(".zw-side .zw-find")
    sought.fill("香坊")
    assert titles(page) == [OTHER]
    assert page.locator(".zw-kept", has_text="全部删除").count() == 0  # what is not seen is not deleted
    sought.fill("南岗")
    page.locator(".zw-kept", has_text="没有找到这样的对话").wait_for()
    sought.fill("")
    assert titles(page) == [OTHER, GDP_QUESTION]


def test_of_two_conversations_opened_at_once_the_last_is_shown(open_page: OpenPage, seed_assistant: Any) -> None:
    page = open_page()
    asked(page, GDP_QUESTION, "GDP目标是多少")
    anew(page)
    asked(page, OTHER)
    anew(page)
    page.evaluate(
        """titles => { for (const title of titles)
          [...document.querySelectorAll('.zw-kept .zw-one')].find((one) => one.textContent === title).click(); }""",
        [GDP_QUESTION, OTHER],
    )
    answer_to(page, OTHER)
    page.wait_for_timeout(500)
    assert thread(page) == [OTHER]
    assert page.locator(".zw-kept [aria-current]").inner_text() == OTHER
    asked(page, "那目标呢")
    assert seed_assistant.heard[-1] == ("那目标呢", (OTHER,))
    assert titles(page) == [OTHER, GDP_QUESTION]


def test_a_conversation_is_renamed_and_deleted_after_a_second_click(open_page: OpenPage) -> None:
    page = open_page()
    asked(page, GDP_QUESTION)
    anew(page)
    asked(page, OTHER)
    act_on(page, GDP_QUESTION, "改名")
    page.get_by_label("新的名字").fill("不要了")
    page.keyboard.press("Escape")
    assert titles(page) == [OTHER, GDP_QUESTION]
    act_on(page, GDP_QUESTION, "改名")
    page.get_by_label("新的名字").fill("<b>备忘</b>")
    page.keyboard.press("Enter")
    assert titles(page) == [OTHER, "<b>备忘</b>"]
    act_on(page, OTHER, "删除")
    assert titles(page) == [OTHER, "<b>备忘</b>"]
    page.locator(".zw-row-acts").get_by_role("button", name="确认删除").click()
    assert titles(page) == ["<b>备忘</b>"]
    page.locator("#answer .zw-welcome").wait_for()  # the one that was open is gone
    reload(page)
    page.locator("#answer .zw-welcome").wait_for()
    assert titles(page) == ["<b>备忘</b>"]
    open_one(page, "备忘")
    answer_to(page, GDP_QUESTION)


def test_all_conversations_are_deleted_and_nothing_of_them_stays_in_the_browser(open_page: OpenPage) -> None:
    page = open_page()
    asked(page, GDP_QUESTION)
    anew(page)
    asked(page, OTHER)
    everything = page.locator(".zw-kept > li > .zw-danger")
    everything.click()
    assert titles(page) == [OTHER, GDP_QUESTION]
    everything.filter(has_text="确认全部删除").click()
    page.locator(".zw-kept", has_text="提过的问题会列在这里，只保存在这个浏览器里").wait_for()
    page.locator("#answer .zw-welcome").wait_for()
    assert "松北" not in page.evaluate("JSON.stringify(localStorage)")


@pytest.mark.slow
def test_each_tab_is_in_a_conversation_of_its_own_and_the_list_has_both(open_page: OpenPage) -> None:
    one = open_page()
    asked(one, GDP_QUESTION)
    two = one.context.new_page()
    two.goto(one.url)
    ready(two)
    two.locator("#answer .zw-welcome").wait_for()
    asked(two, OTHER)
    asked(one, "GDP目标是多少")
    assert thread(one) == [GDP_QUESTION, "GDP目标是多少"]
    assert titles(two) == [GDP_QUESTION, OTHER]  # without a reload
    reload(two)
    answer_to(two, OTHER)
    assert titles(two) == [GDP_QUESTION, OTHER]


def test_an_answer_that_comes_after_one_has_left_for_another_conversation_spoils_neither(open_page: OpenPage) -> None:
    page = open_page()
    asked(page, GDP_QUESTION)
    anew(page)
    ask(page, "这个很慢")
    page.locator("#answer .zw-busy").wait_for()
    open_one(page, GDP_QUESTION)
    answer_to(page, GDP_QUESTION)
    page.wait_for_timeout(300)
    assert thread(page) == [GDP_QUESTION]
    asked(page, OTHER)
    assert thread(page) == [GDP_QUESTION, OTHER]
    assert titles(page) == [GDP_QUESTION]


# As on a busy machine: a frame, and what waits for one, comes late.
LATE_FRAMES = """() => {
  const { requestAnimationFrame, setTimeout } = window;
  window.requestAnimationFrame = (act) => setTimeout(() => requestAnimationFrame(act), 500);
  window.setTimeout = (act, after = 500, ...rest) => setTimeout(act, after, ...rest);
}"""


def test_what_a_question_still_says_when_one_has_left_does_not_stand_there_afterwards(open_page: OpenPage) -> None:
    page = open_page()
    asked(page, GDP_QUESTION)
    anew(page)
    page.locator("#examples button").first.wait_for()
    page.evaluate(LATE_FRAMES)
    page.evaluate(
        """() => new MutationObserver((_, seen) => {
          if (!document.querySelector("#reply .zw-busy")) return;
          seen.disconnect();
          document.querySelector(".zw-kept .zw-one").click();
        }).observe(document.querySelector("#reply"), { childList: true, subtree: true })"""
    )
    ask(page, "这个很慢")
    answer_to(page, GDP_QUESTION)
    page.wait_for_timeout(1000)
    assert page.locator("#reply .zw-busy").count() == 0


STORED = {
    "no list": {"zhengwen-conversations": "坏的", "zhengwen-current": "x"},
    "no conversation": {
        "zhengwen-conversations": json.dumps(
            [{"id": "0123456789abcdef", "title": "<img src=x>", "at": 1}, {"id": 7}, None]
        ),
        "zhengwen-conversation-0123456789abcdef": '["0123456789abcdef",[{"number":1}]]',
    },
    "too long": {
        "zhengwen-conversations": json.dumps([{"id": "0123456789abcdef", "title": "长", "at": 1}]),
        "zhengwen-conversation-0123456789abcdef": "长" * 100_000,
    },
}


@pytest.mark.parametrize("stored", STORED.values(), ids=STORED)
def test_what_the_page_did_not_write_itself_is_no_conversation(open_page: OpenPage, stored: dict[str, str]) -> None:
    page = open_page()
    page.evaluate("stored => Object.entries(stored).forEach(([k, v]) => localStorage.setItem(k, v))", stored)
    page.evaluate("sessionStorage.setItem('zhengwen-current', '0123456789abcdef')")
    reload(page)
    page.locator("#answer .zw-welcome").wait_for()
    page.locator("#examples button").nth(3).wait_for()
    asked(page, GDP_QUESTION)
    assert titles(page)[0] == GDP_QUESTION
    assert page.locator("#side img").count() == 0


def test_a_browser_that_keeps_nothing_is_answered_all_the_same(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError') } })"
    )
    page.goto(address)
    ready(page)
    asked(page, GDP_QUESTION, "GDP目标是多少")
    assert thread(page) == [GDP_QUESTION, "GDP目标是多少"]
    assert titles(page) == []
    page.close()


@pytest.mark.parametrize(("label", "suffix"), [("Markdown", "md"), ("Word", "docx")])
def test_a_conversation_is_exported_with_its_citations(
    open_page: OpenPage, tmp_path: Path, label: str, suffix: str
) -> None:
    page = open_page()
    asked(page, GDP_QUESTION)
    with page.expect_download() as coming:
        act_on(page, GDP_QUESTION, f"导出{label}")
    saved = tmp_path / coming.value.suggested_filename
    coming.value.save_as(saved)
    assert saved.suffix == f".{suffix}"
    content = saved.read_bytes()
    assert content.startswith(b"PK") if suffix == "docx" else "2025年哈尔滨市松北区政府工作报告" in content.decode()


def test_a_question_that_is_offered_is_asked_and_what_stands_in_the_box_stays(
    open_page: OpenPage, seed_assistant: Any
) -> None:
    page = open_page()
    page.locator("#question textarea").fill("写了一半")
    pick(page, "#examples")
    answer_to(page, GDP_QUESTION)
    pick(page, "#offer .zw-next", "固定资产投资")
    answer_to(page, "松北区2025年固定资产投资目标是多少")
    assert seed_assistant.heard[-1][0] == "松北区2025年固定资产投资目标是多少"
    assert page.locator("#question textarea").input_value() == "写了一半"


def test_a_part_of_how_the_question_was_taken_is_changed_with_a_click(
    open_page: OpenPage, seed_assistant: Any, snapshot: Callable[[Page, str], None]
) -> None:
    page = open_page()
    asked(page, GDP_QUESTION)
    chips = page.locator("#offer .zw-change summary")
    chips.first.wait_for()
    assert chips.all_inner_texts() == ["松北区", "2025年", "地区生产总值"]
    assert page.locator("#offer .zw-still").all_inner_texts() == ["目标"]
    chips.nth(0).click()
    assert page.locator("#offer .zw-menu:visible").inner_text().split() == ["换一个地方", "道里区2023年"]
    chips.nth(1).press("Enter")
    page.locator("#offer .zw-menu:visible", has_text="换一个时间").wait_for()
    page.locator("#offer .zw-menu:visible", has_text="换一个地方").wait_for(state="hidden")
    assert page.locator("#offer .zw-menu:visible").count() == 1
    snapshot(page, "chips-1280-light")
    page.keyboard.press("Escape")
    assert page.locator("#offer .zw-menu:visible").count() == 0
    chips.nth(1).click()
    page.locator("#offer .zw-menu:visible button", has_text="2023年").click()
    answer_to(page, "松北区2023年GDP目标是多少")
    assert seed_assistant.heard[-1][0] == "松北区2023年GDP目标是多少"
