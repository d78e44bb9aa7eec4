"""The gate in front of the page, tried on the whole application."""

from __future__ import annotations

import io
import re
import socket
from collections.abc import Iterator
from contextlib import redirect_stderr
from typing import TYPE_CHECKING

import pytest

from assistant.errors import SettingsError
from assistant.settings import Portal, Settings

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from assistant.web.server.front import Front


@pytest.fixture(scope="module")
def app(seed_assistant: object) -> Front:
    from assistant.web.server.app import create_app

    return create_app(seed_assistant, Settings())  # type: ignore[arg-type]  # a small assistant of the tests


@pytest.fixture(scope="module")
def client(app: Front) -> Iterator[TestClient]:
    from starlette.testclient import TestClient

    with TestClient(app, base_url="http://127.0.0.1:7860", raise_server_exceptions=False) as opened:
        yield opened


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/config", "/theme.css", "/zhengwen/page.js", "/zhengwen/page.css", "/zhengwen/tokens.css"),
        *("/zhengwen/page/start.js", "/reports", "/gradio_api/startup-events"),
    ],
)
def test_what_the_chat_needs_gets_through(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200


def test_a_static_file_is_compressed_for_whoever_takes_that_and_not_sent_again_to_whoever_has_it(
    client: TestClient,
) -> None:
    plain = client.get("/zhengwen/page.css", headers={"accept-encoding": "identity"})
    packed = client.get("/zhengwen/page.css", headers={"accept-encoding": "gzip"})
    assert (plain.headers.get("content-encoding"), packed.headers["content-encoding"]) == (None, "gzip")
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) * 4 < int(plain.headers["content-length"])
    assert "accept-encoding" in packed.headers["vary"]
    for encoding in ("gzip", "identity"):
        known = {"accept-encoding": encoding, "if-none-match": packed.headers["etag"]}
        again = client.get("/zhengwen/page.css", headers=known)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", plain.headers["etag"])
    part = client.get("/zhengwen/page.css", headers={"accept-encoding": "gzip", "range": "bytes=0-9"})
    assert (part.status_code, part.content) == (206, plain.content[:10])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/gradio_api/upload"),
        ("GET", "/gradio_api/upload_progress"),
        ("GET", "/gradio_api/info"),
        ("GET", "/gradio_api/openapi.json"),
        ("GET", "/gradio_api/runs"),
        ("POST", "/gradio_api/run/predict"),
        ("POST", "/gradio_api/api/predict"),
        ("POST", "/gradio_api/call/ask"),
        ("POST", "/gradio_api/component_server"),
        ("GET", "/gradio_api/file=/etc/passwd"),
        ("GET", "/gradio_api/file/etc/passwd"),
        ("GET", "/gradio_api/proxy=http://169.254.169.254/"),
        ("GET", "/gradio_api/deep_link"),
        ("GET", "/gradio_api/token"),
        ("GET", "/monitoring"),
        ("GET", "/monitoring/summary"),
        ("GET", "/docs"),
        ("GET", "/openapi.json"),
        ("POST", "/login"),
        ("GET", "/assets/../../../../etc/passwd"),
        ("GET", "/assets/%2e%2e/%2e%2e/config"),
        ("GET", "/static/..%2f..%2froutes.py"),
        ("GET", "/zhengwen/%2e%2e/app.py"),
        ("GET", "/config/"),
        ("GET", "/assets/a%0Ab"),
    ],
)
def test_what_the_chat_does_not_need_is_not_there(client: TestClient, method: str, path: str) -> None:
    reply = client.request(method, path)
    assert reply.status_code == 404
    assert reply.text == "没有这个页面。"


@pytest.mark.parametrize(("method", "path"), [("POST", "/"), ("DELETE", "/config"), ("GET", "/gradio_api/queue/join")])
def test_another_method_is_refused(client: TestClient, method: str, path: str) -> None:
    assert client.request(method, path).status_code == 405


