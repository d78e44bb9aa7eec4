"""Where a request really comes from and where it goes; headers of proxies that are not named are taken off."""

from __future__ import annotations

from assistant.access.callers import Caller
from assistant.access.sign_in import Authenticator
from assistant.web.server.asgi import App, Receive, Scope, Send
from assistant.web.server.exchange import Exchange, opened, request_id_in
from assistant.web.server.forwarding import Strangers, arrival_of


class ForwardedHeadersMiddleware:
    """Begins the exchange with what the request and the proxies that are named say."""

    def __init__(self, app: App, authenticator: Authenticator, root_path: str) -> None:
        self._app, self._authenticator, self._root_path = app, authenticator, root_path
        self._strangers = Strangers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        came = arrival_of(scope, self._authenticator, self._root_path)
        self._strangers.look(came)
        exchange = Exchange(request_id_in(scope), came, Caller(address=came.shown.address))
        await self._app(opened({**came.scope, "path": came.path, "root_path": ""}, exchange), receive, send)
