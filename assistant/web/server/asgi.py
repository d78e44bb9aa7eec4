"""The small change of ASGI: types, headers, bodies under a limit, whole replies."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def headers_of(scope: Scope) -> dict[str, str]:
    """The headers of a request by their names in lower case; several with one name are one, so that none hides another."""
    headers: dict[str, str] = {}
    for raw, value in scope["headers"]:
        name = raw.decode("latin-1").lower()
        headers[name] = f"{headers[name]}, {value.decode('latin-1')}" if name in headers else value.decode("latin-1")
    return headers


def encoded(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """The headers as ASGI has them."""
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]


_BODY_WITHIN = 30.0
"""Seconds for a body; the longest, 5 MB, is sent in that time over a line of 1.5 Mbit/s."""


class TooSlow(Exception):
    """A body did not come to its end in time."""


async def body_within(receive: Receive, headers: dict[str, str], limit: int) -> bytes | None:
    """The whole body, or None as soon as it is longer than the limit. Raises `TooSlow`."""
    try:
        async with asyncio.timeout(_BODY_WITHIN):
            return await _body(receive, headers, limit)
    except TimeoutError as error:
        raise TooSlow from error


async def _body(receive: Receive, headers: dict[str, str], limit: int) -> bytes | None:
    declared = headers.get("content-length", "0")
    if not declared.isdigit() or int(declared[:20]) > limit:
        return None
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        more = message.get("more_body", False)
        if size > limit:
            return None
    return b"".join(parts)


def replayed(body: bytes, receive: Receive) -> Receive:
    """Hand the body on as one message, then whatever else the client says."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return pending.pop() if pending else await receive()

    return again


async def reply(send: Send, status: int, body: str, kind: str, headers: Iterable[tuple[str, str]] = ()) -> None:
    """Send a whole reply."""
    content = body.encode("utf-8")
    own = [("content-type", kind), ("content-length", str(len(content))), *headers]
    await send({"type": "http.response.start", "status": status, "headers": encoded(own)})
    await send({"type": "http.response.body", "body": content})


async def reply_json(send: Send, status: int, content: Any, headers: Iterable[tuple[str, str]] = ()) -> None:
    """Send a whole reply in JSON."""
    await reply(send, status, json.dumps(content, ensure_ascii=False), "application/json", headers)
