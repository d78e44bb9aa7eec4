"""The proof that nothing of a removed report is left: its rows are counted, and every file of the data directory is searched."""

from __future__ import annotations

import gc
import hashlib
import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from assistant.access.audit import FOLDER as AUDIT
from assistant.corpus.library import Library
from assistant.corpus.originals import Originals
from assistant.keeping.home import LIBRARY
from assistant.types import Report

_MOST = 24
"""Pieces of text that are looked for."""
_LONG = 16
"""Characters of a piece."""
_CHUNK = 1 << 22
_TRIES, _PAUSE = 4, 0.5
_NOT_SEARCHED = frozenset({"models", AUDIT})
"""Weights that hold no report, and the log, which says that it was removed."""
_AS_THEY_CAME = ("originals", "uploads")
"""How the names begin where files lie as somebody sent them: what another file than the removed report's says is its own."""


@dataclass(frozen=True, slots=True)
class Marks:
    """By what the text of a report is known wherever it lies."""

    report_id: str
    pieces: tuple[str, ...]
    """Pieces of its text that stand in no other report."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked for after a report was removed, and what was found."""

    report: Report
    rows: dict[str, int]
    """Rows of the library that still speak of it, by what they are."""
    left: tuple[str, ...]
    """Files of the data directory that still hold something of it."""
    searched: int
    """Files that were looked through."""
    evaluations: tuple[str, ...]
    """Evaluations that showed it and went with it."""

    @property
    def holds(self) -> bool:
        """Whether nothing is left."""
        return not self.left and not any(self.rows.values())


def remove_with_proof(home: Path, report_id: str, library: Library, remove: Callable[[str], Report]) -> Proof:
    """Remove a report with everything that was made of it, and look for what may be left; raises `LibraryError` as `remove` does."""
    marks = marks_of(report_id, library)
    report = remove(report_id)
    evaluations = erase_evaluations(home, marks)
    rows, files, searched = remains(home, marks)
    for _ in range(_TRIES):
        if not files:
            break
        time.sleep(_PAUSE)  # a question that is just being answered still holds the index of before
        gc.collect()
        rows, files, searched = remains(home, marks)
    return Proof(report, rows, tuple(map(str, files)), searched, tuple(folder.name for folder in evaluations))


def marks_of(report_id: str, library: Library) -> Marks:
    """Take pieces of a report's text, spread over it, before it is removed; none where another has all that it says."""
    texts = [paragraph.text for paragraph in library.paragraphs(report_id) if len(paragraph.text) >= _LONG]
    pieces = [text[(len(text) - _LONG) // 2 :][:_LONG] for text in texts]
    step = max(1, len(pieces) // _MOST)
    spread = (piece for first in range(step) for piece in pieces[first::step])
    own = (piece for piece in spread if not library.holds_elsewhere(piece, report_id))
    return Marks(report_id, tuple(islice(own, _MOST)))


def erase_evaluations(home: Path, marks: Marks) -> list[Path]:
    """Remove the evaluations whose answers show the report; return their folders."""
    wanted = _pattern(marks, with_id=True)
    runs = [folder for folder in sorted((home / "evaluations").glob("*")) if folder.is_dir()]
    shown = [folder for folder in runs if any(_holds(path, wanted) for path in _files(folder))]
    for folder in shown:
        shutil.rmtree(folder)
    return shown


def remains(home: Path, marks: Marks) -> tuple[dict[str, int], list[Path], int]:
    """Return how many rows are left of each kind, the files that still hold something of it, and how many were searched.

    The library itself keeps the id, so that no start brings a removed seed back; there the text alone is looked for. Of files as
    they came only the report's own is left of it.
    """
    with Library.open(home / LIBRARY) as library:
        rows = library.remnants(marks.report_id)
    rows["原件"] = int(marks.report_id in Originals(home).held())
    found, count = [], 0
    for path in _files(home):
        top = path.relative_to(home).parts[0]
        if top in _NOT_SEARCHED:
            continue
        count += 1
        if top.startswith(_AS_THEY_CAME):
            is_left = _is_its_file(path, marks.report_id)
        else:
            is_left = _holds(path, _pattern(marks, with_id=not top.startswith(LIBRARY)))
        if is_left:
            found.append(path)
    return rows, found, count


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())


def _pattern(marks: Marks, *, with_id: bool) -> re.Pattern[bytes] | None:
    """Pieces as they lie in SQLite and in JSON, which may write Chinese as escapes; None where there is nothing to look for."""
    wanted = [piece.encode() for piece in marks.pieces]
    wanted += [json.dumps(piece)[1:-1].encode() for piece in marks.pieces]
    wanted += [marks.report_id.encode()] if with_id else []
    return re.compile(b"|".join(map(re.escape, wanted))) if wanted else None


def _is_its_file(path: Path, report_id: str) -> bool:
    """Whether a file is the one that a report was read from, or begins to be: an id is the beginning of the SHA-256."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return False  # gone while this looked
    return report_id in path.name or digest.startswith(report_id)


def _holds(path: Path, wanted: re.Pattern[bytes] | None) -> bool:
    if wanted is None:
        return False
    before = b""
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                if wanted.search(before + chunk):
                    return True
                before = chunk[-256:]
    except FileNotFoundError:
        pass  # gone while this looked
    return False
