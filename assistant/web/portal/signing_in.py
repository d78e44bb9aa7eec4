"""The way to the organisation's provider and back: `/sign-in`, `/sign-in/callback` and `/sign-out`.

Nothing is kept meanwhile. Where somebody wanted to go stands in `state`, signed together with a cookie of this browser; nonce and
verifier are made from both again when they come back, to whichever process.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import re
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from urllib.parse import parse_qs, quote, urlencode

from assistant.access.callers import Caller, SignInError
from assistant.access.oidc import NotProven, Provider, ProviderDown
from assistant.access.sessions import LIFE
from assistant.access.sign_in import Authenticator
from assistant.settings import Settings
from assistant.web.server.asgi import Send, reply
from assistant.web.server.asked import Asked
from assistant.web.server.desk import Recorder
from assistant.web.server.exchange import Exchange
from assistant.web.server.forwarding import COOKIE, Arrival, cookie_of
from assistant.web.server.refusing import NOT_FOUND, Refusal, refusal_of, send_notice, send_page
from assistant.web.server.rules import SIGN_IN

log = logging.getLogger(__name__)

_BROWSER = "zhengwen-signing-in"
_BROWSER_VALUE = re.compile(r"[A-Za-z0-9_-]{43}")
_PATIENCE = 600
"""Seconds that somebody may take at the provider."""
_THREADS, _MOST = 8, 64
"""Threads that wait for the provider, and sign-ins at one time; others are asked to come again."""
_WAY = re.compile(r"/(?![/\\])[!-\[\]-~]{0,1500}")
"""An address of our own: no other host after two slashes or a backslash, and nothing that a browser would pass over."""

Found = TypeVar("Found")


class SigningIn:
    """The three routes."""

    def __init__(self, settings: Settings, authenticator: Authenticator, recorder: Recorder) -> None:
        self._authenticator, self._recorder = authenticator, recorder
        self._sessions = authenticator.sessions
        self._provider = Provider(settings) if settings.oidc_issuer else None
        self._root = settings.root_path
        self._threads = ThreadPoolExecutor(_THREADS, "sign-in")
        self._in_flight = 0

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def way_for(self, came: Arrival, error: Exception) -> str:
        """Where to lead whoever opens the page and is not known; empty for programs, frames, and where there is no provider."""
        is_visit = came.scope["method"] == "GET" and "text/html" in came.headers.get("accept", "")
        top = came.headers.get("sec-fetch-dest", "document") == "document"
        known = came.shown.ticket or "authorization" in came.headers or "x-api-key" in came.headers
        if not self._provider or type(error) is not SignInError or not is_visit or not top or known:
            return ""
        query = came.scope["query_string"].decode("latin-1")
        return f"{self._root}/sign-in?{urlencode({'to': quote(came.path) + (f'?{query}' if query else '')})}"

    def serves(self, came: Arrival) -> bool:
        return bool(re.fullmatch(SIGN_IN, came.path))

    async def serve(self, exchange: Exchange, send: Send) -> None:
        """Answer one of the routes; whatever goes wrong becomes a page with a way to try again."""
        came, asked = exchange.came, exchange.asked
        if not self._provider or came.shown.ticket:
            raise NOT_FOUND
        given = {name: values[0] for name, values in parse_qs(came.scope["query_string"].decode("latin-1")).items()}
        try:
            if came.path == "/sign-out":
                await self._out(came, send, self._provider)
            elif came.path == "/sign-in":
                await self._go(came, given.get("to", "/"), send, self._provider)
            else:
                await self._back(came, given, asked, send, self._provider)
        except (SignInError, ProviderDown, Refusal) as error:
            reason = error.reason if isinstance(error, NotProven) else refusal_of(error).code
            if cause := error.__cause__:
                log.warning("Signing in by the provider failed: %s: %r", reason, cause)
            self._recorder.metrics.refusals.labels("oidc").inc()
            await asyncio.to_thread(self._recorder.note, "refused", asked, reason=f"oidc: {reason}", path=came.path)
            again = f"{self._root}/sign-in" if came.path != "/sign-in" else ""
            await send_page(send, refusal_of(error), exchange, again)

    async def _go(self, came: Arrival, to: str, send: Send, provider: Provider) -> None:
        browser = cookie_of(came.headers, _BROWSER)
        if not _BROWSER_VALUE.fullmatch(browser):
            browser = secrets.token_urlsafe(32)  # one for all tabs that wait at the provider
        body = _encoded([secrets.token_urlsafe(12), int(time.time()) + _PATIENCE, to if _WAY.fullmatch(to) else "/"])
        state = f"{body}.{self._sessions.signature('state', browser, body)}"
        address = await self._asked(lambda: provider.way_in(self._address(came), state, *self._proofs(browser, state)))
        headers = [("location", address), ("set-cookie", self._cookie(came, _BROWSER, browser, _PATIENCE))]
        await reply(send, 303, "", "text/plain", headers)

    async def _back(self, came: Arrival, given: dict[str, str], asked: Asked, send: Send, provider: Provider) -> None:
        browser, state, code = cookie_of(came.headers, _BROWSER), given.get("state", ""), given.get("code", "")
        with self._authenticator.counted(came.shown):
            to = self._wanted(browser, state)
            if "error" in given or not code:
                raise NotProven("denied" if given.get("error") == "access_denied" else "provider")
            nonce, verifier = self._proofs(browser, state)
            user = await self._asked(
                lambda: provider.user(code, self._address(came), nonce, verifier, given.get("iss", ""))
            )
        caller = Caller(user, address=came.shown.address, way="oidc")
        await asyncio.to_thread(self._recorder.note, "sign_in", Asked(caller, asked.request_id))
        ticket = self._sessions.ticket(caller)
        headers = [("location", f"{self._root}{to}"), ("set-cookie", self._cookie(came, COOKIE, ticket, LIFE))]
        await reply(send, 303, "", "text/plain", headers)

    def _wanted(self, browser: str, state: str) -> str:
        """Where this browser wanted to go when it was sent away; raises `NotProven` where it was not, or long ago."""
        body, _, signature = state.partition(".")
        expected = self._sessions.signature("state", browser, body)
        if not _BROWSER_VALUE.fullmatch(browser) or not hmac.compare_digest(expected.encode(), signature.encode()):
            raise NotProven("state")
        _, until, to = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        if until < time.time():
            raise NotProven("late")
        return str(to)

    def _proofs(self, browser: str, state: str) -> tuple[str, str]:
        """The nonce, which the provider's token must bear, and the verifier of PKCE, which makes the code worth nothing to others."""
        return self._sessions.signature("nonce", browser, state), self._sessions.signature("verifier", browser, state)

    async def _out(self, came: Arrival, send: Send, provider: Provider) -> None:
        if came.headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
            raise Refusal(403, "origin", "不接受来自其他网站的请求。")
        try:
            elsewhere = await self._asked(provider.way_out)
        except (ProviderDown, Refusal):
            elsewhere = ""
        links = [(f"{self._root}/", "重新登录"), *([(elsewhere, "同时退出统一登录")] if elsewhere else [])]
        await send_notice(send, "已退出。", links, [("set-cookie", self._cookie(came, COOKIE, "", 0))])

    async def _asked(self, work: Callable[[], Found]) -> Found:
        """Let a thread wait for the provider."""
        if self._in_flight >= _MOST:
            raise Refusal(503, "busy", "现在登录的人太多了。", "请过几秒再试。", 5)
        self._in_flight += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._in_flight -= 1

    def _address(self, came: Arrival) -> str:
        """Where the provider sends people back to; it knows the address beforehand, so a false name of ours leads nowhere."""
        return f"{came.scope['scheme']}://{came.host}{self._root}/sign-in/callback"

    def _cookie(self, came: Arrival, name: str, value: str, seconds: int) -> str:
        secure = "; Secure" if came.scope["scheme"] == "https" else ""
        return f"{name}={value}; Path={self._root or '/'}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"


def _encoded(content: list[object]) -> str:
    return urlsafe_b64encode(json.dumps(content, separators=(",", ":")).encode()).rstrip(b"=").decode()
