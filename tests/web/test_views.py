"""What lies beside and over the thread: the library, the drawer, the sheet and the reader, tables and charts, and paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from unicodedata import normalize

import pytest

from tests.web.walking import GDP_QUESTION, answer_to, ask, earlier, ready, thread, titles

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")]

OpenPage = Callable[..., "Page"]
Snapshot = Callable[["Page", str], None]
Readable = Callable[["Page"], None]
MANY = "各区GDP目标分别是多少"
YEARS = "松北区历年GDP目标"
TITLE = "2025年哈尔滨市松北区政府工作报告"


def asked(page: Page, *questions: str) -> None:
    for question in questions:
        ask(page, question)
        answer_to(page, question)


def view(page: Page, name: str) -> None:
    page.locator(f".zw-side [data-do=view-{name}]").click()


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_a_place_is_found_in_the_library_by_typing_and_its_report_opens(
    open_page: OpenPage, snapshot: Snapshot, assert_readable: Readable, width: int, scheme: str
) -> None:
    page = open_page(width=width, scheme=scheme)
    if width < 900:
        page.locator("[data-do=view-library]:visible").click()  # in what the first screen says
    else:
        view(page, "library")
    library = page.locator("#library")
    library.locator("p", has_text="共5份报告").wait_for()
    assert not page.locator("#question").is_visible()
    assert library.locator(".zw-place b").all_inner_texts() == ["南岗区", "呼兰区", "松北区", "道里区"]
    songbei = library.locator(".zw-place", has_text="松北区")
    assert songbei.locator("[data-do=read]").all_inner_texts() == ["2025年", "2023年"]
    snapshot(page, f"library-{width}-{scheme}")
    assert_readable(page)
    library.locator(".zw-find").fill("松北 2025")
    assert library.locator(".zw-place b").all_inner_texts() == ["松北区"]
    library.locator("p", has_text="共1份报告").wait_for()
    songbei.locator("[data-do=read]").click()
    page.locator("#zw-reader h2", has_text=TITLE).wait_for()
    page.locator("#zw-reader .zw-reader-text p").first.wait_for()
    page.keyboard.press("Escape")
    library.locator(".zw-find").fill("哪里都没有")
    library.locator("p", has_text="没有找到这样的报告。").wait_for()
    library.locator(".zw-find").fill("")
    songbei.locator(".zw-what").click()
    offered = songbei.locator(".zw-asks [data-ask]")
    offered.first.wait_for()
    question = offered.last.inner_text()
    assert question == "总结一下松北区2025年政府工作报告"
    offered.last.click()
    answer_to(page, question)
    assert thread(page) == [question]
    assert not library.is_visible()
    assert page.locator(".zw-side .zw-view[aria-current]").text_content() == "对话"


def test_the_view_of_a_conversation_comes_back_when_one_is_opened(open_page: OpenPage) -> None:
    page = open_page()
    asked(page, GDP_QUESTION)
    view(page, "indicators")
    page.locator("#indicators h2").wait_for()
    assert not page.locator("#reply").is_visible()
    view(page, "chat")
    assert thread(page) == [GDP_QUESTION]
    view(page, "library")
    page.locator(".zw-new").click()
    page.locator("#answer .zw-welcome").wait_for()
    view(page, "library")
    page.locator(".zw-kept .zw-one").click()
    answer_to(page, GDP_QUESTION)


def test_on_a_phone_the_sidebar_is_a_drawer(open_page: OpenPage, assert_readable: Readable) -> None:
    page = open_page(width=360)
    asked(page, GDP_QUESTION)
    drawer, menu = page.locator("#side"), page.locator("[data-do=drawer]")
    assert not drawer.is_visible()
    menu.click()
    drawer.wait_for()
    assert menu.get_attribute("aria-expanded") == "true"
    assert page.evaluate("document.activeElement.className") == "zw-new"
    page.wait_for_timeout(300)
    assert_readable(page)
    assert titles(page) == [GDP_QUESTION]
    page.locator(".zw-scrim").click(position={"x": 340, "y": 400})
    drawer.wait_for(state="hidden")
    assert menu.get_attribute("aria-expanded") == "false"
    menu.click()
    drawer.wait_for()
    page.keyboard.press("Escape")
    drawer.wait_for(state="hidden")
    menu.click()
    page.locator(".zw-kept .zw-one").click()
    drawer.wait_for(state="hidden")
    answer_to(page, GDP_QUESTION)


def test_back_closes_what_lies_over_the_page_before_it_leaves_it(open_page: OpenPage, address: str) -> None:
    page = open_page(width=360)
    page.goto(f"{address}?embed=0")
    page.goto(address)
    ready(page)
    asked(page, GDP_QUESTION)
    page.locator("[data-do=drawer]").click()
    page.locator("#side").wait_for()
    page.go_back()
    page.locator("#side").wait_for(state="hidden")
    sheet, reader = page.locator("#evidence"), page.locator("#zw-reader")
    page.locator("#reply .zw-cite").first.click()
    sheet.wait_for()
    page.wait_for_timeout(300)
    sheet.locator("article.zw-open [data-do=read]").click()
    reader.wait_for()
    page.go_back()
    reader.wait_for(state="hidden")
    assert sheet.is_visible()
    page.go_back()
    sheet.wait_for(state="hidden")
    # What is closed otherwise has taken its step back by itself.
    page.locator("#reply .zw-sources").click()
    sheet.wait_for()
    page.keyboard.press("Escape")
    sheet.wait_for(state="hidden")
    page.locator("[data-do=drawer]").click()
    page.locator("#side").wait_for()
    page.locator(".zw-side .zw-view[aria-current]").click()
    page.locator("#side").wait_for(state="hidden")
    page.wait_for_timeout(300)
    assert thread(page) == [GDP_QUESTION]
    assert page.url == address
    page.go_back()
    assert page.url == f"{address}?embed=0"


def test_a_table_of_many_sides_is_folded_and_shows_its_numbers_as_bars(open_page: OpenPage, snapshot: Snapshot) -> None:
    page = open_page()
    asked(page, MANY)
    table = page.locator("#reply .zw-table")
    assert table.locator("tbody tr:visible").count() == 10
    assert table.locator("tbody tr").count() == 12
    widths = table.locator(".zw-bar:visible").evaluate_all(
        "bars => bars.map((bar) => bar.getBoundingClientRect().width)"
    )
    assert len(widths) == 10
    assert widths == sorted(widths)
    assert widths[9] > 3 * widths[0]
    more = page.locator("#reply").get_by_role("button", name="共比较12个地方，现在显示前10个。展开全部")
    page.emulate_media(media="print")
    assert table.locator("tbody tr:visible").count() == 12
    assert not more.is_visible()
    page.emulate_media(media="screen")
    snapshot(page, "many-1280-light")
    asked(page, GDP_QUESTION)
    older = earlier(page, MANY)
    assert older.locator("tbody tr:visible").count() == 10
    older.get_by_role("button", name="展开全部").click()
    assert older.locator("tbody tr:visible").count() == 12
    assert older.get_by_role("button", name="展开全部").count() == 0
    assert more.count() == 0
    older.locator(".zw-cite", has_text="〔12〕").click()
    page.locator("#zw-older article.zw-lit .zw-number", has_text="〔12〕").wait_for()


def test_a_table_of_ten_sides_or_fewer_is_not_folded(open_page: OpenPage) -> None:
    page = open_page()
    asked(page, "比较松北区2025年和2023年GDP目标")
    assert page.locator("#reply tbody tr:visible").count() == 2
    assert page.locator("#reply [data-do=unfold], #reply .zw-chart").count() == 0
    assert page.locator("#reply .zw-bar").count() == 2


def test_one_place_over_time_is_a_line_whose_points_lead_to_their_sentences(
    open_page: OpenPage, snapshot: Snapshot
) -> None:
    page = open_page()
    asked(page, YEARS)
    chart = page.locator("#reply .zw-chart")
    assert chart.get_attribute("aria-label") == "2023年2.5%，2024年3.5%，2025年1.5%"
    assert chart.locator(".zw-said").all_text_contents() == ["2.5%", "3.5%", "1.5%"]
    heights = chart.locator("circle").evaluate_all("dots => dots.map((dot) => Number(dot.getAttribute('cy')))")
    assert heights[1] < heights[0] < heights[2]
    snapshot(page, "years-1280-light")
    chart.locator("circle").nth(2).click()
    page.locator("#passages article.zw-lit .zw-number", has_text="〔1〕").wait_for()
    asked(page, GDP_QUESTION)
    earlier(page, YEARS).locator("circle").nth(0).click()
    page.locator("#zw-older article.zw-lit .zw-number", has_text="〔2〕").wait_for()


HIDDEN_ON_PAPER = "#side, #top, #asking, #rating, #offer, .zw-acts, .zw-tools, .zw-searched, #library, #indicators"


@pytest.mark.parametrize("look", ["light", "dark", "care"])
def test_on_paper_stand_the_question_its_answer_and_the_passages_and_nothing_else(
    open_page: OpenPage, look: str
) -> None:
    page = open_page(scheme="dark" if look == "dark" else "light")
    if look == "care":
        page.locator("[data-do=care]").click()
    page.evaluate("() => { window.print = () => (window.printed = true) }")
    asked(page, "香坊区2025年GDP目标是多少", GDP_QUESTION)
    page.locator("#offer .zw-next").wait_for()
    page.locator("#reply [data-do=print]").click()
    assert page.evaluate("window.printed")
    page.emulate_media(media="print")
    for shown in (
        "#asked .zw-question",
        "#reply .zw-value",
        "#reply .zw-meta",
        "#passages .zw-report",
        "#passages mark",
    ):
        assert page.locator(shown).first.is_visible(), shown
    assert page.locator("#passages article:visible").count() == 2
    assert page.locator(HIDDEN_ON_PAPER).locator("visible=true").count() == 0
    assert page.locator(".zw-exchange:visible").count() == 0
    colours = page.evaluate(
        "() => ['#reply .zw-value', '#passages .zw-paragraph', 'body'].map((one) => getComputedStyle(document.querySelector(one)))"
        ".map((style) => [style.color, style.backgroundColor])"
    )
    assert [colour for colour, _ in colours[:2]] == ["rgb(0, 0, 0)"] * 2
    assert colours[2][1] == "rgb(255, 255, 255)"
    page.set_viewport_size({"width": 660, "height": 1000})  # as wide as paper is
    answer, passages = page.locator("#reply").bounding_box(), page.locator("#passages").bounding_box()
    assert answer
    assert passages
    assert 0 <= passages["y"] - answer["y"] - answer["height"] <= 40
    printed = text_of(page.pdf(format="A4"))
    for words in (GDP_QUESTION, "5.5%", "620亿元", "原文摘录", TITLE):
        assert words in printed, words
    for words in (
        "新对话",
        "复制回答",
        "接着可以问",
        "理解为",
        "有用",
        "提问",
        "看上下文",
        "香坊区",
        "检索过程",
        "查看出处",
    ):
        assert words not in printed, words


def test_an_older_exchange_is_printed_alone_with_its_own_passages(open_page: OpenPage) -> None:
    page = open_page()
    page.evaluate("() => { window.print = () => (window.printed = true) }")
    asked(page, GDP_QUESTION, "比较松北区2025年和2023年GDP目标")
    earlier(page, GDP_QUESTION).locator("[data-do=print]").click()
    page.emulate_media(media="print")
    assert thread(page) == [GDP_QUESTION]
    assert page.locator("#evidence article:visible mark").all_inner_texts() == ["5.5%", "620亿元"]
    assert not page.locator("#answer").is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".zw-exchange:visible").count() == 0
    page.emulate_media(media="screen")
    assert thread(page) == [GDP_QUESTION, "比较松北区2025年和2023年GDP目标"]


def text_of(pdf: bytes) -> str:
    from pypdfium2 import PdfDocument

    told = "".join(page.get_textpage().get_text_range() for page in PdfDocument(pdf))
    return normalize("NFKC", "".join(told.split()))  # a PDF may name a character by its radical
