"""Versions of one report: which held report claims the same place and year, and what was put in the place of what, and when."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.corpus.database import Database
from assistant.corpus.rows import delete_report
from assistant.types import Paragraph, Report


@dataclass(frozen=True, slots=True)
class Replacement:
    """One report put in the place of another. Ids are the beginnings of the files' SHA-256, checksums those of the texts."""

    time: str
    """ISO 8601 with its zone."""
    before: str
    before_checksum: str
    after: str
    after_checksum: str


def rivals(report: Report, held: Iterable[Report]) -> list[Report]:
    """Return the held reports that claim the place and the year of this one and are another file.

    Districts of one name in different cities are no rivals; where the city of one of them is not told, they are.
    """
    return [
        other
        for other in held
        if (other.region, other.report_year) == (report.region, report.report_year)
        and other.id != report.id
        and (other.parent == report.parent or None in (other.parent, report.parent))
    ]


def beside(report: Report, paragraphs: Sequence[Paragraph], rival: Report, held: Sequence[Paragraph]) -> str:
    """Tell of a report and of the one that is held of its place and year, side by side."""
    texts = {paragraph.text for paragraph in held}
    same = sum(paragraph.text in texts for paragraph in paragraphs)
    sides = (
        f"库里的是 {rival.id}《{rival.title}》（{rival.kind}，{rival.source}），{len(held)} 段；"
        f"这份是《{report.title}》（{report.kind}），{len(paragraphs)} 段，其中 {same} 段相同。"
    )
    return f"{rival.region}{rival.report_year}年的报告已经有一份，和这份不同。{sides}"


def take_out(connection: sqlite3.Connection, report_id: str) -> tuple[str, str]:
    """Delete a report that another one is to replace, so that no start brings it back; return its id and checksum."""
    rows = connection.execute("SELECT checksum FROM report WHERE id = ?", (report_id,)).fetchall()
    delete_report(connection, report_id)
    connection.execute("INSERT OR IGNORE INTO removed VALUES (?)", (report_id,))
    return report_id, rows[0]["checksum"] if rows else ""


def note_replacements(connection: sqlite3.Connection, replaced: Iterable[tuple[str, str]], after: str) -> None:
    """Write down that a report, which is in the tables already, has taken the place of others."""
    time = datetime.now().astimezone().isoformat(timespec="seconds")
    connection.executemany(
        "INSERT INTO replacement (time, before, before_checksum, after, after_checksum) "
        "SELECT ?, ?, ?, id, checksum FROM report WHERE id = ?",
        [(time, before, checksum, after) for before, checksum in replaced],
    )


class VersionBook:
    """What was put in the place of what in one library."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def replacements(self) -> tuple[Replacement, ...]:
        """Return which reports were put in the place of which, oldest first; raises `LibraryError`."""
        columns = "time, before, before_checksum, after, after_checksum"
        rows = self._database.rows(f"SELECT {columns} FROM replacement ORDER BY number")
        return tuple(Replacement(**dict(row)) for row in rows)
