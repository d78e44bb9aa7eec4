"""A model that words the answer, follow-ups, and a conversation that outlives a reload, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from assistant.corpus.feedback import FeedbackBook
from assistant.web import memory

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [
    pytest.mark.browser,
    # Gradio's queue keeps its statistics with calls that pandas 3 says will go.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]

OpenPage = Callable[..., "Page"]
Snapshot = Callable[["Page", str], None]
Readable = Callable[["Page"], None]

GDP_QUESTION = "松北区2025年GDP目标是多少"
STORED = f"localStorage.getItem('{memory.STORAGE_KEY}')"


def ask(page: Page, question: str) -> None:
    page.locator("#question textarea, #question input").fill(question)
    page.locator("#send").click()


def answer_to(page: Page, question: str) -> Locator:
    """Wait until the reply to the question that begins with `question` is complete."""
    page.locator("#answer .zw-question", has_text=re.compile(rf"^\s*问\s*{re.escape(question)}")).wait_for()
    page.locator("#answer .zw-busy").wait_for(state="detached")
    page.locator("#send").wait_for()
    return page.locator("#answer")


def reload(page: Page) -> None:
    page.reload()
    page.locator("#covered summary").wait_for()


def tops(page: Page) -> Any:
    """Where question, reply and passages begin on the page."""
    parts = "#answer .zw-question, #answer .zw-answer, #answer .zw-answer p"
    if (
        page.viewport_size and page.viewport_size["width"] > 760
    ):  # on a phone the passages stand below the growing answer
        parts += ", #passages article"
    return page.locator(parts).evaluate_all("nodes => nodes.map(node => node.getBoundingClientRect().top + scrollY)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_model_is_read_sentence_by_sentence_beside_its_passages_and_nothing_jumps(
    open_page: OpenPage,
    seed_assistant: Any,
    snapshot: Snapshot,
    assert_readable: Readable,
    width: int,
    scheme: str,
) -> None:
    page = open_page(width=width, scheme=scheme)
    ask(page, "松北区GDP目标，用模型说")
    page.locator("#answer .zw-waiting", has_text="正在组织语言……").wait_for()
    assert page.locator("#answer .zw-understood").inner_text().startswith("理解为：松北区 · 2025年")
    assert page.locator("#passages article mark").first.inner_text() == "5.5%"
    snapshot(page, f"preview-{width}-{scheme}")
    assert_readable(page)

    seed_assistant.pace.release()
    page.locator("#answer .zw-busy .zw-cite").wait_for()
    assert page.locator("#answer .zw-busy .zw-figure").all_inner_texts() == ["5.5%"]
    page.locator("#answer .zw-busy .zw-cite").click()
    page.locator("#passages article.zw-lit").wait_for()
    seed_assistant.pace.release(2)
    page.locator("#answer .zw-busy .zw-verbatim").wait_for()
    snapshot(page, f"wording-{width}-{scheme}")
    before = tops(page)

    seed_assistant.pace.release()
    answer = answer_to(page, "松北区GDP目标")
    assert tops(page) == before
    assert page.locator("#passages article.zw-lit").count() == 1
    assert answer.locator(".zw-verbatim").get_attribute("title") == "这一句是报告原文"
    assert answer.locator(".zw-label").inner_text() == (
        "AI生成（demo:qwen2.5-7b-instruct），数字已与原文核对，请以所引原文为准；其中1句没有通过核对，已换成报告原文"
    )
    snapshot(page, f"worded-{width}-{scheme}")
    assert_readable(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_notice_is_one_quiet_line_under_the_extract(
    open_page: OpenPage, snapshot: Snapshot, assert_readable: Readable, width: int, scheme: str
) -> None:
    page = open_page(width=width, scheme=scheme)
    ask(page, "模型没有回应时怎么办")
    answer = answer_to(page, "模型没有回应")
    assert answer.locator(".zw-label").inner_text() == "原文摘录，未经大模型改写"
    assert answer.locator(".zw-aside").inner_text() == "大模型这次没有回应，以上是报告原文摘录。"
    assert answer.locator(".zw-notice").count() == 0
    snapshot(page, f"notice-{width}-{scheme}")
    assert_readable(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_follow_up_says_what_it_was_taken_for_and_the_other_meaning_is_one_click_away(
    open_page: OpenPage,
    seed_assistant: Any,
    snapshot: Snapshot,
    assert_readable: Readable,
    width: int,
    scheme: str,
) -> None:
    page = open_page(width=width, scheme=scheme)
    ask(page, "那目标呢")
    answer = answer_to(page, "那目标呢")
    assert answer.locator(".zw-understood").inner_text() == "理解为：松北区2025年GDP目标是多少（地区生产总值）"
    others = page.locator("#alternatives button:visible")
    assert others.all_inner_texts() == ["松北区2023年GDP目标是多少", "松北区2025年一般公共预算收入目标是多少"]
    snapshot(page, f"follow-up-{width}-{scheme}")
    assert_readable(page)
    others.first.click()
    answer_to(page, "松北区2023年GDP目标是多少")
    assert seed_assistant.heard[-1][0] == "松北区2023年GDP目标是多少"
    assert page.locator("#alternatives button:visible").count() == 0


def test_a_question_asked_while_another_is_worded_takes_its_place(open_page: OpenPage, seed_assistant: Any) -> None:
    page = open_page()
    seed_assistant.told.clear()
    ask(page, "用模型，不回话")
    page.locator("#answer .zw-waiting", has_text="正在组织语言").wait_for()
    page.locator("#question textarea, #question input").fill("这个很慢")
    page.locator("#question textarea, #question input").press("Enter")
    assert seed_assistant.told.wait(3)
    page.locator("#answer .zw-busy", has_text="正在……").wait_for()
    assert page.locator("#stop").is_visible()
    page.locator("#stop").click()
    assert "已按您的要求停止" in answer_to(page, "这个很慢").inner_text()
    assert page.locator("#earlier summary").count() == 0


def test_stop_reaches_the_model_within_a_second(open_page: OpenPage, seed_assistant: Any, snapshot: Snapshot) -> None:
    page = open_page()
    seed_assistant.told.clear()
    ask(page, "用模型，不回话")
    page.locator("#answer .zw-waiting", has_text="正在组织语言").wait_for()
    page.locator("#stop").click()
    assert seed_assistant.told.wait(1)
    answer = answer_to(page, "用模型，不回话")
    snapshot(page, "stopped-1280-light")
    assert answer.locator(".zw-aside").inner_text() == "已按您的要求停止，以上是报告原文摘录。"
    assert answer.locator(".zw-figure").all_inner_texts() == ["5.5%", "620亿元"]
    assert page.locator("#passages article").count() == 2


@pytest.mark.parametrize("leave", ["close", "reload"])
def test_leaving_the_page_reaches_the_model_within_three_seconds(
    open_page: OpenPage, seed_assistant: Any, leave: str
) -> None:
    page = open_page()
    seed_assistant.told.clear()
    ask(page, "用模型，不回话")
    page.locator("#answer .zw-waiting", has_text="正在组织语言").wait_for()
    getattr(page, leave)()
    assert seed_assistant.told.wait(3)


def test_a_conversation_outlives_a_reload_with_its_citations_and_its_history(
    open_page: OpenPage, seed_assistant: Any, book: FeedbackBook, snapshot: Snapshot
) -> None:
    page = open_page()
    assert not page.locator("#anew").is_visible()
    ask(page, "GDP目标是多少")
    answer_to(page, "GDP目标是多少")
    ask(page, GDP_QUESTION)
    answer_to(page, GDP_QUESTION)

    reload(page)
    assert "5.5%" in answer_to(page, GDP_QUESTION).locator("strong.zw-figure").all_inner_texts()
    page.locator("#answer .zw-cite", has_text="〔2〕").click()
    assert "〔2〕" in page.locator("#passages article.zw-lit").inner_text()
    page.locator("#earlier summary", has_text="GDP目标是多少").wait_for()
    assert not page.locator("#examples").is_visible()
    snapshot(page, "reloaded-1280-light")

    before = len(book.all())
    page.locator("#good").click()
    page.locator("#said", has_text="谢谢").wait_for()
    assert [(one.question, one.history) for one in book.all()[before:]] == [(GDP_QUESTION, ("GDP目标是多少",))]

    ask(page, "那目标呢")
    answer_to(page, "那目标呢")
    assert seed_assistant.heard[-1] == ("那目标呢", ("GDP目标是多少", GDP_QUESTION))
    page.locator("#earlier summary", has_text=GDP_QUESTION).click()
    page.locator("#earlier details[open] .zw-cite").first.click()
    assert page.locator("#earlier article.zw-lit mark").inner_text() == "5.5%"


def test_a_new_conversation_forgets_the_old_one_here_and_in_the_browser(
    open_page: OpenPage, seed_assistant: Any
) -> None:
    page = open_page()
    ask(page, GDP_QUESTION)
    answer_to(page, GDP_QUESTION)
    page.locator("#anew button").click()
    page.locator("#answer .zw-welcome").wait_for()
    page.locator("#examples button").first.wait_for()
    assert page.locator("#passages article, #earlier summary").count() == 0
    assert not page.locator("#rating").is_visible()
    assert not page.locator("#anew").is_visible()
    ask(page, "GDP目标是多少")
    answer_to(page, "GDP目标是多少")
    assert seed_assistant.heard[-1] == ("GDP目标是多少", ())
    page.locator("#anew button").click()
    page.locator("#answer .zw-welcome").wait_for()
    reload(page)
    page.locator("#answer .zw-welcome").wait_for()
    assert page.locator("#examples").is_visible()


def test_of_two_tabs_the_last_to_write_is_remembered_and_an_open_one_keeps_its_own(open_page: OpenPage) -> None:
    one = open_page()
    ask(one, GDP_QUESTION)
    answer_to(one, GDP_QUESTION)
    two = one.context.new_page()
    two.goto(one.url)
    answer_to(two, GDP_QUESTION)
    ask(two, "香坊区2025年GDP目标是多少")
    answer_to(two, "香坊区")
    ask(one, "GDP目标是多少")
    answer_to(one, "GDP目标是多少")
    assert one.locator("#earlier summary").all_inner_texts() == [GDP_QUESTION]
    reload(two)
    answer_to(two, "GDP目标是多少")
    assert two.locator("#earlier summary").all_inner_texts() == [GDP_QUESTION]


@pytest.mark.parametrize("stored", ["坏的", "bad:bad", "长" * 100_000])
def test_what_the_page_did_not_write_itself_is_forgotten_without_a_word(open_page: OpenPage, stored: str) -> None:
    page = open_page()
    page.evaluate("([key, value]) => localStorage.setItem(key, value)", [memory.STORAGE_KEY, stored])
    reload(page)
    page.locator("#answer .zw-welcome").wait_for()
    assert page.locator("#examples button:visible").count() == 4
    ask(page, GDP_QUESTION)
    answer_to(page, GDP_QUESTION)
    reload(page)
    answer_to(page, GDP_QUESTION)
