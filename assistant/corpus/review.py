"""What was found of each report and how surely, what a person has said of it, and which reports wait for somebody to confirm them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from assistant.corpus.checksums import text_checksum
from assistant.corpus.claims import Claim, Doubt
from assistant.corpus.database import Database
from assistant.corpus.fact_rows import put_in_facts
from assistant.corpus.rows import REPORT, describe_report, describe_texts, index_words, read_report
from assistant.corpus.versions import note_replacements, take_out
from assistant.facts.report import ReadReport
from assistant.types import Paragraph, Passage, Report

Told = Mapping[str, Any]
"""Fields of `Report` by name, as a person gave them."""

TELLABLE = ("region", "parent", "report_year", "kind", "title", "delivered", "occasion", "speaker", "issuer")
"""What a person can say of a report."""


@dataclass(frozen=True, slots=True)
class Review:
    """How surely a report was recognised, and what was said of it since."""

    waiting: bool = False
    """Whether it answers nothing before a person has confirmed it."""
    claims: tuple[Claim, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    told: Told = field(default_factory=dict)
    """What a person said goes before anything that is found, also when the file is taken in again."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A report that waits."""

    report: Report
    review: Review


def insert_review(connection: sqlite3.Connection, report_id: str, review: Review) -> None:
    """Put this in the place of what was known of how a report was recognised; its row in the catalogue is there already."""
    written = (
        json.dumps([asdict(claim) for claim in review.claims]),
        json.dumps([asdict(doubt) for doubt in review.doubts]),
        json.dumps(dict(review.told), sort_keys=True),
    )
    time = datetime.now().astimezone().isoformat(timespec="seconds")
    connection.execute(
        "INSERT OR REPLACE INTO review (report_id, waiting, time, claims, doubts, told) VALUES (?, ?, ?, ?, ?, ?)",
        (report_id, review.waiting, time, *written),
    )


class ReviewBook:
    """The reviews of one library. Raises `LibraryError` as the library does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, report_id: str) -> Review:
        """Return how a report was recognised; a report of an older library was, for all that is known, recognised surely."""
        rows = self._database.rows("SELECT * FROM review WHERE report_id = ?", report_id)
        return _review(rows[0]) if rows else Review()

    def waiting(self) -> tuple[Waiting, ...]:
        """Return the reports that wait for somebody to confirm them, the longest waiting first."""
        query = "SELECT * FROM review WHERE waiting ORDER BY time, report_id"
        reviews = {row["report_id"]: _review(row) for row in self._database.rows(query)}
        reports = self._database.rows(f"SELECT {REPORT} FROM report WHERE id NOT IN (SELECT id FROM answering)")
        held = {row["id"]: read_report(row) for row in reports}
        return tuple(Waiting(held[one], review) for one, review in reviews.items() if one in held)

    def told(self) -> tuple[tuple[str, str], ...]:
        """Return what was said of which report, to see whether anything was said since."""
        rows = self._database.rows("SELECT report_id, told FROM review WHERE told <> '{}' ORDER BY report_id")
        return tuple((row["report_id"], row["told"]) for row in rows)

    def all_ids(self) -> tuple[str, ...]:
        """Return the ids of all reports, also of those that wait."""
        return tuple(row["id"] for row in self._database.rows("SELECT id FROM report ORDER BY id"))

    def describe(
        self,
        report: Report,
        paragraphs: Sequence[Paragraph],
        passages: Sequence[Passage],
        read: ReadReport,
        review: Review,
        instead_of: Collection[str] = (),
    ) -> None:
        """Put another description of a held report in the place of the one it had, with all that follows from it, in one transaction.

        `paragraphs` are those that it has, with other times and roles, `passages` those with other words in front; no vector is
        made anew. `instead_of` names reports that go in the same transaction. A report that is gone stays so.
        """
        with self._database.writing() as connection:
            if not describe_report(connection, report):
                return
            replaced = [take_out(connection, identity) for identity in instead_of]
            describe_texts(connection, paragraphs, passages)
            insert_review(connection, report.id, review)
            if not review.waiting:
                index_words(connection, report.id)
            put_in_facts(connection, report.id, read)
            checksum = text_checksum(connection, report.id)
            connection.execute("UPDATE report SET checksum = ? WHERE id = ?", (checksum, report.id))
            note_replacements(connection, replaced, report.id)


def tellable(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of some fields that a person can say of a report, without what they left out."""
    return {name: fields[name] for name in TELLABLE if fields.get(name) is not None}


def _review(row: sqlite3.Row) -> Review:
    claims: Iterable[dict[str, Any]] = json.loads(row["claims"])
    doubts: Iterable[dict[str, Any]] = json.loads(row["doubts"])
    found = tuple(Claim(**one) for one in claims), tuple(Doubt(**one) for one in doubts)
    return Review(bool(row["waiting"]), *found, json.loads(row["told"]))
