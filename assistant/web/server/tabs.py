"""A layer before Gradio's queue: what is asked in a tab is read by whoever asked it, and nothing of it stays behind.

A tab is known by the session hash that its page has made up. It stands in addresses, hence in the logs of proxies: whoever knows it must
not be able to read or to end what goes on under it. So it belongs to whoever asks under it first: the caller as the front knows them, and
the ticket in the page's address. Anybody else is told that there is no such tab, as whoever names one that does not exist.

Where nobody signs in, a caller is known by the address alone, and a tab belongs to that. Several people behind one address, or behind a
proxy that is not named, are then one and the same; and because the address of a computer that is carried about changes, another may go
on with such a tab once nothing of it is left to be read. The tab of somebody who has signed in stays theirs.

Gradio's page reads all answers of a tab from one stream. It opens one when it has asked and none is open, and is told when that is at its
end. What it asks just then would be lost: it would still take the stream for open when its question is taken, and open no other. So while
a stream ends, what is asked in its tab waits until the page has understood, which is when it hangs up. And where the answer was read before
the page knew that its question was taken, it opens a stream in which nothing is left to be said: that ends in the same way. An error
instead would have the page take that stream for open for ever.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any
from urllib.parse import parse_qsl

from assistant.web.server.asgi import (
    App,
    Message,
    Receive,
    Scope,
    Send,
    body_within,
    encoded,
    headers_of,
    replayed,
    reply,
)
from assistant.web.server.asked import ROOT_KEY, asked_in
from assistant.web.server.gate import BODY_LIMIT
from assistant.web.server.leftovers import CLOSE, Leftovers

log = logging.getLogger(__name__)

_API = "/gradio_api"
_TAB = re.compile(r"[A-Za-z0-9_.-]{1,64}")
"""A session hash; Gradio's page makes some eleven characters up."""
_MOST = 10_000
"""Tabs whose owners are known; beyond that the one that was used least recently, and in which nothing goes on, is forgotten."""
_UNREAD = 30.0
"""Seconds for which an answer waits for its reader, who comes for it at once unless the tab is closed."""
_EVERY = 5.0
"""Seconds between two looks at what was left."""
_HANGS_UP = 2.0
"""Seconds in which a page hangs up once it is told that a stream is at its end; beyond that a proxy does not pass it on."""


