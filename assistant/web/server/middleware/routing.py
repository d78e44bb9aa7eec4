"""Which rule a request falls under; what has none is not there."""

from __future__ import annotations

from assistant.web.server.asgi import App, Receive, Scope, Send
from assistant.web.server.exchange import exchange_in
from assistant.web.server.refusing import NOT_FOUND, Refusal
from assistant.web.server.rules import Rule, methods_of, rule_for


class RoutingMiddleware:
    """Finds the rule of the route; of a preflight that of the method which is to follow."""

    def __init__(self, app: App, *, has_page: bool) -> None:
        self._app, self._has_page = app, has_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = exchange_in(scope)
        came, method = exchange.came, scope["method"]
        wanted = came.headers.get("access-control-request-method", "") if method == "OPTIONS" else method
        found = rule_for(came.path, wanted)
        if found == 404 or (isinstance(found, Rule) and found.kind == "page" and not self._has_page):
            raise NOT_FOUND
        if isinstance(found, int):
            raise Refusal(405, "method", "这个地址不接受这种请求。", f"可用：{' '.join(methods_of(came.path))}")
        exchange.known_rule = found
        await self._app(scope, receive, send)
