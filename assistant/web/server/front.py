"""The front of the service: every request is known, counted and limited here before the page or the API sees it."""

from __future__ import annotations

import asyncio
import logging
import secrets
from pathlib import Path

from pydantic_core import from_json

from assistant.access.callers import Caller, NotAllowed, SignedOut
from assistant.access.rates import Buckets
from assistant.access.sign_in import Doorkeeper
from assistant.settings import Settings
from assistant.web.portal import embedding
from assistant.web.portal.signing_in import SigningIn
from assistant.web.portal.widget import send_widget
from assistant.web.server.asgi import App, Receive, Scope, Send, body_within, replayed, reply
from assistant.web.server.asked import CURRENT, FRAMED_BY_KEY, ROOT_KEY, SCOPE_KEY, Asked
from assistant.web.server.desk import Desk
from assistant.web.server.forwarding import Arrival, Strangers, arrival_of, is_own
from assistant.web.server.hosts import Hosts
from assistant.web.server.refusing import INTERNAL, NOT_FOUND, Refusal, refusal_of, send_json, send_page
from assistant.web.server.replying import Reply
from assistant.web.server.rules import Rule, is_for_programs, methods_of, rule_for

log = logging.getLogger(__name__)

_DRAINED = 12.0
"""Seconds that questions have to be answered in once the service is to end."""


