"""Which other sites' pages may call the API: those of the portals, and nobody else."""

from __future__ import annotations

from assistant.settings import Settings
from assistant.web.server.asgi import App, Receive, Scope, Send, encoded
from assistant.web.server.exchange import exchange_in
from assistant.web.server.forwarding import is_own
from assistant.web.server.refusing import Refusal
from assistant.web.server.rules import is_for_programs, methods_of


class CORSMiddleware:
    """Lets the sites of portals read replies of the API, refusals too, answers their preflights, and turns other sites away.

    Starlette's own would hand on what other sites send, and leave it to the browser to keep the reply from them.
    """

    def __init__(self, app: App, settings: Settings) -> None:
        self._app = app
        self._foreign = frozenset(origin for portal in settings.portal.values() for origin in portal.origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = exchange_in(scope)
        came = exchange.came
        if not is_own(came.origin, came.host) and came.path != "/widget.js":
            if came.origin not in self._foreign or not is_for_programs(came.path):
                raise Refusal(
                    403, "origin", "不接受来自其他网站的请求。", "管理员可以在门户的 origins 里登记这个网站。"
                )
            exchange.headers += [
                ("access-control-allow-origin", came.origin),
                ("access-control-expose-headers", "x-request-id, retry-after"),
            ]
        if scope["method"] == "OPTIONS":
            await _preflight(send, came.path)
            return
        await self._app(scope, receive, send)


async def _preflight(send: Send, path: str) -> None:
    allowed = [
        ("access-control-allow-methods", ", ".join(methods_of(path))),
        (
            "access-control-allow-headers",
            "authorization, content-type, x-api-key, accept, mcp-protocol-version, mcp-session-id",
        ),
        ("access-control-max-age", "600"),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": encoded(allowed)})
    await send({"type": "http.response.body", "body": b""})
