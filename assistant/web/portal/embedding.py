"""The way into a frame: a portal's token is changed for a ticket that stands in the page's address."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from urllib.parse import parse_qs, urlencode

from assistant.access.callers import Caller, SignedOut, SignInError
from assistant.access.sign_in import Authenticator, Shown
from assistant.settings import Settings
from assistant.web.server.asgi import Send, reply
from assistant.web.server.asked import Asked
from assistant.web.server.desk import Recorder
from assistant.web.server.exchange import Exchange
from assistant.web.server.refusing import Refusal, refusal_of, send_page

_MOST_FIELDS = 20


def origins(settings: Settings, portal: str) -> tuple[str, ...]:
    """The sites of a portal; none where there is no such portal."""
    return settings.portal[portal].origins if portal in settings.portal else ()


def allow_frames(exchange: Exchange, settings: Settings, portal: str) -> None:
    """Let the sites of this portal frame the reply; without a portal nobody."""
    if allowed := origins(settings, portal):
        exchange.frames = " ".join(("'self'", *allowed))


def say_expired(exchange: Exchange, settings: Settings, portal: str) -> None:
    """Let the portal show the page that says so, and tell it, so that it can open the frame anew with a fresh token."""
    allow_frames(exchange, settings, portal)
    exchange.tells = origins(settings, portal)


async def embed(
    exchange: Exchange, settings: Settings, authenticator: Authenticator, recorder: Recorder, body: bytes, send: Send
) -> None:
    """Answer `/embed?portal=…&token=…`, or the same fields posted by a form: on to the page, or a page that says what is wrong."""
    came, asked = exchange.came, exchange.asked
    fields = _fields(came.scope["query_string"]) | _fields(body)
    portal = fields.pop("portal", [""])[0]
    token = fields.pop("token", [""])[0]
    allow_frames(exchange, settings, portal)
    try:
        caller = _caller(came.shown, portal, token, settings, authenticator)
    except SignInError as error:
        if isinstance(error, SignedOut):
            say_expired(exchange, settings, portal)
        recorder.metrics.refusals.labels("embed").inc()
        await asyncio.to_thread(recorder.note, "refused", asked, reason="embed", for_portal=portal[:64])
        await send_page(send, refusal_of(error), exchange)
        return
    ticket = authenticator.sessions.ticket(caller)
    await asyncio.to_thread(recorder.note, "sign_in", Asked(caller, asked.request_id))
    looks = urlencode({"embed": "1", **{name: values[0] for name, values in fields.items()}})
    headers = [("location", f"{came.root}/s/{ticket}/?{looks}")]
    await reply(send, 303, "", "text/plain; charset=utf-8", headers)


def _fields(encoded: bytes) -> dict[str, list[str]]:
    try:
        return parse_qs(encoded.decode("latin-1"), max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise Refusal(400, "fields", "地址或表单里的项目太多了。", "写法见 README 的“接入门户”一节。") from None


def _caller(shown: Shown, portal: str, token: str, settings: Settings, authenticator: Authenticator) -> Caller:
    if portal and portal not in settings.portal:
        raise SignInError("没有登记这个门户。", "请联系门户的管理员。")
    headers = {**shown.headers, **({"authorization": f"Bearer {token}"} if token else {})}
    caller = authenticator.caller(
        replace(shown, headers=headers, ticket="", cookie="")
    )  # a frame is opened with a token
    if portal and caller.portal not in {"", portal}:
        raise SignInError("令牌是另一个门户的。", "请联系门户的管理员。")
    if caller.portal or not portal:
        return caller
    allowed = settings.portal[portal].regions or None
    return Caller(caller.user, portal, "ask", allowed, caller.address, caller.way, caller.key)
