"""A model that words the answer, follow-ups, and a conversation that outlives a reload, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from assistant.corpus.feedback import FeedbackBook
from tests.web.walking import GDP_QUESTION, answer_to, ask, earlier, reload, thread

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.browser,
    # Gradio's queue keeps its statistics with calls that pandas 3 says will go.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]

OpenPage = Callable[..., "Page"]
Snapshot = Callable[["Page", str], None]
Readable = Callable[["Page"], None]


STILL = """() => new Promise((done) => {
  let last, same = 0;
  const look = () => {
    const now = `${scrollY} ${document.querySelector('#evidence').scrollTop} ${document.body.offsetHeight}`;
    same = now === last ? same + 1 : 0;
    last = now;
    if (same > 30) done(); else requestAnimationFrame(look);
  };
  look();
})"""


def tops(page: Page) -> Any:
    """Where question, reply and, beside them, passages begin on the page, once nothing scrolls any more."""
    parts = "#asked .zw-question, #reply .zw-answer, #reply .zw-answer p"
    if page.viewport_size and page.viewport_size["width"] > 900:  # on a phone they are a sheet over the page
        parts += ", #passages article"
    page.evaluate(STILL)
    return page.locator(parts).evaluate_all("nodes => nodes.map(node => node.getBoundingClientRect().top + scrollY)")


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
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
    assert page.locator("#passages article mark").first.text_content() == "5.5%"
    snapshot(page, f"preview-{width}-{scheme}")
    assert_readable(page)

    seed_assistant.pace.release()
    page.locator("#answer .zw-busy .zw-cite").wait_for()
    assert page.locator("#answer .zw-busy .zw-figure").all_inner_texts() == ["5.5%"]
    page.locator("#answer .zw-busy .zw-cite").click()
    page.locator("#passages article.zw-lit .zw-near").first.wait_for()
    seed_assistant.pace.release(2)
    page.locator("#answer .zw-busy .zw-verbatim").wait_for()
    snapshot(page, f"wording-{width}-{scheme}")
    before = tops(page)

    seed_assistant.pace.release()
    answer = answer_to(page, "松北区GDP目标")
    assert tops(page) == before
    assert page.locator("#passages article.zw-lit").count() == 1
    assert answer.locator(".zw-verbatim").get_attribute("title") == "这一句是报告原文"
    assert answer.locator(".zw-answer > .zw-meta").inner_text() == (
        "AI生成（demo:qwen2.5-7b-instruct），请以引用的原文为准；其中1句没有通过核对，已换成报告原文"
    )
    assert answer.locator(".zw-answer > .zw-fold summary").inner_text() == "2个数字已与原文核对，查看出处"
    snapshot(page, f"worded-{width}-{scheme}")
    assert_readable(page)


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_a_notice_is_one_quiet_line_under_the_extract(
    open_page: OpenPage, snapshot: Snapshot, assert_readable: Readable, width: int, scheme: str
) -> None:
    page = open_page(width=width, scheme=scheme)
    ask(page, "模型没有回应时怎么办")
    answer = answer_to(page, "模型没有回应")
    label, notice = answer.locator(".zw-answer > .zw-meta").all_inner_texts()
    assert label.endswith("原文摘录，未经大模型改写")
    assert notice == "语言模型没有及时回应，这里是报告原文。"
    assert answer.locator(".zw-notice").count() == 0
    snapshot(page, f"notice-{width}-{scheme}")
    assert_readable(page)


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
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
    assert answer.locator(".zw-taken").inner_text() == "松北区2025年GDP目标是多少"
    others = page.locator("#offer .zw-others button")
    assert others.all_inner_texts() == ["松北区2023年GDP目标是多少", "松北区2025年一般公共预算收入目标是多少"]
    snapshot(page, f"follow-up-{width}-{scheme}")
    assert_readable(page)
    others.first.click()
    answer_to(page, "松北区2023年GDP目标是多少")
    assert seed_assistant.heard[-1][0] == "松北区2023年GDP目标是多少"
    assert page.locator("#offer .zw-others").count() == 0


def test_a_question_asked_while_another_is_answered_waits_its_turn_where_one_sees_it(
    open_page: OpenPage, seed_assistant: Any
) -> None:
    page = open_page()
    ask(page, "这个很慢")
    page.locator("#answer .zw-busy", has_text="正在……").wait_for()
    page.locator("#question textarea").fill(GDP_QUESTION)
    page.locator("#question textarea").press("Enter")
    page.locator("#zw-queue", has_text=GDP_QUESTION).wait_for()
    assert page.locator("#question textarea").input_value() == ""
    page.locator("#question textarea").fill("第三个问题")
    page.locator("#question textarea").press("Enter")
    page.locator("#zw-queue", has_text="一次只能排一个").wait_for()
    assert page.locator("#question textarea").input_value() == "第三个问题"
    page.locator("#stop").click()
    answer_to(page, GDP_QUESTION)
    earlier(page, "这个很慢").wait_for()
    assert page.locator("#zw-queue").count() == 0
    assert page.locator("#question textarea").input_value() == "第三个问题"
    assert seed_assistant.heard[-1][0] == GDP_QUESTION


def test_a_question_that_waits_can_be_taken_back(open_page: OpenPage, seed_assistant: Any) -> None:
    page = open_page()
    ask(page, "这个很慢")
    page.locator("#answer .zw-busy", has_text="正在……").wait_for()
    page.locator("#question textarea").fill(GDP_QUESTION)
    page.locator("#question textarea").press("Enter")
    page.locator("#zw-queue button").click()
    assert page.locator("#question textarea").input_value() == GDP_QUESTION
    page.locator("#stop").click()
    answer_to(page, "这个很慢")
    assert seed_assistant.heard[-1][0] == "这个很慢"


def test_stop_reaches_the_model(open_page: OpenPage, seed_assistant: Any, snapshot: Snapshot) -> None:
    page = open_page()
    seed_assistant.told.clear()
    ask(page, "用模型，不回话")
    page.locator("#answer .zw-waiting", has_text="正在组织语言").wait_for()
    page.locator("#stop").click()
    assert seed_assistant.told.wait(20)
    answer = answer_to(page, "用模型，不回话")
    snapshot(page, "stopped-1280-light")
    assert answer.locator(".zw-answer > .zw-meta").last.inner_text() == "已按您的要求停止，以上是报告原文摘录。"
    assert answer.locator(".zw-answer > p .zw-figure").all_inner_texts() == ["5.5%", "620亿元"]
    assert page.locator("#passages article").count() == 2


@pytest.mark.parametrize("leave", ["close", "reload"])
def test_leaving_the_page_reaches_the_model(open_page: OpenPage, seed_assistant: Any, leave: str) -> None:
    page = open_page()
    seed_assistant.told.clear()
    ask(page, "用模型，不回话")
    page.locator("#answer .zw-waiting", has_text="正在组织语言").wait_for()
    getattr(page, leave)()
    assert seed_assistant.told.wait(20)


def test_a_conversation_outlives_a_reload_with_its_citations_and_its_history(
    open_page: OpenPage, seed_assistant: Any, book: FeedbackBook, snapshot: Snapshot
) -> None:
    page = open_page()
    ask(page, "GDP目标是多少")
    answer_to(page, "GDP目标是多少")
    ask(page, GDP_QUESTION)
    answer_to(page, GDP_QUESTION)

    reload(page)
    assert "5.5%" in answer_to(page, GDP_QUESTION).locator("strong.zw-figure").all_inner_texts()
    page.locator("#answer .zw-cite", has_text="〔2〕").click()
    assert "〔2〕" in page.locator("#passages article.zw-lit").inner_text()
    assert thread(page) == ["GDP目标是多少", GDP_QUESTION]
    assert not page.locator("#examples").is_visible()
    snapshot(page, "reloaded-1280-light")

    before = len(book.all())
    page.locator("#good").click()
    page.locator("#said", has_text="谢谢").wait_for()
    assert [(one.question, one.history) for one in book.all()[before:]] == [(GDP_QUESTION, ("GDP目标是多少",))]

    ask(page, "那目标呢")
    answer_to(page, "那目标呢")
    assert seed_assistant.heard[-1] == ("那目标呢", ("GDP目标是多少", GDP_QUESTION))
    assert thread(page) == ["GDP目标是多少", GDP_QUESTION, "那目标呢"]
    earlier(page, GDP_QUESTION).locator(".zw-cite").first.click()
    assert page.locator("#zw-older article.zw-lit mark").inner_text() == "5.5%"
