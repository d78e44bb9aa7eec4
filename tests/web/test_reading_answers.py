"""From an answer to the report and back, in a real browser: card, panel, whole report, copy."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import pytest

from tests.web.walking import answered

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")]

Scheme = Literal["light", "dark"]
OpenPage = Callable[..., "Page"]
Snapshot = Callable[["Page", str], None]
TITLE = "2025年哈尔滨市松北区政府工作报告"
INSIDE = (
    "(node) => { const box = node.getBoundingClientRect();"
    " return box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth }"
)


def test_a_look_at_a_mark_shows_report_year_heading_and_sentence_with_the_figure_marked(
    open_page: OpenPage, snapshot: Snapshot
) -> None:
    page = open_page()
    answered(page)
    page.locator("#answer .zw-cite").first.hover()
    card = page.locator("#zw-peek")
    card.wait_for()
    assert card.locator(".zw-peek-title").inner_text() == TITLE
    assert card.locator(".zw-where").inner_text() == "〔1〕二、2025年工作安排"
    assert card.locator("mark").all_inner_texts() == ["5.5%"]
    assert card.evaluate(INSIDE)
    snapshot(page, "peek-1280-light")
    page.mouse.move(5, 5)
    card.wait_for(state="hidden")
    page.locator("#answer .zw-cite").nth(1).focus()
    assert "620亿元" in card.inner_text()
    assert page.locator("#answer .zw-cite").nth(1).get_attribute("aria-describedby") == "zw-peek"
    page.keyboard.press("Escape")
    card.wait_for(state="hidden")


def test_a_click_opens_the_paragraph_with_its_neighbours_and_esc_folds_it(open_page: OpenPage) -> None:
    page = open_page()
    answered(page)
    page.locator("#answer .zw-cite", has_text="〔2〕").click()
    card = page.locator("#passages article.zw-open")
    assert "〔2〕" in card.inner_text()
    card.locator(".zw-near").nth(1).wait_for()
    before, after = card.locator(".zw-near").all_inner_texts()
    assert before.split("\n")[0] == "上一段"
    assert "第4段<b>文字</b>。" in before
    assert "第6段" in after
    assert card.locator(".zw-quote mark").all_inner_texts() == ["620亿元"]
    assert card.locator(".zw-context").first.is_visible()
    assert page.evaluate("document.activeElement.id").endswith("-2")
    page.keyboard.press("Escape")
    assert page.locator("#passages article.zw-open, #passages .zw-near").count() == 0
    assert page.evaluate("document.activeElement.className") == "zw-cite"


def test_the_whole_report_opens_at_the_paragraph_with_an_outline_and_leads_back(
    open_page: OpenPage, snapshot: Snapshot
) -> None:
    page = open_page()
    answered(page)
    page.locator("#passages article").nth(1).locator("[data-do=read]").click()
    reader = page.locator("#zw-reader")
    target = reader.locator(".zw-target")
    target.wait_for()
    assert reader.locator("h2").inner_text() == TITLE
    assert target.locator("mark").all_inner_texts() == ["620亿元"]
    assert target.locator(".zw-quote").evaluate(INSIDE)
    assert reader.locator(".zw-outline-item").all_inner_texts() == ["一、2024年工作回顾", "二、2025年工作安排"]
    snapshot(page, "reader-1280-light")
    reader.locator(".zw-outline-item", has_text="二、").click()
    page.wait_for_function(
        "() => Math.abs([...document.querySelectorAll('#zw-reader h3')].at(-1).getBoundingClientRect().top - 90) < 60"
    )
    page.keyboard.press("Escape")
    reader.wait_for(state="hidden")
    assert page.evaluate("document.activeElement.dataset.do") == "read"
    assert page.evaluate("document.activeElement.closest('article').id").endswith("-2")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_the_figures_of_a_report_are_marked_and_say_what_they_are(
    open_page: OpenPage, snapshot: Snapshot, width: int, scheme: Scheme
) -> None:
    page = open_page(width=width, scheme=scheme)
    answered(page)
    page.locator("#answer .zw-cite", has_text="〔2〕").click()
    page.locator("#passages article.zw-open [data-do=read]").click()
    reader = page.locator("#zw-reader")
    reader.locator(".zw-target").wait_for()
    mark, said = reader.get_by_role("button", name="标出数据"), reader.locator(".zw-fact-said")
    assert not said.is_visible()
    mark.click()
    assert mark.get_attribute("aria-pressed") == "true"
    assert "点一个数据" in said.inner_text()
    reader.locator(".zw-target .zw-fact", has_text="620亿元").click()
    assert said.inner_text() == "620亿元：地区生产总值，完成，数量"
    assert said.evaluate(INSIDE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    snapshot(page, f"reader-facts-{width}-{scheme}")
    reader.locator(".zw-target .zw-fact").last.focus()
    assert "620亿元" not in said.inner_text()
    mark.click()
    assert not said.is_visible()
    assert reader.locator(".zw-fact[tabindex]").count() == 0


def test_a_report_that_is_no_longer_held_is_said_in_the_reader(open_page: OpenPage, address: str) -> None:
    page = open_page()
    answered(page)
    page.evaluate("document.querySelectorAll('[data-report]').forEach(n => n.dataset.report = '0'.repeat(16))")
    page.locator("#passages [data-do=read]").first.click()
    page.locator("#zw-reader", has_text="资料库里没有这份报告").wait_for()
    page.locator("#zw-reader .zw-return").click()
    page.locator("#zw-reader").wait_for(state="hidden")


def test_what_was_only_found_is_apart_from_what_is_cited_and_can_be_read(open_page: OpenPage) -> None:
    page = open_page()
    answered(page)
    page.locator("#passages .zw-searched summary").click()
    found = page.locator("#passages .zw-searched li")
    assert found.count() == 3
    assert found.locator(".zw-true").count() == 2
    assert "未引用 相关度 1.75" in " ".join(found.nth(2).inner_text().split())
    found.nth(2).locator("[data-do=read]").click()
    page.locator("#zw-reader .zw-target", has_text="第1段").wait_for()


def test_a_comparison_is_a_table_with_a_mark_in_each_cell_and_its_arithmetic(
    open_page: OpenPage, snapshot: Snapshot
) -> None:
    page = open_page()
    answered(page, "比较松北区2025年和2023年GDP目标")
    cells = page.locator("#reply .zw-table tbody td:last-child")
    assert cells.all_inner_texts() == ["增长5.5%〔1〕", "增长6.5%左右〔2〕"]
    assert page.locator("#reply .zw-table caption").inner_text() == "地区生产总值预期目标"
    assert page.locator("#reply .zw-answer > p").first.inner_text().startswith("比较：松北区2025年的目标比")
    page.locator("#reply .zw-fold summary", has_text="2个数字已与原文核对，1个由引用数据算出").click()
    assert "由引用数据计算 6.5%减5.5%" in page.locator("#reply .zw-checks").inner_text()
    snapshot(page, "table-1280-light")


def test_on_a_phone_the_passages_are_a_sheet_from_below_that_gives_the_focus_back(
    open_page: OpenPage, snapshot: Snapshot
) -> None:
    page = open_page(width=360)
    answered(page)
    assert not page.locator("#passages").is_visible()
    page.locator("#answer .zw-cite", has_text="〔2〕").click()
    sheet = page.locator("#evidence")
    sheet.wait_for()
    assert sheet.get_attribute("role") == "dialog"
    assert sheet.get_attribute("aria-label") == "引用的原文"
    page.locator("#passages article.zw-open mark").wait_for()
    page.wait_for_timeout(400)
    assert page.locator("#passages article.zw-open mark").evaluate(INSIDE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    snapshot(page, "sheet-360-light")
    page.locator("#passages .zw-close").click()
    sheet.wait_for(state="hidden")
    assert sheet.get_attribute("role") == "region"
    assert page.evaluate("document.activeElement.textContent") == "〔2〕"
    page.locator("#answer .zw-sources").click()
    sheet.wait_for()
    page.keyboard.press("Escape")
    sheet.wait_for(state="hidden")


@pytest.mark.parametrize("clipboard", [True, False], ids=["https", "plain http"])
def test_a_citation_is_copied_in_the_official_style(open_page: OpenPage, clipboard: bool) -> None:
    page = open_page()
    answered(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    if not clipboard:
        page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')) }")
    page.locator("#passages article").first.locator("[data-do=copy]").click()
    page.locator("#passages [data-do=copy]", has_text="已复制").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"《{TITLE}》“二、2025年工作安排”：“")
    assert "地区生产总值增长5.5%" in copied
