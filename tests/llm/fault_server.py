"""A chat service that fails in every way there is, on order; and one that says what it is told, for the tests of others.

It speaks OpenAI's chat completions as a stream over real HTTP. The model's name chooses what happens, `ok` and `reply`
included; each connection ends with its answer, so that a cut stream looks as it does behind most gateways.
"""

from __future__ import annotations

import contextlib
import json
import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.llm.dialects import anthropic, ollama

TEXT = "2025年，松北区地区生产总值增长5.5%。"
SECRET = "sk-inner-text-of-the-service"
"""Stands in every error that the server sends, and must not come out anywhere."""

DIALECTS = {"/api/chat": ollama, "/v1/messages": anthropic}

Reply = Callable[[list[dict[str, Any]]], str]

STATUSES = {
    "400": 400,
    "401": 401,
    "402": 402,
    "403": 403,
    "404": 404,
    "429": 429,
    "429-wait": 429,
    "500": 500,
    "503": 503,
}

CODES = {
    "too-long": "context_length_exceeded",
    "short-context": "context_length_exceeded",
    "risky": "data_inspection_failed",
    "no-usage": "unknown_parameter",
}
"""Modes that refuse with 400 and a code: always, where the messages are long, always, where tokens are to be counted."""
SHORT_CONTEXT = 1400
"""Characters of messages up to which `short-context` answers."""


class FaultServer:
    """The service, listening on a free port of 127.0.0.1 until it is closed."""

    def __init__(self, reply: Reply | None = None) -> None:
        self.reply: Reply = reply or (lambda messages: TEXT)
        """What the models `ok` and `reply` say to these messages."""
        self.requests: list[dict[str, Any]] = []
        """The bodies of all requests, in order."""
        self.headers: list[dict[str, str]] = []
        """Their headers, with names in small letters."""
        self.gone = threading.Event()
        """Set when a client went away before its answer had ended."""
        self.pause = 0.0
        """Seconds between two pieces of `ok` and `reply`."""
        self.override: str | None = None
        """A mode that holds for all models, so that a service can fail and heal under one name."""
        self.closing = threading.Event()
        self._server = _Listener(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """What goes into the setting `llm_base_url`."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, faults: FaultServer) -> None:
        self.faults = faults
        super().__init__(("127.0.0.1", 0), _Chat)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep the test's output quiet: clients that go away are what is tested."""


class _Chat(BaseHTTPRequestHandler):
    server: _Listener

    def do_POST(self) -> None:  # the name that http.server calls
        faults = self.server.faults
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        faults.headers.append({name.lower(): value for name, value in self.headers.items()})
        faults.requests.append(body)
        mode = faults.override or body["model"]
        if mode in STATUSES:
            return self._refuse(STATUSES[mode], {"Retry-After": "2"} if mode == "429-wait" else {})
        if mode in CODES and _refuses(mode, body):
            return self._refuse(400, {}, CODES[mode])
        if mode == "reset-at-once":
            return self._reset()
        if mode == "hang":
            return self._hang()
        self.send_response(200)
        self.send_header("Content-Type", "text/html" if mode == "html" else "text/event-stream")
        self.end_headers()
        try:
            for piece in _script(mode, body, faults, self.path):
                self.wfile.write(piece)
                self.wfile.flush()
                if self._left():
                    return None
        except OSError:
            faults.gone.set()
            return None
        if mode in ("hang-midway", "hang-after-thinking"):
            self._hang()
        elif mode == "reset":
            self._reset()
        return None

    def _refuse(self, status: int, headers: dict[str, str], code: str = "x") -> None:
        sent = json.dumps({"error": {"message": f"Incorrect: {SECRET}", "type": "x", "code": code}}).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def _hang(self) -> None:
        while not self._left() and not self.server.faults.closing.is_set():
            time.sleep(0.02)

    def _left(self) -> bool:
        """Notice that the client has closed its end; it has nothing more to say, so whatever can be read is the end."""
        readable, _, _ = select.select([self.connection], [], [], 0)
        with contextlib.suppress(OSError):
            if not readable or self.connection.recv(1, socket.MSG_PEEK):
                return False
        self.server.faults.gone.set()
        return True

    def _reset(self) -> None:
        time.sleep(0.1)  # what was written before is to arrive
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, format: str, *values: object) -> None:
        """Keep the test's output quiet."""


