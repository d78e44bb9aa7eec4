"""The body of a request to the API: read whole under the route's limit, and JSON as it should be where it is to be JSON."""

from __future__ import annotations

from pydantic_core import from_json

from assistant.web.server.asgi import App, Receive, Scope, Send, body_within, replayed
from assistant.web.server.exchange import exchange_in
from assistant.web.server.refusing import Refusal


class BodyLimitMiddleware:
    """Reads the body before anything is done, and hands it on as one message; the page's gate has limits of its own."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = exchange_in(scope)
        if exchange.kind == "page":
            await self._app(scope, receive, send)
            return
        is_post = scope["method"] == "POST"
        body = await body_within(receive, exchange.came.headers, exchange.rule.limit) if is_post else b""
        if body is None:
            raise Refusal(413, "too_large", "内容太长了，请缩短以后再试。")
        await self._app(scope, replayed(body, receive), send)


class JSONBodyMiddleware:
    """Turns away what is no JSON, or none that the libraries further in should see: they would send back all that they did not like."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = exchange_in(scope)
        if exchange.rule.json:
            body: bytes = (await receive())["body"]
            _check_json(body, exchange.came.headers, is_call=exchange.came.path == "/mcp")
            receive = replayed(body, receive)
        await self._app(scope, receive, send)


def _check_json(body: bytes, headers: dict[str, str], *, is_call: bool) -> None:
    """Raise unless this is JSON as it should be: no NaN, no half of a character, no nesting without end.

    `is_call` asks for a JSON-RPC message besides.
    """
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refusal(415, "content_type", "请求的内容要是 JSON。", "请带上 Content-Type: application/json。")
    try:
        content = from_json(body, allow_inf_nan=False, cache_strings=False)
    except (ValueError, RecursionError):
        raise Refusal(400, "json", "请求的内容不是完整的 JSON。", "请用 UTF-8 编码的 JSON。") from None
    if is_call and not (
        isinstance(content, dict)
        and content.get("jsonrpc") == "2.0"
        and isinstance(content.get("method"), str)
        and isinstance(content.get("id", 0), str | int)
        and isinstance(content.get("params", {}), dict)
    ):
        raise Refusal(400, "json_rpc", "请求不是一条 JSON-RPC 2.0 消息。", "请用 MCP 客户端。")
