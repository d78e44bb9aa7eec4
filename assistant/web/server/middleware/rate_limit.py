"""How often one user, and one portal, may ask."""

from __future__ import annotations

from pathlib import Path

from assistant.access.rates import RateLimiter
from assistant.settings import Settings
from assistant.web.server.asgi import App, Receive, Scope, Send
from assistant.web.server.exchange import Exchange, exchange_in
from assistant.web.server.refusing import Refusal


class RateLimitMiddleware:
    """Takes what the route costs out of the caller's bucket and their portal's; this machine's own user waits for nobody but the queue."""

    def __init__(self, app: App, settings: Settings, shared: Path | None) -> None:
        """`shared` is a folder in which several processes count together."""
        self._app = app
        users, portals = (shared / "users", shared / "portals") if shared else (None, None)
        asks = settings.asks_per_minute
        self._users = RateLimiter(max(asks / 2, 5), asks, shared=users)
        self._portals = {
            name: RateLimiter(portal.asks_per_minute / 4 + 5, portal.asks_per_minute, shared=portals)
            for name, portal in settings.portal.items()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if wait := self._wait(exchange_in(scope)):
            raise Refusal(429, "too_many", "提问太频繁了。", "请过一会儿再试。", wait)
        await self._app(scope, receive, send)

    def _wait(self, exchange: Exchange) -> float:
        """Seconds until the caller may ask again; 0 where they may now."""
        caller, rule = exchange.caller, exchange.rule
        if not rule.cost or caller.is_here:
            return 0
        wait = self._users.wait(caller.name, rule.cost)
        if not wait and caller.portal in self._portals:
            wait = self._portals[caller.portal].wait(caller.portal, rule.cost)
        return wait
