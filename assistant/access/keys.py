"""API keys: shown once, kept as salted hashes in `keys.json` of the data directory."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from assistant.access.callers import Scope, SignInError
from assistant.access.files import locked, write_whole
from assistant.errors import SettingsError

KEY = re.compile(r"zw_([0-9a-f]{8})_([A-Za-z0-9_-]{43})")
"""A key: its id, and 32 random bytes. With that much chance in it, a fast hash is as good as a slow one."""

_DAY = 86_400


class KeyRefused(SignInError):
    """A key is unknown, revoked or expired."""

    hint = "请向管理员要一个新的密钥。"


@dataclass(frozen=True, slots=True)
class Key:
    """What is kept of a key."""

    id: str
    scope: Scope
    portal: str
    created: float
    """Seconds since 1970."""
    salt: str
    hash: str
    expires: float | None = None
    revoked: float | None = None

    def state(self, now: float) -> str:
        """Say in a word what becomes of whoever shows it: 有效, 已吊销, 已过期."""
        if self.revoked is not None:
            return "已吊销"
        return "已过期" if self.expires is not None and self.expires <= now else "有效"


class KeyRing:
    """All keys of one data directory. Read again whenever the file has changed, so a revoked key stops at once."""

    def __init__(self, home: Path) -> None:
        self._path = home / "keys.json"
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._keys: dict[str, Key] = {}

    def add(self, scope: Scope, portal: str, days: int | None = None) -> tuple[str, Key]:
        """Make a key and return what is to be shown, this once, with what is kept of it."""
        identity, secret, salt = secrets.token_hex(4), secrets.token_urlsafe(32), secrets.token_hex(16)
        now = time.time()
        expires = now + days * _DAY if days is not None else None
        key = Key(identity, scope, portal, now, salt, _hash(salt, secret), expires)
        with self._changing() as keys:
            keys[identity] = key
        return f"zw_{identity}_{secret}", key

    def revoke(self, identity: str) -> Key:
        """Make a key worthless; raises `KeyRefused` where there is none with this id."""
        with self._changing() as keys:
            if identity not in keys:
                raise KeyRefused("没有这个编号的密钥。", "用 zhengwen keys list 查看编号。")
            if keys[identity].revoked is None:
                keys[identity] = replace(keys[identity], revoked=time.time())
            return keys[identity]

    def all(self) -> tuple[Key, ...]:
        """Return every key, revoked ones too, the oldest first."""
        return tuple(sorted(self._current().values(), key=lambda key: (key.created, key.id)))

    def find(self, shown: str, now: float | None = None) -> Key:
        """Return the key that was shown; raises `KeyRefused` where it is not valid."""
        form = KEY.fullmatch(shown)
        key = self._current().get(form[1]) if form else None
        # A key that is not known costs as much as one that is.
        expected = key.hash if key else "0" * 64
        same = hmac.compare_digest(_hash(key.salt if key else "", form[2] if form else ""), expected)
        if key is None or not same:
            raise KeyRefused("密钥不对。")
        return self._valid(key, now)

    def still(self, identity: str, now: float | None = None) -> Key:
        """Return the key with this id, for whoever has shown it before; raises `KeyRefused` where it is not valid any more."""
        key = self._current().get(identity)
        if key is None:
            raise KeyRefused("密钥不对。")
        return self._valid(key, now)

    def _valid(self, key: Key, now: float | None) -> Key:
        state = key.state(time.time() if now is None else now)
        if state != "有效":
            raise KeyRefused(f"密钥{state}。")
        return key

    def _current(self) -> dict[str, Key]:
        with self._lock:
            try:
                status = self._path.stat()
            except FileNotFoundError:
                self._seen, self._keys = None, {}
                return self._keys
            seen = (status.st_mtime_ns, status.st_size, status.st_ino)
            if seen != self._seen:
                self._keys = self._read()
                self._seen = seen
            return self._keys

    def _read(self) -> dict[str, Key]:
        try:
            return {row["id"]: Key(**row) for row in json.loads(self._path.read_text("utf-8"))["keys"]}
        except FileNotFoundError:
            return {}
        except (ValueError, KeyError, TypeError) as error:
            raise SettingsError(
                f"密钥文件 {self._path.name} 损坏了。", "请从备份恢复，或删掉它再发新的密钥。"
            ) from error

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Key]]:
        """Give the keys under lock; they are written back when the block ends well."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with locked(self._path.with_suffix(".lock")):
            keys = self._read()
            yield keys
            rows = {"keys": [asdict(key) for key in keys.values()]}
            write_whole(self._path, json.dumps(rows, indent=1).encode())


def _hash(salt: str, secret: str) -> str:
    return hashlib.sha256(f"{salt}:{secret}".encode()).hexdigest()