def _refuses(mode: str, body: dict[str, Any]) -> bool:
    if mode == "no-usage":
        return "stream_options" in body
    return mode != "short-context" or len(str(body["messages"])) > SHORT_CONTEXT


def chunk(text: str | None, finish: str | None = None, **more: Any) -> bytes:
    """Write one event of the stream."""
    delta = {} if text is None else {"role": "assistant", "content": text}
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    body = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice], **more}
    return b"data: " + json.dumps(body).encode() + b"\n\n"


DONE = b"data: [DONE]\n\n"
USAGE = {"prompt_tokens": 30, "completion_tokens": 20, "total_tokens": 50}


def _script(mode: str, body: dict[str, Any], faults: FaultServer, path: str) -> Iterator[bytes]:
    """Yield the bytes of one answer."""
    if mode == "ok" and path in DIALECTS:
        text = faults.reply(body["messages"])
        yield from DIALECTS[path]([text[start : start + 4] for start in range(0, len(text), 4)])
    elif mode in ("ok", "reply", "short-context", "no-usage"):
        text = faults.reply(body["messages"])
        for start in range(0, len(text), 4):
            yield chunk(text[start : start + 4])
            time.sleep(faults.pause)
        yield chunk(None, "stop")
        if body.get("stream_options"):
            yield chunk(None, choices=[], usage=USAGE)
        yield DONE
    elif mode in _ENDLESS:
        yield from _ENDLESS[mode](faults)
    else:
        yield from _SHORT[mode]


def _pings(faults: FaultServer) -> Iterator[bytes]:
    while not faults.closing.wait(0.05):
        yield b": keep-alive\n\n"


def _one_a_second(faults: FaultServer) -> Iterator[bytes]:
    while not faults.closing.wait(1 / 3):  # a third, so that the test is short
        yield chunk("慢")


def _repetition(faults: FaultServer) -> Iterator[bytes]:
    while not faults.closing.is_set():
        yield from (chunk(piece) for piece in ("增长5.5%，", "比上年", "有所提高；"))


def _flood(faults: FaultServer) -> Iterator[bytes]:
    yield from (chunk(f"第{number}项，") for number in range(100_000))
    yield chunk(None, "stop") + DONE


_ENDLESS: dict[str, Callable[[FaultServer], Iterator[bytes]]] = {
    "pings": _pings,
    "one-a-second": _one_a_second,
    "repetition": _repetition,
    "flood": _flood,
}

_SHORT: dict[str, list[bytes]] = {
    "hang-midway": [chunk(TEXT[:8])],
    "hang-after-thinking": [chunk("<think>想一想")],
    "reset": [chunk(TEXT[:8])],
    "html": [b"<html><body><h1>Log in</h1>" + SECRET.encode() + b"</body></html>\n\n"],
    "broken-json": [chunk(TEXT[:8]), b'data: {"choices": [{"delta": ' + SECRET.encode() + b"\n\n"],
    "other-json": [b'data: {"choices": [{"index": 0}]}\n\n', DONE],
    "truncated": [chunk(TEXT[:8])],
    "truncated-at-once": [],
    "done-without-a-reason": [chunk(TEXT[:8]), DONE],
    "empty": [chunk(""), chunk(None, "stop"), DONE],
    "blank": [chunk(" \n"), chunk(None, "stop"), DONE],
    "length": [chunk(TEXT[:8]), chunk(None, "length"), DONE],
    "filtered": [chunk(TEXT[:8]), chunk(None, "content_filter"), DONE],
    "bad-utf8": [chunk(TEXT[:8]), chunk("x").replace(b'"x"', b'"\xff\xfe5"'), chunk(None, "stop"), DONE],
    "surrogate": [chunk(TEXT[:8]), chunk("5\ud83d5"), chunk(None, "stop"), DONE],
    "nul": [chunk(TEXT[:8]), chunk("5\x005"), chunk(None, "stop"), DONE],
    "error-inside": [chunk(TEXT[:8]), b'data: {"error": {"message": "' + SECRET.encode() + b'", "code": 500}}\n\n'],
    "think": [chunk(piece) for piece in ("<th", "ink>想", "一想</", "think>\n", TEXT[:9], TEXT[9:])]
    + [chunk(None, "stop"), DONE],
    "only-thinks": [chunk("<think>想"), chunk(None, "stop"), DONE],
}
