"""Only names of our own are answered to: a foreign name server cannot turn a browser against the service."""

from __future__ import annotations

from assistant.web.server.asgi import App, Receive, Scope, Send
from assistant.web.server.exchange import exchange_in
from assistant.web.server.hosts import Hosts
from assistant.web.server.refusing import Refusal


class TrustedHostMiddleware:
    """Turns away requests for a name that is not one of the service's, also where a proxy that is not named says so.

    Starlette's own knows neither bare addresses, which are safe, nor what a proxy hands on.
    """

    def __init__(self, app: App, hosts: Hosts) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        came = exchange_in(scope).came
        if not self._hosts.trusts(came.host) or not self._hosts.trusts(came.headers.get("x-forwarded-host", came.host)):
            raise Refusal(
                400, "host", "这个地址没有登记，请用启动时显示的地址访问。", "管理员可以用设置 trusted_hosts 登记。"
            )
        await self._app(scope, receive, send)
