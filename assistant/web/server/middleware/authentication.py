"""Who asks, and whether they may: by key, token, ticket, cookie, or what a proxy says."""

from __future__ import annotations

from assistant.access.callers import Caller, NotAllowed, SignedOut, SignInError
from assistant.access.sign_in import Authenticator
from assistant.settings import Settings
from assistant.web.portal.embedding import allow_frames, say_expired
from assistant.web.portal.signing_in import SigningIn
from assistant.web.server.asgi import App, Receive, Scope, Send, reply
from assistant.web.server.asked import CURRENT, SCOPE_KEY
from assistant.web.server.exchange import Exchange, exchange_in
from assistant.web.server.forwarding import is_own
from assistant.web.server.refusing import Refusal


class AuthenticationMiddleware:
    """Finds out who asks, for all that works on the request; leads whoever opens the page unknown to the provider, if there is one."""

    def __init__(self, app: App, settings: Settings, authenticator: Authenticator, signing_in: SigningIn) -> None:
        self._app, self._settings = app, settings
        self._authenticator, self._signing_in = authenticator, signing_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = exchange_in(scope)
        try:
            exchange.caller = self._caller(exchange)
        except SignInError as error:
            if isinstance(error, SignedOut):
                say_expired(exchange, self._settings, error.portal)
            way = self._signing_in.way_for(exchange.came, error) if exchange.kind == "page" else ""
            if not way:
                raise
            await reply(send, 303, "", "text/plain", [("location", way)])
            return
        if exchange.kind == "page":
            allow_frames(exchange, self._settings, exchange.caller.portal)
        token = CURRENT.set(exchange.asked)
        try:
            await self._app({**scope, SCOPE_KEY: exchange.asked}, receive, send)
        finally:
            CURRENT.reset(token)

    def _caller(self, exchange: Exchange) -> Caller:
        came, rule = exchange.came, exchange.rule
        if rule.need == "nothing":
            return exchange.caller
        caller = self._authenticator.caller(came.shown)
        # That is the evaluation: where nobody signs in, a setting of its own shows it. Without one it is for this machine alone.
        is_for_all = self._settings.evaluation or not came.shown.is_relayed
        is_shown = rule.by_setting and caller.way == "open" and is_for_all
        if not caller.may(rule.need) and not is_shown:
            raise NotAllowed("这里只对管理员开放。", "请用 admin 密钥。")
        portal = self._settings.portal.get(caller.portal)
        is_foreign = not is_own(came.origin, came.host)
        if is_foreign and caller.portal and (portal is None or came.origin not in portal.origins):
            raise Refusal(403, "origin", "这个网站和登录的门户不一致。")
        return caller
