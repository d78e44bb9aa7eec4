"""Panel data for programs and for the page: a table as JSON, CSV or a workbook, and the names that one can ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.corpus.corrections import Correction, Fault
from assistant.corpus.corrections import State as StateOfCorrection
from assistant.corpus.fact_rows import plain
from assistant.errors import QuestionError
from assistant.facts.told import Told
from assistant.panel.cells import Cell, Kind, State
from assistant.panel.fulfilment import Outcome
from assistant.panel.panel import Pair, Panel, Series, Table, Unknown
from assistant.panel.rows import as_csv, rows_of
from assistant.panel.workbook import KINDS, as_xlsx
from assistant.types import Citation, ReportRef
from assistant.web.export.official import official_citation

Format = Literal["json", "csv", "xlsx"]
TYPES: dict[Format, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_CELLS = 40_000
"""Cells of one reply; 300 places with ten years of a goal and a result in two kinds are a third of that."""
_BOM = "\ufeff"
"""Without it Excel takes a CSV of Chinese for another encoding."""


@dataclass(frozen=True, slots=True)
class ToldFigure:
    """A figure of a cell with the sentence that it stands in."""

    figure: str
    """As it is written, with its hedges."""
    value: str | None
    """Exact, in the base of the unit, below zero for a fall; null for a goal in words."""
    upper: str | None
    unit: str
    partial: str
    """The months that are told, where it is not the whole year."""
    report: ReportRef
    headings: tuple[str, ...]
    paragraph_id: str
    sentence: str
    start: int
    end: int
    """`sentence[start:end]` is the figure without its hedges."""
    place: int
    """Where it begins in its paragraph, to be named where it is called wrong."""
    citation: str
    """Report, part and sentence as official writing cites them."""
    pages: tuple[int, ...] = ()
    """Pages of the file on which the sentence stands; none where the file has no pages, or they are not known."""
    doubtful: bool = False
    """True where the figure was recognised in a picture and has to be compared with it."""

    @classmethod
    def of(cls, told: Told) -> ToldFigure:
        fact, since, paragraph = told.fact, told.fact.sentence[0], told.paragraph
        cited = Citation.of(1, told.report, paragraph, fact.sentence)
        return cls(
            figure=told.figure,
            value=None if told.signed is None else plain(told.signed),
            upper=None if fact.upper is None else plain(fact.upper),
            unit=fact.unit,
            partial=fact.period.label if fact.period and fact.period.partial else "",
            report=cited.report,
            headings=paragraph.headings,
            paragraph_id=paragraph.id,
            sentence=told.sentence,
            start=fact.start - since,
            end=fact.end - since,
            place=fact.start,
            citation=official_citation(cited),
            pages=cited.pages,
            doubtful=told.is_doubtful,
        )


@dataclass(frozen=True, slots=True)
class Called:
    """That somebody has called a figure wrong."""

    figure: str
    """What the table showed."""
    fault: Fault
    right: str
    state: StateOfCorrection
    time: str

    @classmethod
    def of(cls, one: Correction) -> Called:
        return cls(one.figure, one.fault, one.right, one.state, one.time)


@dataclass(frozen=True, slots=True)
class CellReply:
    """A goal or a result."""

    state: State
    told: ToldFigure | None = None
    others: tuple[ToldFigure, ...] = ()
    """Figures that contradict it."""
    called_wrong: tuple[Called, ...] = ()
    """What readers have called wrong here: open, or accepted by an administrator and taken out of the table."""

    @classmethod
    def of(cls, cell: Cell) -> CellReply:
        called = tuple(map(Called.of, cell.corrections))
        if cell.told is None:
            return cls(cell.state, called_wrong=called)
        return cls(cell.state, ToldFigure.of(cell.told), tuple(map(ToldFigure.of, cell.others)), called)


@dataclass(frozen=True, slots=True)
class PairReply:
    """Goal and result of one place and year, and what became of the goal."""

    place: str
    year: int
    target: CellReply
    actual: CellReply
    outcome: Outcome
    verdict: str
    """In words, with the arithmetic."""
    gap: str | None
    """Result less goal; points for per cent."""

    @classmethod
    def of(cls, pair: Pair) -> PairReply:
        gap = pair.verdict.gap
        return cls(
            pair.place,
            pair.year,
            CellReply.of(pair.goal),
            CellReply.of(pair.result),
            pair.verdict.outcome,
            pair.verdict.words,
            None if gap is None else plain(gap),
        )


@dataclass(frozen=True, slots=True)
class SeriesReply:
    """One indicator in one kind: all of it may stand on one axis."""

    indicator: str
    kind: Kind
    kind_name: str
    unit: str
    count: int
    pairs: tuple[PairReply, ...]

    @classmethod
    def of(cls, series: Series) -> SeriesReply:
        told = tuple(map(PairReply.of, series.pairs))
        return cls(series.indicator, series.kind, KINDS[series.kind], series.unit, series.count, told)


@dataclass(frozen=True, slots=True)
class IndicatorsReply:
    """A table of places and years for each indicator and kind."""

    places: tuple[str, ...]
    years: tuple[int, ...]
    series: tuple[SeriesReply, ...]
    unknown: tuple[Unknown, ...]
    """Names that nothing is called by, with the nearest."""
    altered: tuple[ReportRef, ...] = ()
    """Reports of these places that are left out: their text is no longer what was taken in."""

    @classmethod
    def of(cls, table: Table) -> IndicatorsReply:
        altered = tuple(map(ReportRef.of, table.altered))
        return cls(table.places, table.years, tuple(map(SeriesReply.of, table.series)), table.unknown, altered)


@dataclass(frozen=True, slots=True)
class Counted:
    """A name with how often it occurs."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class NamesReply:
    """What one can ask for."""

    indicators: tuple[Counted, ...]
    """Named indicators with how many figures the reports have of each; where something is looked for, those that it is part of."""
    subjects: tuple[Counted, ...]
    """What else figures are of, in the reports' own words, with how many reports say it; only where something is looked for."""
    places: tuple[str, ...]
    years: tuple[int, ...]


def names_of(panel: Panel, words: str = "") -> NamesReply:
    """What the reports tell of; `words` looks for indicators and subjects."""
    wanted = words.strip()
    called = panel.select([wanted]).indicators if wanted else ()
    named = [Counted(*one) for one in panel.indicators if not wanted or wanted in one[0] or one[0] in called]
    known = {name for name, _ in panel.indicators}
    said = [Counted(*one) for one in panel.subjects(wanted) if one[0] not in known] if wanted else []
    return NamesReply(tuple(named), tuple(said), panel.places, panel.years)


def table_of(panel: Panel, indicators: Sequence[str], places: Sequence[str], years: Sequence[int]) -> Table:
    """Read a table. Raises `QuestionError` where it would be larger than anybody reads."""
    selection = panel.select(indicators, places, years)
    columns = (len(selection.places) or len(panel.places)) * (len(selection.years) or len(panel.years))
    if 2 * columns * len(selection.indicators) > MOST_CELLS:
        raise QuestionError(f"这张表超过{MOST_CELLS}格。", "请少选几个指标、地区或年份。")
    return panel.table(selection)


def written(table: Table, form: Format) -> bytes:
    """The table as a file."""
    return as_xlsx(table) if form == "xlsx" else (_BOM + as_csv(rows_of(table))).encode()