@pytest.mark.parametrize("path", ["/", "/config", "/zhengwen/page.js", "/nowhere", "/gradio_api/upload"])
def test_every_reply_carries_the_walls(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "object-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert not [name for name in headers if name.startswith("access-control-")]


def test_each_script_of_the_page_carries_the_nonce_of_its_own_reply(client: TestClient) -> None:
    first, second = client.get("/"), client.get("/")
    nonces = []
    for reply in (first, second):
        found = re.search(r"'nonce-([^']+)'", reply.headers["content-security-policy"])
        assert found
        scripts = re.findall(r"<script[^>]*>", reply.text)
        assert len(scripts) > 3
        assert all(f'nonce="{found[1]}"' in script for script in scripts)
        nonces.append(found[1])
    assert nonces[0] != nonces[1]


def test_the_page_says_that_it_is_chinese_and_names_no_foreign_picture(client: TestClient) -> None:
    page = client.get("/?deep_link=../../secret").text
    assert 'lang="zh-CN"' in page
    assert "raw.githubusercontent.com" not in page
    assert "./zhengwen/page.js" in page


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example:80", "[::1", "192.168.1.5"]
)
def test_an_unknown_host_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 400
    assert client.get("/", headers={"x-forwarded-host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost:7860", "127.0.0.1", "[::1]:7860", "LOCALHOST"])
def test_this_machine_is_known_by_its_names(client: TestClient, host: str) -> None:
    assert client.get("/zhengwen/page.js", headers={"host": host}).status_code == 200


def test_a_page_open_to_the_network_takes_addresses_but_no_foreign_names() -> None:
    from assistant.web.server.hosts import Hosts

    hosts = Hosts("0.0.0.0")
    assert hosts.trusts("192.168.1.5:7860")
    assert hosts.trusts("[fe80::1]:7860")
    assert hosts.trusts(socket.gethostname())
    assert not hosts.trusts("rebound.evil.example:7860")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:9999"])
def test_another_site_may_not_ask_through_a_visitor(client: TestClient, origin: str) -> None:
    reply = client.post("/gradio_api/queue/join", json={}, headers={"origin": origin})
    assert reply.status_code == 403
    assert "access-control-allow-origin" not in reply.headers


def test_a_body_over_the_limit_is_refused_before_it_is_read(client: TestClient) -> None:
    big = b"x" * (64 * 1024 + 1)
    assert client.post("/gradio_api/queue/join", content=big).status_code == 413
    assert client.post("/gradio_api/queue/join", content=iter([big[:40_000], big[40_000:]])).status_code == 413
    assert client.post("/gradio_api/queue/join", content=b"{}", headers={"content-length": "-5"}).status_code == 413


def test_nonsense_in_the_queue_is_refused_without_inner_text(client: TestClient) -> None:
    for body in (b"{}", b"[]", b"\xff", b'{"data": NaN}', b'{"fn_index": 999, "data": [], "session_hash": "x"}'):
        reply = client.post("/gradio_api/queue/join", content=body, headers={"content-type": "application/json"})
        assert "Traceback" not in reply.text
        assert "site-packages" not in reply.text
    assert client.get("/").status_code == 200


def test_a_portal_s_key_that_cannot_be_used_is_said_before_any_process_is_started() -> None:
    from assistant.web.server.app import serve_programs

    portal = Portal(public_key="-----BEGIN PUBLIC KEY-----\nnone\n-----END PUBLIC KEY-----")
    with pytest.raises(SettingsError, match="public_key"):
        serve_programs(Settings(portal={"oa": portal}, port=0), workers=2)


def test_a_port_that_is_taken_is_said_in_a_sentence(seed_assistant: object) -> None:
    from assistant.web.server.app import serve

    with socket.create_server(("127.0.0.1", 0)) as taken, redirect_stderr(io.StringIO()) as said:
        with pytest.raises(SettingsError, match="不能用来提供网页") as refused:
            serve(seed_assistant, Settings(port=taken.getsockname()[1]))  # type: ignore[arg-type]
        assert "换一个端口" in refused.value.hint
        assert said.getvalue() == ""
