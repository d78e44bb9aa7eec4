"""Replies counted by the kind of their route and their status."""

from __future__ import annotations

from assistant.web.server.asgi import App, Message, Receive, Scope, Send
from assistant.web.server.exchange import exchange_in
from assistant.web.server.metrics import Metrics


class MetricsMiddleware:
    """Counts each reply when it begins."""

    def __init__(self, app: App, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._metrics.replies.labels(exchange_in(scope).kind, str(message["status"])).inc()
            await send(message)

        await self._app(scope, receive, counted)
