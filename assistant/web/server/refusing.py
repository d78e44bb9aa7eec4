"""How a request is turned away: one shape for programs, a page for people; never a word of what is inside."""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from html import escape

from assistant.access.callers import NotAllowed, SignInError
from assistant.access.oidc import ProviderDown
from assistant.access.sign_in import TooManyTries
from assistant.errors import LibraryError, QuestionError, ZhengwenError
from assistant.web.server.asgi import Send, TooSlow, reply, reply_json
from assistant.web.server.desk import Busy
from assistant.web.server.exchange import Exchange

_LONGEST = 200
"""Characters of a message or a hint; with Chinese characters the whole body stays under 1 KB."""


class Refusal(Exception):
    """What a client is told instead of an answer."""

    def __init__(self, status: int, code: str, message: str, hint: str = "", wait: float = 0) -> None:
        """`code` is for programs, `message` and `hint` for people; `wait` is the number of seconds until it may work."""
        super().__init__(message)
        self.status, self.code, self.message, self.hint = status, code, message[:_LONGEST], hint[:_LONGEST]
        self.wait = math.ceil(wait)

    def body(self, request_id: str) -> dict[str, dict[str, str]]:
        """The one shape of all errors."""
        told = {"code": self.code, "message": self.message, "hint": self.hint, "request_id": request_id}
        return {"error": told}

    def headers(self) -> Iterable[tuple[str, str]]:
        if self.wait:
            yield "retry-after", str(self.wait)
        if self.status == 401:
            yield "www-authenticate", 'Bearer realm="zhengwen"'


NOT_FOUND = Refusal(404, "not_found", "没有这个地址。", "可用的地址见 /api/openapi.json。")
INTERNAL = Refusal(
    500, "internal", "服务出了问题，没能处理这个请求。", "请稍后再试；如果还是不行，请把 request_id 告诉管理员。"
)


def refusal_of(error: Exception) -> Refusal:
    """What is said about an error; one that was not foreseen says nothing of itself."""
    hint = error.hint if isinstance(error, ZhengwenError) else ""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, TooSlow):
        return Refusal(408, "too_slow", "内容传得太慢了。", "请检查网络，再试一次。")
    if isinstance(error, TooManyTries):
        return Refusal(429, "too_many_tries", str(error), hint, error.seconds)
    if isinstance(error, SignInError):
        return Refusal(401, "not_signed_in", str(error), hint)
    if isinstance(error, NotAllowed):
        return Refusal(403, "not_allowed", str(error), hint)
    if isinstance(error, QuestionError):
        return Refusal(422, "question", str(error), hint)
    if isinstance(error, ProviderDown):
        return Refusal(503, "provider", str(error), hint, 5)
    if isinstance(error, Busy):
        return Refusal(503, "busy", str(error), hint, 3)
    if isinstance(error, LibraryError):
        return Refusal(503, "library", "资料库暂时不能用。", "请稍后再试，或告诉管理员。")
    return INTERNAL


async def send_json(send: Send, refusal: Refusal, request_id: str) -> None:
    """Say it to a program."""
    await reply_json(send, refusal.status, refusal.body(request_id), refusal.headers())


async def send_page(send: Send, refusal: Refusal, exchange: Exchange, again: str = "") -> None:
    """Say it to a person: what is wrong, what to do, and a way to try again, `again` or the same once more, that needs no script."""
    small = f"<p><small>编号 {escape(exchange.request_id)}</small></p>"
    page = _PAGE.format(escape(refusal.message), escape(refusal.hint), _link(again, "再试一次"), small)
    if exchange.tells:
        exchange.scripts = f"'sha256-{b64encode(sha256(_TELL.encode()).digest()).decode()}'"
        page += f'<script data-origins="{escape(" ".join(exchange.tells))}">{_TELL}</script>\n'
    await reply(send, refusal.status, page, "text/html; charset=utf-8", refusal.headers())


async def send_notice(
    send: Send, message: str, links: Iterable[tuple[str, str]], headers: Iterable[tuple[str, str]]
) -> None:
    """Say to a person what has been done, and where to go from here."""
    page = _PAGE.format(escape(message), "", "\n".join(_link(*link) for link in links), "")
    await reply(send, 200, page, "text/html; charset=utf-8", headers)


def _link(address: str, words: str) -> str:
    return f'<a href="{escape(address)}">{escape(words)}</a>'


# Each try loads the page anew, hence tells the portal again.
_TELL = (
    'for (const origin of document.currentScript.dataset.origins.split(" ")) '
    'if (parent !== window) parent.postMessage({ type: "zhengwen:token-expired" }, origin);'
)
_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>政问</title><style>
:root {{ color-scheme: light dark; font: 18px/1.6 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif }}
body {{ max-width: 32em; margin: 12vh auto; padding: 0 1em }}
h1 {{ margin: 0; font-size: 26px; line-height: 1.4 }}
a {{ display: inline-block; margin: 0 8px 8px 0; padding: 8px 24px; border: 2px solid; border-radius: 8px; color: LinkText; font-weight: bold; text-decoration: none }}
a:focus-visible {{ outline: 3px solid; outline-offset: 3px }}
small {{ font-size: 16px }}
</style></head><body><main role="alert"><h1>{}</h1><p>{}</p><p>{}</p>
{}</main></body></html>
"""
