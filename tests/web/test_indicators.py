"""The view of indicators: chosen, read, opened to the sentence, charted, taken away."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Literal

import pytest
from openpyxl import load_workbook

from assistant.panel.panel import Panel
from tests.panel.places import panel_of, report
from tests.web.inspecting import chinese_words, violations
from tests.web.seed_assistant import SeedAssistant
from tests.web.walking import ready

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

Readable = Callable[["Page"], None]
Snapshot = Callable[["Page", str], None]
PLAN = "综合各方面因素，主要预期目标是：地区生产总值增长{}，固定资产投资增长8%。"


class WithPanel(SeedAssistant):
    """The small assistant with reports of places that do not exist as panel data."""

    def __init__(self, panel: Panel) -> None:
        super().__init__()
        self.shown = panel

    def panel(self) -> Panel:
        return self.shown


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> WithPanel:
    """Give five reports of two places."""
    reports = [
        report(
            place, year, f"全年地区生产总值{amount}亿元，增长{grown}%。新认定高新技术企业{firms}家。", PLAN.format(goal)
        )
        for place, year, amount, grown, firms, goal in (
            ("甲山市", 2023, 900, "4.1", 40, "6%左右"),
            ("甲山市", 2024, 950, "5.8", 46, "5.5%左右"),
            ("甲山市", 2025, 1003, "5.1", 61, "5%以上"),
            ("乙河市", 2024, 410, "3.9", 12, "6%"),
            ("乙河市", 2025, 431, "4.4", 15, "5%"),
        )
    ]
    return WithPanel(panel_of(tmp_path_factory.mktemp("panel"), *reports))


@pytest.fixture(scope="module")
def page_of(
    browser: Browser, serve: Callable[..., AbstractContextManager[str]], assistant: WithPanel
) -> Iterator[Callable[..., Page]]:
    """Open the page at an address within the view; `query` chooses."""
    with serve(assistant) as address:

        def opened(
            query: str = "view=indicators", width: int = 1280, scheme: Literal["light", "dark"] = "light"
        ) -> Page:
            context = browser.new_context(
                color_scheme=scheme, locale="zh-CN", accept_downloads=True, viewport={"width": width, "height": 800}
            )
            page = context.new_page()
            page.set_default_timeout(20_000)
            page.goto(f"{address}?{query}")
            ready_view(page)
            return page

        yield opened


def ready_view(page: Page) -> None:
    page.locator("html.zw-ready").wait_for(state="attached")
    page.locator(".zw-panel-out:not([aria-busy]) > *").first.wait_for()


def cell(page: Page, row: str, column: str) -> str:
    """The words of a cell, in one line."""
    heads = [words.strip() for words in page.locator(".zw-panel-table thead th").all_inner_texts()]
    line = page.locator(".zw-panel-table tbody tr", has=page.locator("th", has_text=row))
    return " ".join(line.locator(":scope > *").nth(heads.index(column)).inner_text().split())


@pytest.mark.parametrize(("width", "scheme"), [pytest.param(1280, "light", marks=pytest.mark.slow), (390, "dark")])
def test_goals_and_results_stand_side_by_side_and_are_legible(
    page_of: Callable[..., Page], assert_readable: Readable, snapshot: Snapshot, width: int, scheme: str
) -> None:
    page = page_of(width=width, scheme=scheme)
    assert cell(page, "甲山市", "2024年") == "目标5.5%左右 完成5.1% ≈ 接近"
    assert cell(page, "乙河市", "2024年") == "目标6% 完成4.4% ✗ 未完成"
    assert cell(page, "甲山市", "2023年") == "目标6%左右 完成5.8% ≈ 接近"
    assert cell(page, "乙河市", "2025年") == "目标5% 完成未收录"
    assert cell(page, "甲山市", "兑现") == "2年里完成0年、接近2年"
    assert_readable(page)
    snapshot(page, f"indicators-{width}-{scheme}")


def test_a_cell_opens_its_sentences_and_back_closes_them(page_of: Callable[..., Page]) -> None:
    page = page_of()
    pressed = page.locator(".zw-cell", has_text="5.5%左右")
    pressed.click()
    source = page.locator(".zw-source")
    assert source.locator(".zw-source-verdict").inner_text() == "接近，低0.4个百分点（5.5%减5.1%）"
    assert source.locator("mark").all_inner_texts() == ["5.5%", "5.1%"]
    assert "甲山市2025年政府工作报告" in source.locator(".zw-where").nth(1).inner_text()
    page.go_back()
    source.wait_for(state="hidden")
    assert pressed.evaluate("node => node === document.activeElement")
    assert "view=indicators" in page.url


def test_an_address_brings_up_the_same_view(page_of: Callable[..., Page]) -> None:
    page = page_of("view=indicators&indicator=固投&place=甲山市&from=2024&show=target")
    heads = page.locator(".zw-panel-table thead th").all_inner_texts()
    assert [words.strip() for words in heads] == ["地区", "2025年", "2024年"]
    assert cell(page, "甲山市", "2025年") == "8%"
    page.locator(".zw-panel-shows button", has_text="只看完成").click()
    assert "show=actual" in page.url
    page.reload()
    ready_view(page)
    assert page.locator(".zw-panel-shows [aria-pressed=true]").inner_text().strip("✓ ") == "只看完成"


def test_growth_and_amount_are_switched_and_never_mixed(page_of: Callable[..., Page]) -> None:
    page = page_of()
    page.locator(".zw-panel-kinds button", has_text="总量").click()
    assert cell(page, "甲山市", "2024年") == "目标未提及 完成1003亿元"
    assert page.locator(".zw-panel-svg .zw-chart-title").text_content() == "地区生产总值总量（亿元）"


def test_any_subject_is_added_by_typing_and_what_is_not_there_is_told_with_the_nearest(
    page_of: Callable[..., Page],
) -> None:
    page = page_of()
    field = page.locator(".zw-panel-add").first
    field.fill("高新技术企业")
    page.locator("#zw-known-指标 option[value*=高新技术企业]").first.wait_for(state="attached")
    name = page.locator("#zw-known-指标 option[value*=高新技术企业]").first.get_attribute("value")
    field.fill(name or "")
    field.press("Enter")
    page.locator(".zw-chip", has_text="高新技术企业").wait_for()
    page.locator(".zw-panel-add").first.fill("地区生产总")
    page.locator(".zw-panel-add").first.press("Enter")
    note = page.locator(".zw-panel-out .zw-hint", has_text="没有叫这个名字的指标")
    note.locator("button", has_text="地区生产总值").first.click()
    note.wait_for(state="detached")


def test_a_column_sorts_and_the_goals_met_too(page_of: Callable[..., Page]) -> None:
    page = page_of()
    rows = page.locator(".zw-panel-table tbody th")
    assert rows.all_inner_texts() == ["甲山市", "乙河市"] or rows.all_inner_texts() == ["乙河市", "甲山市"]
    page.locator(".zw-sort", has_text="2024年").click()
    assert rows.all_inner_texts() == ["甲山市", "乙河市"]
    page.locator(".zw-sort", has_text="2024年").click()
    assert rows.all_inner_texts() == ["乙河市", "甲山市"]


def test_gaps_stay_gaps_and_goals_are_hollow_marks_that_open_their_sentence(page_of: Callable[..., Page]) -> None:
    page = page_of()
    chart = page.locator(".zw-panel-svg")
    assert chart.locator(".zw-dot").count() == 5
    assert chart.locator(".zw-goal").count() == 5
    assert "空缺处不连线" in page.locator(".zw-panel-chart .zw-hint").inner_text()
    chart.locator(".zw-goal").first.click()
    page.locator(".zw-source mark").first.wait_for()


def test_the_table_is_saved_as_a_workbook_and_the_chart_as_a_picture_with_chinese_words(
    page_of: Callable[..., Page],
) -> None:
    page = page_of()
    with page.expect_download() as saved:
        page.locator(".zw-panel-acts button", has_text="下载Excel").click()
    book = load_workbook(io.BytesIO(saved.value.path().read_bytes()))
    assert book.sheetnames == ["表", "数据与原文"]
    assert saved.value.suggested_filename.startswith("政问指标-")
    with page.expect_download() as drawn:
        page.locator(".zw-panel-acts button", has_text="图存为PNG").click()
    assert drawn.value.path().read_bytes().startswith(b"\x89PNG")
    with page.expect_download() as drawn:
        page.locator(".zw-panel-acts button", has_text="图存为SVG").click()
    picture = drawn.value.path().read_text("utf-8")
    assert "地区生产总值增速（%）" in picture
    assert "class=" not in picture


def test_the_view_is_left_for_the_chat_and_found_again_as_it_was(page_of: Callable[..., Page]) -> None:
    page = page_of("view=indicators&indicator=固投&place=乙河市")
    page.locator(".zw-side [data-do=view-chat]").click()
    assert "view=" not in page.url
    ready(page)
    page.locator(".zw-side [data-do=view-indicators]").click()
    page.locator(".zw-chip", has_text="乙河市").wait_for()


def test_a_server_that_does_not_answer_is_said_in_words(page_of: Callable[..., Page]) -> None:
    page = page_of()
    page.route("**/indicators?**", lambda route: route.abort())
    page.locator(".zw-chip", has_text="地区生产总值").click()
    page.locator(".zw-panel-out .zw-hint", has_text="请选一个指标").wait_for()
    page.locator(".zw-panel-add").first.fill("固投")
    page.locator(".zw-panel-add").first.press("Enter")
    page.locator(".zw-panel-out .zw-hint", has_text="暂时读不到数据").wait_for()


def test_in_english_the_words_of_the_view_are_english(page_of: Callable[..., Page]) -> None:
    page = page_of()
    page.locator("[data-do=english]").click()
    page.locator(".zw-panel-acts button", has_text="Copy as a table").wait_for()
    assert chinese_words(page) == []
    assert cell(page, "甲山市", "2024") == "Goal5.5%左右 Result5.1% ≈ close"


def test_a_figure_is_called_wrong_and_the_table_says_so(page_of: Callable[..., Page]) -> None:
    page = page_of("view=indicators&indicator=固投&place=乙河市&from=2025&show=target")
    page.locator(".zw-cell", has_text="8%").click()
    page.locator(".zw-source button", has_text="这个数不对").click()
    form = page.locator(".zw-source .zw-panel-row")
    form.locator("select").select_option(label="数字不对")
    form.locator("input").fill("7%")
    form.locator("button", has_text="提交").click()
    form.locator("[role=status]", has_text="已经记下").wait_for()
    page.keyboard.press("Escape")
    page.locator(".zw-cell small", has_text="有疑问").wait_for()
    page.reload()
    ready_view(page)
    page.locator(".zw-cell", has_text="8%").click()
    page.locator(".zw-source .zw-hint", has_text="“8%”有人标为不对：数字不对，应为7%（待管理员确认）。").wait_for()


def test_places_are_ranked_by_goals_met_and_each_number_opens_its_sentences(
    page_of: Callable[..., Page], assert_readable: Readable, snapshot: Snapshot
) -> None:
    page = page_of()
    page.locator(".zw-panel-parts button", has_text="承诺与兑现").click()
    page.locator(".zw-ranking").wait_for()
    assert cell(page, "甲山市", "完成率") == "0÷2=0%"
    assert cell(page, "甲山市", "名次") == "不排名"
    assert cell(page, "甲山市", "全部目标") == "6个"
    assert "part=fulfilment" in page.url
    page.locator("tr", has_text="乙河市").locator(".zw-cell", has_text="4个").click()
    goals = page.locator(".zw-source .zw-goal-line")
    goals.nth(3).wait_for()
    assert goals.count() == 4
    goals.filter(has_text="2024年 地区生产总值").locator("summary").click()
    goals.locator("mark").nth(1).wait_for()
    assert goals.locator("mark").all_inner_texts() == ["6%", "4.4%"]
    assert violations(page) == []
    page.go_back()
    page.locator(".zw-ranking button", has_text="甲山市").click()
    page.locator(".zw-panel-table caption", has_text="甲山市").wait_for()
    said = page.locator(".zw-panel-out > .zw-source-verdict").inner_text()
    assert said == "共6个目标，可比的2个：完成0个，接近2个，未完成0个；完成率0÷2=0%。"
    assert cell(page, "地区生产总值增速", "兑现") == "2年里完成0年、接近2年"
    assert cell(page, "固定资产投资增速", "2025年") == "目标8% 完成未收录"
    assert_readable(page)
    snapshot(page, "indicators-place")
    page.reload()
    ready_view(page)
    page.locator("button", has_text="各地的排名").click()
    page.locator(".zw-ranking").wait_for()
    page.locator("[data-do=english]").click()
    page.locator(".zw-ranking caption", has_text="Places by how many").wait_for()
    assert chinese_words(page) == []


def test_a_report_that_was_altered_leaves_its_figures_out_and_the_view_says_so(
    page_of: Callable[..., Page], assistant: WithPanel
) -> None:
    whole = assistant.shown
    reports = whole._shelf.reports.values()
    assistant.shown = whole.without([one for one in reports if (one.region, one.report_year) == ("乙河市", 2025)])
    page = page_of("view=indicators&indicator=GDP")
    assistant.shown = whole
    assert "乙河市2025年政府工作报告》在资料库里的文字和收录时不一致" in page.locator(".zw-left-out").inner_text()
    assert cell(page, "乙河市", "2025年") == "目标不能引用，完成未收录"
    assert cell(page, "乙河市", "2024年") == "目标6% 完成不能引用"
    assert cell(page, "甲山市", "2024年") == "目标5.5%左右 完成5.1% ≈ 接近"


def test_what_is_no_correction_is_refused(page_of: Callable[..., Page]) -> None:
    page = page_of()
    for body in ("{}", "[]", '{"report": "x"}', "no json"):
        status = page.evaluate(
            "body => fetch('./indicators/corrections', {method: 'POST', body}).then((reply) => reply.status)", body
        )
        assert status == 400
