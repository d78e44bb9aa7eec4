"""Figures that a reader has called wrong, and what was decided of them; kept beside the facts, with their whole history."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Literal, get_args
from uuid import uuid4

from assistant.corpus.database import Database
from assistant.errors import LibraryError
from assistant.types import Role

Fault = Literal["indicator", "place", "year", "role", "value", "other"]
"""What is wrong with a figure: it is of something else, of another place or year, a goal and no result, or another number."""
State = Literal["open", "accepted", "refused"]

LONGEST = 200
"""Characters of what a reader writes."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One figure of a table that somebody has called wrong."""

    id: str
    time: str
    """ISO 8601 with its zone."""
    report_id: str
    paragraph_id: str
    start: int
    """Where the figure begins in its paragraph: the same after its facts are read anew."""
    place: str
    year: int
    role: Role
    indicator: str
    kind: str
    figure: str
    """What the table showed."""
    fault: Fault
    right: str
    """What would be right, in the reader's words; empty where they do not say."""
    user: str
    state: State = "open"
    decided: str = ""
    decided_by: str = ""


class CorrectionBook:
    """All corrections of one library; safe to use from several threads. Raises `LibraryError` like the library itself."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, path: Path, wait_seconds: float = 10.0) -> CorrectionBook:
        """Open the book in the library's file, creating the file when there is none."""
        return cls(Database.open(path, wait_seconds))

    def add(self, given: Correction) -> Correction:
        """Keep a correction under an id and a time of its own; once this returns, it is on the disk.

        Raises `LibraryError` where its report is not held.
        """
        if given.fault not in get_args(Fault):
            given = replace(given, fault="other")
        kept = replace(given, id=uuid4().hex[:12], time=_now(), right=_plain(given.right), figure=_plain(given.figure))
        row = asdict(kept)
        with self._database.writing() as connection:
            if not connection.execute("SELECT 1 FROM report WHERE id = ?", (given.report_id,)).fetchone():
                raise LibraryError("资料库里没有这份报告。", "它可能已经换成新的版本，或已被移除。")
            marks = ", ".join("?" * len(row))
            names = ", ".join(f'"{name}"' for name in row)
            connection.execute(f"INSERT INTO correction ({names}) VALUES ({marks})", tuple(row.values()))
        return kept

    def decide(self, identity: str, state: State, by: str) -> Correction:
        """Accept or refuse a correction, or open it again; raises `LibraryError` where there is none of this id."""
        with self._database.writing() as connection:
            changed = connection.execute(
                "UPDATE correction SET state = ?, decided = ?, decided_by = ? WHERE id = ?",
                (state, _now(), by, identity),
            )
            if not changed.rowcount:
                raise LibraryError(f"没有编号是 {identity} 的更正。", "用 zhengwen corrections list 查看。")
        return next(one for one in self.all() if one.id == identity)

    def all(self) -> tuple[Correction, ...]:
        """Return all corrections, oldest first."""
        names = ", ".join(f'"{one.name}"' for one in fields(Correction))
        return tuple(
            Correction(**dict(row)) for row in self._database.rows(f"SELECT {names} FROM correction ORDER BY rowid")
        )

    def close(self) -> None:
        """Close the file; whatever is still running ends normally."""
        self._database.close()

    def __enter__(self) -> CorrectionBook:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


def _plain(text: str) -> str:
    """One line that SQLite can store."""
    return " ".join(text.split())[:LONGEST].encode("utf-8", "replace").decode("utf-8")
