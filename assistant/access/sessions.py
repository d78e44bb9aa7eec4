"""Tickets for a page that was opened with a token: they stand in its address, so no cookie is needed in a frame, on plain http too."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import secrets
import time
from contextlib import suppress
from pathlib import Path

from assistant.access.callers import Caller, SignedOut, SignInError

TICKET = re.compile(r"[A-Za-z0-9_-]{1,2000}\.[A-Za-z0-9_-]{43}")
LIFE = 8 * 3600
"""Seconds for which a page can be used before it is opened anew: a working day."""
_AGAIN = "请回到原来的页面刷新一下，再打开问答。"


class Sessions:
    """Makes tickets and reads them again. What they say stands in them, signed: every process of a service knows them."""

    def __init__(self, home: Path) -> None:
        self._path = home / "session.key"
        self._key: bytes | None = None

    def ticket(self, caller: Caller, now: float | None = None) -> str:
        """Return a ticket that stands for this caller for the time of `LIFE`."""
        expires = int((time.time() if now is None else now) + LIFE)
        regions = None if caller.regions is None else list(caller.regions)
        content = [caller.user, caller.portal, caller.scope, regions, caller.key, expires]
        body = _encoded(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())
        return f"{body}.{_encoded(self._signature(body))}"

    def caller(self, ticket: str, address: str, now: float | None = None) -> Caller:
        """Return whom a ticket stands for; raises `SignInError` where it is not one of ours or expired."""
        body, _, signature = ticket.partition(".")
        if not hmac.compare_digest(_encoded(self._signature(body)).encode(), signature.encode()):
            raise SignInError("登录无效。", _AGAIN)
        user, portal, scope, regions, key, expires = json.loads(_decoded(body))
        if expires <= (time.time() if now is None else now):
            over = SignedOut("登录已过期。", _AGAIN)
            over.portal = portal
            raise over
        return Caller(user, portal, scope, None if regions is None else tuple(regions), address, "session", key)

    def _signature(self, body: str) -> bytes:
        if self._key is None:
            self._key = self._made_or_read()
        return hmac.new(self._key, body.encode(), hashlib.sha256).digest()

    def _made_or_read(self) -> bytes:
        """The key of this data directory; of several processes that make it at once, one wins."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_name(f"{self._path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(32))
        try:
            with suppress(FileExistsError):
                os.link(beside, self._path)
        finally:
            beside.unlink()
        return self._path.read_bytes()


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
