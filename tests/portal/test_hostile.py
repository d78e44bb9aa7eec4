"""Requests that nobody sends by accident: each is refused in our own words, briefly, and nothing of it comes back."""

from __future__ import annotations

import json
import resource
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from starlette.testclient import TestClient

CANARY = "canary-7f3a"
DEEP = 20_000


def _json(question: str) -> bytes:
    return b'{"question": ' + question.encode("utf-8", "surrogatepass") + b"}"


BODIES: dict[str, bytes] = {
    "a lone high surrogate": _json('"GDP \\ud800 canary-7f3a"'),
    "a lone low surrogate": _json('"\\udc00 canary-7f3a"'),
    "a surrogate in bytes": _json('"\ud800 canary-7f3a"'),
    "NaN": _json("NaN"),
    "Infinity": _json("-Infinity"),
    "1e999": _json("1e999"),
    "ten thousand digits": _json("1" * 10_000),
    "nested arrays": _json("[" * DEEP + "]" * DEEP),
    "nested objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "GBK": '{"question": "松北区"}'.encode("gbk"),
    "UTF-16": '{"question": "松北区"}'.encode("utf-16"),
    "invalid bytes": b'{"question": "\xff\xfe"}',
    "a raw NUL": b'{"question": "a\x00b"}',
    "nothing": b"",
    "white space": b"   ",
    "half of it": b'{"question": "canary-7f3a',
    "two of them": b'{"question": "a"}{"question": "b"}',
    "a list": b'["canary-7f3a"]',
    "a string": b'"canary-7f3a"',
    "null": b"null",
    "no question": b"{}",
    "a question of nothing": _json('""'),
    "a question of spaces": _json('"   "'),
    "a question of marks": _json('"!!??"'),
    "a question of control characters": _json('"\\u0000\\u0001\\u202e"'),
    "a question that is a number": _json("1"),
    "a question that is an object": _json('{"canary-7f3a": 1}'),
    "a question that is too long": _json(json.dumps("长" * 501)),
    "a far too long one": _json(json.dumps("长" * 10_000)),
    "a huge body": _json(json.dumps("canary-7f3a" * 200_000)),
    "another key": b'{"question": "GDP", "canary-7f3a": 1}',
    "a key of ten thousand characters": b'{"question": "GDP", "' + b"canary-7f3a" * 1000 + b'": 1}',
    "a prototype": b'{"question": "GDP", "__proto__": {"a": 1}}',
    "a history that is a string": b'{"question": "GDP", "history": "canary-7f3a"}',
    "a history of numbers": b'{"question": "GDP", "history": [1, 2]}',
    "a history without end": b'{"question": "GDP", "history": [' + b'"GDP",' * 30 + b'"GDP"]}',
    "a form": b"question=canary-7f3a",
    "XML": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
}
KINDS = (
    *("", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml"),
    *("application/jsonp", "application/json-patch+json", "text/json", "application/octet-stream"),
)


@pytest.fixture(params=["/api/ask", "/api/feedback", "/v1/chat/completions", "/mcp"])
def path(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def headers(key: Callable[..., str]) -> dict[str, str]:
    both = "application/json, text/event-stream"
    return {"authorization": f"Bearer {key()}", "content-type": "application/json", "accept": both}


def refused(status: int, text: str) -> None:
    assert 400 <= status < 500, (status, text)
    assert len(text.encode()) <= 1024
    assert CANARY not in text
    assert "Traceback" not in text


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_not_right_is_refused(
    name: str, path: str, service: Callable[..., TestClient], headers: dict[str, str]
) -> None:
    reply = service().post(path, content=BODIES[name], headers=headers)
    refused(reply.status_code, reply.text)
    assert set(reply.json()["error"]) == {"code", "message", "hint", "request_id"}


@pytest.mark.parametrize("kind", KINDS)
def test_another_kind_of_content_is_refused(
    kind: str, path: str, service: Callable[..., TestClient], headers: dict[str, str]
) -> None:
    reply = service().post(path, content=b'{"question": "GDP"}', headers={**headers, "content-type": kind})
    assert reply.status_code == 415
    refused(reply.status_code, reply.text)


@pytest.mark.parametrize("declared", ["-5", "1e3", "99999999999999999999999", "abc", "0x10"])
def test_a_length_that_cannot_be_is_refused(
    declared: str, service: Callable[..., TestClient], headers: dict[str, str]
) -> None:
    sent = {**headers, "content-length": declared.encode().decode("latin-1")}
    assert service().post("/api/ask", content=b"{}", headers=sent).status_code == 413


def test_a_question_with_odd_characters_is_answered_without_them(
    service: Callable[..., TestClient], headers: dict[str, str]
) -> None:
    body = {"question": "松北区\u202e2025年\u0000GDP\u200b目标\n是多少\r\n"}
    reply = service().post("/api/ask", json=body, headers={**headers, "accept": "*/*"})
    assert reply.status_code == 200
    assert reply.json()["question"].isprintable()


def test_of_a_key_given_twice_the_last_counts(service: Callable[..., TestClient], headers: dict[str, str]) -> None:
    body = '{"question": 1, "question": "松北区2025年GDP目标是多少"}'.encode()
    reply = service().post("/api/ask", content=body, headers={**headers, "accept": "*/*"})
    assert reply.json()["verdict"] == "answered"


ADDRESSES = (
    *("/api/search?q=", "/api/search", "/api/search?q=GDP&limit=0", "/api/search?q=GDP&limit=51"),
    *("/api/search?q=GDP&limit=canary-7f3a", "/api/search?q=GDP&limit=1e3", "/api/search?q=%ED%A0%80&limit=x"),
    *(
        "/api/search?q=" + "x" * 501,
        "/api/search?q=%00",
        "/api/reports/%00",
        "/api/reports/..%2f..%2fetc",
        "/api/reports/" + "0" * 16,
    ),
    "/embed?" + "&".join(f"canary-7f3a-{number}=x" for number in range(21)),
    *("/api/reports/canary-7f3a", "/api/reports/' OR 1=1", "/api/reports/8FABC22CCCA2C171"),
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_is_not_right_is_refused(
    address: str, service: Callable[..., TestClient], headers: dict[str, str]
) -> None:
    reply = service().get(address, headers=headers)
    refused(reply.status_code, reply.text)


@pytest.fixture
def raw(served: Callable[..., AbstractContextManager[str]]) -> Iterator[Callable[..., bytes]]:
    """Send bytes as they are and give what comes back."""
    with served() as address:
        port = int(address.rsplit(":", 1)[1])

        def sent(*pieces: bytes, seconds: float = 10) -> bytes:
            with socket.create_connection(("127.0.0.1", port), seconds) as link:
                got = b""
                try:
                    for piece in pieces:
                        link.sendall(piece)
                    while part := link.recv(65536):
                        got += part
                except (ConnectionError, TimeoutError):
                    pass
                return got

        yield sent


ODD_PATHS = (
    *("//api/reports", "/api//reports", "/api/reports/", "/%61pi/reports", "/api%2freports", "/API/reports"),
    *("/api;x/reports", "/api/reports;x", "/x/../api/reports", "/x/%2e%2e/api/reports", "/healthz/../api/reports"),
    *("/healthz%2f..%2fapi/reports", "/widget.js/../api/reports", "/assets/..%2fapi%2freports", "/./api/reports"),
    *("//metrics", "/metrics/", "/metrics%20", "/metrics%0a", "/metrics%00", "/%6detrics", "/metrics;x", "/metrics?x"),
    *("/s/x/api/reports", "/s/" + "A" * 50 + "." + "B" * 43 + "/api/reports", "/s//api/reports", "/%ff", "/%ed%a0%80"),
    *("http://127.0.0.1/api/reports", "http://evil.example/api/reports", "*", "/api/reports%3fx", "/api/reports%23"),
)


def test_no_way_of_writing_an_address_leads_past_the_rules(raw: Callable[..., bytes]) -> None:
    for path in ODD_PATHS:
        got = raw(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        assert got.split(b" ", 2)[1] in {b"400", b"401", b"404"}, path


HEAD = b"POST /api/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\n"


def test_headers_without_end_are_refused_by_the_server_itself(raw: Callable[..., bytes]) -> None:
    for more in (b"X-A: " + b"a" * 2_000_000, b"".join(b"X-%d: a\r\n" % number for number in range(10_000))):
        got = raw(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n", more, b"\r\n\r\n")
        assert got == b"" or got.split(b" ", 2)[1].startswith(b"4")
    assert b" 200 " in raw(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")


def test_a_range_and_a_smuggled_length_change_nothing(raw: Callable[..., bytes]) -> None:
    ranges = b"Range: bytes=" + b",".join(b"%d-%d" % (n, n + 1) for n in range(2000)) + b"\r\n"
    assert b" 200 " in raw(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + ranges + b"\r\n")
    both = b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"
    assert raw(HEAD + both).count(b"HTTP/1.1") <= 1
    twice = b"Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}"
    assert raw(HEAD + twice).split(b" ", 2)[1].startswith(b"4")


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_of_three_hundred_megabytes_is_refused_before_it_is_kept(
    declared: bool, raw: Callable[..., bytes], key: Callable[..., str]
) -> None:
    piece = b"x" * 1_000_000
    signed = HEAD + b"Authorization: Bearer " + key().encode() + b"\r\n"
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    if declared:
        got = raw(signed + b"Content-Length: 300000000\r\n\r\n", *[piece] * 300)
    else:
        chunk = b"%x\r\n" % len(piece) + piece + b"\r\n"
        got = raw(signed + b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * 300)
    # The client may be cut off while it still sends, and then sees no reply.
    assert got == b"" or b" 413 " in got.split(b"\r\n")[0]
    assert time.monotonic() - began < 30
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * 1024


def test_a_request_that_never_comes_to_its_end_is_given_up(
    served: Callable[..., AbstractContextManager[str]], key: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.web.server.serving._HEAD_WITHIN", 0.6)
    monkeypatch.setattr("assistant.web.server.asgi._BODY_WITHIN", 0.6)
    signed = HEAD.replace(b"Connection: close\r\n", b"") + b"Authorization: Bearer " + key().encode() + b"\r\n"
    whole = b'{"question": "GDP"}'
    with served() as address:

        def dripped(*pieces: bytes) -> bytes:
            """Send piece by piece, the last of them for ever, until the other side has had enough."""
            began = time.monotonic()
            with socket.create_connection(("127.0.0.1", int(address.rsplit(":", 1)[1])), 10) as link:
                got = b""
                try:
                    for piece in pieces:
                        link.sendall(piece)
                    link.settimeout(0.1)
                    while time.monotonic() - began < 8:
                        try:
                            if not (part := link.recv(65536)):
                                return got
                            got += part
                        except TimeoutError:
                            link.sendall(b"x")
                except ConnectionError:
                    return got
            raise AssertionError("still open")

        assert dripped(b"") == b""
        assert dripped(b"GET /healthz HTTP/1.1\r\nX-A: ") == b""
        first = signed + b"Content-Length: %d\r\n\r\n" % len(whole) + whole
        assert dripped(first, b"GET /healthz HTTP/1.1\r\nX-A: ").count(b"HTTP/1.1") == 1  # after a whole one
        assert b" 408 " in dripped(signed + b"Content-Length: 60000\r\n\r\n{").split(b"\r\n")[0]


def test_slow_clients_leave_room_for_others(served: Callable[..., AbstractContextManager[str]]) -> None:
    import httpx

    with served() as address:
        port, links = int(address.rsplit(":", 1)[1]), []
        for number in range(200):
            link = socket.create_connection(("127.0.0.1", port), 10)
            link.sendall(HEAD if number % 2 else HEAD + b"Content-Length: 60000\r\n\r\n{")
            links.append(link)
        began = time.monotonic()
        assert httpx.get(f"{address}/healthz", trust_env=False).status_code == 200
        assert time.monotonic() - began < 10
        for link in links:
            link.close()
