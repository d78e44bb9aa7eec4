"""The shelf: reports, passages, their vectors and the lexical index in one SQLite file, which is the only truth."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.corpus.database import Database
from assistant.corpus.fact_rows import (
    FACT_COLUMNS,
    ITEM_COLUMNS,
    FactQuery,
    insert_facts,
    insert_items,
    read_fact,
    read_item,
)
from assistant.corpus.rows import (
    delete_feedback_on,
    delete_report,
    index_term,
    insert_paragraph,
    insert_passage,
    insert_report,
    read_paragraph,
    read_passage,
    read_report,
    vector_blobs,
    vector_matrix,
)
from assistant.corpus.tokens import tokenize
from assistant.errors import IndexMismatch, LibraryError
from assistant.facts.fact import Fact, Item
from assistant.facts.report import ReadReport
from assistant.types import Paragraph, Passage, Report

if TYPE_CHECKING:
    import numpy as np

_REPORT = "id, title, region, report_year, kind, parent, aliases, delivered, issuer, source"
_PARAGRAPH = "id, report_id, ordinal, headings, text, period, role"
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

    @classmethod
    def open(cls, path: Path, wait_seconds: float = 10.0) -> Library:
        """Open the library in this file, creating it when there is none.

        `wait_seconds` is how long a write waits for another writer. Raises `LibraryError` when the file is damaged, is
        not a library, was made by a newer version, or cannot be opened or written.
        """
        return cls(Database.open(path, wait_seconds))

    @property
    def path(self) -> Path:
        """Where the library lies."""
        return self._database.path

    def close(self) -> None:
        """Close the file; whatever is still running ends normally."""
        self._database.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def reports(self) -> tuple[Report, ...]:
        """Return the catalogue, by region and year."""
        return tuple(map(read_report, self._rows(f"SELECT {_REPORT} FROM report ORDER BY region, report_year, id")))

    def report(self, report_id: str) -> Report:
        """Return one report; raises `LibraryError` when the library does not hold it."""
        return read_report(self._one(f"SELECT {_REPORT} FROM report WHERE id = ?", report_id, "报告"))

    def __contains__(self, report_id: object) -> bool:
        return bool(self._rows("SELECT 1 FROM report WHERE id = ?", str(report_id)))

    def made_with(self, report_id: str) -> tuple[str, str] | None:
        """Return the (rules version, embedding identity) a report was added under, or None when it is not held."""
        rows = self._rows("SELECT rules, embedding FROM report WHERE id = ?", report_id)
        return (rows[0]["rules"], rows[0]["embedding"]) if rows else None

    def paragraphs(self, report_id: str) -> tuple[Paragraph, ...]:
        """Return a report's paragraphs in order; none when the library does not hold it."""
        query = f"SELECT {_PARAGRAPH} FROM paragraph WHERE report_id = ? ORDER BY ordinal"
        return tuple(map(read_paragraph, self._rows(query, report_id)))

    def paragraph(self, paragraph_id: str) -> Paragraph:
        """Return one paragraph; raises `LibraryError` when the library does not hold it."""
        return read_paragraph(self._one(f"SELECT {_PARAGRAPH} FROM paragraph WHERE id = ?", paragraph_id, "段落"))

    def passages(self, ids: Iterable[str]) -> dict[str, Passage]:
        """Return the passages with these ids, in the order asked; unknown ids are left out."""
        wanted = list(ids)
        rows = self._rows(f"SELECT {_PASSAGE} FROM passage p WHERE p.id IN {_ANY_OF}", json.dumps(wanted))
        found = {row["id"]: read_passage(row) for row in rows}
        return {one: found[one] for one in wanted if one in found}

    def passages_of(self, report_id: str) -> tuple[Passage, ...]:
        """Return a report's passages in the order of its text."""
        query = f"SELECT {_PASSAGE} FROM passage p WHERE p.report_id = ? ORDER BY p.number"
        return tuple(map(read_passage, self._rows(query, report_id)))

    def add(
        self,
        report: Report,
        paragraphs: Sequence[Paragraph],
        passages: Sequence[Passage],
        vectors: np.ndarray,
        embedding: str,
        *,
        read: ReadReport | None = None,
        replace: bool = False,
    ) -> bool:
        """Add a report in one transaction; once this returns, it is on the disk.

        `vectors` is (len(passages), d), row for row. Without `read` its facts are read at the next start. Returns False, and changes nothing, when the report is already
        held, unless `replace` asks for the new one. Raises `ModelError` when the vectors do not fit the passages.
        """
        blobs = vector_blobs(vectors, len(passages))
        tokens = [tokenize(passage.indexed) for passage in passages]
        rules = paragraphs[0].id.removeprefix(f"{report.id}-").rpartition("-")[0] if paragraphs else ""
        with self._database.writing() as connection:
            if connection.execute("SELECT 1 FROM report WHERE id = ?", (report.id,)).fetchone():
                if not replace:
                    return False
                delete_report(connection, report.id)
            connection.execute("DELETE FROM removed WHERE report_id = ?", (report.id,))
            insert_report(connection, report, rules, embedding, read.rules if read else "")
            for paragraph in paragraphs:
                insert_paragraph(connection, paragraph)
            for passage, blob, words in zip(passages, blobs, tokens, strict=True):
                insert_passage(connection, passage, blob, words)
            if read is not None:
                insert_facts(connection, read.facts)
                insert_items(connection, read.items)
        return True

    def read_anew(self, report_id: str, read: ReadReport) -> None:
        """Put other facts and items in the place of those of a report, in one transaction."""
        with self._database.writing() as connection:
            for table in ("fact", "item"):
                connection.execute(f"DELETE FROM {table} WHERE report_id = ?", (report_id,))
            insert_facts(connection, read.facts)
            insert_items(connection, read.items)
            connection.execute("UPDATE report SET reading = ? WHERE id = ?", (read.rules, report_id))

    def unread(self, rules: str) -> tuple[str, ...]:
        """Return the ids of the reports whose facts were read by other rules than these, or not at all."""
        return tuple(row["id"] for row in self._rows("SELECT id FROM report WHERE reading <> ? ORDER BY id", rules))

    def facts(self, query: FactQuery) -> tuple[Fact, ...]:
        """Return the facts that a query asks for, by report and in the order of its text."""
        where, arguments = query.where()
        order = "ORDER BY f.report_id, p.ordinal, f.ordinal"
        sql = f"SELECT {FACT_COLUMNS} FROM fact f JOIN paragraph p ON p.id = f.paragraph_id WHERE {where} {order}"
        return tuple(map(read_fact, self._rows(sql, *arguments)))

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
            if not delete_report(connection, report_id):
                return False
            connection.execute("INSERT INTO removed VALUES (?)", (report_id,))
            delete_feedback_on(connection, report_id)
            # Merging the index drops the terms that only the removed passages held.
            connection.execute("INSERT INTO lexical (lexical) VALUES ('optimize')")
        with self._database.reading() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return True

    def was_removed(self, report_id: str) -> bool:
        """Say whether a report was once held and then removed, so that no start brings it back by itself."""
        return bool(self._rows("SELECT 1 FROM removed WHERE report_id = ?", report_id))

    def replace_vectors(self, report_id: str, vectors: np.ndarray, embedding: str) -> None:
        """Store other vectors, row for row of `passages_of`, when the embedding model has changed."""
        with self._database.writing() as connection:
            query = "SELECT number FROM passage WHERE report_id = ? ORDER BY number"
            numbers = [row["number"] for row in connection.execute(query, (report_id,))]
            changes = zip(vector_blobs(vectors, len(numbers)), numbers, strict=True)
            connection.executemany("UPDATE passage SET vector = ? WHERE number = ?", changes)
            connection.execute("UPDATE report SET embedding = ? WHERE id = ?", (embedding, report_id))

    def search_lexical(
        self, tokens: Sequence[str], report_ids: Collection[str] | None, limit: int
    ) -> list[tuple[str, float]]:
        """Return (passage id, BM25) of the best passages that hold any of the tokens, best first, higher is better.

        `report_ids` None searches every report. Ties are ordered by id, whatever the order of ingestion.
        """
        if not tokens or limit <= 0:
            return []
        query = " OR ".join(f'"{index_term(token)}"' for token in dict.fromkeys(tokens) if token)
        scope = "" if report_ids is None else f"AND p.report_id IN {_ANY_OF}"
        arguments = [query, *([] if report_ids is None else [json.dumps(sorted(report_ids))]), limit]
        sql = f"""SELECT p.id AS id, -bm25(lexical) AS score FROM lexical JOIN passage p ON p.number = lexical.rowid
            WHERE lexical MATCH ? {scope} ORDER BY score DESC, p.id LIMIT ?"""
        return [(row["id"], row["score"]) for row in self._rows(sql, *arguments)]

    def document_frequency(self, tokens: Iterable[str]) -> dict[str, int]:
        """Return in how many passages each token stands, 0 for one that stands nowhere."""
        terms = {token: index_term(token) for token in tokens}
        rows = self._rows(f"SELECT term, doc FROM vocabulary WHERE term IN {_ANY_OF}", json.dumps(list(terms.values())))
        counts = {row["term"]: row["doc"] for row in rows}
        return {token: counts.get(term, 0) for token, term in terms.items()}

    def passage_count(self) -> int:
        """Return how many passages all reports have together."""
        return int(self._rows("SELECT count(*) AS n FROM passage")[0]["n"])

    def vectors(self) -> tuple[list[str], list[str], np.ndarray]:
        """Return passage ids, their report ids and the vectors, (n, d) float32, row for row, in the order of ingestion.

        Raises `IndexMismatch` while vectors of different embedding models lie side by side.
        """
        models = "(SELECT count(DISTINCT embedding) FROM report) AS models"
        rows = self._rows(f"SELECT id, report_id, vector, {models} FROM passage ORDER BY number")
        if rows and rows[0]["models"] > 1:
            raise IndexMismatch("资料库里有不同嵌入模型的向量。", "重新运行一次，让向量按当前模型补齐。")
        matrix = vector_matrix([row["vector"] for row in rows])
        return [row["id"] for row in rows], [row["report_id"] for row in rows], matrix

    def state(self) -> str:
        """Return 16 hex digits that change with the reports held, the rules that cut them and the embedding model."""
        rows = self._rows("SELECT id, rules, embedding FROM report ORDER BY id")
        return hashlib.sha256(json.dumps([tuple(row) for row in rows]).encode()).hexdigest()[:16]

    def embedding_identities(self) -> set[str]:
        """Return the identities of the embedding models that the stored vectors were made with."""
        return {row["embedding"] for row in self._rows("SELECT DISTINCT embedding FROM report")}

    def _one(self, query: str, one: str, what: str) -> sqlite3.Row:
        rows = self._rows(query, one)
        if not rows:
            raise LibraryError(f"资料库中没有这个{what}：{one}", "用 zhengwen reports 查看已收录的报告。")
        return rows[0]
