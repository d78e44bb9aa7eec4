"""What goes out: each reply with the number of its request, the walls, and what a portal is allowed."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.web.server.asgi import Message, Send, encoded
from assistant.web.server.desk import Recorder

_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; script-src {scripts}; base-uri 'none'; "
    "form-action 'none'; frame-ancestors {frames}",
}


class Reply:
    """What goes out, with the number of the request, the walls, and what a portal is allowed."""

    def __init__(self, send: Send, request_id: str, recorder: Recorder) -> None:
        self._send, self._request_id, self._recorder = send, request_id, recorder
        self.kind = "api"
        self.frames = "'none'"
        self.scripts = "'none'"
        self.tells: tuple[str, ...] = ()
        """Sites whose frame is told where a page says that the sign-in has expired."""
        self.extra: list[tuple[str, str]] = []
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            self._recorder.metrics.replies.labels(self.kind, str(message["status"])).inc()
            message = {**message, "headers": self._walled(list(message.get("headers", ())))}
        await self._send(message)

    async def preflight(self, methods: Iterable[str]) -> None:
        allowed = [
            ("access-control-allow-methods", ", ".join(methods)),
            (
                "access-control-allow-headers",
                "authorization, content-type, x-api-key, accept, mcp-protocol-version, mcp-session-id",
            ),
            ("access-control-max-age", "600"),
        ]
        await self({"type": "http.response.start", "status": 204, "headers": encoded(allowed)})
        await self({"type": "http.response.body", "body": b""})

    def _walled(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        named = {name.lower() for name, _ in headers}
        walls = {} if b"content-security-policy" in named else _HEADERS  # the page's gate has put up its own
        own = {name: value.format(frames=self.frames, scripts=self.scripts) for name, value in walls.items()}
        own = {name: value for name, value in {**own, "vary": "origin"}.items() if name.encode() not in named}
        own["x-request-id"] = self._request_id
        return [pair for pair in headers if pair[0].lower() != b"server"] + encoded([*own.items(), *self.extra])
