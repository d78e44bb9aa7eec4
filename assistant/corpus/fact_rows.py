"""How facts and items lie in the tables of the library, and how they are asked for."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from assistant.facts.fact import Fact, Item
from assistant.facts.report import ReadReport
from assistant.language.sentences import Span
from assistant.types import Period, Role

_FACT = [
    "report_id",
    "paragraph_id",
    "ordinal",
    "start",
    "end",
    "clause",
    "sentence",
    "subject",
    "subject_spans",
    "indicator",
    "place",
    "period",
    "first_year",
    "last_year",
    "partial",
    "role",
    "measure",
    "value",
    "upper",
    "unit",
    "hedges",
    "direction",
    "aggregate",
    "whole",
    "beside",
]
_ITEM = ["report_id", "paragraph_id", "kind", "start", "end", "heading", "number", "count", "announced", "list_id"]
FACT_COLUMNS = ", ".join(f'f."{name}"' for name in _FACT)
ITEM_COLUMNS = ", ".join(f'i."{name}"' for name in _ITEM)


@dataclass(frozen=True, slots=True)
class FactQuery:
    """Which facts are wanted; what is None or empty asks for nothing."""

    reports: Collection[str] | None = None
    """Ids of the reports; None for all."""
    paragraphs: Collection[str] | None = None
    indicators: Collection[str] = ()
    role: Role | None = None
    year: int | None = None
    """The calendar year that they speak of; a span counts under its last year."""
    attached: bool | None = None
    """True for those whose subject is told, False for those left open."""
    subject: str | None = None
    """What they are figures of, in the very words of the reports."""

    def where(self) -> tuple[str, list[object]]:
        """Return the condition over the table `fact f`, and its arguments."""
        parts: list[str] = ["1"]
        arguments: list[object] = []
        for column, wanted in (("report_id", self.reports), ("paragraph_id", self.paragraphs)):
            if wanted is not None:
                parts.append(f"f.{column} IN (SELECT value FROM json_each(?))")
                arguments.append(json.dumps(sorted(wanted)))
        if self.indicators:
            parts.append("f.indicator IN (SELECT value FROM json_each(?))")
            arguments.append(json.dumps(sorted(self.indicators)))
        for column, value in (("role", self.role), ("last_year", self.year), ("subject", self.subject)):
            if value is not None:
                parts.append(f"f.{column} = ?")
                arguments.append(value)
        if self.attached is not None:
            parts.append(f"f.subject IS {'NOT ' if self.attached else ''}NULL")
        return " AND ".join(parts), arguments


def put_in_facts(connection: sqlite3.Connection, report_id: str, read: ReadReport) -> None:
    """Put what a report states in the place of what it was read to state before."""
    for table in ("fact", "item"):
        connection.execute(f"DELETE FROM {table} WHERE report_id = ?", (report_id,))
    insert_facts(connection, read.facts)
    insert_items(connection, read.items)
    connection.execute("UPDATE report SET reading = ? WHERE id = ?", (read.rules, report_id))


def insert_facts(connection: sqlite3.Connection, facts: Iterable[Fact]) -> None:
    """Insert facts; numbers are kept as text, so that they stay exact."""
    marks = ", ".join("?" * len(_FACT))
    columns = ", ".join(f'"{name}"' for name in _FACT)
    connection.executemany(f"INSERT INTO fact ({columns}) VALUES ({marks})", map(_fact_row, facts))


def insert_items(connection: sqlite3.Connection, items: Iterable[Item]) -> None:
    """Insert the items of a report."""
    marks = ", ".join("?" * len(_ITEM))
    rows = ([getattr(item, name) for name in _ITEM] for item in items)
    columns = ", ".join(f'"{name}"' for name in _ITEM)
    connection.executemany(f"INSERT INTO item ({columns}) VALUES ({marks})", rows)


def read_fact(row: sqlite3.Row) -> Fact:
    """Return the fact of a row of its columns."""
    period = None
    if row["period"] is not None:
        period = Period(row["period"], row["first_year"], row["last_year"], bool(row["partial"]))
    return Fact(
        report_id=row["report_id"],
        paragraph_id=row["paragraph_id"],
        ordinal=row["ordinal"],
        start=row["start"],
        end=row["end"],
        clause=_span(json.loads(row["clause"])),
        sentence=_span(json.loads(row["sentence"])),
        subject=row["subject"],
        subject_spans=tuple(map(_span, json.loads(row["subject_spans"]))),
        indicator=row["indicator"],
        place=row["place"],
        period=period,
        role=row["role"],
        measure=row["measure"],
        value=None if row["value"] is None else Decimal(row["value"]),
        upper=None if row["upper"] is None else Decimal(row["upper"]),
        unit=row["unit"],
        hedges=tuple(json.loads(row["hedges"])),
        direction=row["direction"],
        aggregate=row["aggregate"],
        of=row["whole"],
        beside=tuple(json.loads(row["beside"])),
    )


def read_item(row: sqlite3.Row) -> Item:
    """Return the item of a row of its columns."""
    return Item(**dict(row))


def plain(value: Decimal) -> str:
    """A number as it is stored and printed: 62000000000, 5.5."""
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"


def _fact_row(fact: Fact) -> list[object]:
    period = fact.period
    return [
        *(fact.report_id, fact.paragraph_id, fact.ordinal, fact.start, fact.end),
        *(json.dumps(fact.clause), json.dumps(fact.sentence), fact.subject, json.dumps(fact.subject_spans)),
        *(fact.indicator, fact.place),
        *((period.label, period.first, period.last, period.partial) if period else (None, None, None, 0)),
        *(fact.role, fact.measure),
        None if fact.value is None else plain(fact.value),
        None if fact.upper is None else plain(fact.upper),
        *(fact.unit, json.dumps(fact.hedges, ensure_ascii=False), fact.direction, fact.aggregate, fact.of),
        json.dumps(fact.beside),
    ]


def _span(pair: list[int]) -> Span:
    return pair[0], pair[1]
