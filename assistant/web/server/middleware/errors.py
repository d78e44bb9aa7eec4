"""Whatever is raised further in becomes a reply of one shape: JSON for programs, a page for people."""

from __future__ import annotations

import logging

from assistant.web.server.asgi import App, Receive, Scope, Send
from assistant.web.server.exchange import exchange_in
from assistant.web.server.refusing import INTERNAL, refusal_of, send_json, send_page
from assistant.web.server.rules import is_for_programs

log = logging.getLogger(__name__)


class ErrorMiddleware:
    """Says what went wrong, and of what was not foreseen only that it did."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = exchange_in(scope)
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            refusal = refusal_of(error)
            if refusal is INTERNAL:
                log.exception("Request %s failed.", exchange.request_id)
            if exchange.has_started:
                return  # too late to say anything: the connection ends
            if "text/html" in exchange.came.headers.get("accept", "") and not is_for_programs(exchange.came.path):
                await send_page(send, refusal, exchange)
            else:
                await send_json(send, refusal, exchange.request_id)
