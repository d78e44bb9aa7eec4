"""What readers said of the answers they were given, kept in the same SQLite file as the reports."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_args
from uuid import uuid4

from assistant.corpus.database import Database
from assistant.types import Answer, Verdict

Reason = Literal["", "wrong_figure", "wrong_citation", "should_refuse", "incomplete", "other"]
"""What is wrong with an answer; empty where it is good."""

LONGEST_NOTE = 500
"""Characters of a note that are kept."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What one reader said of one answer."""

    id: str
    time: str
    """ISO 8601 with its zone: 2026-11-22T09:00:00+08:00."""
    question: str
    history: tuple[str, ...]
    """The earlier questions of the conversation, oldest first."""
    answer: Mapping[str, Any]
    """The whole `Answer` as its JSON object."""
    verdict: Verdict
    good: bool
    reason: Reason = ""
    note: str = ""
    """A line in the reader's own words."""


class FeedbackBook:
    """All feedback of one library; safe to use from several threads. Raises `LibraryError` like the library itself."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, path: Path, wait_seconds: float = 10.0) -> FeedbackBook:
        """Open the book in the library's file, creating the file when there is none."""
        return cls(Database.open(path, wait_seconds))

    def add(
        self, answer: Answer, history: Sequence[str] = (), *, good: bool, reason: Reason = "", note: str = ""
    ) -> Feedback:
        """Keep what a reader said of an answer; once this returns, it is on the disk.

        A good answer has no reason, a bad one without a known reason has `other`. The note is cut to `LONGEST_NOTE`.
        """
        known = reason if reason and reason in get_args(Reason) else "other"
        given = Feedback(
            id=uuid4().hex,
            time=datetime.now().astimezone().isoformat(timespec="seconds"),
            question=_storable(answer.question),
            history=tuple(map(_storable, history)),
            answer=asdict(answer),
            verdict=answer.verdict,
            good=good,
            reason="" if good else known,
            note=_storable(" ".join(note.split()))[:LONGEST_NOTE],
        )
        row = asdict(given) | {"history": json.dumps(given.history), "answer": json.dumps(given.answer)}
        with self._database.writing() as connection:
            marks = ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO feedback ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))
        return given

    def all(self) -> tuple[Feedback, ...]:
        """Return all feedback, oldest first."""
        rows = self._database.rows("SELECT * FROM feedback ORDER BY rowid")
        return tuple(
            Feedback(
                **dict(row)
                | {
                    "history": tuple(json.loads(row["history"])),
                    "answer": json.loads(row["answer"]),
                    "good": bool(row["good"]),
                }
            )
            for row in rows
        )

    def close(self) -> None:
        """Close the file; whatever is still running ends normally."""
        self._database.close()

    def __enter__(self) -> FeedbackBook:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


def _storable(text: str) -> str:
    """Replace lone surrogates, which SQLite cannot store."""
    return text.encode("utf-8", "replace").decode("utf-8")
