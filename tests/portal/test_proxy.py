"""The nginx of `docs/operation.md` in front of the service, under a path: the page, the API and its streams go through it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from assistant.settings import Settings
from tests.browser import launched
from tests.pages import block, both
from tests.portal.service import running
from tests.portal.test_serving import GDP, Slow
from tests.ports import free_port

if TYPE_CHECKING:
    from assistant import Assistant

NAME = "oa.example.cn"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("nginx") is None, reason="no nginx: `apt-get install nginx-light` and this runs"),
]


class Halting(Slow):
    """An assistant that says a word, and the rest when it is told to."""

    def stream(self, question: str, *rest: Any, **more: Any) -> Iterator[Any]:
        yield "一"
        yield from super().stream(question, *rest, **more)


@contextmanager
def nginx(tmp_path: Path, page: str, api: str) -> Iterator[int]:
    """Run the configuration of `docs/operation.md` on a free port, in front of these two addresses."""
    port = free_port()
    text = block(both("operation")[0], "nginx", "server {").replace("listen 80;", f"listen 127.0.0.1:{port};")
    text = text.replace("/var/log/nginx/", f"{tmp_path}/")
    for written, address in (("127.0.0.1:7860", page), ("127.0.0.1:7861", api)):
        assert text.count(f"server {written};") == 1
        text = text.replace(f"server {written};", f"server {address.removeprefix('http://')};")
    folders = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    http = f"http {{\naccess_log {tmp_path}/access.log;\n{folders}{text}\n}}\n"
    (tmp_path / "nginx.conf").write_text(f"{user}daemon off;\npid {tmp_path}/pid;\nevents {{}}\n{http}", "utf-8")
    command = [shutil.which("nginx") or "", "-e", f"{tmp_path}/error.log", "-p", str(tmp_path), "-c", "nginx.conf"]
    process = subprocess.Popen(command)
    try:
        until = time.monotonic() + 20
        while time.monotonic() < until and process.poll() is None:
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        assert process.poll() is None, (tmp_path / "error.log").read_text()
        yield port
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def behind(
    assistant: Assistant, settings: Callable[..., Settings], tmp_path: Path
) -> Iterator[Callable[[], tuple[int, Halting]]]:
    """Serve page and API as `docs/operation.md` has it; the API waits in the middle of each answer."""
    from contextlib import ExitStack

    from assistant.web.server.app import create_app
    from assistant.web.server.service import create_service

    named = {"root_path": "/assistant", "trusted_proxies": "127.0.0.1", "trusted_hosts": NAME, "sign_in": None}
    chosen, halting = settings(**named), Halting(assistant)
    with ExitStack() as stack:

        def opened() -> tuple[int, Halting]:
            page = stack.enter_context(running(create_app(assistant, chosen), chosen))
            api = stack.enter_context(running(create_service(halting, chosen, None), chosen))
            return stack.enter_context(nginx(tmp_path, page, api)), halting

        yield opened


def test_programs_ask_through_it_and_streams_are_not_held_back(
    behind: Callable[[], tuple[int, Halting]], key: Callable[..., str], audit: Callable[[], list[dict[str, Any]]]
) -> None:
    secret = key()
    port, halting = behind()
    base = httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, headers={"host": NAME}, timeout=30)
    with base as client:
        assert client.get("/assistant/api/reports").status_code == 401  # the proxy runs here, its users do not
        assert client.get("/assistant/healthz").json() == {"status": "ok"}
        client.headers["authorization"] = f"Bearer {secret}"
        wanted = {"accept": "text/event-stream"}
        with client.stream("POST", "/assistant/api/ask", json={"question": GDP}, headers=wanted) as reply:
            parts = reply.iter_text()
            assert "一" in next(parts)  # the answer has not gone on yet
            halting.go.set()
            assert "event: answer" in "".join(parts)
        asked = {"model": "zhengwen", "messages": [{"role": "user", "content": GDP}]}
        assert "5.5%" in client.post("/assistant/v1/chat/completions", json=asked).text
        assert client.get("/assistant/api/openapi.json").json()["servers"] == [{"url": "/assistant"}]
        assert client.post("/assistant/api/ask", content=b"x" * 2_000_000).status_code == 413
        assert client.get("/assistant").headers["location"].endswith("/assistant/")
        widget = client.get("/assistant/widget.js")
        assert (widget.status_code, widget.headers["content-type"].partition(";")[0]) == (200, "text/javascript")
        client.headers["host"] = "evil.example"
        assert client.get("/assistant/api/reports").status_code == 400
        for odd in ("//api/reports", "/%2e%2e/api/reports", "/api%2freports", "/./api/reports", "/s/x/../api/reports"):
            client.headers = httpx.Headers({"host": NAME})
            assert client.get(f"/assistant{odd}").status_code in {400, 401, 404}, odd
    assert [row["event"] for row in audit() if row["event"] != "refused"] == ["ask", "ask"]


@pytest.mark.browser
@pytest.mark.timeout(180)
def test_a_person_asks_in_the_page_behind_it(
    behind: Callable[[], tuple[int, Halting]], mint: Callable[..., str], tmp_path: Path
) -> None:
    port, _ = behind()
    rules = f"--host-resolver-rules=MAP {NAME}:80 127.0.0.1:{port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    with launched(rules) as browser:
        page = browser.new_page(locale="zh-CN")
        failed: list[str] = []
        page.on("response", lambda one: failed.append(f"{one.status} {one.url}") if one.status >= 400 else None)
        page.goto(f"http://{NAME}/assistant/embed?portal=oa&token={mint()}")
        page.wait_for_url(re.compile(rf"http://{NAME}/assistant/s/[\w-]+\.[\w-]{{43}}/\?embed=1"))
        box = page.locator("#question textarea")
        box.wait_for()
        box.fill(GDP)
        box.press("Enter")
        page.get_by_text("5.5%").first.wait_for(timeout=60_000)
        assert failed == []
    seen = (tmp_path / "zhengwen.log").read_text()
    assert "/assistant/s/***/gradio_api/queue/join" in seen
    assert not re.search(r"/s/[\w-]+\.[\w-]{43}|eyJ", seen)  # neither ticket nor token
