"""What the bubble shows of an answer is what the page shows: the service has decided it once for both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.corpus.feedback import FeedbackBook
from assistant.web.page import render
from assistant.web.page.rating import REASONS
from assistant.web.page.thread import Exchange
from assistant.web.portal.widget import script
from tests.access.audited import audited
from tests.portal.portal_site import PortalSite
from tests.portal.widget.bubble import GDP, OpenPage, answered, ask, in_a_portal
from tests.web.seed_assistant import SeedAssistant, compared, gdp_answer, sides

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from assistant import Assistant
    from assistant.types import Answer

ASKED = (
    GDP,
    "比较松北区2025年和2023年GDP目标",
    "松北区2025年怎么优化营商环境",
    "松北区2024年在科技创新上取得了哪些成绩",
    "香坊区2025年GDP目标是多少",
    "GDP目标是多少",
)
_PLAIN = re.compile(r"\s")


def texts(shown: Locator) -> list[str]:
    return [_PLAIN.sub("", words) for words in shown.all_inner_texts()]


def test_the_buttons_have_the_names_that_they_have_on_the_page() -> None:
    exchange = Exchange(1, GDP, gdp_answer())
    page = render.reply_html(exchange) + render.citations_html(exchange)
    for name in ("复制回答", "看上下文", "复制引文", "查看原文（2条）"):
        assert f">{name}<" in page
        assert f'["{re.sub(r"[0-9]+", "$", name)}", ' in script()[0]
    for name, code in REASONS.items():
        assert f'{code}: ["{name}", ' in script()[0]


@pytest.fixture
def several(tmp_path: Path) -> Iterator[PortalSite]:
    """A portal whose assistant also enumerates."""

    class Several(SeedAssistant):
        def _answer(self, question: str) -> Answer:
            listed = replace(gdp_answer(question), answer="松北区计划：一件〔1〕；两件〔1〕；三件〔1〕", figures=())
            return listed if "哪几件" in question else super()._answer(question)

    with in_a_portal(Several(), tmp_path) as site:
        yield site


@pytest.mark.browser
def test_every_kind_of_answer_reads_as_on_the_page(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page()
    paper = page.context.new_page()
    for question in ASKED:
        page.evaluate("document.querySelector('zhengwen-widget').open()")
        page.locator(".head").get_by_text("新对话").click()  # each question by itself
        told = answered(page, question)
        paper.set_content(render.reply_html(Exchange(1, question, assistant.ask(question))))
        for ours, theirs in (
            (".headline", ".zw-value"),
            (".answer > p:not([class])", ".zw-answer > p:not([class])"),
            (".answer li", ".zw-answer li"),
            ("caption, th, td", "caption, th, td"),
            (".verdict", ".zw-verdict"),
            (".label", ".zw-answer > .zw-meta"),
            ("summary", "summary"),
        ):
            assert texts(told.locator(ours)) == texts(paper.locator(theirs)), (question, ours)
        copied = paper.locator("[data-do=copy]").get_attribute("data-copy") or ""
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.bring_to_front()
        told.get_by_role("button", name="复制回答").click()
        told.get_by_text("已复制").wait_for()
        lines = str(page.evaluate("navigator.clipboard.readText()")).splitlines()
        assert lines == copied.split(render.LINE_BREAK)


@pytest.mark.browser
def test_a_list_is_numbered_and_a_comparison_is_a_table_with_bars(open_page: OpenPage, several: PortalSite) -> None:
    page = open_page(several)
    told = answered(page, "比较松北区2025年和2023年GDP目标")
    rows = told.locator("tbody tr")
    assert [row.split() for row in rows.all_inner_texts()] == [
        ["松北区", "2025年", "增长5.5%〔1〕"],
        ["松北区", "2023年", "增长6.5%左右〔2〕"],
    ]
    shorter, longer = (bar.bounding_box() for bar in rows.locator("hr").all())
    assert shorter
    assert longer
    assert shorter["height"] == 4
    assert shorter["width"] / longer["width"] == pytest.approx(5.5 / 6.5, abs=0.02)
    told = answered(page, "各区GDP目标分别是多少")
    assert told.locator("tbody tr:visible").count() == 10
    told.get_by_role("button", name="共比较12个地方，现在显示前10个。展开全部").click()
    assert told.locator("tbody tr:visible").count() == 12
    told = answered(page, "要办哪几件")
    assert told.locator("ol").all_inner_texts() == ["一件〔1〕\n两件〔1〕\n三件〔1〕"]
    assert told.locator("ol").first.evaluate("node => getComputedStyle(node).listStyleType") == "decimal"
    assert page.evaluate("seen") == []  # the strict policy has forbidden nothing of it


@pytest.mark.browser
def test_all_passages_open_from_one_button_and_each_can_be_copied(open_page: OpenPage, seed_site: PortalSite) -> None:
    page = open_page(seed_site)
    told = answered(page)
    told.get_by_role("button", name="查看原文（2条）").click()
    words = page.locator(".words")
    assert words.locator("article").count() == 2
    assert words.locator("h3").all_inner_texts() == [gdp_answer().citations[0].report.title]
    assert words.locator("mark").all_inner_texts() == ["5.5%", "620亿元"]
    page.keyboard.press("Escape")
    told.locator(".cite").last.click()
    second = words.locator("article").last.locator(".quote").bounding_box()
    pane = words.bounding_box()
    assert second
    assert pane
    assert pane["y"] <= second["y"] < pane["y"] + pane["height"]


@pytest.mark.browser
def test_what_is_near_is_shown_where_nothing_answers(open_page: OpenPage, tmp_path: Path) -> None:
    class Nothing(SeedAssistant):
        def _answer(self, question: str) -> Answer:
            return replace(
                gdp_answer(question),
                verdict="not_covered",
                decided_by="not stated",
                answer="没有查到。",
                citations=(),
                figures=(),
            )

    with in_a_portal(Nothing(), tmp_path) as site:
        told = answered(open_page(site))
        assert told.locator(".verdict").inner_text() == "没有查到"
        assert told.locator("details[open] li").count() == 3


@pytest.mark.browser
def test_a_reader_s_word_goes_into_the_same_book_as_from_the_page(
    open_page: OpenPage, assistant: Assistant, tmp_path: Path
) -> None:
    with in_a_portal(assistant, tmp_path) as site:
        page = open_page(site)
        answered(page).get_by_role("button", name="有用").click()
        page.get_by_text("谢谢，已经记下了。").first.wait_for()
        told = answered(page, "那2023年呢")
        told.get_by_role("button", name="有问题").click()
        told.get_by_role("button", name="提交").click()
        told.get_by_text("请先选一下哪里不对，再点“提交”。").wait_for()
        told.get_by_label("引用有误").check()
        told.get_by_placeholder("补充一句（可以不写）").fill("应该是左右")
        page.keyboard.press("Enter")
        told.get_by_text("谢谢，已经记下了。").wait_for()
    with FeedbackBook.open(tmp_path / "library.db") as book:
        good, bad = book.all()
    assert (good.good, good.question, good.history) == (True, GDP, ())
    assert (bad.good, bad.reason, bad.note, bad.history) == (False, "wrong_citation", "应该是左右", (GDP,))
    assert bad.answer["citations"][0]["quote"]
    assert [row["event"] for row in audited(tmp_path)].count("feedback") == 2


@pytest.mark.browser
def test_a_word_that_cannot_be_kept_is_said_and_can_be_sent_again(open_page: OpenPage) -> None:
    page = open_page()
    told = answered(page)
    page.route("**/api/feedback", lambda route: route.abort(), times=1)
    told.get_by_role("button", name="有用").click()
    told.get_by_text("抱歉，没能记下来。").wait_for()
    told.get_by_role("button", name="有用").click()
    told.get_by_text("谢谢，已经记下了。").wait_for()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "lang"), [(312, "zh"), (312, "en"), (360, "zh"), (400, "zh")])
def test_it_fits_a_narrow_window(open_page: OpenPage, tmp_path: Path, width: int, lang: str) -> None:
    answers = {
        "比较": compared("比较"),
        "各区": sides("各区", *((f"{name}区", 2025) for name in "甲乙丙丁戊己庚辛壬癸子丑")),
    }

    class Wide(SeedAssistant):
        def _answer(self, question: str) -> Answer:
            return answers.get(question) or super()._answer(question)

    with in_a_portal(Wide(), tmp_path) as site:
        page = open_page(site, width=width, lang=lang)
        page.locator(".bubble").click()
        for question in (GDP, "比较", "各区", "香坊区2025年GDP目标是多少"):
            told = ask(page, question)
            told.locator(".label").wait_for()
            _fits(page, width)
        told.locator(".bad").click()
        told.locator("[type=submit]").click()  # says what is missing
        _fits(page, width)
        page.locator(".cite").first.click()
        page.locator(".words .acts button").first.click()
        page.locator(".near").first.wait_for()
        _fits(page, width)


def _fits(page: Page, width: int) -> None:
    """Nothing runs over the sides, neither of the window nor of what scrolls within it, and every button can be pressed whole."""
    over = page.locator(".log, .words, .panel").evaluate_all(
        "nodes => nodes.map((node) => node.scrollWidth - node.clientWidth)"
    )
    assert max(over) <= 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for box in page.locator(".panel :is(button, textarea, input, td, li, span):visible").evaluate_all(
        "nodes => nodes.map((node) => node.getBoundingClientRect()).map(({ left, right }) => [left, right])"
    ):
        assert 0 <= box[0] < box[1] <= width
