"""Backups: a zip of all that cannot be made again, of one moment while the service runs, with the SHA-256 of each file."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO

from assistant.access.audit import FOLDER as AUDIT
from assistant.access.audit import HEAD
from assistant.access.auditing import copied
from assistant.corpus.database import SCHEMA
from assistant.corpus.library import Library
from assistant.errors import ZhengwenError
from assistant.keeping.home import JOURNALS, KEPT, LIBRARY, kept_names
from embeddings.durable import flush

FORMAT = 1
MANIFEST = "manifest.json"
_CHUNK = 1 << 20
_PART = ".zhengwen-part"
"""How the files end that a backup writes before it is whole."""


class BackupError(ZhengwenError):
    """A backup cannot be written, or is not whole."""

    hint = "请换一份备份再试；现有的资料库没有改动。"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    format: int
    made: str
    """ISO 8601 with its zone."""
    schema: int
    """Version of the library's tables."""
    state: str
    """The library's own mark of what it holds."""
    reports: int
    files: dict[str, list[int | str]]
    """`[size, SHA-256]` by path in the data directory."""


def back_up(home: Path, library: Library, file: Path) -> Manifest:
    """Write a backup of a data directory to a new file; it is whole, checked and on the disk when this returns.

    The library may be written meanwhile: all that was committed before is in it. Raises `BackupError` where the file exists
    or cannot be written, and `LibraryError` where the library is damaged.
    """
    if file.exists():
        raise BackupError(f"已经有这个文件了：{file}", "请换一个文件名。")
    try:
        _sweep(file.parent)
        with (
            _claimed(file.with_name(file.name + _PART)) as part,
            _claimed(file.with_name(f"{file.name}.db{_PART}")) as copy,
        ):
            library.copy_to(copy)
            with part.open("wb") as written:
                manifest = _write(written, home, copy)
                written.flush()
                os.fsync(written.fileno())
            with opened_backup(part) as backup:
                backup.check()
            part.replace(file)
        flush(file.absolute().parent)
    except OSError as error:
        raise BackupError(
            f"备份写不进去：{file}（{error.strerror or error}）", "检查目录是否存在、权限和剩余空间。"
        ) from error
    return manifest


class Backup:
    """A backup that is open for reading. Every method raises `BackupError` where it is not what its manifest says."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.manifest = self._read_manifest()

    def check(self, take: Callable[[str], IO[bytes] | None] = lambda _: None) -> None:
        """Read every file and compare its size and SHA-256; what `take` opens for a path is filled with it on the way."""
        for name, (size, digest) in self.manifest.files.items():
            target = take(name)
            try:
                with self._archive.open(name) as source:
                    found = _copy(source, target)
            except (KeyError, zipfile.BadZipFile, EOFError, zlib.error) as error:
                raise BackupError(f"备份不完整：{name} 读不出来。") from error
            finally:
                if target is not None:
                    target.close()
            if found != [size, digest]:
                raise BackupError(f"备份损坏了：{name} 和清单里的校验和不符。")

    def _read_manifest(self) -> Manifest:
        try:
            manifest = Manifest(**json.loads(self._archive.read(MANIFEST)))
            paths = {name: PurePosixPath(name) for name in manifest.files}
        except (KeyError, TypeError, ValueError, zipfile.BadZipFile, EOFError, zlib.error) as error:
            raise BackupError("这个文件不是 zhengwen 的备份，或者清单损坏了。") from error
        if manifest.format > FORMAT or manifest.schema > SCHEMA:
            raise BackupError("备份是更新版本的程序做的。", "请先升级 zhengwen，再恢复。")
        if LIBRARY not in paths or any(path.parts[0] not in KEPT or ".." in path.parts for path in paths.values()):
            raise BackupError("这个文件不是 zhengwen 的备份：清单里的文件不对。")
        return manifest


@contextmanager
def opened_backup(file: Path) -> Iterator[Backup]:
    """Open a backup and read its manifest; raises `BackupError`."""
    try:
        archive = zipfile.ZipFile(file)
    except FileNotFoundError as error:
        raise BackupError(f"找不到备份：{file}", "请检查路径和文件名。") from error
    except zipfile.BadZipFile as error:
        raise BackupError(f"这个文件不是 zhengwen 的备份，或者不完整：{file}") from error
    except OSError as error:
        raise BackupError(f"备份打不开：{file}（{error.strerror or error}）", "检查文件的读取权限。") from error
    with archive:
        yield Backup(archive)


@contextmanager
def _claimed(path: Path) -> Iterator[Path]:
    """Make an empty file that only its owner can read, since it will hold keys and what readers said; gone at the end."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield path
    finally:
        for one in (path, path.with_name(f"{path.name}-journal")):
            with suppress(FileNotFoundError):
                one.unlink()
        os.close(descriptor)


def _sweep(folder: Path) -> None:
    """Remove what backups left behind that were killed."""
    for path in folder.glob(f"*{_PART}*"):
        with path.open("rb") as file, suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()


def _write(file: IO[bytes], home: Path, copy: Path) -> Manifest:
    """Write the zip: the library from its copy, the rest from where it lies."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        files = {LIBRARY: _packed(archive, LIBRARY, copy.open("rb"))}
        with copied(home) as log:
            files |= {name: _packed(archive, name, opened, size) for name, (opened, size) in log.items()}
        files |= {name: _packed(archive, name, (home / name).open("rb")) for name in _others(home)}
        with Library.open(copy, read_only=True) as held:
            reports, state = len(held.reports()), held.state()
        made = datetime.now().astimezone().isoformat(timespec="seconds")
        manifest = Manifest(FORMAT, made, SCHEMA, state, reports, files)
        archive.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
    return manifest


def _others(home: Path) -> Iterator[str]:
    """Yield what else there is to keep: words, settings, keys, evaluations, originals."""
    for name in kept_names(home):
        if name in {LIBRARY, *JOURNALS, AUDIT, HEAD}:
            continue  # those are copied as they were at one moment
        for path in sorted((home / name).rglob("*")) if (home / name).is_dir() else [home / name]:
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(home).as_posix()


def _packed(archive: zipfile.ZipFile, name: str, source: IO[bytes], size: int | None = None) -> list[int | str]:
    with source, archive.open(name, "w", force_zip64=True) as target:
        return _copy(source, target, size)


def _copy(source: IO[bytes], target: IO[bytes] | None, size: int | None = None) -> list[int | str]:
    """Copy a file, or its first `size` bytes; return `[size, SHA-256]` of what was read."""
    digest, read = hashlib.sha256(), 0
    while chunk := source.read(_CHUNK if size is None else min(_CHUNK, size - read)):
        digest.update(chunk)
        read += len(chunk)
        if target is not None:
            target.write(chunk)
    return [read, digest.hexdigest()]
