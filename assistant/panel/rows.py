"""A table as rows for programs, spreadsheets and statistics: one row a figure, under column names that stay.

The columns are described in `docs/indicators.md`; a name that is there is never given another meaning.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields

from assistant.corpus.fact_rows import plain
from assistant.facts.told import Told
from assistant.panel.cells import Kind
from assistant.panel.panel import Pair, Series, Table
from assistant.types import Role

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of a table."""

    place: str
    year: int
    """The year that it is of, which is not the year of its report."""
    role: Role
    indicator: str
    kind: Kind
    value: str | None
    """Exact, in the base of the unit (元, not 亿元), below zero for a fall; the lower end of a range; null for a goal in words."""
    upper: str | None
    unit: str
    figure: str
    """As it is written, with its hedges."""
    hedges: tuple[str, ...]
    period: str
    """The year, or the months of it that are told."""
    partial: bool
    rank: int
    """1 for the figure that the table shows, 2 and more for those of the same slot that contradict it."""
    outcome: str
    """Of a result: met, close, missed, partial, in_words, unlike, not_told or not_held; empty for goals."""
    gap: str | None
    """Of a result: result less goal, in the goal's unit (points for per cent)."""
    report_id: str
    report_title: str
    report_year: int
    headings: tuple[str, ...]
    paragraph_id: str
    fact_id: str
    sentence: str
    pages: tuple[int, ...] = ()
    """Pages of the file on which the sentence stands."""
    doubtful: bool = False
    """True where the figure was recognised in a picture and has to be compared with it."""


def rows_of(table: Table) -> Iterator[Row]:
    """The figures of a table, series by series, in the order of places and years, goals before results."""
    for series in table.series:
        for pair in series.pairs:
            for role, cell in (("target", pair.goal), ("actual", pair.result)):
                shown = () if cell.told is None else (cell.told, *cell.others)
                for rank, told in enumerate(shown, start=1):
                    yield _row(series, pair, role, told, rank)  # type: ignore[arg-type]


def _row(series: Series, pair: Pair, role: Role, told: Told, rank: int) -> Row:
    fact, verdict = told.fact, pair.verdict if role == "actual" and rank == 1 else None
    assert fact.period
    return Row(
        place=pair.place,
        year=pair.year,
        role=role,
        indicator=series.indicator,
        kind=series.kind,
        value=None if told.signed is None else plain(told.signed),
        upper=None if fact.upper is None else plain(fact.upper),
        unit=fact.unit,
        figure=told.figure,
        hedges=told.hedges,
        period=fact.period.label,
        partial=fact.period.partial,
        rank=rank,
        outcome=verdict.outcome if verdict else "",
        gap=plain(verdict.gap) if verdict and verdict.gap is not None else None,
        report_id=told.report.id,
        report_title=told.report.title,
        report_year=told.report.report_year,
        headings=told.paragraph.headings,
        paragraph_id=told.paragraph.id,
        fact_id=fact.id,
        sentence=told.sentence,
        pages=told.paragraph.pages_of(*fact.sentence),
        doubtful=told.is_doubtful,
    )


COLUMNS = tuple(one.name for one in fields(Row))


def as_csv(rows: Iterable[Row]) -> str:
    """One line a row; what a spreadsheet would take for a formula is made text, numbers stay numbers."""
    told = io.StringIO()
    written = csv.writer(told, lineterminator="\n")
    written.writerow(COLUMNS)
    for row in rows:
        written.writerow([_in_csv(name, value) for name, value in zip(COLUMNS, astuple(row), strict=True)])
    return told.getvalue()


def _in_csv(name: str, value: object) -> object:
    if name in ("value", "upper", "gap"):
        return "" if value is None else value  # our own number: -2 is no formula
    if isinstance(value, bool):
        return str(value).lower()
    return safe(" › ".join(value) if name == "headings" and isinstance(value, tuple) else value)


def safe(value: object) -> object:
    """A cell that no spreadsheet takes for a formula: the text of others gets an apostrophe in front where it looks like one."""
    if isinstance(value, tuple):
        value = " ".join(map(str, value))
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    return "" if value is None else value
