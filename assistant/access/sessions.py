"""Tickets for a page that was opened with a token: they stand in its address, so no cookie is needed in a frame, on plain http too.

Whoever signed in with the organisation's provider has one in a cookie.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
import time
from collections.abc import Mapping
from pathlib import Path

from assistant.access.callers import Caller, NotAllowed, SignedOut, SignInError
from assistant.access.files import locked, write_whole
from assistant.errors import SettingsError

TICKET = re.compile(r"[A-Za-z0-9_-]{1,2000}\.[A-Za-z0-9_-]{43}")
LIFE = 8 * 3600
"""Seconds for which a page can be used before it is opened anew: a working day."""
_KEY_BYTES = 32
_AGAIN = "请回到原来的页面刷新一下，再打开问答。"


class Sessions:
    """Makes tickets and reads them again. What they say stands in them, signed: every process of a service knows them."""

    def __init__(self, home: Path, signers: Mapping[str, str] | None = None) -> None:
        """`signers` is what each portal signs in with: once that is another, because it got about, its tickets are worth nothing.

        Raises `SettingsError` where the file that holds the key is not whole.
        """
        self._key = _made_or_read(home / "session.key")
        self._signers = signers or {}

    def ticket(self, caller: Caller, now: float | None = None) -> str:
        """Return a ticket that stands for this caller for the time of `LIFE`.

        Raises `SignInError` where an address cannot hold it, and `NotAllowed` where the caller has only another ticket to show: one
        that got about would never end.
        """
        if caller.way == "session":
            raise NotAllowed("票不能换票。", "请从门户取一个新的令牌。")
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
        return _encoded(hmac.new(self._key, "\n".join(parts).encode(), hashlib.sha256).digest())

    def _mark(self, portal: str) -> str:
        return self.signature("signer", portal, self._signers.get(portal, ""))[:12]


def _made_or_read(path: Path) -> bytes:
    """The key of a data directory, made by whoever comes first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with locked(path.with_suffix(".lock")):
        if not path.exists():
            write_whole(path, secrets.token_bytes(_KEY_BYTES))
    key = path.read_bytes()
    if len(key) != _KEY_BYTES:  # with an empty one anybody could sign
        raise SettingsError(f"签票用的密钥文件 {path.name} 损坏了。", "请删掉它再启动；发出去的票随之作废。")
    return key


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
