"""A backup put in the place of what is there: unpacked aside and checked whole, then moved in by renames that a kill cannot spoil.

home/restoring/      being unpacked; rubbish whenever nobody restores
home/restored/       unpacked and checked; whoever finds it moves it in, from wherever it was left
home/replaced-…/     what was there before
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from assistant.corpus.database import damages
from assistant.corpus.library import Library
from assistant.corpus.turns import unused
from assistant.errors import LibraryError
from assistant.keeping.backup import Backup, BackupError, Manifest, opened_backup
from assistant.keeping.home import ACCESS, ARRIVED, ARRIVING, LIBRARY, REPLACED, USE, kept_names
from embeddings import discard_generations
from embeddings.durable import flush, flush_tree

_PLAN = "plan.json"
_FILES = "files"


@dataclass(frozen=True, slots=True)
class Restored:
    """What became of a restore."""

    manifest: Manifest
    aside: Path | None
    """Where lies what was there before; None where there was nothing."""
    left_out: tuple[str, ...]
    """What the directory has of its own for who may do what, and the backup's were not taken in its place."""


def restore(home: Path, file: Path) -> Restored:
    """Put a backup in the place of what the data directory holds; a kill at any time leaves the one or the other, whole.

    Keys and the audit log that are there stay. Raises `BackupError` where the backup is not whole and `LibraryError` where the
    library is in use; then nothing has changed.
    """
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        finish_restore(home)
        with unused(home / USE), opened_backup(file) as backup:
            left_out = tuple(sorted(name for name in ACCESS if (home / name).exists()))
            aside = home / f"{REPLACED}{datetime.now():%Y%m%d-%H%M%S-%f}"
            with _cleared(home / ARRIVING) as part:
                _unpack(backup, part, left_out)
                _write_plan(part, aside.name, backup.manifest, left_out)
                flush_tree(part)
                part.rename(home / ARRIVED)
            flush(home)
            _move_in(home)
    except OSError as error:
        raise LibraryError(
            f"恢复时读写出错：{home}（{error.strerror or error}）", "检查权限和剩余空间，再恢复一次；原来的资料库还在。"
        ) from error
    return Restored(backup.manifest, aside if aside.is_dir() else None, left_out)


def finish_restore(home: Path) -> bool:
    """Move in what a restore that was killed had unpacked and checked; False where there is none. Raises `LibraryError`."""
    if not (home / ARRIVED).is_dir():
        return False
    with unused(home / USE):
        if (home / ARRIVED).is_dir():  # another process may have done it meanwhile
            _move_in(home)
    return True


@contextmanager
def _cleared(part: Path) -> Iterator[Path]:
    shutil.rmtree(part, ignore_errors=True)
    try:
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _unpack(backup: Backup, part: Path, left_out: tuple[str, ...]) -> None:
    """Unpack what is to be moved in, and open the library as it will be opened."""
    files = part / _FILES
    files.mkdir(mode=0o700, parents=True)
    needed = sum(int(size) for size, _ in backup.manifest.files.values())
    if shutil.disk_usage(part).free < needed:
        raise BackupError(f"磁盘空间不够：恢复要用 {needed >> 20} MB。", "腾出空间后再试；现有的资料库没有改动。")

    def take(name: str) -> IO[bytes] | None:
        if name.split("/")[0] in left_out:
            return None
        (files / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        (files / name).touch(mode=0o600)
        return (files / name).open("wb")

    backup.check(take)
    found = damages(files / LIBRARY)
    if found:
        raise BackupError(f"备份里的资料库损坏了：{found[0]}")
    with Library.open(files / LIBRARY) as library:
        if (library.state(), len(library.reports())) != (backup.manifest.state, backup.manifest.reports):
            raise BackupError("备份里的资料库和清单不符。")
    (files / USE).unlink()


def _write_plan(part: Path, aside: str, manifest: Manifest, left_out: tuple[str, ...]) -> None:
    names = sorted({name.split("/")[0] for name in manifest.files}.difference(left_out))
    (part / _PLAN).write_text(json.dumps({"aside": aside, "names": names, "stay": left_out}), "utf-8")


def _move_in(home: Path) -> None:
    """Move the old aside and the new in. Each step is a rename; done again from the start, it goes on where it was left."""
    arrived = home / ARRIVED
    plan = json.loads((arrived / _PLAN).read_text("utf-8"))
    for name in kept_names(home):
        is_new = name in plan["names"] and not (arrived / _FILES / name).exists()
        if not is_new and name not in plan["stay"]:
            (home / plan["aside"]).mkdir(mode=0o700, exist_ok=True)
            (home / name).rename(home / plan["aside"] / name)
    for name in plan["names"]:
        if (arrived / _FILES / name).exists():
            (arrived / _FILES / name).rename(home / name)
    discard_generations(home / "index")  # it was made from the library before
    flush(home)
    shutil.rmtree(home / ARRIVING, ignore_errors=True)
    arrived.rename(home / ARRIVING)  # rubbish from now on, in one step
    shutil.rmtree(home / ARRIVING)
