"""The bubble in a portal's page: asked, read, followed up, stopped and copied from, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.portal.portal_site import PortalSite
from tests.portal.widget.bubble import GDP, OpenPage, answered, ask, focused, in_a_portal
from tests.web.seed_assistant import SeedAssistant, gdp_answer

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from assistant.types import Answer


HOSTILE = "<img src=x onerror='window.hit=1'><script>window.hit=1</script>"


def test_any_site_may_load_the_script_and_a_browser_keeps_it(service: Callable[..., TestClient]) -> None:
    client = service()
    for headers in ({}, {"origin": "http://unknown.example.cn"}):
        reply = client.get("/widget.js", headers=headers)
        assert reply.status_code == 200
        assert reply.headers["content-type"] == "text/javascript; charset=utf-8"
        assert reply.headers["cross-origin-resource-policy"] == "cross-origin"
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["cache-control"] == "public, max-age=600"
    again = client.get("/widget.js", headers={"if-none-match": reply.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/widget.js", headers={"if-none-match": '"other"'}).status_code == 200
    assert client.head("/widget.js").headers["etag"] == reply.headers["etag"]


def test_it_is_one_small_script_that_never_writes_markup_and_names_no_other_host(
    service: Callable[..., TestClient],
) -> None:
    script = service().get("/widget.js").text
    assert len(script.encode()) < 36_600
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|\.style\b", script
    )
    assert re.findall(r"//[\w-]+[.:][\w.]+", script) == []


@pytest.mark.browser
def test_a_question_is_answered_and_its_citation_opens_with_the_figure_marked(
    open_page: OpenPage, site: PortalSite
) -> None:
    page = open_page(init="window.before = Object.getOwnPropertyNames(window)")
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    told = answered(page)
    assert told.locator(".headline").inner_text().split() == ["增长", "5.5%", "〔1〕"]
    known = "松北区 · 2025年 · 地区生产总值 · 预期目标 · 原文摘录，未经大模型改写 · 数字已与原文核对"
    assert told.locator(".label").inner_text() == known
    told.locator(".cite").click()
    words = page.locator(".words")
    assert words.locator("mark").all_inner_texts() == ["5.5%"]
    for expected in ("2025年哈尔滨市松北区政府工作报告", "〔1〕 二、2025年工作安排"):
        assert expected in words.inner_text()
    words.get_by_text("看上下文").click()
    words.locator(".near").first.wait_for()
    assert "重点做好以下七项工作" in words.locator(".near").last.inner_text()
    words.get_by_text("收起").click()
    assert words.locator(".near").count() == 0
    page.locator(".bar button").click()
    assert focused(page) == "〔1〕"
    assert page.evaluate("seen") == []  # nothing that the portal's strict policy forbids
    assert hosts == {site.address.split("/")[2], site.assistant.split("/")[2]}
    fresh = page.evaluate("Object.getOwnPropertyNames(window).filter((name) => !before.includes(name))")
    assert set(fresh) <= {"before", "seen"}  # the test's own and the portal's own


@pytest.mark.browser
def test_what_is_offered_is_a_button_and_a_follow_up_knows_what_was_asked(open_page: OpenPage) -> None:
    page = open_page()
    told = answered(page, "香坊区2025年GDP目标是多少")
    assert told.locator(".verdict").inner_text() == "资料未收录"
    told.locator(".chip").first.click()
    assert "5.5%" in page.locator("section").last.locator(".headline").inner_text()
    told = answered(page, "那2023年呢")
    assert "6.5%" in told.locator(".headline").inner_text()
    assert "左右" in told.locator(".headline").inner_text()  # the hedge stays
    assert "松北区2023年" in told.locator(".soft").first.inner_text()
    page.locator(".head").get_by_text("新对话").click()
    told = answered(page, "GDP目标是多少")
    assert told.locator(".verdict").inner_text() == "请补充说明"
    assert told.locator(".chip").count() > 1


@pytest.mark.browser
def test_a_model_s_words_come_in_parts_with_their_label_and_can_be_stopped(
    open_page: OpenPage, seed_site: PortalSite
) -> None:
    page = open_page(seed_site)
    told = ask(page, "很慢的问题")
    told.get_by_text("正在…").wait_for()
    page.locator(".send", has_text="停止").click()
    told.get_by_text("已停止。").wait_for()
    told = ask(page, "用模型不回话")
    told.get_by_text("正在组织语言").wait_for()
    page.locator(".send", has_text="停止").click()
    told.locator(".label").wait_for()  # the extract that was ready before the model
    assert page.locator(".send").inner_text() == "提问"


@pytest.mark.browser
def test_markup_in_any_part_of_an_answer_is_shown_as_text(open_page: OpenPage, tmp_path: Path) -> None:
    class Hostile(SeedAssistant):
        def _answer(self, question: str) -> Answer:
            plain = gdp_answer(HOSTILE)
            cited = replace(
                plain.citations[0],
                report=replace(plain.citations[0].report, title=HOSTILE, region=HOSTILE),
                headings=(HOSTILE,),
                paragraph=HOSTILE + plain.citations[0].paragraph,
            )
            figure = replace(plain.figures[0], indicator=HOSTILE, period=HOSTILE)
            text = plain.answer.replace("上一年", HOSTILE)
            shown = {"understood": HOSTILE, "notice": HOSTILE, "alternatives": (HOSTILE,), "suggestions": (HOSTILE,)}
            return replace(plain, answer=text, citations=(cited,), figures=(figure,), **shown)  # type: ignore[arg-type]

    with in_a_portal(Hostile(), tmp_path) as site:
        page = open_page(site)
        told = answered(page, "松北区")
        told.locator(".cite").first.click()
        page.locator(".words").get_by_text("看上下文").first.click()
        page.locator(".near", has_text="<b>文字</b>").first.wait_for()
        assert page.locator(".panel").inner_text().count(HOSTILE) >= 4
        assert (page.locator("section").text_content() or "").count(HOSTILE) >= 5
        assert page.evaluate("window.hit") is None
        assert page.locator(".panel img, .panel script").count() == 0


@pytest.mark.browser
@pytest.mark.parametrize(
    "barred", ["", "Clipboard.prototype.writeText = () => Promise.reject()"], ids=["https", "http"]
)
def test_an_answer_is_copied_as_the_page_copies_it(open_page: OpenPage, barred: str) -> None:
    page = open_page(init=barred)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    told = answered(page)
    told.get_by_role("button", name="复制回答").click()
    told.get_by_text("已复制").wait_for()
    copied = str(page.evaluate("navigator.clipboard.readText()"))
    assert re.fullmatch(
        r"松北区2025年地区生产总值预期目标：增长5\.5%〔1〕\n"
        r"〔1〕《2025年哈尔滨市松北区政府工作报告》“二、2025年工作安排”：“2025年.*增长5\.5%.*12%，进出口.*同步”。",
        copied,
    )
    told.locator(".cite").click()
    page.locator(".words").get_by_role("button", name="复制引文").click()
    page.locator(".words").get_by_text("已复制").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == copied.split("〔1〕")[-1]


@pytest.mark.browser
def test_two_tags_make_one_bubble(open_page: OpenPage) -> None:
    page = open_page(tags=2)
    assert page.locator("zhengwen-widget").count() == 1
    assert page.locator(".bubble").count() == 1
    answered(page)


@pytest.mark.browser
def test_it_remembers_that_it_was_open_and_what_was_asked_and_lives_without_a_store(open_page: OpenPage) -> None:
    page = open_page()
    answered(page)
    page.reload()
    page.locator(".panel").wait_for()
    assert page.evaluate("document.activeElement === document.body")  # it takes no focus that nobody gave it
    page.locator(".chips", has_text="上次问过").locator(".chip", has_text=GDP).click()
    page.locator(".headline").wait_for()
    page.keyboard.press("Escape")
    page.reload()
    assert page.locator(".panel").is_hidden()
    barred = (
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
    )
    answered(open_page(init=barred))
