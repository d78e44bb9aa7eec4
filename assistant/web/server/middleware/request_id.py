"""Each request has a number, by which its reply, the logs and the audit log speak of it."""

from __future__ import annotations

import secrets

from assistant.web.server.asgi import App, Message, Receive, Scope, Send, encoded
from assistant.web.server.exchange import numbered


class RequestIDMiddleware:
    """Makes the number up, whatever the client says, and sends it back."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = secrets.token_hex(8)

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", ()), *encoded([("x-request-id", request_id)])]
                message = {**message, "headers": headers}
            await send(message)

        await self._app(numbered(scope, request_id), receive, marked)
