"""The audit log: one JSON line an event, each with the SHA-256 of the line before; one file a day."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from assistant.access.callers import Caller
from assistant.access.files import locked
from assistant.access.redaction import redacted
from assistant.errors import ZhengwenError
from assistant.json_lines import as_json_line
from assistant.settings import Settings

FIRST = "0" * 64
"""What stands in the place of the line before in the very first line."""
HEAD = "audit.head.json"
FOLDER = "audit"
LOCK = "lock"
"""File in that folder which whoever writes holds."""

Event = Literal[
    "ask",
    "search",
    "sign_in",
    "refused",
    "key_added",
    "key_revoked",
    "upload",
    "deletion",
    "description",
    "export",
    "feedback",
    "correction",
    "evaluation",
    "backup",
    "restore",
    "pruned",
    "resumed",
]


class AuditError(ZhengwenError):
    """The audit log cannot be written."""

    hint = "请检查数据目录的权限和剩余空间。"


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain ends: the last line's hash, its file, and how long that file is."""

    hash: str = FIRST
    file: str = ""
    size: int = 0
    lines: int = 0
    """Lines of all files together, those that were pruned too."""


class AuditLog:
    """Appends to the log of one data directory; several processes may write to it at once."""

    def __init__(self, home: Path, days: int = 180, clock: Callable[[], datetime] | None = None) -> None:
        """`days` is how long a file is kept."""
        self._home = home
        self._folder = home / FOLDER
        self._days = days
        self._clock = clock or (lambda: datetime.now().astimezone())

    @classmethod
    def of(cls, settings: Settings) -> AuditLog:
        """The log of the data directory that is set, kept for as long as is set."""
        return cls(settings.home.expanduser(), settings.audit_days)

    def record(self, event: Event, caller: Caller, request_id: str = "", **more: Any) -> None:
        """Write one line. Texts in `more` are redacted. Raises `AuditError` where it cannot be written."""
        now = self._clock()
        line = {
            "time": now.isoformat(timespec="milliseconds"),
            "event": event,
            "user": caller.user,
            "portal": caller.portal,
            "way": caller.way,
            "key": caller.key,
            "address": caller.address,
            "request_id": request_id,
            **more,
        }
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with locked(self._folder / LOCK):
                head = self._resumed(read_head(self._home), now)
                head = self._append(head, _clean(line), now)
                if head.file != self._pruned_for:
                    head = self._prune(head, now)
        except OSError as error:
            raise AuditError(f"审计日志写不进去：{error.strerror or error}") from error

    _pruned_for = ""
    """The day's file for which old files have been looked for."""

    def _append(self, head: Head, line: dict[str, Any], now: datetime) -> Head:
        name = max(f"{now:%Y-%m-%d}.jsonl", head.file)  # a clock that is set back does not open an old file again
        row = as_json_line({**line, "previous": head.hash}).encode() + b"\n"
        path = self._folder / name
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            if os.write(descriptor, row) != len(row):
                raise OSError(28, "磁盘已满")
        finally:
            os.close(descriptor)
        size = (head.size if name == head.file else 0) + len(row)
        head = Head(hashlib.sha256(row).hexdigest(), name, size, head.lines + 1)
        _write_head(self._home, head)
        return head

    def _resumed(self, head: Head, now: datetime) -> Head:
        """The head, moved on over whole lines of the chain that a process wrote right before it ended.

        What else stands behind the head is left there, ended by a line break, for `verify` to find.
        """
        if not head.file or not (path := self._folder / head.file).exists() or path.stat().st_size <= head.size:
            return head
        with path.open("rb") as file:
            file.seek(head.size)
            rest = file.read()
        for row in rest.splitlines(keepends=True):
            if previous_of(row) != head.hash or not row.endswith(b"\n"):
                break
            head = Head(hashlib.sha256(row).hexdigest(), head.file, head.size + len(row), head.lines + 1)
            rest = rest[len(row) :]
        if not rest:
            return head
        if not rest.endswith(b"\n"):
            with path.open("ab") as file:
                file.write(b"\n")
        head = Head(head.hash, head.file, path.stat().st_size, head.lines)
        return self._append(head, {"time": now.isoformat(timespec="milliseconds"), "event": "resumed"}, now)

    def _prune(self, head: Head, now: datetime) -> Head:
        """Remove the files that are older than they are kept, and write down where the chain then begins."""
        oldest = f"{now - timedelta(days=self._days):%Y-%m-%d}.jsonl"
        for path in sorted(self._folder.glob("????-??-??.jsonl")):
            if path.name >= min(oldest, head.file):
                break
            last = hashlib.sha256(path.read_bytes().splitlines(keepends=True)[-1]).hexdigest()
            line = {"time": now.isoformat(timespec="milliseconds"), "event": "pruned", "file": path.name, "last": last}
            head = self._append(head, line, now)
            path.unlink()
        self._pruned_for = head.file
        return head


def read_head(home: Path) -> Head:
    """Return where the chain ends as the file beside the log has it."""
    try:
        return Head(**json.loads((home / HEAD).read_text("utf-8")))
    except FileNotFoundError:
        return Head()
    except (ValueError, TypeError) as error:
        raise AuditError("审计日志的链头文件损坏了。", f"请从备份恢复 {HEAD}。") from error


def _write_head(home: Path, head: Head) -> None:
    beside = home / f"{HEAD}.new"
    row = {"hash": head.hash, "file": head.file, "size": head.size, "lines": head.lines}
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(json.dumps(row))
    beside.replace(home / HEAD)


def previous_of(row: bytes) -> str | None:
    """The hash that a line gives for the line before; None where it is no line of a log."""
    try:
        line = json.loads(row)
    except (ValueError, RecursionError):
        return None
    previous = line.get("previous") if isinstance(line, dict) else None
    return previous if isinstance(previous, str) else None


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return redacted(value)
    if isinstance(value, dict):
        return {key: _clean(one) for key, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list | tuple) else value
