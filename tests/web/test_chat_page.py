"""The chat page in a real browser, as a clerk meets it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from assistant.corpus.feedback import FeedbackBook
from assistant.types import Answer, Preview, Turn
from tests.web.seed_assistant import EXAMPLES
from tests.web.walking import GDP_QUESTION, SCREENS, answer_to, ask, earlier, pick, ready, thread

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


def test_the_gdp_question_is_answered_with_its_figure_marked_in_the_cited_passage(
    open_page: OpenPage, snapshot: Snapshot
) -> None:
    page = open_page()
    snapshot(page, "start-1280-light")
    ask(page, GDP_QUESTION)
    answer = answer_to(page, GDP_QUESTION)
    assert answer.locator(".zw-value").inner_text().split() == ["增长", "5.5%", "〔1〕"]
    known = "松北区 · 2025年 · 地区生产总值 · 预期目标 · 原文摘录，未经大模型改写"
    assert answer.locator(".zw-answer > .zw-meta").inner_text() == known
    assert answer.locator("p strong.zw-figure").all_inner_texts() == ["5.5%", "620亿元"]
    assert page.locator("#offer .zw-understood").inner_text().split() == [
        "理解为：",
        "松北区",
        "2025年",
        "地区生产总值",
        "目标",
    ]
    card = page.locator("#passages article").first
    assert card.locator("mark").all_inner_texts() == ["5.5%"]
    assert "地区生产总值增长5.5%" in card.locator(".zw-quote").inner_text()
    assert "2025年哈尔滨市松北区政府工作报告" in page.locator("#passages h3").inner_text()
    assert page.locator("#question textarea").input_value() == ""
    snapshot(page, "answer-1280-light")


def test_a_district_that_is_not_covered_is_told_what_is(open_page: OpenPage, snapshot: Snapshot) -> None:
    page = open_page()
    ask(page, "香坊区2025年GDP目标是多少")
    answer = answer_to(page, "香坊区")
    assert "资料未收录" in answer.inner_text()
    assert "松北区（2023、2025年）" in answer.inner_text()
    assert page.locator("#passages article").count() == 0
    snapshot(page, "not-covered-1280-light")
    pick(page, "#reply", GDP_QUESTION)
    assert answer_to(page, GDP_QUESTION).locator(".zw-cite").count() > 0


def test_a_question_without_a_district_is_answered_with_choices_to_click(
    open_page: OpenPage, snapshot: Snapshot
) -> None:
    page = open_page()
    ask(page, "GDP目标是多少")
    assert "请补充说明" in answer_to(page, "GDP目标是多少").inner_text()
    assert page.locator("#reply [data-ask]").count() == 3
    snapshot(page, "clarify-1280-light")


def test_an_example_is_asked_by_one_click(open_page: OpenPage) -> None:
    page = open_page()
    examples = page.locator("#examples button:visible")
    examples.first.wait_for()
    assert examples.all_inner_texts() == [question for _, question in EXAMPLES]
    assert [one.get_attribute("data-kind") for one in examples.all()] == [kind for kind, _ in EXAMPLES]
    pick(page, "#examples")
    assert "5.5%" in answer_to(page, GDP_QUESTION).inner_text()


def test_a_failure_is_a_sentence_and_the_page_goes_on(open_page: OpenPage, snapshot: Snapshot) -> None:
    page = open_page()
    ask(page, "这个会出错")
    shown = answer_to(page, "这个会出错")
    assert "抱歉，这个问题没能答出来" in shown.inner_text()
    assert "inner text" not in page.content()
    assert "Traceback" not in page.content()
    snapshot(page, "failure-1280-light")
    ask(page, GDP_QUESTION)
    assert "5.5%" in answer_to(page, GDP_QUESTION).inner_text()
    earlier(page, "这个会出错").wait_for()


def test_stop_ends_a_slow_answer_and_the_page_goes_on(open_page: OpenPage, snapshot: Snapshot) -> None:
    page = open_page()
    ask(page, "这个很慢")
    page.locator("#answer .zw-busy", has_text="正在……").wait_for()
    snapshot(page, "busy-1280-light")
    page.locator("#stop").click()
    assert "已按您的要求停止" in answer_to(page, "这个很慢").inner_text()
    ask(page, GDP_QUESTION)
    assert "5.5%" in answer_to(page, GDP_QUESTION).inner_text()
    page.wait_for_timeout(500)
    assert page.locator("#answer .zw-busy").count() == 0


def test_a_slow_question_in_one_tab_does_not_hold_up_another(open_page: OpenPage) -> None:
    slow, quick = open_page(), open_page()
    ask(slow, "这个很慢")
    slow.locator("#answer .zw-busy").wait_for()
    ask(quick, GDP_QUESTION)
    assert "5.5%" in answer_to(quick, GDP_QUESTION).inner_text()
    assert slow.locator("#answer .zw-busy").count() == 1
    slow.locator("#stop").click()
    answer_to(slow, "这个很慢")


def test_earlier_questions_are_handed_over_as_history_and_stay_on_the_page(
    open_page: OpenPage, seed_assistant: object, snapshot: Snapshot
) -> None:
    page = open_page()
    ask(page, "GDP目标是多少")
    answer_to(page, "GDP目标是多少")
    ask(page, GDP_QUESTION)
    answer_to(page, GDP_QUESTION)
    ask(page, "那南岗区呢")
    answer_to(page, "那南岗区呢")
    assert seed_assistant.heard[-1] == ("那南岗区呢", ("GDP目标是多少", GDP_QUESTION))  # type: ignore[attr-defined]
    assert earlier(page).count() == 2
    assert "请补充说明" in earlier(page, "GDP目标是多少").inner_text()
    earlier(page, GDP_QUESTION).locator(".zw-cite").first.click()
    assert page.locator("#evidence article.zw-lit:visible mark").inner_text() == "5.5%"
    snapshot(page, "history-1280-light")


@pytest.mark.parametrize("empty", ["", "   ", "　"])
def test_an_empty_question_is_not_sent(open_page: OpenPage, seed_assistant: object, empty: str) -> None:
    page = open_page()
    before = len(seed_assistant.heard)  # type: ignore[attr-defined]
    page.locator("#question textarea").fill(empty)
    assert page.locator("#send").get_attribute("aria-disabled") == "true"
    page.locator("#send").click(force=True)
    page.locator("#question textarea").press("Enter")
    page.wait_for_timeout(300)
    assert len(seed_assistant.heard) == before  # type: ignore[attr-defined]
    assert page.locator("#examples button").first.is_visible()
    ask(page, GDP_QUESTION)
    answer_to(page, GDP_QUESTION)
    assert page.locator("#send").get_attribute("aria-disabled") == "true"  # the box is empty again


@pytest.mark.parametrize(("length", "kept"), [(501, 501), (100_000, 2000)])
def test_a_question_that_is_too_long_is_not_sent_and_the_page_says_by_how_much(
    open_page: OpenPage, seed_assistant: object, length: int, kept: int
) -> None:
    page = open_page()
    before = len(seed_assistant.heard)  # type: ignore[attr-defined]
    page.locator("#question textarea").focus()
    page.keyboard.insert_text("长" * length)
    page.locator("#zw-long", has_text=f"问题最多500字，现在多了{kept - 500}字。").wait_for()
    assert page.locator("#send").get_attribute("aria-disabled") == "true"
    page.locator("#send").click(force=True)
    page.locator("#question textarea").press("Enter")
    page.wait_for_timeout(300)
    assert len(seed_assistant.heard) == before  # type: ignore[attr-defined]
    assert len(page.locator("#question textarea").input_value()) == kept
    ask(page, GDP_QUESTION)
    assert "5.5%" in answer_to(page, GDP_QUESTION).inner_text()
    assert page.locator("#zw-long").count() == 0


def test_a_question_that_the_server_refuses_is_back_in_its_box_and_the_page_as_it_was(open_page: OpenPage) -> None:
    page = open_page()
    for question in ("GDP目标是多少", GDP_QUESTION):
        ask(page, question)
        answer_to(page, question)
    ask(page, "看不懂")
    page.locator("#note", has_text="没有看懂这个问题").wait_for()
    assert page.locator("#question textarea").input_value() == "看不懂"
    assert thread(page) == ["GDP目标是多少", GDP_QUESTION]
    assert page.locator("#passages article:visible").count() == 2
    ask(page, "那目标呢")
    answer_to(page, "那目标呢")
    assert not page.locator("#note .zw-notice").is_visible()
    assert thread(page) == ["GDP目标是多少", GDP_QUESTION, "那目标呢"]


def test_markup_in_a_question_is_shown_as_the_text_it_is(open_page: OpenPage) -> None:
    page = open_page()
    attack = (
        "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script> ${1+1} {{7*7}} $$x$$"
    )
    ask(page, attack)
    assert attack in answer_to(page, "<img src=x").inner_text()
    assert page.title() != "owned"
    assert page.locator("#answer img, #answer script").count() == 0


def test_nothing_is_asked_of_another_host_and_nothing_is_refused_by_the_policy(browser: object, address: str) -> None:
    page = browser.new_page()  # type: ignore[attr-defined]
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    ready(page)
    ask(page, GDP_QUESTION)
    answer_to(page, GDP_QUESTION)
    page.close()
    origin = urlsplit(address).netloc
    assert {urlsplit(url).netloc for url in asked if not url.startswith(("data:", "blob:"))} == {origin}
    assert complaints == []


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_every_state_is_readable_and_never_wider_than_the_screen(
    open_page: OpenPage, snapshot: Snapshot, assert_readable: Readable, width: int, scheme: str
) -> None:
    page = open_page(width=width, scheme=scheme)
    for question, name in (
        ("", "start"),
        (GDP_QUESTION, "answer"),
        ("香坊区2025年GDP目标是多少", "not-covered"),
        ("GDP目标是多少", "clarify"),
        ("这个会出错", "failure"),
    ):
        if question:
            ask(page, question)
            answer_to(page, question)
        snapshot(page, f"{name}-{width}-{scheme}")
        assert_readable(page)
    ask(page, GDP_QUESTION)
    answer_to(page, GDP_QUESTION)
    page.locator("#bad").click()
    page.locator("#reason label", has_text="引用有误").click()
    snapshot(page, f"complaint-{width}-{scheme}")
    assert_readable(page)


def test_an_answer_is_praised_by_one_click_and_only_once(open_page: OpenPage, book: FeedbackBook) -> None:
    page = open_page()
    assert not page.locator("#rating").is_visible()
    ask(page, GDP_QUESTION)
    answer_to(page, GDP_QUESTION)
    before = len(book.all())
    page.locator("#good").click()
    page.locator("#said", has_text="谢谢").wait_for()
    assert page.locator("#rate button:visible").count() == 0
    given = book.all()[before:]
    assert [(one.question, one.good, one.reason, one.history) for one in given] == [(GDP_QUESTION, True, "", ())]
    assert given[0].answer["citations"][0]["report"]["region"] == "松北区"


def test_what_is_wrong_with_an_answer_is_kept_with_its_reason_and_a_line(
    open_page: OpenPage, book: FeedbackBook
) -> None:
    page = open_page()
    ask(page, "GDP目标是多少")
    answer_to(page, "GDP目标是多少")
    ask(page, GDP_QUESTION)
    answer_to(page, GDP_QUESTION)
    before = len(book.all())
    page.locator("#bad").click()
    page.locator("#complain").click()
    page.locator("#said", has_text="请先选一下哪里不对").wait_for()
    assert len(book.all()) == before
    page.locator("#reason label", has_text="数据有误").click()
    page.locator("#remark textarea, #remark input").fill("应该是6%<script>")
    page.locator("#complain").click()
    page.locator("#said", has_text="谢谢").wait_for()
    (given,) = book.all()[before:]
    assert (given.good, given.reason, given.note) == (False, "wrong_figure", "应该是6%<script>")
    assert given.history == ("GDP目标是多少",)
    ask(page, "香坊区2025年GDP目标是多少")
    answer_to(page, "香坊区")
    page.locator("#bad").click()
    assert page.locator("#reason input:checked").count() == 0
    page.locator("#unsaid").click()
    page.locator("#good").wait_for()


def test_a_failure_has_nothing_to_be_judged(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "这个会出错")
    answer_to(page, "这个会出错")
    assert not page.locator("#rating").is_visible()


def test_without_a_book_nobody_is_asked_for_a_judgement(
    browser: object, serve_page: Callable[..., str], seed_assistant: object
) -> None:
    page = browser.new_page()  # type: ignore[attr-defined]
    page.goto(serve_page(seed_assistant))
    ask(page, GDP_QUESTION)
    answer_to(page, GDP_QUESTION)
    assert not page.locator("#rating").is_visible()
    page.close()


def test_feedback_that_cannot_be_kept_is_said_and_the_page_goes_on(
    browser: object, serve_page: Callable[..., str], seed_assistant: object, tmp_path: Path
) -> None:
    closed = FeedbackBook.open(tmp_path / "library.db")
    closed.close()
    page = browser.new_page()  # type: ignore[attr-defined]
    page.goto(serve_page(seed_assistant, closed))
    ask(page, GDP_QUESTION)
    answer_to(page, GDP_QUESTION)
    page.locator("#good").click()
    page.locator("#said", has_text="没能记下来").wait_for()
    ask(page, GDP_QUESTION)
    answer_to(page, GDP_QUESTION)
    page.close()


class Broken:
    """An assistant whose library has gone away."""

    def reports(self) -> tuple[object, ...]:
        raise OSError("disk gone")

    def examples(self) -> tuple[tuple[str, str], ...]:
        raise OSError("disk gone")

    def stream(
        self, question: str, history: Sequence[Turn], stopped: threading.Event | None = None
    ) -> Iterator[Preview | str | Answer]:
        raise OSError("disk gone")


def test_a_library_that_cannot_be_read_is_a_sentence_too(browser: object, serve_page: Callable[[object], str]) -> None:
    page = browser.new_page()  # type: ignore[attr-defined]
    page.goto(serve_page(Broken()))
    page.locator("#note", has_text="暂时读不到已收录的报告").wait_for()
    ask(page, GDP_QUESTION)
    assert "没能答出来" in answer_to(page, GDP_QUESTION).inner_text()
    assert "disk gone" not in page.content()
    page.close()


@pytest.fixture(scope="module")
def real_assistant(seeded_home: Path) -> Iterator[object]:
    from assistant import open_assistant

    with closing(open_assistant(home=seeded_home)) as opened:
        yield opened


def test_the_whole_assistant_answers_on_the_page_from_the_five_reports(
    browser: object, serve_page: Callable[[object], str], real_assistant: object, snapshot: Snapshot
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})  # type: ignore[attr-defined]
    page.goto(serve_page(real_assistant))
    ready(page)
    page.set_default_timeout(60_000)  # the first question loads what reads it
    ask(page, GDP_QUESTION)
    assert "5.5%" in answer_to(page, GDP_QUESTION).locator("strong.zw-figure").all_inner_texts()
    assert page.locator("#passages article mark").first.inner_text() == "5.5%"
    snapshot(page, "whole-answer-1280-light")
    ask(page, "香坊区2025年GDP目标是多少")
    refused = answer_to(page, "香坊区").inner_text()
    assert "资料未收录" in refused
    assert "松北区" in refused
    snapshot(page, "whole-not-covered-1280-light")
    page.close()
