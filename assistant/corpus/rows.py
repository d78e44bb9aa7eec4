"""How reports, paragraphs, passages, vectors and tokens lie in the tables of the library."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from assistant.errors import ModelError
from assistant.types import Paragraph, Passage, Period, Report

if TYPE_CHECKING:
    import numpy as np

# FTS5's ascii tokenizer keeps every character beyond ASCII and splits at ASCII marks; so 5.5% is stored with its marks
# moved into the private use area, and nothing in a token can be read as query syntax. Lone surrogates cannot be stored.
_KEPT_WHOLE = {code: 0xE000 + code for code in range(128) if not (chr(code).isdigit() or chr(code).islower())}
_KEPT_WHOLE |= dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)


def index_term(token: str) -> str:
    """Return the one term that FTS5 stores and finds for a token, whatever characters it has."""
    return token.translate(_KEPT_WHOLE)


def read_report(row: sqlite3.Row) -> Report:
    """Return the report of a row of its ten columns."""
    fields: dict[str, Any] = dict(row)
    fields["aliases"] = tuple(json.loads(row["aliases"]))
    return Report(**fields)


def read_paragraph(row: sqlite3.Row) -> Paragraph:
    """Return the paragraph of a row of its seven columns."""
    fields: dict[str, Any] = dict(row)
    fields["headings"] = tuple(json.loads(row["headings"]))
    fields["period"] = Period(**json.loads(row["period"])) if row["period"] else None
    return Paragraph(**fields)


def read_passage(row: sqlite3.Row) -> Passage:
    """Return the passage of a row of its seven columns, without number and vector."""
    return Passage(**dict(row))


def insert_report(connection: sqlite3.Connection, report: Report, rules: str, embedding: str, reading: str) -> None:
    """Insert the catalogue row, with the rules and the embedding model that the report was cut, encoded and read by."""
    made_with = {"aliases": json.dumps(report.aliases), "rules": rules, "embedding": embedding, "reading": reading}
    _insert(connection, "report", asdict(report) | made_with)


def insert_paragraph(connection: sqlite3.Connection, paragraph: Paragraph) -> None:
    """Insert a paragraph; its headings and its period are kept as JSON."""
    period = json.dumps(asdict(paragraph.period)) if paragraph.period else None
    _insert(connection, "paragraph", asdict(paragraph) | {"headings": json.dumps(paragraph.headings), "period": period})


def insert_passage(connection: sqlite3.Connection, passage: Passage, vector: bytes, tokens: list[str]) -> None:
    """Insert a passage with its vector and its entry in the lexical index."""
    number = _insert(connection, "passage", asdict(passage) | {"vector": vector})
    terms = " ".join(map(index_term, tokens))
    connection.execute("INSERT INTO lexical (rowid, tokens) VALUES (?, ?)", (number, terms))


def delete_report(connection: sqlite3.Connection, report_id: str) -> bool:
    """Delete a report, all that hangs on it and its entries in the lexical index; False when there was none."""
    connection.execute(
        "DELETE FROM lexical WHERE rowid IN (SELECT number FROM passage WHERE report_id = ?)", (report_id,)
    )
    return connection.execute("DELETE FROM report WHERE id = ?", (report_id,)).rowcount > 0


def delete_feedback_on(connection: sqlite3.Connection, report_id: str) -> None:
    """Delete what readers said of answers that quote or list a passage of this report: its text stands in them."""
    shown = "SELECT value FROM json_each(feedback.answer, '$.citations') UNION ALL "
    shown += "SELECT value FROM json_each(feedback.answer, '$.retrieved')"
    query = f"DELETE FROM feedback WHERE ? IN (SELECT json_extract(value, '$.report.id') FROM ({shown}))"
    connection.execute(query, (report_id,))


def vector_blobs(vectors: np.ndarray, expected: int) -> list[bytes]:
    """Return each row as little-endian float32; raises `ModelError` unless there are `expected` finite rows."""
    import numpy as np

    if vectors.shape[0] != expected or (expected and (vectors.ndim != 2 or not np.isfinite(vectors).all())):
        raise ModelError(
            f"嵌入模型给出的向量不能用：需要 {expected} 个，得到 {vectors.shape}。", "检查嵌入模型是否完整。"
        )
    return [row.tobytes() for row in np.ascontiguousarray(vectors, dtype="<f4")]


def vector_matrix(blobs: list[bytes]) -> np.ndarray:
    """Return the rows as an (n, d) float32 array; raises `ValueError` when their lengths differ."""
    import numpy as np

    if not blobs:
        return np.empty((0, 0), dtype=np.float32)
    if any(len(blob) != len(blobs[0]) for blob in blobs):
        raise ValueError("vectors of different dimensions")
    return np.frombuffer(b"".join(blobs), dtype="<f4").astype(np.float32, copy=False).reshape(len(blobs), -1)


def _insert(connection: sqlite3.Connection, table: str, fields: Mapping[str, object]) -> int | None:
    columns = ", ".join(f'"{name}"' for name in fields)
    marks = ", ".join("?" * len(fields))
    return connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", tuple(fields.values())).lastrowid
