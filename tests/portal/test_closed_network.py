"""With no host within reach but this machine, everything works, and nobody else is asked for, names included."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import anyio
import pytest

from tests.access.audited import audited
from tests.browser import launched
from tests.portal.offline import Offline, offline, serving
from tests.portal.portal_site import PortalSite, portal_site
from tests.portal.test_records import SENTENCES
from tests.web.walking import GDP_QUESTION, act_on, answer_to, ask, ready

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

CLOSED = "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
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
def closed_browser() -> Iterator[Seen]:
    with launched(f"--host-resolver-rules={CLOSED}") as browser:
        seen = Seen(browser.new_context(locale="zh-CN"))
        seen.context.set_default_timeout(30_000)
        seen.context.on("request", lambda request: seen.hosts.add(urlsplit(request.url).hostname or ""))
        seen.context.on(
            "page", lambda page: page.on("websocket", lambda one: seen.hosts.add(urlsplit(one.url).hostname or ""))
        )
        yield seen


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
    page.locator(".zw-side [data-do=view-library]").click()
    page.locator(".zw-place").first.wait_for()
    with page.expect_download():
        act_on(page, GDP_QUESTION, "导出Word")
    page.goto(f"{address}/evaluation")
    page.locator("#gold").set_input_files({"name": "题.csv", "mimeType": "text/csv", "buffer": GOLD})
    page.locator("form button").click()
    page.locator(".tiles").wait_for()


def embed_the_page(page: Page, portal: PortalSite) -> None:
    page.goto(f"{portal.address}/frame")
    frame = page.frame_locator("iframe")
    frame.locator("#question textarea").fill(GDP_QUESTION)
    frame.locator("#send").click()
    frame.locator("#reply").get_by_text("5.5%").first.wait_for()


PROGRAMS = [
    *[("ask", "open", "")] * 2,
    ("search", "open", ""),
    *[("ask", "open", "")] * 3,
    ("search", "open", ""),
    ("sign_in", "token", "zhang"),
    ("refused", "open", ""),
    ("evaluation", "open", ""),
]
"""The lines that `call_everything` leaves."""
PEOPLE = [
    *[("ask", "open", ""), ("feedback", "open", ""), ("export", "open", ""), ("evaluation", "open", "")],
    *[("sign_in", "token", "zhang"), ("ask", "session", "zhang")],
]
"""The lines that a walk over the page, and one inside a portal's frame, leave."""


def written(place: Offline) -> list[tuple[object, ...]]:
    return [(row["event"], row["way"], row["user"]) for row in audited(place.home)]


def test_programs_are_served_and_no_other_host_is_asked_for(place: Offline, address: str, portal: PortalSite) -> None:
    before = len(written(place))
    call_everything(address, portal.token())
    assert place.hosts() == []
    assert written(place)[before:] == PROGRAMS


def test_not_even_its_own_name_is_looked_up_where_it_listens_everywhere(place: Offline) -> None:
    done = place.run(
        "-c", "from assistant.web.server.hosts import Hosts; print(Hosts('0.0.0.0').trusts('127.0.0.1:7860'))"
    )
    assert done.stdout.split() == ["True"], done.stderr
    assert place.hosts() == []


@pytest.mark.slow
@pytest.mark.browser
def test_the_page_works_in_a_browser_and_in_a_portal_and_no_other_host_is_asked_for(
    place: Offline, address: str, portal: PortalSite
) -> None:
    before = len(written(place))
    with closed_browser() as seen:
        walk_the_page(seen.context.new_page(), address)
        embed_the_page(seen.context.new_page(), portal)
    assert seen.hosts <= {"127.0.0.1", "localhost", ""}
    assert place.hosts() == []
    assert written(place)[before:] == PEOPLE


@pytest.mark.slow
def test_the_command_line_asks_for_no_other_host(place: Offline, tmp_path: Path) -> None:
    report, gold = tmp_path / "阿城区2025年政府工作报告.txt", tmp_path / "题.csv"
    report.write_text("\n".join(("2025年阿城区政府工作报告", *SENTENCES)), "utf-8")
    gold.write_bytes(GOLD)
    for words in (
        ("ingest", str(report)),
        ("ask", "阿城区2025年GDP目标是多少"),
        ("search", "高新技术企业"),
        ("eval", "--gold", str(gold), "--out", str(tmp_path / "out")),
        ("keys", "add", "--portal", "oa"),
    ):
        done = place.run("-m", "assistant", *words)
        assert done.returncode == 0, done.stderr
    identity = hashlib.sha256(report.read_bytes()).hexdigest()[:16]
    assert place.run("-m", "assistant", "remove", identity).returncode == 0
    assert "没有" in place.run("-m", "assistant", "ask", "阿城区2025年GDP目标是多少").stdout
    assert "5.5%" in anyio.run(asked_as_a_tool, place.environment)
    assert place.hosts() == []
    assert {row[0] for row in written(place)} >= {"upload", "deletion", "evaluation", "key_added"}
    assert written(place)[-1][:2] == ("ask", "terminal")


