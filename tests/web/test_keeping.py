"""The conversations of a browser: kept, listed, renamed, deleted, exported; each tab in its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.walking import GDP_QUESTION, answer_to, ask, pick, ready, reload

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
    page.locator("[data-do=new]").click()
    page.locator("#answer .zw-welcome").wait_for()


def kept(page: Page) -> list[str]:
    """Open the list and give its titles."""
    page.locator("[data-do=history]").click()
    page.locator("#zw-history").wait_for()
    return page.locator("#zw-history .zw-open-one").all_inner_texts()


def test_conversations_are_listed_newest_first_and_come_back_with_citations_and_history(
    open_page: OpenPage, seed_assistant: Any
) -> None:
    page = open_page()
    asked(page, GDP_QUESTION)
    anew(page)
    assert page.locator("#passages article, #earlier summary").count() == 0
    assert not page.locator("#rating").is_visible()
    page.locator("#examples button").first.wait_for()
    asked(page, OTHER)
    assert seed_assistant.heard[-1] == (OTHER, ())
    assert kept(page) == [OTHER, GDP_QUESTION]
    page.locator("#zw-history .zw-open-one", has_text=GDP_QUESTION).click()
    answer_to(page, GDP_QUESTION)
    page.locator("#answer .zw-cite", has_text="〔2〕").click()
    assert page.locator("#passages article.zw-open mark").inner_text() == "620亿元"
    page.locator("#next [data-ask]").first.wait_for()
    asked(page, "那目标呢")
    assert seed_assistant.heard[-1] == ("那目标呢", (GDP_QUESTION,))
    assert kept(page) == [GDP_QUESTION, OTHER]


def test_a_conversation_is_renamed_and_deleted_after_a_second_click(open_page: OpenPage) -> None:
    page = open_page()
    asked(page, GDP_QUESTION)
    anew(page)
    asked(page, OTHER)
    kept(page)
    page.get_by_role("button", name=f"改名：{GDP_QUESTION}").click()
    page.get_by_label("新的名字").fill("<b>备忘</b>")
    page.keyboard.press("Enter")
    titles = page.locator("#zw-history .zw-open-one")
    assert titles.all_inner_texts() == [OTHER, "<b>备忘</b>"]
    drop = page.locator("#zw-history li", has_text=OTHER).locator(".zw-danger")
    drop.click()
    assert titles.count() == 2
    drop.click()
    assert titles.all_inner_texts() == ["<b>备忘</b>"]
    page.locator("#answer .zw-welcome").wait_for()  # the one that was open is gone
    page.keyboard.press("Escape")
    reload(page)
    page.locator("#answer .zw-welcome").wait_for()
    assert kept(page) == ["<b>备忘</b>"]


def test_all_conversations_are_deleted_and_nothing_of_them_stays_in_the_browser(open_page: OpenPage) -> None:
    page = open_page()
    asked(page, GDP_QUESTION)
    anew(page)
    asked(page, OTHER)
    kept(page)
    everything = page.locator("#zw-history .zw-dialog-foot .zw-danger")
    everything.click()
    everything.click()
    page.locator("#zw-history", has_text="还没有对话").wait_for()
    page.locator("#answer .zw-welcome").wait_for()
    assert "松北" not in page.evaluate("JSON.stringify(localStorage)")


def test_each_tab_is_in_a_conversation_of_its_own_and_the_list_has_both(open_page: OpenPage) -> None:
    one = open_page()
    asked(one, GDP_QUESTION)
    two = one.context.new_page()
    two.goto(one.url)
    ready(two)
    two.locator("#answer .zw-welcome").wait_for()
    asked(two, OTHER)
    asked(one, "GDP目标是多少")
    assert one.locator("#earlier summary").all_inner_texts() == [GDP_QUESTION]
    reload(two)
    answer_to(two, OTHER)
    assert kept(two) == [GDP_QUESTION, OTHER]


def test_an_answer_that_comes_after_one_has_left_for_another_conversation_spoils_neither(open_page: OpenPage) -> None:
    page = open_page()
    asked(page, GDP_QUESTION)
    anew(page)
    ask(page, "这个很慢")
    page.locator("#answer .zw-busy").wait_for()
    kept(page)
    page.locator("#zw-history .zw-open-one", has_text=GDP_QUESTION).click()
    answer_to(page, GDP_QUESTION)
    page.wait_for_timeout(300)
    assert page.locator("#earlier summary").count() == 0
    asked(page, OTHER)
    assert kept(page) == [GDP_QUESTION]


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
    assert page.locator("#examples button").count() == 4
    asked(page, GDP_QUESTION)
    assert kept(page)[0] == GDP_QUESTION
    assert page.locator("#zw-history img").count() == 0


def test_a_browser_that_keeps_nothing_is_answered_all_the_same(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError') } })"
    )
    page.goto(address)
    ready(page)
    asked(page, GDP_QUESTION, "GDP目标是多少")
    page.locator("#earlier summary", has_text=GDP_QUESTION).wait_for()
    assert kept(page) == []
    page.close()


@pytest.mark.parametrize(("label", "suffix"), [("Markdown", "md"), ("Word", "docx")])
def test_a_conversation_is_exported_with_its_citations(
    open_page: OpenPage, tmp_path: Path, label: str, suffix: str
) -> None:
    page = open_page()
    asked(page, GDP_QUESTION)
    kept(page)
    with page.expect_download() as coming:
        page.locator("#zw-history button", has_text=label).click()
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
    pick(page, "#next", "固定资产投资")
    answer_to(page, "松北区2025年固定资产投资目标是多少")
    assert seed_assistant.heard[-1][0] == "松北区2025年固定资产投资目标是多少"
    assert page.locator("#question textarea").input_value() == "写了一半"


def test_a_part_of_how_the_question_was_taken_is_changed_with_a_click(
    open_page: OpenPage, seed_assistant: Any, snapshot: Callable[[Page, str], None]
) -> None:
    page = open_page()
    asked(page, GDP_QUESTION)
    chips = page.locator("#asked .zw-change summary")
    chips.first.wait_for()
    assert chips.all_inner_texts() == ["松北区", "2025年", "地区生产总值"]
    assert page.locator("#asked .zw-still").all_inner_texts() == ["目标"]
    chips.nth(0).click()
    assert page.locator("#asked .zw-menu:visible").inner_text().split() == ["换一个地方", "道里区2023年"]
    chips.nth(1).press("Enter")
    page.locator("#asked .zw-menu:visible", has_text="换一个时间").wait_for()
    page.locator("#asked .zw-menu:visible", has_text="换一个地方").wait_for(state="hidden")
    assert page.locator("#asked .zw-menu:visible").count() == 1
    snapshot(page, "chips-1280-light")
    page.keyboard.press("Escape")
    assert page.locator("#asked .zw-menu:visible").count() == 0
    chips.nth(1).click()
    page.locator("#asked .zw-menu:visible button", has_text="2023年").click()
    answer_to(page, "松北区2023年GDP目标是多少")
    assert seed_assistant.heard[-1][0] == "松北区2023年GDP目标是多少"
