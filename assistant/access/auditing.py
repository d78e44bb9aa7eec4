"""Verifies the audit log: every line that was deleted, edited, moved, added or cut off is found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO

from assistant.access.audit import FIRST, FOLDER, HEAD, LOCK, Head, previous_of, read_head
from assistant.access.files import locked


def faults(home: Path) -> list[str]:
    """Return what is wrong with the log in this data directory, one sentence each; an empty list means whole."""
    folder = home / FOLDER
    # Lines that are written meanwhile are left out; those who ask wait for the writers, hence only as long as this takes.
    with locked(folder / LOCK) if folder.is_dir() else nullcontext():
        head = read_head(home)
        sizes = {path: path.stat().st_size for path in sorted(folder.glob("????-??-??.jsonl"))}
    if not sizes:
        return [f"日志没有了：链头记着 {head.lines} 行。"] if head.lines else []
    return list(_faults(sizes, head))


@contextmanager
def copied(home: Path) -> Iterator[dict[str, tuple[BinaryIO, int]]]:
    """Give the files of one moment of the log, by their path in the data directory, each with how many bytes of it to read.

    Those who write wait only while the files are opened.
    """
    folder = home / FOLDER
    with ExitStack() as stack:
        with locked(folder / LOCK) if folder.is_dir() else nullcontext():
            names = [HEAD, *(f"{FOLDER}/{path.name}" for path in sorted(folder.glob("????-??-??.jsonl")))]
            opened = {name: stack.enter_context((home / name).open("rb")) for name in names if (home / name).exists()}
            sizes = {name: (home / name).stat().st_size for name in opened}
        yield {name: (file, sizes[name]) for name, file in opened.items()}


def counted(home: Path) -> int:
    """Return how many lines there are."""
    return sum(path.read_bytes().count(b"\n") for path in (home / FOLDER).glob("????-??-??.jsonl"))


def _faults(sizes: dict[Path, int], head: Head) -> Iterator[str]:
    """`sizes` are the files, in the order of their days, with as many bytes of each as belong to this head."""
    begun: str | None = None
    before, found = None, False
    starts = {FIRST}
    for path, size in sizes.items():
        for number, row in enumerate(path.read_bytes()[:size].splitlines(keepends=True), 1):
            place = f"{path.name} 第 {number} 行"
            previous = previous_of(row)
            if previous is None or not row.endswith(b"\n"):
                yield f"{place}：不是完整的一行。"
                continue
            if before is None:
                begun = previous
            elif previous != before:
                yield f"{place}：接不上前一行，这里有删除、改动、插入或调换。"
            line = json.loads(row)
            if line.get("event") == "pruned":
                starts.add(str(line.get("last")))
            before = hashlib.sha256(row).hexdigest()
            found = before == head.hash
    if begun is not None and begun not in starts:
        yield f"{next(iter(sizes)).name}：前面的日志不是按期清理的，却没有了。"
    if not found:
        yield f"{path.name}：最后一行和链头对不上，末尾有删除、改动或添加。"
    elif path.name != head.file or size != head.size:
        yield f"{path.name}：长度和链头对不上。"