@dataclass(slots=True)
class _Tab:
    owner: bytes
    has_signed_in: bool
    seen: float
    """When somebody asked or read last."""
    readers: int = 0
    door: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by whoever asks while they ask, and by a stream while it ends."""


class _Stream:
    """The reply to a reader, of which Gradio may write several parts; the end is held back."""

    def __init__(self, send: Send) -> None:
        self._send, self._started = send, False
        self.is_at_end = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.is_at_end = False
            if self._started:
                return
            self._started = True
        elif message.get("body") == CLOSE:
            self.is_at_end = True
        if not self.is_at_end:
            await self._send(message)

    async def end(self, receive: Receive) -> None:
        """Tell the page that it is at its end, and wait until the page has hung up."""
        if not self._started:
            kind = encoded([("content-type", "text/event-stream")])
            await self._send({"type": "http.response.start", "status": 200, "headers": kind})
        await self._send({"type": "http.response.body", "body": CLOSE, "more_body": True})
        with suppress(TimeoutError):
            async with asyncio.timeout(_HANGS_UP):
                while (await receive())["type"] != "http.disconnect":
                    pass
        await self._send({"type": "http.response.body", "body": b""})


class Tabs:
    """Knows whose each tab is, and tidies up after it."""

    def __init__(self, app: App, leftovers: Leftovers, clock: Callable[[], float] = time.monotonic) -> None:
        self._app, self._leftovers, self._clock = app, leftovers, clock
        self._tabs: OrderedDict[str, _Tab] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            async with self._tidied():
                await self._app(scope, receive, send)
            return
        path = scope["path"]
        if path == f"{_API}/queue/join":
            await self._ask(scope, receive, send)
        elif path == f"{_API}/queue/data":
            await self._read(scope, receive, send)
        elif path in {f"{_API}/cancel", f"{_API}/reset"}:
            await self._end(scope, receive, send)
        elif path.startswith(f"{_API}/heartbeat/"):
            await self._live(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def tidy(self) -> None:
        """Throw away what is left of tabs in which nothing goes on and that nobody reads: they have been closed."""
        late, at_work = self._clock() - _UNREAD, self._leftovers.at_work()
        for name in self._leftovers.tabs():
            tab = self._tabs.get(name)
            if name not in at_work and not (tab and (tab.readers or tab.seen > late)):
                self._leftovers.forget(name)

    @asynccontextmanager
    async def _tidied(self) -> AsyncIterator[None]:
        async def tidying() -> None:
            while True:
                await asyncio.sleep(_EVERY)
                try:
                    self.tidy()
                except Exception:
                    log.exception("What closed tabs have left could not be thrown away.")

        task = asyncio.create_task(tidying())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _ask(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, said = await _said(scope, receive)
        name = said.get("session_hash")
        if not isinstance(name, str) or not _TAB.fullmatch(name):
            await reply(send, 400, "请求的内容不对。", "text/plain; charset=utf-8")
            return
        tab = self._theirs_now(name, scope)
        if tab is None:
            await _not_there(send)
            return
        async with tab.door:
            await self._app(scope, replayed(body, receive), send)

    async def _read(self, scope: Scope, receive: Receive, send: Send) -> None:
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        named = [value for key, value in query if key == "session_hash"]
        name = named[0] if len(named) == 1 else ""
        tab = self._own(name, scope)
        if tab is None:
            await _not_there(send)
            return
        tab.readers += 1
        try:
            await self._told(name, tab, scope, receive, send)
        finally:
            tab.readers -= 1
            tab.seen = self._clock()
            if not tab.readers and self._leftovers.is_over(name):
                self._leftovers.forget(name)

    async def _told(self, name: str, tab: _Tab, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell a reader what there is, to the end: until Gradio has no more, and nothing was asked in the meantime."""
        stream = _Stream(send)
        while True:
            if self._leftovers.holds_words(name):
                await self._app(scope, receive, stream)
                if not stream.is_at_end:
                    return  # the reader has left, or something went wrong
            async with tab.door:
                if not self._leftovers.holds_words(name) or self._leftovers.is_over(name):
                    await stream.end(receive)
                    return

    async def _end(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Cancel or reset an event in one's own tab: Gradio finds some of it by the event alone, so the event must be one of that tab."""
        body, said = await _said(scope, receive)
        event = said.get("event_id")
        running_in = self._leftovers.tab_of(event) if isinstance(event, str) else None
        name = said.get("session_hash") if scope["path"].endswith("/cancel") else running_in
        if self._own(name, scope) is None or running_in not in {None, name}:
            await _not_there(send)
        else:
            await self._app(scope, replayed(body, receive), send)

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A heartbeat, which ends what its tab streams when it stops."""
        name = scope["path"].rpartition("/")[2]
        if name in self._tabs and self._own(name, scope) is None:
            await _not_there(send)
        else:
            await self._app(scope, receive, send)

    def _own(self, name: Any, scope: Scope) -> _Tab | None:
        """The tab with this name, where it belongs to whoever sends this."""
        tab = self._tabs.get(name) if isinstance(name, str) else None
        return tab if tab and tab.owner == _owner(scope) else None

    def _theirs_now(self, name: str, scope: Scope) -> _Tab | None:
        """The tab with this name, where whoever sends this may ask in it; it is theirs from now on."""
        tab, owner = self._tabs.get(name), _owner(scope)
        if tab and tab.owner != owner:
            if tab.has_signed_in or self._is_in_use(name, tab):
                return None
            tab = None
        if tab is None:
            has_signed_in = asked_in(scope).caller.way != "open"
            tab = self._tabs[name] = _Tab(owner, has_signed_in, self._clock())
        tab.seen = self._clock()
        self._tabs.move_to_end(name)
        if len(self._tabs) > _MOST:
            unused = (name for name, tab in self._tabs.items() if not self._is_in_use(name, tab))
            self._tabs.pop(next(unused, name))
        return tab

    def _is_in_use(self, name: str, tab: _Tab) -> bool:
        return bool(tab.readers) or self._leftovers.holds_words(name)


def _owner(scope: Scope) -> bytes:
    """Whoever sends this, in 16 bytes: a name and a ticket can be long."""
    caller = asked_in(scope).caller
    known = "\n".join((caller.name, caller.portal, scope.get(ROOT_KEY, "")))
    return blake2b(known.encode("utf-8", "surrogatepass"), digest_size=16).digest()


async def _said(scope: Scope, receive: Receive) -> tuple[bytes, dict[str, Any]]:
    """The body, and what it says, read as Gradio reads it; nothing where it is no JSON object."""
    body = await body_within(receive, headers_of(scope), BODY_LIMIT) or b""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    return body, said if isinstance(said, dict) else {}


async def _not_there(send: Send) -> None:
    await reply(send, 404, "没有这个页面。", "text/plain; charset=utf-8")
