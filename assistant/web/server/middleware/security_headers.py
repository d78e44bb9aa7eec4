"""The walls that each reply carries, and what a portal is allowed."""

from __future__ import annotations

from assistant.web.server.asgi import App, Message, Receive, Scope, Send, encoded
from assistant.web.server.exchange import Exchange, exchange_in

_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; script-src {scripts}; base-uri 'none'; "
    "form-action 'none'; frame-ancestors {frames}",
}


class SecurityHeadersMiddleware:
    """Adds to each reply, refusals too, what is known of its exchange by then."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = exchange_in(scope)

        async def walled(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.has_started = True
                message = {**message, "headers": _walled(list(message.get("headers", ())), exchange)}
            await send(message)

        await self._app(scope, receive, walled)


def _walled(headers: list[tuple[bytes, bytes]], exchange: Exchange) -> list[tuple[bytes, bytes]]:
    named = {name.lower() for name, _ in headers}
    walls = {} if b"content-security-policy" in named else _HEADERS  # the page's gate has put up its own
    own = {name: value.format(frames=exchange.frames, scripts=exchange.scripts) for name, value in walls.items()}
    own = {name: value for name, value in {**own, "vary": "origin"}.items() if name.encode() not in named}
    return [pair for pair in headers if pair[0].lower() != b"server"] + encoded([*own.items(), *exchange.headers])
