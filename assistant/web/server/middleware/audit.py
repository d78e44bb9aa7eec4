"""Who was turned away and why, counted and in the audit log."""

from __future__ import annotations

import asyncio

from assistant.access.rates import RateLimiter
from assistant.web.server.asgi import App, Receive, Scope, Send
from assistant.web.server.desk import Recorder
from assistant.web.server.exchange import Exchange, exchange_in
from assistant.web.server.refusing import refusal_of

_NOTED = frozenset({401, 403, 429})


class AuditMiddleware:
    """Writes a line for whoever is not let in; what is asked and answered is written down where it is answered."""

    def __init__(self, app: App, recorder: Recorder) -> None:
        self._app, self._recorder = app, recorder
        self._lines = RateLimiter(300, 60)
        self._left_out = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = exchange_in(scope)
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            refusal = refusal_of(error)
            if refusal.status in _NOTED and not exchange.has_started:
                self._recorder.metrics.refusals.labels(refusal.code).inc()
                await self._note(refusal.code, exchange)
            raise

    async def _note(self, reason: str, exchange: Exchange) -> None:
        """Write it down; of an address that is refused without end, one line a second, and how many there were between.

        Otherwise anybody could fill the disk, and keep the log from those who ask.
        """
        if self._lines.wait(exchange.came.shown.address):
            self._left_out += 1
            return
        more = {"left_out": self._left_out} if self._left_out else {}
        self._left_out = 0
        path = exchange.came.path[:200]
        await asyncio.to_thread(self._recorder.note, "refused", exchange.asked, reason=reason, path=path, **more)
