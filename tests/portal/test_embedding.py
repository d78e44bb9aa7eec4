"""The page inside a portal: opened with a token, framed by that portal alone, and answering from what its user may see."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from assistant.settings import Settings
from tests.portal.portal_site import assisted, portal_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Frame
    from starlette.testclient import TestClient

    from assistant import Assistant

Rows = list[dict[str, Any]]


@pytest.fixture
def page(assistant: Assistant, settings: Callable[..., Settings]) -> Iterator[TestClient]:
    from starlette.testclient import TestClient

    from assistant.web.server.app import create_app

    app = create_app(assistant, settings(root_path="/assistant"))
    client = TestClient(app, base_url="http://127.0.0.1:7860", follow_redirects=False, client=("10.9.8.7", 1))
    with client:
        yield client


def test_a_token_opens_the_page_for_its_portal_alone(
    page: TestClient, mint: Callable[..., str], audit: Callable[[], Rows]
) -> None:
    opened = page.get("/assistant/embed", params={"portal": "oa", "token": mint(), "theme": "dark"})
    assert opened.status_code == 303
    there = opened.headers["location"]
    assert re.fullmatch(r"/assistant/s/[\w-]+\.[\w-]{43}/\?embed=1&theme=dark", there)
    shown = page.get(there)
    assert shown.status_code == 200
    assert "frame-ancestors 'self' http://oa.example.cn" in shown.headers["content-security-policy"]
    assert there.split("?")[0].rstrip("/") in shown.text  # every address that the page will ask for carries the ticket
    assert page.get(there.split("?")[0] + "config").status_code == 200
    assert page.get(there.split("?")[0] + "gradio_api/upload").status_code == 404
    assert [(row["event"], row["user"], row["portal"]) for row in audit()] == [("sign_in", "zhang", "oa")]


def test_a_portal_may_hand_the_token_over_in_a_form(page: TestClient, mint: Callable[..., str]) -> None:
    assert page.post("/assistant/embed", data={"portal": "oa", "token": mint()}).status_code == 303


@pytest.mark.parametrize(
    ("fields", "said", "frames"),
    [
        ({"portal": "oa"}, "请先登录", "'self' http://oa.example.cn"),
        ({"portal": "oa", "token": "a.b.c"}, "令牌无效", "'self' http://oa.example.cn"),
        ({"portal": "oa", "token": "old"}, "登录已过期", "'self' http://oa.example.cn"),
        ({"portal": "hall", "token": "new"}, "另一个门户", "'self' http://hall.example.cn"),
        ({"portal": "nobody", "token": "new"}, "没有登记这个门户", "'none'"),
    ],
)
def test_whoever_cannot_come_in_is_told_why_and_can_try_again(
    page: TestClient,
    mint: Callable[..., str],
    audit: Callable[[], Rows],
    fields: dict[str, str],
    said: str,
    frames: str,
) -> None:
    tokens = {"old": mint(iat=1_700_000_000, exp=1_700_000_300), "new": mint()}
    sent = {name: tokens.get(value, value) for name, value in fields.items()}
    reply = page.get("/assistant/embed", params=sent)
    assert reply.status_code == 401
    assert said in reply.text
    assert 'href=""' in reply.text
    assert f"frame-ancestors {frames}" in reply.headers["content-security-policy"]
    assert [row["event"] for row in audit()] == ["refused"]


def test_the_page_itself_asks_to_sign_in_in_a_page_of_its_own(page: TestClient) -> None:
    reply = page.get("/assistant/", headers={"accept": "text/html"})
    assert reply.status_code == 401
    assert "请先登录" in reply.text
    assert reply.headers["content-type"].startswith("text/html")
    assert page.get("/assistant").status_code in {308, 401}
    assert page.get("/assistant/zhengwen/page.js").status_code == 200


def test_a_question_that_begins_with_markup_stays_text_on_that_page(page: TestClient) -> None:
    reply = page.get("/assistant/embed?portal=<script>alert(1)</script>", headers={"accept": "text/html"})
    assert "没有登记这个门户" in reply.text
    assert "<script>" not in reply.text


@pytest.mark.slow  # the frame itself is tried in test_frames; here also its regions and its audit lines
@pytest.mark.browser
def test_a_real_browser_asks_in_a_portal_s_frame_and_another_site_cannot_frame_it(
    browser: Browser, assistant: Assistant, settings: Callable[..., Settings], audit: Callable[[], Rows]
) -> None:
    from assistant.web.server.app import create_app

    front = partial(create_app, assistant)
    with assisted(front, settings().home, regions=("松北区",)) as portal, portal_site() as evil:
        evil.assistant = portal.assistant
        tab = browser.new_page()
        with tab.expect_console_message(lambda message: "frame-ancestors" in message.text):
            tab.goto(f"{evil.address}/frame")
        assert not [frame for frame in tab.frames if "/s/" in frame.url]
        tab.goto(f"{portal.address}/frame?width=900&height=700")
        _asked(tab.frames[-1], "道里区2023年GDP目标是多少", "没有道里区")
        _asked(tab.frames[-1], "松北区2025年GDP目标是多少", "5.5%")
        tab.close()
    rows = [row for row in audit() if row["event"] == "ask"]
    assert [(row["user"], row["portal"], row["way"], row["verdict"]) for row in rows] == [
        ("zhang", "oa", "session", "not_covered"),
        ("zhang", "oa", "session", "answered"),
    ]


def _asked(frame: Frame, question: str, expected: str) -> None:
    frame.locator("#question textarea, #question input").fill(question)
    frame.locator("#send").click()
    frame.locator("#reply").get_by_text(expected).first.wait_for(timeout=30_000)
