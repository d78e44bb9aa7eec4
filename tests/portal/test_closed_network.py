"""With no host within reach but this machine, everything works, and nobody else is asked for, names included."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.portal.offline import Offline, offline, serving
from tests.portal.portal_site import PortalSite, portal_site
from tests.web.walking import GDP_QUESTION, answer_to, ask, ready

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

CLOSED = "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
QUIET = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
GOLD = f"问题,答案\n{GDP_QUESTION},增长5.5%\n".encode()
CHAT = {"messages": [{"role": "user", "content": GDP_QUESTION}]}
CALL = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
BOTH = {"accept": "application/json, text/event-stream"}


@pytest.fixture(scope="module")
def portal() -> Iterator[PortalSite]:
    with portal_site() as site:
        yield site


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, seeded_home: Path, portal: PortalSite) -> Offline:
    return offline(tmp_path_factory.mktemp("offline"), seeded_home, portal.address)


@pytest.fixture(scope="module")
def address(place: Offline, portal: PortalSite) -> Iterator[str]:
    with serving(place) as url:
        portal.assistant = url
        yield url


@dataclass
class Seen:
    """A browser that reaches nobody, and the hosts that its pages asked for."""

    context: BrowserContext
    hosts: set[str] = field(default_factory=set)


@contextmanager
def closed_browser(chromium: str) -> Iterator[Seen]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        rules = f"--host-resolver-rules={CLOSED}"
        browser = playwright.chromium.launch(executable_path=chromium, args=[*QUIET.split(), rules])
        seen = Seen(browser.new_context(locale="zh-CN"))
        seen.context.set_default_timeout(30_000)
        seen.context.on("request", lambda request: seen.hosts.add(urlsplit(request.url).hostname or ""))
        seen.context.on(
            "page", lambda page: page.on("websocket", lambda one: seen.hosts.add(urlsplit(one.url).hostname or ""))
        )
        yield seen
        browser.close()


def call_everything(address: str, token: str) -> None:
    """Each way in for programs, once."""
    import httpx

    with httpx.Client(base_url=address, trust_env=False, timeout=60) as client:

        def got(method: str, path: str, status: int = 200, **given: Any) -> httpx.Response:
            reply = client.request(method, path, **given)
            assert reply.status_code == status, reply.text
            return reply

        question = {"question": GDP_QUESTION}
        assert "5.5%" in got("POST", "/api/ask", json=question).json()["answer"]
        stream = got("POST", "/api/ask", json=question, headers={"accept": "text/event-stream"})
        assert "event: answer" in stream.text
        assert got("GET", "/api/search", params={"q": "高新技术企业"}).json()["results"]
        report = got("GET", "/api/reports").json()["reports"][0]
        assert got("GET", f"/api/reports/{report['id']}").json()["paragraphs"]
        assert got("POST", "/v1/chat/completions", json=CHAT).json()["citations"]
        assert "[DONE]" in got("POST", "/v1/chat/completions", json={**CHAT, "stream": True}).text
        for name, given in (("ask", question), ("search", {"query": "高新技术企业"})):
            call = {**CALL, "params": {"name": name, "arguments": given}}
            assert not got("POST", "/mcp", json=call, headers=BOTH).json()["result"]["isError"]
        got("POST", "/api/session", headers={"authorization": f"Bearer {token}"})
        got("POST", "/api/ask", 401, json=question, headers={"authorization": "Bearer zw_00000000_" + "x" * 43})
        run = got("POST", "/evaluation/runs", 202, params={"name": "题.csv"}, content=GOLD).json()["id"]
        while got("GET", f"/evaluation/runs/{run}").json()["state"] == "running":
            pass
        assert "100.0%" in got("GET", f"/evaluation/runs/{run}/report").text


def walk_the_page(page: Page, address: str) -> None:
    page.goto(address)
    ready(page)
    ask(page, GDP_QUESTION)
    answer = answer_to(page, GDP_QUESTION)
    answer.locator(".zw-cite").first.click()
    page.locator("#passages .zw-near").first.wait_for()
    page.locator("#passages [data-do=read]").first.click()
    page.locator(".zw-reader-text p").first.wait_for()
    page.keyboard.press("Escape")
    page.locator("#good").click()
    page.locator("#said .zw-thanks").wait_for()
    page.locator("[data-do=history]").click()
    with page.expect_download():
        page.locator("#zw-history button", has_text="Word").click()
    page.goto(f"{address}/evaluation")
    page.locator("#finished a").first.click()
    page.locator(".tiles").wait_for()


def embed_the_page(page: Page, portal: PortalSite) -> None:
    page.goto(f"{portal.address}/frame")
    frame = page.frame_locator("iframe")
    frame.locator("#question textarea").fill(GDP_QUESTION)
    frame.locator("#send").click()
    frame.locator("#reply").get_by_text("5.5%").first.wait_for()


@pytest.mark.browser
def test_everything_works_and_no_other_host_is_asked_for(
    place: Offline, address: str, portal: PortalSite, chromium: str
) -> None:
    call_everything(address, portal.token())
    with closed_browser(chromium) as seen:
        walk_the_page(seen.context.new_page(), address)
        embed_the_page(seen.context.new_page(), portal)
    assert seen.hosts <= {"127.0.0.1", "localhost", ""}
    assert place.hosts() == []
    written = [(row["event"], row["way"], row["user"]) for row in place.audit()]
    assert written == [
        *[("ask", "open", "")] * 2,
        ("search", "open", ""),
        *[("ask", "open", "")] * 3,
        ("search", "open", ""),
        ("sign_in", "token", "zhang"),
        ("refused", "open", ""),
        ("evaluation", "open", ""),
        ("ask", "open", ""),
        ("feedback", "open", ""),
        ("export", "open", ""),
        ("sign_in", "token", "zhang"),
        ("ask", "session", "zhang"),
    ]


@pytest.mark.browser
def test_whoever_asks_for_another_host_is_seen(place: Offline, chromium: str, tmp_path: Path) -> None:
    """Without this the test above would prove nothing."""
    planted = Offline(place.home, tmp_path / "planted", {**place.environment, "ASKED_FOR": str(tmp_path / "planted")})
    for line in (
        "socket.getaddrinfo('planted.example', 80)",
        "socket.gethostbyname('planted.example')",
        "socket.gethostbyaddr('192.0.2.1')",
        "socket.create_connection(('192.0.2.1', 80))",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
    ):
        assert planted.run("-c", f"import socket; {line}").returncode == 1
    assert [line.split()[1] for line in planted.hosts()] == ["planted.example"] * 2 + ["192.0.2.1"] * 3
    with closed_browser(chromium) as seen:
        page = seen.context.new_page()
        page.goto("data:text/html,<img src=http://planted.example/x.png>")
        assert page.evaluate("fetch('http://127.0.0.2.example/').then(() => 1, () => 0)") == 0
    assert seen.hosts >= {"planted.example", "127.0.0.2.example"}
