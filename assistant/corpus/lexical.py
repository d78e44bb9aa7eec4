"""The lexical index: which passages hold a word, by BM25 over the tokens of all passages; made from their text at any time."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence

from assistant.corpus.database import Database
from assistant.corpus.rows import index_term
from assistant.corpus.tokens import tokenize
from assistant.errors import LibraryError

_ANY_OF = "(SELECT value FROM json_each(?))"

_FOUND = "FROM passage WHERE report_id IN (SELECT id FROM answering)"
"""A report that waits to be confirmed is found by no word."""


class LexicalIndex:
    """The words of one library's passages; every method raises `LibraryError` as the library does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def search(self, tokens: Sequence[str], report_ids: Collection[str] | None, limit: int) -> list[tuple[str, float]]:
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
        return [(row["id"], row["score"]) for row in self._database.rows(sql, *arguments)]

    def document_frequency(self, tokens: Iterable[str]) -> dict[str, int]:
        """Return in how many passages each token stands, 0 for one that stands nowhere."""
        terms = {token: index_term(token) for token in tokens}
        sql = f"SELECT term, doc FROM vocabulary WHERE term IN {_ANY_OF}"
        counts = {row["term"]: row["doc"] for row in self._database.rows(sql, json.dumps(list(terms.values())))}
        return {token: counts.get(term, 0) for token, term in terms.items()}

    def strays(self) -> int:
        """Return how many passages are missing from the index, or are in it and nowhere else; -1 where it is damaged itself."""
        try:
            with self._database.writing() as connection:  # FTS5 takes its own check for a write
                connection.execute("INSERT INTO lexical (lexical) VALUES ('integrity-check')")
            held = {row[0] for row in self._database.rows(f"SELECT number {_FOUND}")}
            return len(held.symmetric_difference(row[0] for row in self._database.rows("SELECT rowid FROM lexical")))
        except LibraryError:
            return -1

    def rebuild(self) -> None:
        """Make the index anew from the passages, in one transaction."""
        with self._database.writing() as connection:
            connection.execute("DROP TABLE lexical")
            connection.execute("CREATE VIRTUAL TABLE lexical USING fts5 (tokens, tokenize = 'ascii')")
            rows = connection.execute(f"SELECT number, indexed {_FOUND} ORDER BY number").fetchall()
            entries = ((row["number"], " ".join(map(index_term, tokenize(row["indexed"])))) for row in rows)
            connection.executemany("INSERT INTO lexical (rowid, tokens) VALUES (?, ?)", entries)
