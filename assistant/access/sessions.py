"""Tickets for a page that was opened with a token: they stand in its address, so no cookie is needed in a frame, on plain http too.

Whoever signed in with the organisation's provider has one in a cookie.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from assistant.access.callers import Caller, SignedOut, SignInError

TICKET = re.compile(r"[A-Za-z0-9_-]{1,2000}\.[A-Za-z0-9_-]{43}")
LIFE = 8 * 3600
"""Seconds for which a page can be used before it is opened anew: a working day."""
_AGAIN = "请回到原来的页面刷新一下，再打开问答。"


class Sessions:
    """Makes tickets and reads them again. What they say stands in them, signed: every process of a service knows them."""

    def __init__(self, home: Path, signers: Mapping[str, str] | None = None) -> None:
        """`signers` is what each portal signs in with: once that is another, because it got about, its tickets are worth nothing."""
        self._path = home / "session.key"
        self._key: bytes | None = None
        self._signers = signers or {}

    def ticket(self, caller: Caller, now: float | None = None) -> str:
        """Return a ticket that stands for this caller for the time of `LIFE`; raises `SignInError` where an address cannot hold it."""
        expires = int((time.time() if now is None else now) + LIFE)
        regions = None if caller.regions is None else list(caller.regions)
        content = [caller.user, caller.portal, caller.scope, regions, caller.key, expires, self._mark(caller.portal)]
        body = _encoded(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())
        ticket = f"{body}.{self.signature(body)}"
        if not TICKET.fullmatch(ticket):
            raise SignInError("可以看的地区太多了，地址里放不下。", "请联系门户的管理员。")
        return ticket

    def caller(self, ticket: str, address: str, now: float | None = None) -> Caller:
        """Return whom a ticket stands for; raises `SignInError` where it is not one of ours or expired."""
        body, _, signature = ticket.partition(".")
        if not hmac.compare_digest(self.signature(body).encode(), signature.encode()):
            raise SignInError("登录无效。", _AGAIN)
        user, portal, scope, regions, key, expires, *mark = json.loads(_decoded(body))
        if expires <= (time.time() if now is None else now) or mark != [self._mark(portal)]:
            over = SignedOut("登录已过期。", _AGAIN)
            over.portal = portal
            raise over
        return Caller(user, portal, scope, None if regions is None else tuple(regions), address, "session", key)

    def signature(self, *parts: str) -> str:
        """Return what only this service can make out of these words: 43 characters. Several words are never those of a ticket."""
        if self._key is None:
            self._key = self._made_or_read()
        return _encoded(hmac.new(self._key, "\n".join(parts).encode(), hashlib.sha256).digest())

    def _mark(self, portal: str) -> str:
        return self.signature("signer", portal, self._signers.get(portal, ""))[:12]

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
