"""How reports, paragraphs, passages, vectors and tokens lie in the tables of the library."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from assistant.corpus.tokens import tokenize
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


REPORT = ", ".join(Report.__dataclass_fields__)
"""The columns of the catalogue that describe a report."""


def read_report(row: sqlite3.Row) -> Report:
    """Return the report of a row of the columns `REPORT`."""
    fields: dict[str, Any] = dict(row)
    fields["aliases"] = tuple(json.loads(row["aliases"]))
    return Report(**fields)


def read_paragraph(row: sqlite3.Row) -> Paragraph:
    """Return the paragraph of a row of its nine columns."""
    fields: dict[str, Any] = dict(row)
    fields["headings"] = tuple(json.loads(row["headings"]))
    fields["period"] = Period(**json.loads(row["period"])) if row["period"] else None
    for name in ("pages", "doubtful"):
        fields[name] = tuple((first, second) for first, second in json.loads(row[name])) if row[name] else ()
    return Paragraph(**fields)


def read_passage(row: sqlite3.Row) -> Passage:
    """Return the passage of a row of its seven columns, without number and vector."""
    return Passage(**dict(row))


def insert_report(connection: sqlite3.Connection, report: Report, **made: object) -> None:
    """Insert the catalogue row, with what else the table has of it: the rules and the model that it was cut, encoded and read by."""
    _insert(connection, "report", asdict(report) | {"aliases": json.dumps(report.aliases)} | made)


def insert_paragraph(connection: sqlite3.Connection, paragraph: Paragraph) -> None:
    """Insert a paragraph; its headings, its period and its places in the file are kept as JSON."""
    period = json.dumps(asdict(paragraph.period)) if paragraph.period else None
    written = {"headings": json.dumps(paragraph.headings), "period": period}
    written |= {"pages": json.dumps(paragraph.pages) if paragraph.pages else None}
    written |= {"doubtful": json.dumps(paragraph.doubtful) if paragraph.doubtful else None}
    _insert(connection, "paragraph", asdict(paragraph) | written)


def insert_passage(connection: sqlite3.Connection, passage: Passage, vector: bytes) -> None:
    """Insert a passage with its vector; `index_words` makes it findable by its words."""
    _insert(connection, "passage", asdict(passage) | {"vector": vector})


def index_words(connection: sqlite3.Connection, report_id: str) -> None:
    """Put the passages of a report into the lexical index anew."""
    query = "SELECT number, indexed FROM passage WHERE report_id = ?"
    rows = connection.execute(query, (report_id,)).fetchall()
    connection.executemany("DELETE FROM lexical WHERE rowid = ?", [(row["number"],) for row in rows])
    entries = ((row["number"], " ".join(map(index_term, tokenize(row["indexed"])))) for row in rows)
    connection.executemany("INSERT INTO lexical (rowid, tokens) VALUES (?, ?)", entries)


def describe_report(connection: sqlite3.Connection, report: Report) -> bool:
    """Put this description in the place of the catalogue's; False where it holds no such report."""
    fields = asdict(report) | {"aliases": json.dumps(report.aliases)}
    changes = ", ".join(f"{name} = ?" for name in fields)
    return connection.execute(f"UPDATE report SET {changes} WHERE id = ?", (*fields.values(), report.id)).rowcount > 0


def describe_texts(
    connection: sqlite3.Connection, paragraphs: Iterable[Paragraph], passages: Iterable[Passage]
) -> None:
    """Put other times and roles of paragraphs, and other words in front of passages, in the place of those held; the vectors stay."""
    set_times(connection, paragraphs)
    connection.executemany(
        'UPDATE passage SET indexed = ? WHERE id = ? AND "start" = ? AND "end" = ?',
        [(passage.indexed, passage.id, passage.start, passage.end) for passage in passages],
    )


def set_times(connection: sqlite3.Connection, paragraphs: Iterable[Paragraph]) -> None:
    """Put other times and roles of paragraphs in the place of those held."""
    connection.executemany(
        "UPDATE paragraph SET period = ?, role = ? WHERE id = ?",
        [(json.dumps(asdict(p.period)) if p.period else None, p.role, p.id) for p in paragraphs],
    )


def delete_report(connection: sqlite3.Connection, report_id: str) -> bool:
    """Delete a report, all that hangs on it and its entries in the lexical index; False when there was none."""
    connection.execute(
        "DELETE FROM lexical WHERE rowid IN (SELECT number FROM passage WHERE report_id = ?)", (report_id,)
    )
    return connection.execute("DELETE FROM report WHERE id = ?", (report_id,)).rowcount > 0


_REMNANTS = {
    "目录": "SELECT count(*) FROM report WHERE id = ?",
    "自然段": "SELECT count(*) FROM paragraph WHERE report_id = ?",
    "片段和向量": "SELECT count(*) FROM passage WHERE report_id = ?",
    "数据": "SELECT count(*) FROM fact WHERE report_id = ?",
    "审核": "SELECT count(*) FROM review WHERE report_id = ?",
    "条目": "SELECT count(*) FROM item WHERE report_id = ?",
    "更正": "SELECT count(*) FROM correction WHERE report_id = ?",
    "评价": "SELECT count(*) FROM feedback WHERE instr(answer, ?)",
}
ELSEWHERE = """
    SELECT 1 FROM paragraph WHERE report_id <> ?1 AND (instr(text, ?2) OR instr(headings, ?3)) UNION ALL
    SELECT 1 FROM report WHERE id <> ?1 AND (instr(title, ?2) OR instr(source, ?2) OR instr(occasion, ?2)) UNION ALL
    SELECT 1 FROM review WHERE report_id <> ?1 AND instr(claims || doubts, ?3) LIMIT 1
"""
"""Asks whether another report than ?1 has a text, given as it is and as JSON writes it."""
_STRAY_WORDS = "SELECT count(*) FROM lexical WHERE rowid NOT IN (SELECT number FROM passage)"


def count_remnants(rows: Callable[..., list[sqlite3.Row]], report_id: str) -> dict[str, int]:
    """Return, by what it is in Chinese, how many rows speak of a report; entries of the lexical index name none, so strays count."""
    found = {name: int(rows(query, report_id)[0][0]) for name, query in _REMNANTS.items()}
    return found | {"词语索引": int(rows(_STRAY_WORDS)[0][0])}


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


def _insert(connection: sqlite3.Connection, table: str, fields: Mapping[str, object]) -> None:
    columns = ", ".join(f'"{name}"' for name in fields)
    marks = ", ".join("?" * len(fields))
    connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", tuple(fields.values()))
