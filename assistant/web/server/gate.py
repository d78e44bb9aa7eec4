"""The gate in front of the page: what is not needed for the chat does not get through, and every reply carries its walls.

Who asks, under which name and from which site has been judged by the front before.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

from assistant.web.evaluation.gold_upload import LIMIT
from assistant.web.library.routes import HELD_PATH, REVIEW_PATH, UPLOADS_PATH
from assistant.web.page.indicators import CORRECTIONS_PATH, INDICATORS_PATH
from assistant.web.page.originals import ORIGINAL_PATH, ORIGINALS_PATH
from assistant.web.page.reading import EXPORT_LIMIT, EXPORT_PATH, REPORT_PATH, REPORTS_PATH
from assistant.web.server.asgi import (
    App,
    Message,
    Receive,
    Scope,
    Send,
    body_within,
    encoded,
    headers_of,
    replayed,
    reply,
)
from assistant.web.server.asked import FRAMED_BY_KEY

BODY_LIMIT = 64 * 1024
"""Bytes of a request. A question of 500 characters with all that Gradio puts around it is under 8 KB."""

_NAME = r"[A-Za-z0-9_-][A-Za-z0-9_.-]*"
_ROUTES = tuple(
    (methods, re.compile(pattern))
    for methods, pattern in (
        ({"GET", "HEAD"}, r"/"),
        ({"GET", "HEAD"}, rf"/(assets|static|svelte|zhengwen)(/{_NAME})+"),
        ({"GET", "HEAD"}, r"/(theme\.css|config|favicon\.ico|manifest\.json)"),
        ({"GET"}, rf"/gradio_api/(queue/data|startup-events|app_id|theme\.css|heartbeat/{_NAME})"),
        ({"POST"}, r"/gradio_api/(queue/join|cancel|reset)"),
        ({"GET"}, f"{REPORTS_PATH}|{REPORT_PATH}|{INDICATORS_PATH}|{ORIGINALS_PATH}|{ORIGINAL_PATH}"),
        ({"POST"}, f"{EXPORT_PATH}|{CORRECTIONS_PATH}"),
        ({"GET"}, f"{UPLOADS_PATH}|{REVIEW_PATH}|{HELD_PATH}"),
        ({"POST"}, f"{UPLOADS_PATH}|{HELD_PATH}(/remove)?"),
    )
)
_RUN = rf"/evaluation/runs/{_NAME}"
_EVALUATION_ROUTES = tuple(
    (methods, re.compile(pattern))
    for methods, pattern in (
        ({"GET"}, rf"/evaluation|{_RUN}(/report(\.html)?)?"),
        ({"POST"}, rf"/evaluation/runs|{_RUN}/cancel"),
    )
)
_REPORT = re.compile(rf"{_RUN}/report")
_LIMITS = {"/evaluation/runs": LIMIT, EXPORT_PATH: EXPORT_LIMIT}
"""Routes that take more than `BODY_LIMIT`."""
_KEPT = re.compile(rf"/(assets|static|svelte)/|({REPORT_PATH}|{ORIGINAL_PATH})\Z")
"""Routes whose replies say themselves how long a browser may keep them."""

_CSP = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'nonce-{nonce}'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-src 'none'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors {frames}",
    )
)
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


_RESIZER = re.compile(
    r"<script>(?:(?!</script>).)*/iframeResizer\.contentWindow(?:(?!</script>).)*</script>", re.DOTALL
)
"""Gradio's script for frames that grow with their page, which the portal's frame does not."""

_STYLES = ("tokens", "page")
"""Our own style sheets, as they are: those that Gradio is given it writes out again with its own classes in front of each rule."""


class Gate:
    """An ASGI layer that lets through the routes of the chat page and nothing else."""

    def __init__(self, app: App, script: str, *, evaluation: bool = False) -> None:
        """`script` is the address of our own script, put into the page's head; `evaluation` opens the evaluation's routes too."""
        self._app = app
        self._routes = _ROUTES + (_EVALUATION_ROUTES if evaluation else ())
        self._script = script

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        # Anything else, a websocket for one, is dropped: the chat has no use for it.

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        nonce = secrets.token_urlsafe(18)
        policy = _CSP.format(nonce=nonce, frames=" ".join(("'self'", *scope.get(FRAMED_BY_KEY, ()))))
        guarded = _guarded(send, policy, kept=bool(_KEPT.match(scope["path"])))
        if refusal := self._refusal(scope):
            await _refuse(guarded, *refusal)
            return
        if scope["path"] == UPLOADS_PATH:
            # Its route has limits of its own, and writes a file as it comes: none is ever held in memory.
            await self._app(scope, receive, guarded)
            return
        limit = _LIMITS.get(scope["path"], BODY_LIMIT)
        body = await body_within(receive, headers_of(scope), limit) if scope["method"] == "POST" else b""
        if body is None:
            await _refuse(guarded, 413, "内容太长了，请缩短以后再试。")
            return
        # `deep_link` and the like reach into Gradio's stores; the page itself needs no query.
        page = scope["path"] == "/"
        inner = {**scope, "query_string": b"" if page else scope["query_string"]}
        if page:
            inner["headers"] = [pair for pair in scope["headers"] if pair[0].lower() != b"accept-encoding"]
        outgoing = guarded
        if page and scope["method"] == "GET":
            outgoing = _rewritten(guarded, lambda html: _page(html, nonce, self._script))
        elif _REPORT.fullmatch(scope["path"]):
            # The report names its one script by hash in a policy of its own, which holds beside the gate's.
            outgoing = _rewritten(guarded, lambda html: _with_nonce(html, nonce))
        await self._app(inner, replayed(body, receive), outgoing)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        if ".." in scope["path"]:
            return 404, "没有这个页面。"
        methods = {
            method for allowed, pattern in self._routes if pattern.fullmatch(scope["path"]) for method in allowed
        }
        if not methods:
            return 404, "没有这个页面。"
        return None if scope["method"] in methods else (405, "这个页面不接受这种请求。")


def _guarded(send: Send, policy: str, *, kept: bool) -> Send:
    """Put the walls on each reply and take off whatever the page framework says about other origins."""

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            passed = [
                (name, value)
                for name, value in message.get("headers", ())
                if not name.lower().startswith(b"access-control-") and name.lower() not in {b"server", b"vary"}
            ]
            own = {**_HEADERS, "content-security-policy": policy, "vary": "accept-encoding, origin"}
            if not kept:
                passed = [pair for pair in passed if pair[0].lower() != b"cache-control"]
                own["cache-control"] = "no-store"
            message = {**message, "headers": passed + encoded(own.items())}
        await send(message)

    return guarded


def _rewritten(send: Send, change: Callable[[str], str]) -> Send:
    """Hold a page back until it is whole, and send it changed."""
    start: Message = {}
    parts: list[bytes] = []

    async def rewritten(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            start = message
            return
        if message["type"] != "http.response.body":
            await send(message)
            return
        parts.append(message.get("body", b""))
        if message.get("more_body"):
            return
        page = change(b"".join(parts).decode("utf-8")).encode("utf-8")
        headers = [pair for pair in start["headers"] if pair[0].lower() != b"content-length"]
        await send({**start, "headers": headers + encoded([("content-length", str(len(page)))])})
        await send({"type": "http.response.body", "body": page})

    return rewritten


def _page(html: str, nonce: str, script: str) -> str:
    """Give the scripts of the page itself the nonce, say that it is Chinese, and add our own script."""
    # Gradio writes its settings into the page with every `<` escaped, so each `<script` here is one of its own.
    html = re.sub(r'(<html\s+lang=)"en"', r'\1"zh-CN"', html, count=1)
    html = re.sub(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*', "", html)
    html = _RESIZER.sub("", html, count=1)
    own = "".join(f'<link rel="stylesheet" href="./zhengwen/{name}.css">' for name in _STYLES)
    html = html.replace("</head>", f'{own}<script src="{script}" defer></script></head>', 1)
    return _with_nonce(html, nonce)


def _with_nonce(html: str, nonce: str) -> str:
    return html.replace("<script", f'<script nonce="{nonce}"')


async def _refuse(send: Send, status: int, sentence: str) -> None:
    await reply(send, status, sentence, "text/plain; charset=utf-8")
