"""The shelf: reports, passages, their vectors and the lexical index in one SQLite file, which is the only truth."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.corpus import rows as tables
from assistant.corpus.checksums import TextChecksums, text_checksum
from assistant.corpus.corrections import CorrectionBook
from assistant.corpus.database import Database
from assistant.corpus.fact_rows import FACT_COLUMNS, ITEM_COLUMNS, FactQuery, put_in_facts, read_fact, read_item
from assistant.corpus.lexical import LexicalIndex
from assistant.corpus.review import Review, ReviewBook, insert_review
from assistant.corpus.versions import VersionBook, note_replacements, take_out
from assistant.errors import IndexMismatch, LibraryError
from assistant.facts.fact import Fact, Item
from assistant.facts.report import ReadReport
from assistant.types import Paragraph, Passage, Report

if TYPE_CHECKING:
    import numpy as np

_PARAGRAPH = "id, report_id, ordinal, headings, text, period, role, pages, doubtful"
_PASSAGE = 'p.id, p.paragraph_id, p.report_id, p."start", p."end", p.text, p.indexed'
_ANY_OF = "(SELECT value FROM json_each(?))"


class Library:
    """All reports that can be asked about; safe to use from several threads and several processes at once.

    A report is added in one transaction, so it is either whole or not there. Every method raises `LibraryError` when
    the file cannot be read or written.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows = database.rows
        self.lexical = LexicalIndex(database)
        self.checksums = TextChecksums(database)
        self.corrections = CorrectionBook(database)
        self.versions = VersionBook(database)
        self.reviews = ReviewBook(database)

    @classmethod
    def open(cls, path: Path, wait_seconds: float = 10.0, *, read_only: bool = False) -> Library:
        """Open the library in this file, creating it when there is none; one that cannot be written is opened for reading.

        `wait_seconds` is how long a write waits for another writer. `read_only` leaves no trace beside the file; nobody may
        write to it meanwhile. Raises `LibraryError` when the file is damaged, is not a library, was made by a newer version,
        or cannot be opened.
        """
        return cls(Database.open(path, wait_seconds, read_only=read_only))

    @property
    def path(self) -> Path:
        """Where the library lies."""
        return self._database.path

    @property
    def read_only(self) -> bool:
        """Whether it can be asked and not changed."""
        return self._database.read_only

    @property
    def is_new(self) -> bool:
        """Whether it never held a report: there is none, and none was removed."""
        return not self._rows("SELECT 1 FROM report UNION ALL SELECT 1 FROM removed LIMIT 1")

    def copy_to(self, path: Path) -> None:
        """Write a copy of one moment to a new file, while others read and write."""
        self._database.copy_to(path)

    def close(self) -> None:
        """Close the file; whatever is still running ends normally."""
        self._database.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def reports(self) -> tuple[Report, ...]:
        """Return the catalogue of what answers, by region and year; what waits to be confirmed is in `reviews`."""
        return tuple(
            map(
                tables.read_report,
                self._rows(f"SELECT {tables.REPORT} FROM answering ORDER BY region, report_year, id"),
            )
        )

    def report(self, report_id: str) -> Report:
        """Return one report, also one that waits; raises `LibraryError` when the library does not hold it."""
        return tables.read_report(self._one(f"SELECT {tables.REPORT} FROM report WHERE id = ?", report_id, "报告"))

    def __contains__(self, report_id: object) -> bool:
        return bool(self._rows("SELECT 1 FROM report WHERE id = ?", str(report_id)))

    def made_with(self, report_id: str) -> tuple[str, str] | None:
        """Return the (rules version, embedding identity) a report was added under, or None when it is not held."""
        rows = self._rows("SELECT rules, embedding FROM report WHERE id = ?", report_id)
        return (rows[0]["rules"], rows[0]["embedding"]) if rows else None

    def unread_pages(self, report_id: str) -> int | None:
        """Return how many pages of a report's file hold something and were not read; None where nobody counted them."""
        rows = self._rows("SELECT unread FROM report WHERE id = ?", report_id)
        return rows[0]["unread"] if rows else None

    def paragraphs(self, report_id: str) -> tuple[Paragraph, ...]:
        """Return a report's paragraphs in order; none when the library does not hold it."""
        query = f"SELECT {_PARAGRAPH} FROM paragraph WHERE report_id = ? ORDER BY ordinal"
        return tuple(map(tables.read_paragraph, self._rows(query, report_id)))

    def paragraphs_called(self, ids: Iterable[str]) -> dict[str, Paragraph]:
        """Return the paragraphs with these ids; unknown ids are left out."""
        rows = self._rows(f"SELECT {_PARAGRAPH} FROM paragraph WHERE id IN {_ANY_OF}", json.dumps(sorted(set(ids))))
        return {row["id"]: tables.read_paragraph(row) for row in rows}

    def paragraph(self, paragraph_id: str) -> Paragraph:
        """Return one paragraph; raises `LibraryError` when the library does not hold it."""
        return tables.read_paragraph(
            self._one(f"SELECT {_PARAGRAPH} FROM paragraph WHERE id = ?", paragraph_id, "段落")
        )

    def passages(self, ids: Iterable[str]) -> dict[str, Passage]:
        """Return the passages with these ids, in the order asked; unknown ids are left out."""
        wanted = list(ids)
        rows = self._rows(f"SELECT {_PASSAGE} FROM passage p WHERE p.id IN {_ANY_OF}", json.dumps(wanted))
        found = {row["id"]: tables.read_passage(row) for row in rows}
        return {one: found[one] for one in wanted if one in found}

    def passages_of(self, report_id: str) -> tuple[Passage, ...]:
        """Return a report's passages in the order of its text."""
        query = f"SELECT {_PASSAGE} FROM passage p WHERE p.report_id = ? ORDER BY p.number"
        return tuple(map(tables.read_passage, self._rows(query, report_id)))

    def add(
        self,
        report: Report,
        paragraphs: Sequence[Paragraph],
        passages: Sequence[Passage],
        vectors: np.ndarray,
        embedding: str,
        *,
        read: ReadReport | None = None,
        review: Review | None = None,
        replace: bool = False,
        instead_of: Collection[str] = (),
        unread: int | None = None,
    ) -> bool:
        """Add a report in one transaction; once this returns, it is on the disk.

        `vectors` is (len(passages), d), row for row. Without `read` its facts are read at the next start. By its `review` it
        may have to wait; then no question meets it before `describe` says otherwise. Returns False, and changes nothing, when the report is already
        held, unless `replace` asks for the new one. `instead_of` names reports that go in the same transaction, which is
        written down in `versions`; `unread` is kept for `unread_pages`. Raises `ModelError` when the vectors do not fit the passages.
        """
        blobs = tables.vector_blobs(vectors, len(passages))
        review = review or Review()
        rules = paragraphs[0].id.removeprefix(f"{report.id}-").rpartition("-")[0] if paragraphs else ""
        with self._database.writing() as connection:
            if connection.execute("SELECT 1 FROM report WHERE id = ?", (report.id,)).fetchone():
                if not replace:
                    return False
                tables.delete_report(connection, report.id)
            connection.execute("DELETE FROM removed WHERE report_id = ?", (report.id,))
            replaced = [take_out(connection, identity) for identity in instead_of]
            made = {"rules": rules, "embedding": embedding, "reading": read.rules if read else "", "unread": unread}
            tables.insert_report(connection, report, **made)
            for paragraph in paragraphs:
                tables.insert_paragraph(connection, paragraph)
            insert_review(connection, report.id, review)
            for passage, blob in zip(passages, blobs, strict=True):
                tables.insert_passage(connection, passage, blob)
            if not review.waiting:
                tables.index_words(connection, report.id)
            if read is not None:
                put_in_facts(connection, report.id, read)
            checksum = text_checksum(connection, report.id)
            connection.execute("UPDATE report SET checksum = ? WHERE id = ?", (checksum, report.id))
            note_replacements(connection, replaced, report.id)
        return True

    def read_anew(self, report_id: str, paragraphs: Sequence[Paragraph], read: ReadReport) -> None:
        """Put other facts and items, and other times and roles of its paragraphs, in the place of those of a report, in one transaction.

        A text that was altered in the file keeps the checksum that tells of it.
        """
        with self._database.writing() as connection:
            kept = connection.execute("SELECT checksum FROM report WHERE id = ?", (report_id,)).fetchone()
            is_sound = kept is not None and kept["checksum"] == text_checksum(connection, report_id)
            tables.set_times(connection, paragraphs)
            put_in_facts(connection, report_id, read)
            if is_sound:
                checksum = text_checksum(connection, report_id)
                connection.execute("UPDATE report SET checksum = ? WHERE id = ?", (checksum, report_id))

    def unread(self, rules: str) -> tuple[str, ...]:
        """Return the ids of the reports whose facts were read by other rules than these, or not at all; one that waits has none."""
        return tuple(row["id"] for row in self._rows("SELECT id FROM answering WHERE reading <> ? ORDER BY id", rules))

    def facts(self, query: FactQuery) -> tuple[Fact, ...]:
        """Return the facts that a query asks for, by report and in the order of its text."""
        where, arguments = query.where()
        order = "ORDER BY f.report_id, p.ordinal, f.ordinal"
        sql = f"SELECT {FACT_COLUMNS} FROM fact f JOIN paragraph p ON p.id = f.paragraph_id WHERE {where} {order}"
        return tuple(map(read_fact, self._rows(sql, *arguments)))

    def indicator_counts(self, report_ids: Collection[str]) -> dict[str, int]:
        """Return how many facts of some reports each named indicator has."""
        sql = f"SELECT indicator, count(*) AS n FROM fact WHERE indicator IS NOT NULL AND report_id IN {_ANY_OF} GROUP BY indicator"
        return {row["indicator"]: row["n"] for row in self._rows(sql, json.dumps(sorted(report_ids)))}

    def subjects(
        self, words: str, report_ids: Collection[str], limit: int, *, whole: bool = False
    ) -> tuple[tuple[str, int], ...]:
        """Return (subject, number of reports) of facts whose subject holds these words, or is these words; most reports first."""
        like = words if whole else f"%{_without_wildcards(words)}%"
        sql = f"""SELECT subject, count(DISTINCT report_id) AS n FROM fact
            WHERE subject {"=" if whole else "LIKE"} ? {"" if whole else "ESCAPE '~'"} AND value IS NOT NULL AND report_id IN {_ANY_OF}
            GROUP BY subject ORDER BY n DESC, length(subject), subject LIMIT ?"""
        rows = self._rows(sql, like, json.dumps(sorted(report_ids)), limit)
        return tuple((row["subject"], row["n"]) for row in rows)

    def items(self, report_id: str) -> tuple[Item, ...]:
        """Return the items of a report, list by list in the order of its text."""
        order = "ORDER BY p.ordinal, i.list_id, i.number"
        sql = (
            f"SELECT {ITEM_COLUMNS} FROM item i JOIN paragraph p ON p.id = i.paragraph_id WHERE i.report_id = ? {order}"
        )
        return tuple(map(read_item, self._rows(sql, report_id)))

    def remove(self, report_id: str) -> bool:
        """Remove a report so that no byte of its text is left in the file; False when it is not held."""
        with self._database.writing() as connection:
            if not tables.delete_report(connection, report_id):
                return False
            connection.execute("INSERT INTO removed VALUES (?)", (report_id,))
            tables.delete_feedback_on(connection, report_id)
            # Merging the index drops the terms that only the removed passages held.
            connection.execute("INSERT INTO lexical (lexical) VALUES ('optimize')")
        with self._database.reading() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return True

    def remnants(self, report_id: str) -> dict[str, int]:
        """Return how many rows of each kind are left of a report; all are 0 once it was removed."""
        return tables.count_remnants(self._rows, report_id)

    def holds_elsewhere(self, text: str, report_id: str) -> bool:
        """Say whether a text stands in what is kept of a report other than this one: its words, headings, description or evidence."""
        return bool(self._rows(tables.ELSEWHERE, report_id, text, json.dumps(text)[1:-1]))

    def was_removed(self, report_id: str) -> bool:
        """Say whether a report was once held and then removed, so that no start brings it back by itself."""
        return bool(self._rows("SELECT 1 FROM removed WHERE report_id = ?", report_id))

    def replace_vectors(self, report_id: str, vectors: np.ndarray, embedding: str) -> None:
        """Store other vectors, row for row of `passages_of`, when the embedding model has changed."""
        with self._database.writing() as connection:
            query = "SELECT number FROM passage WHERE report_id = ? ORDER BY number"
            numbers = [row["number"] for row in connection.execute(query, (report_id,))]
            changes = zip(tables.vector_blobs(vectors, len(numbers)), numbers, strict=True)
            connection.executemany("UPDATE passage SET vector = ? WHERE number = ?", changes)
            connection.execute("UPDATE report SET embedding = ? WHERE id = ?", (embedding, report_id))

    def passage_count(self) -> int:
        """Return how many passages all reports that answer have together."""
        return int(self._rows("SELECT count(*) AS n FROM passage JOIN answering a ON a.id = report_id")[0]["n"])

    def vectors(self) -> tuple[list[str], list[str], np.ndarray]:
        """Return passage ids, their report ids and the vectors, (n, d) float32, row for row, in the order of ingestion.

        Only of reports that answer.
        Raises `IndexMismatch` while vectors of different embedding models lie side by side.
        """
        models = "(SELECT count(DISTINCT embedding) FROM answering) AS models"
        held = "passage WHERE report_id IN (SELECT id FROM answering)"
        rows = self._rows(f"SELECT id, report_id, vector, {models} FROM {held} ORDER BY number")
        if rows and rows[0]["models"] > 1:
            raise IndexMismatch("资料库里有不同嵌入模型的向量。", "重新运行一次，让向量按当前模型补齐。")
        matrix = tables.vector_matrix([row["vector"] for row in rows])
        return [row["id"] for row in rows], [row["report_id"] for row in rows], matrix

    def state(self) -> str:
        """Return 16 hex digits that change with the reports that answer, the rules that cut them and the embedding model."""
        return _digest([tuple(row) for row in self._rows("SELECT id, rules, embedding FROM answering ORDER BY id")])

    def edition(self) -> str:
        """Return 16 hex digits that change as `state` does, and when somebody says what a report is."""
        return _digest([self.state(), *self.reviews.told()])

    def embedding_identities(self) -> set[str]:
        """Return the identities of the embedding models that the stored vectors were made with."""
        return {row["embedding"] for row in self._rows("SELECT DISTINCT embedding FROM report")}

    def _one(self, query: str, one: str, what: str) -> sqlite3.Row:
        rows = self._rows(query, one)
        if not rows:
            raise LibraryError(f"资料库中没有这个{what}：{one}", "用 zhengwen reports 查看已收录的报告。")
        return rows[0]


def _digest(held: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(held).encode()).hexdigest()[:16]


def _without_wildcards(words: str) -> str:
    return words.replace("~", "~~").replace("%", "~%").replace("_", "~_")
