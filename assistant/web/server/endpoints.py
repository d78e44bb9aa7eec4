"""What answers a request that has been let in: the page, the API, or one of the few routes that belong to neither."""

from __future__ import annotations

from assistant.access.sign_in import Authenticator
from assistant.settings import Settings
from assistant.web.portal import embedding
from assistant.web.portal.signing_in import SigningIn
from assistant.web.portal.widget import send_widget
from assistant.web.server.asgi import App, Receive, Scope, Send, reply
from assistant.web.server.asked import FRAMED_BY_KEY, ROOT_KEY
from assistant.web.server.desk import Recorder
from assistant.web.server.exchange import exchange_in


class Endpoints:
    """The innermost application."""

    def __init__(
        self,
        page: App | None,
        api: App,
        settings: Settings,
        authenticator: Authenticator,
        signing_in: SigningIn,
        recorder: Recorder,
    ) -> None:
        self._page, self._api, self._settings = page, api, settings
        self._authenticator, self._signing_in, self._recorder = authenticator, signing_in, recorder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = exchange_in(scope)
        came = exchange.came
        if not came.path:
            await reply(send, 308, "", "text/plain", [("location", f"{came.root}/")])
        elif came.path == "/widget.js":
            await send_widget(send, came.headers.get("if-none-match", ""))
        elif self._signing_in.serves(came):
            await self._signing_in.serve(exchange, send)
        elif came.path == "/embed":
            body: bytes = (await receive())["body"]
            await embedding.embed(exchange, self._settings, self._authenticator, self._recorder, body, send)
        elif exchange.kind == "page":
            assert self._page is not None
            framed_by = embedding.origins(self._settings, exchange.caller.portal)
            await self._page({**scope, ROOT_KEY: came.root, FRAMED_BY_KEY: framed_by}, receive, send)
        else:
            await self._api(scope, receive, send)
