"""What can go wrong with the bubble: each is said in a sentence, with a way out of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.portal.portal_site import PortalSite, portal_site
from tests.portal.widget.bubble import GDP, OpenPage, answered, ask, in_a_portal

if TYPE_CHECKING:
    from assistant import Assistant

pytestmark = pytest.mark.browser


def test_an_expired_token_is_renewed_silently_once_and_then_said_with_a_way_that_works(
    open_page: OpenPage, site: PortalSite
) -> None:
    page = open_page()
    site.stale = 1
    page.locator(".bubble").click()
    page.locator(".chip").first.wait_for()  # the first token was good for nothing, the second for the examples
    told = answered(page)
    assert told.locator(".trouble").count() == 0
    page = open_page()
    site.stale = 100
    told = ask(page, GDP)
    told.locator(".trouble").wait_for()
    assert told.locator(".trouble p").inner_text().startswith("登录已过期。")
    site.stale = 0
    told.get_by_role("button", name="重试").click()
    told.locator(".headline").wait_for()
    assert told.locator(".trouble").count() == 0


def test_a_token_in_the_tag_is_used_at_once_and_a_newer_one_is_taken_when_it_has_expired(
    open_page: OpenPage, site: PortalSite
) -> None:
    site.stale = 1
    page = open_page(token="minted")
    heard = "document.addEventListener('zhengwen:token-expired', () => (window.told = true))"
    page.evaluate(heard)
    told = ask(page, GDP)
    told.locator(".trouble").wait_for()
    assert page.evaluate("window.told") is True
    page.evaluate("(token) => (document.querySelector('script[data-token]').dataset.token = token)", site.token())
    told.get_by_role("button", name="重试").click()
    told.locator(".headline").wait_for()


def test_on_the_machine_itself_it_needs_neither_portal_nor_token(
    open_page: OpenPage, assistant: Assistant, tmp_path: Path
) -> None:
    with in_a_portal(assistant, tmp_path, sign_in=None) as site:
        answered(open_page(site, **{"portal": "", "token-url": ""}))
        assert site.minted == 0


def test_a_site_that_is_not_listed_gets_no_answer(open_page: OpenPage, site: PortalSite) -> None:
    with portal_site() as other:
        other.assistant = site.assistant
        page = open_page(other)
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text))
        told = ask(page, GDP)
        told.locator(".trouble").wait_for()
        assert told.locator("p").first.inner_text() == "连不上问答服务，请检查网络。"
        assert any("blocked by CORS policy" in message for message in refused)


def test_a_lost_network_and_an_answer_that_breaks_off_are_said_and_tried_again(open_page: OpenPage) -> None:
    page = open_page()
    answered(page)
    page.context.set_offline(True)
    told = ask(page, "道里区2023年GDP目标是多少")
    told.locator(".trouble").wait_for()
    assert "连不上" in told.locator(".trouble").inner_text()
    page.context.set_offline(False)
    part = 'event: delta\ndata: {"text": "道里区"}\n\n'
    headers = {"access-control-allow-origin": page.url.rsplit("/", 1)[0], "content-type": "text/event-stream"}
    page.route("**/api/ask", lambda route: route.fulfill(body=part, headers=headers), times=1)
    told.get_by_role("button", name="重试").click()
    told.get_by_text("回答没有传完。").wait_for()
    told.get_by_role("button", name="重试").click()
    told.locator(".label").wait_for()


def test_who_asks_too_often_is_told_how_long_to_wait(open_page: OpenPage, assistant: Assistant, tmp_path: Path) -> None:
    with in_a_portal(assistant, tmp_path, asks_per_minute=1) as site:
        page = open_page(site)
        for _ in range(8):
            told = ask(page, GDP)
            told.locator(".label, .trouble").wait_for()
            if told.locator(".trouble").count():
                break
        assert told.locator(".trouble p").inner_text() == "提问太频繁了。"
        assert re.fullmatch(r"\d+ 秒后可重试", told.locator(".trouble button").inner_text())
        assert told.locator(".trouble button").is_disabled()


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (None, "连不上/token"),
        ({"status": 404, "body": "not here"}, "/token返回了错误404"),
        ({"status": 500, "body": ""}, "/token返回了错误500"),
        ({"body": "<!doctype html><title>请登录</title>"}, "/token返回的不是凭证，可能要先在门户重新登录"),
        ({"body": " \n"}, "/token返回的内容是空的"),
    ],
    ids=["unreachable", "missing", "broken", "a page", "empty"],
)
def test_a_portal_that_gives_no_token_is_named_and_can_be_asked_again(
    open_page: OpenPage, fault: dict[str, Any] | None, said: str
) -> None:
    page = open_page()
    page.route("**/token", lambda route: route.fulfill(**fault) if fault else route.abort())
    told = ask(page, GDP)
    told.locator(".trouble").wait_for()
    sentence = f"门户没有给出登录凭证：{said}。请点“重试”；如果还是不行，请联系门户的管理员。"
    assert told.locator(".trouble p").inner_text() == sentence
    page.unroute("**/token")
    told.get_by_role("button", name="重试").click()
    told.locator(".headline").wait_for()
    assert told.locator(".trouble").count() == 0
