"""Where files lie that were sent to the page, from their first byte until they have been taken in: `uploads` in the data directory.

A file is whole or it is not there: it is written under a name that nothing reads, and only a whole one gets its slip, which says what
it is called. After a kill what has a slip is taken in at the next start; what has none is rubbish.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from assistant.corpus.kinds import READABLE, said_of
from assistant.corpus.readers import LARGEST_FILE
from assistant.corpus.sources import ARCHIVE
from assistant.errors import StorageError, UnreadableFile, ZhengwenError

FOLDER = "uploads"
KINDS = (*READABLE, ARCHIVE)
LARGEST_ARCHIVE = 300 << 20
MOST_FILES = 500
"""Files that may wait to be taken in."""
_SPARE = 100 << 20
"""Bytes that stay free on the disk: SQLite needs room to write, and to undo."""
_LONGEST_NAME = 255
_OLD = 3600.0
"""Seconds after which what is not whole is nobody's any more."""
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


class NoRoom(ZhengwenError):
    """More files wait than there may."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What is known of a file that lies in the inbox."""

    id: str
    """32 hex digits, under which it lies; the name that it was given is never a path."""
    name: str
    size: int
    instead_of: str = ""
    """The report that it is to replace."""
    split: bool | None = None
    """Whether several reports that lie in it are taken in each by itself, or the whole as one; None where nobody has said."""


class Inbox:
    """The folder of one data directory."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._folder = home / FOLDER

    def path(self, slip: Slip) -> Path:
        """Where the file lies."""
        return self._folder / f"{slip.id}.file"

    def check(self, name: str, size: int) -> str:
        """Return what a file is to be called; raises where it is of no kind that is read, too large, or there is no room.

        `UnreadableFile` says that it is the file's fault, `NoRoom` that too many wait, `StorageError` that the disk is full.
        """
        shown = shown_name(name)
        suffix = Path(shown).suffix.lower()
        if suffix not in KINDS:
            reason, hint = said_of(suffix) or ("的名字里看不出文件类型", "请用原来的文件名，例如以 .docx 结尾。")
            raise UnreadableFile(f"《{shown}》{reason}。", hint)
        if size == 0:
            raise UnreadableFile(f"《{shown}》是空的。", "请重新下载或复制一份完整的文件。")
        if size > largest(suffix):
            told = f"《{shown}》太大（{size >> 20} MB），上限是 {largest(suffix) >> 20} MB。"
            raise UnreadableFile(told, "一份报告的文字不到 1 MB，请去掉图片或附件，或者分开上传。")
        if len(list(self._folder.glob("*.json"))) >= MOST_FILES:
            raise NoRoom(f"已经有 {MOST_FILES} 个文件在等待收录。", "等它们收录完再上传。")
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(self._home).free < size + _SPARE:
            raise StorageError("磁盘快满了，没有接收文件。", "腾出空间后再试；已收录的报告没有受影响。")
        return shown

    @contextmanager
    def receiving(self, slip: Slip) -> Iterator[BinaryIO]:
        """Lend a file to be written; at the end of the block it lies in the inbox, and where anything is raised it is gone.

        Raises `StorageError` where the disk does not take it.
        """
        part = self._folder / f"{slip.id}.part"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.path(slip))
            self._write_slip(slip)
        except OSError as error:
            self.discard(slip)
            # The path is of no use to whoever sent the file.
            raise StorageError.of(OSError(error.errno, error.strerror)) from error
        except BaseException:
            self.discard(slip)
            raise

    def discard(self, slip: Slip) -> None:
        """Forget a file: it has been taken in, or never will be."""
        for suffix in ("json", "json.part", "part", "file"):
            with suppress(OSError):
                (self._folder / f"{slip.id}.{suffix}").unlink(missing_ok=True)

    def left(self) -> list[Slip]:
        """Return what waits since before this start, the oldest first, and sweep away what is not whole."""
        slips = []
        for path in sorted(self._folder.glob("*.json"), key=lambda path: path.stat().st_mtime):
            with suppress(OSError, ValueError, TypeError):
                slip = Slip(**json.loads(path.read_text("utf-8")))
                if self.path(slip).is_file():
                    slips.append(slip)
        known = {slip.id for slip in slips}
        for path in self._folder.glob("*"):
            if path.name.partition(".")[0] not in known and path.stat().st_mtime < time.time() - _OLD:
                path.unlink(missing_ok=True)
        return slips

    def _write_slip(self, slip: Slip) -> None:
        part = self._folder / f"{slip.id}.json.part"
        part.touch(mode=0o600)
        part.write_text(json.dumps(asdict(slip)), "utf-8")
        part.replace(self._folder / f"{slip.id}.json")


def new_id() -> str:
    """A name that no file has and nobody can guess."""
    return token_hex(16)


def largest(suffix: str) -> int:
    """Return how many bytes a file of this kind may have."""
    return LARGEST_ARCHIVE if suffix == ARCHIVE else LARGEST_FILE


def shown_name(raw: str) -> str:
    """Return the name without its folders and without what has no look; the suffix stays where it is too long.

    Raises `UnreadableFile` where nothing is left of it.
    """
    name = _UNSEEN.sub("", re.split(r"[/\\]", raw)[-1]).strip().lstrip(".")
    if not name:
        raise UnreadableFile("文件没有名字。", "请给文件起一个名字再上传。")
    if len(name) <= _LONGEST_NAME:
        return name
    suffix = Path(name).suffix[:16]
    return f"{name[: _LONGEST_NAME - len(suffix)]}{suffix}"
