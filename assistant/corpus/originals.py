"""The files that reports were read from, kept as they came: `originals/{report id}.{suffix}` in the data directory."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.corpus.catalogue import identity_of
from assistant.corpus.library import Library
from assistant.corpus.sources import Source
from assistant.corpus.turns import at_rest, at_work
from assistant.errors import LibraryError

FOLDER = "originals"
_NAME = re.compile(r"([0-9a-f]{16})\.[a-z]{1,8}")

Keep = Callable[[str, Source], None]
"""Keeps the file of the report that has this id."""


class Originals:
    """The files of one data directory; what is called after a report has its bytes, for the id is the beginning of their SHA-256."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._folder = home / FOLDER
        self._lock = home / f"{FOLDER}.lock"

    def held(self) -> dict[str, Path]:
        """Return the files by the ids of their reports."""
        if not self._folder.is_dir():
            return {}
        named = ((_NAME.fullmatch(path.name), path) for path in sorted(self._folder.iterdir()))
        return {match[1]: path for match, path in named if match}

    def read(self, report_id: str) -> tuple[str, bytes] | None:
        """Return suffix and bytes of a report's file; None where there is none, or it is no longer what was taken in."""
        path = self.held().get(report_id)
        content = path.read_bytes() if path else b""
        if path is None or not hashlib.sha256(content).hexdigest().startswith(report_id):
            return None
        return path.suffix, content

    def keep(self, report_id: str, source: Source) -> None:
        """Keep a file, whole or not at all; raises `LibraryError` where it cannot be written."""
        if report_id in self.held():
            return
        path = self._folder / f"{report_id}{source.suffix}"
        part = self._home / f"{FOLDER}-{path.name}.part"  # aside, for a backup takes all that lies in the folder
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            content = source.path.read_bytes() if source.content is None else source.content
            if not _NAME.fullmatch(path.name) or identity_of(source.path, content) != report_id:
                return  # it was changed since it was read
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except OSError as error:
            part.unlink(missing_ok=True)
            told = f"原件存不下来：{path}（{error.strerror or error}）"
            raise LibraryError(
                told, "检查权限和剩余空间；不想保存原件时，设置 ZHENGWEN_KEEP_ORIGINALS=false。"
            ) from error

    def remove(self, report_id: str) -> None:
        """Remove the file of a report, where there is one."""
        if path := self.held().get(report_id):
            path.unlink(missing_ok=True)

    def strays(self, library: Library) -> list[Path]:
        """Return the files that belong to no report: what a kill left. While files are taken in there are none: a report may follow."""
        with at_rest(self._lock) as is_at_rest:
            return self._strays(library) if is_at_rest else []

    def sweep(self, library: Library) -> None:
        """Remove the strays."""
        with at_rest(self._lock) as is_at_rest:
            for path in self._strays(library) if is_at_rest else ():
                path.unlink(missing_ok=True)

    def _strays(self, library: Library) -> list[Path]:
        parts = self._home.glob(f"{FOLDER}-*.part")
        return [*(path for identity, path in self.held().items() if identity not in library), *parts]

    @contextmanager
    def agreeing(self, library: Library) -> Iterator[Keep]:
        """Lend `keep` while reports are taken in; files whose reports do not even wait at the end, or no longer, go."""
        before, kept = set(library.reviews.all_ids()), set()

        def keep(report_id: str, source: Source) -> None:
            kept.add(report_id)
            self.keep(report_id, source)

        with at_work(self._lock):
            try:
                yield keep
            finally:
                for report_id in (before | kept).difference(library.reviews.all_ids()):
                    self.remove(report_id)