async def asked_as_a_tool(environment: dict[str, str]) -> str:
    from mcp.client import Client
    from mcp.client.stdio import StdioServerParameters, stdio_client

    program = StdioServerParameters(command=sys.executable, args=["-m", "assistant", "mcp"], env=environment)
    async with Client(stdio_client(program)) as client:
        return str((await client.call_tool("ask", {"question": GDP_QUESTION})).structured_content)


INSIDE = """
import fcntl, socket, struct, sys, time
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:  # a new network has its own loopback, which is down
    fcntl.ioctl(control, 0x8914, struct.pack("16sh", b"lo", 0x1 | 0x40))
import jwt, subprocess
from tests.portal.service import SECRET
from tests.portal.test_closed_network import call_everything
child = subprocess.Popen([sys.executable, "-m", "assistant", "serve", "--port", "7999"])
try:
    for _ in range(600):
        time.sleep(0.1)
        with socket.socket() as link:
            if link.connect_ex(("127.0.0.1", 7999)) == 0:
                break
    now = int(time.time())
    claims = {"iss": "oa", "aud": "zhengwen", "sub": "zhang", "iat": now, "exp": now + 200}
    call_everything("http://127.0.0.1:7999", jwt.encode(claims, SECRET, "HS256"))
finally:
    child.terminate()
    child.wait(30)
print("all of it")
"""


@pytest.mark.slow
def test_everything_works_where_the_kernel_itself_knows_no_other_host(place: Offline) -> None:
    if subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False).returncode:
        pytest.skip("no network of one's own: run where `unshare -rn true` is allowed")
    done = place.run("-c", INSIDE, before=("unshare", "-rn"))
    assert "all of it" in done.stdout, done.stderr


@pytest.mark.slow
def test_the_kernel_sees_no_call_to_another_host_from_an_empty_home_on(
    place: Offline, portal: PortalSite, tmp_path: Path
) -> None:
    """What Python does not see either: libraries in C, and children that are started without our watch."""
    if shutil.which("strace") is None:
        pytest.skip("no strace: `apt-get install strace` and this runs")
    calls = tmp_path / "calls"
    trace = ("strace", "-D", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o", str(calls))
    (tmp_path / "home").mkdir()
    shutil.copy2(place.home / "zhengwen.toml", tmp_path / "home")
    if (place.home / "models").is_dir():
        shutil.copytree(place.home / "models", tmp_path / "home" / "models")
    empty = replace(
        place, home=tmp_path / "home", environment={**place.environment, "ZHENGWEN_HOME": str(tmp_path / "home")}
    )
    with serving(empty, before=trace, seconds=240) as url:
        call_everything(url, portal.token())
    assert elsewhere(calls.read_text()) == []
    planted = place.run("-c", "import socket; socket.getaddrinfo('planted.example', 80)", before=trace, watched=False)
    assert planted.returncode == 1
    assert elsewhere(calls.read_text()) != []


def elsewhere(calls: str) -> list[str]:
    """Lines of a trace that speak to an address that is not this machine's; a name server on it counts as another."""
    spoken = [line for line in calls.splitlines() if "AF_INET" in line and "sin_port=htons(0)" not in line]
    return [
        line for line in spoken if not re.search(r'inet_addr\("127\.|"::1"|"::ffff:127\.', line) or "htons(53)" in line
    ]


def test_whoever_asks_for_another_host_is_seen(place: Offline, tmp_path: Path) -> None:
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


@pytest.mark.slow
@pytest.mark.browser
def test_a_page_that_asks_for_another_host_is_seen() -> None:
    with closed_browser() as seen:
        page = seen.context.new_page()
        page.goto("data:text/html,<img src=http://planted.example/x.png>")
        assert page.evaluate("fetch('http://127.0.0.2.example/').then(() => 1, () => 0)") == 0
    assert seen.hosts >= {"planted.example", "127.0.0.2.example"}
