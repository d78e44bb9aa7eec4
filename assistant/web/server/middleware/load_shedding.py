"""No more is let in than can be answered, and nothing once the service is to end."""

from __future__ import annotations

import asyncio

from assistant.web.server.asgi import App, Receive, Scope, Send
from assistant.web.server.desk import Desk
from assistant.web.server.exchange import exchange_in
from assistant.web.server.refusing import Refusal

_DRAINED = 12.0
"""Seconds that questions have to be answered in once the service is to end."""


class LoadSheddingMiddleware:
    """Sends away what has no place before anything of it is read: sending away must cost next to nothing."""

    def __init__(self, app: App, desk: Desk) -> None:
        self._app, self._desk = app, desk
        self._at_work = 0
        self.draining = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        rule = exchange_in(scope).rule
        if rule.cost and self.draining:
            raise Refusal(503, "ending", "服务正在重启。", "请过几秒再试。", 5)
        if rule.kind == "page":  # Gradio has a queue of its own
            await self._app(scope, receive, send)
            return
        if rule.cost:
            self._desk.check_room()
        self._at_work += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._at_work -= 1

    async def drain(self) -> None:
        """Take no more questions and wait for those that are being answered."""
        self.draining = True
        for _ in range(int(_DRAINED * 20)):
            if not self._at_work:
                return
            await asyncio.sleep(0.05)