class Front:
    """An ASGI layer around the page (behind its own gate) and the API."""

    def __init__(
        self,
        page: App | None,
        api: App,
        settings: Settings,
        doorkeeper: Doorkeeper,
        desk: Desk,
        shared: Path | None = None,
    ) -> None:
        """`page` may be None where only programs are served; `shared` is a folder in which several processes count together."""
        self._page, self._api = page, api
        self._settings, self._doorkeeper, self._desk, self._recorder = settings, doorkeeper, desk, desk.recorder
        self._hosts = Hosts(settings.host, settings.trusted_hosts)
        users, portals = (shared / "users", shared / "portals") if shared else (None, None)
        asks = settings.asks_per_minute
        self._users = Buckets(max(asks / 2, 5), asks, shared=users)
        self._portals = {
            name: Buckets(portal.asks_per_minute / 4 + 5, portal.asks_per_minute, shared=portals)
            for name, portal in settings.portal.items()
        }
        self._foreign = frozenset(origin for portal in settings.portal.values() for origin in portal.origins)
        self.signing_in = SigningIn(settings, doorkeeper, desk.recorder)
        self._strangers = Strangers()
        self._lines = Buckets(300, 60)
        self._left_out = 0
        self._at_work = 0
        self.draining = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await (self._page or self._api)(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        # Anything else, a websocket for one, is dropped: nothing here has a use for it.

    async def drain(self) -> None:
        """Take no more questions and wait for those that are being answered."""
        self.draining = True
        for _ in range(int(_DRAINED * 20)):
            if not self._at_work:
                return
            await asyncio.sleep(0.05)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = secrets.token_hex(8)
        came = arrival_of(scope, self._doorkeeper, self._settings.root_path)
        self._strangers.look(came)
        replying = Reply(send, request_id, self._recorder)
        caller = Caller(address=came.shown.address)
        rule: Rule | None = None
        try:
            rule = self._rule(came, scope["method"])
            replying.kind = rule.kind
            replying.extra = self._cors(came)
            if scope["method"] == "OPTIONS":
                await replying.preflight(methods_of(came.path))
                return
            caller = self._let_in(came, rule)
            if rule.kind == "page":
                replying.frames = embedding.frames(self._settings, caller.portal)
            await self._serve(came, rule, Asked(caller, request_id), receive, replying)
        except Exception as error:
            if rule and rule.kind == "page" and (way := self.signing_in.way_for(came, error)):
                await reply(replying, 303, "", "text/plain", [("location", way)])
                return
            refusal = refusal_of(error)
            if isinstance(error, SignedOut):
                embedding.say_expired(replying, self._settings, error.portal)
            if refusal is INTERNAL:
                log.exception("Request %s failed.", request_id)
            await self._refuse(replying, refusal, came, Asked(caller, request_id))

    def _rule(self, came: Arrival, method: str) -> Rule:
        if not self._hosts.trusts(came.host) or not self._hosts.trusts(came.headers.get("x-forwarded-host", came.host)):
            raise Refusal(
                400, "host", "这个地址没有登记，请用启动时显示的地址访问。", "管理员可以用设置 trusted_hosts 登记。"
            )
        wanted = came.headers.get("access-control-request-method", "") if method == "OPTIONS" else method
        found = rule_for(came.path, wanted)
        if found == 404 or (isinstance(found, Rule) and found.kind == "page" and self._page is None):
            raise NOT_FOUND
        if isinstance(found, int):
            raise Refusal(405, "method", "这个地址不接受这种请求。", f"可用：{' '.join(methods_of(came.path))}")
        return found

    def _cors(self, came: Arrival) -> list[tuple[str, str]]:
        """Headers for a page of another site that calls the API; raises where the site is not one of a portal's."""
        if is_own(came.origin, came.host) or came.path == "/widget.js":
            return []
        if came.origin not in self._foreign or not is_for_programs(came.path):
            raise Refusal(403, "origin", "不接受来自其他网站的请求。", "管理员可以在门户的 origins 里登记这个网站。")
        return [
            ("access-control-allow-origin", came.origin),
            ("access-control-expose-headers", "x-request-id, retry-after"),
        ]

    def _let_in(self, came: Arrival, rule: Rule) -> Caller:
        if rule.need == "nothing":
            return Caller(address=came.shown.address)
        caller = self._doorkeeper.caller(came.shown)
        # Of the page that is the evaluation: where nobody signs in, a setting of its own shows it. Without one it is for this machine alone.
        is_for_all = self._settings.evaluation or not came.shown.is_relayed
        is_shown = rule.kind == "page" and caller.way == "open" and is_for_all
        if not caller.may(rule.need) and not is_shown:
            raise NotAllowed("这里只对管理员开放。", "请用 admin 密钥。")
        portal = self._settings.portal.get(caller.portal)
        if came.origin in self._foreign and caller.portal and (portal is None or came.origin not in portal.origins):
            raise Refusal(403, "origin", "这个网站和登录的门户不一致。")
        self._limit(caller, rule)
        return caller

    def _limit(self, caller: Caller, rule: Rule) -> None:
        if not rule.cost or caller.is_here:
            return  # this machine's own user waits for nobody but the queue
        wait = self._users.wait(caller.name, rule.cost)
        if not wait and caller.portal in self._portals:
            wait = self._portals[caller.portal].wait(caller.portal, rule.cost)
        if wait:
            raise Refusal(429, "too_many", "提问太频繁了。", "请过一会儿再试。", wait)

    async def _serve(self, came: Arrival, rule: Rule, asked: Asked, receive: Receive, send: Reply) -> None:
        if self.draining and rule.cost:
            raise Refusal(503, "ending", "服务正在重启。", "请过几秒再试。", 5)
        scope = {**came.scope, "path": came.path, SCOPE_KEY: asked, "root_path": ""}
        if not came.path:
            await reply(send, 308, "", "text/plain", [("location", f"{came.root}/")])
            return
        if came.path == "/widget.js":
            await send_widget(send, came.headers.get("if-none-match", ""))
            return
        if self.signing_in.serves(came):
            await self.signing_in.serve(came, asked, send)
            return
        if rule.kind == "page":
            assert self._page is not None
            framed_by = embedding.origins(self._settings, asked.caller.portal)
            await self._page({**scope, ROOT_KEY: came.root, FRAMED_BY_KEY: framed_by}, receive, send)
            return
        if rule.cost:
            self._desk.check_room()  # before anything is read: sending away must cost next to nothing
        body = await body_within(receive, came.headers, rule.limit) if scope["method"] == "POST" else b""
        if body is None:
            raise Refusal(413, "too_large", "内容太长了，请缩短以后再试。")
        if came.path == "/embed":
            await embedding.embed(came, self._settings, self._doorkeeper, self._recorder, asked, body, send)
            return
        if rule.json:
            _check_json(body, came.headers, is_call=came.path == "/mcp")
        token = CURRENT.set(asked)
        self._at_work += 1
        try:
            await self._api(scope, replayed(body, receive), send)
        finally:
            self._at_work -= 1
            CURRENT.reset(token)

    async def _refuse(self, send: Reply, refusal: Refusal, came: Arrival, asked: Asked) -> None:
        if send.started:
            return  # too late to say anything: the connection ends
        if refusal.status in {401, 403, 429}:
            self._recorder.metrics.refusals.labels(refusal.code).inc()
            await self._note_refused(refusal.code, came, asked)
        person = "text/html" in came.headers.get("accept", "") and not is_for_programs(came.path)
        await (send_page if person else send_json)(send, refusal, asked.request_id)

    async def _note_refused(self, reason: str, came: Arrival, asked: Asked) -> None:
        """Write it down; of an address that is refused without end, one line a second, and how many there were between.

        Otherwise anybody could fill the disk, and keep the log from those who ask.
        """
        if self._lines.wait(came.shown.address):
            self._left_out += 1
            return
        more = {"left_out": self._left_out} if self._left_out else {}
        self._left_out = 0
        await asyncio.to_thread(self._recorder.note, "refused", asked, reason=reason, path=came.path[:200], **more)


def _check_json(body: bytes, headers: dict[str, str], *, is_call: bool) -> None:
    """Raise unless this is JSON as it should be: no NaN, no half of a character, no nesting without end.

    `is_call` asks for a JSON-RPC message besides: the library behind it would send back all that it did not like.
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
