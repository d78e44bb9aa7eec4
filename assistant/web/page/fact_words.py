"""Facts of a report in words for people, and as rows for programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

from assistant.corpus.fact_rows import plain
from assistant.facts.fact import Fact
from assistant.facts.told import Told
from assistant.panel.rows import safe
from assistant.types import Paragraph, ReportRef

MEASURES = {"level": "数量", "change": "增减", "share": "占比", "rate": "比率", "rank": "位次", "comparison": "比较"}
ROLES = {"target": "目标", "actual": "完成"}
AGGREGATES = {"average": "年均", "cumulative": "累计"}


@dataclass(frozen=True, slots=True)
class StatedFact:
    """One figure of a report with what it says, as JSON and CSV give it."""

    id: str
    """`{paragraph id}-f{place in the paragraph}`."""
    report: ReportRef
    paragraph_id: str
    text: str
    """The figure as it is written, without its hedges; the words of a goal without a number."""
    subject: str | None
    """What it is a figure of, in the report's words; null where that cannot be told safely."""
    indicator: str | None
    place: str
    """The report's own place, or another as it is written."""
    period: str | None
    first_year: int | None
    last_year: int | None
    partial: bool
    """Whether only some months of the year are meant."""
    role: str | None
    """target or actual."""
    measure: str
    """level, change, share, rate, rank or comparison."""
    value: str | None
    """Exact, in the base of the unit; the lower end of a range."""
    upper: str | None
    unit: str
    hedges: tuple[str, ...]
    """Those at the figure, and those that open its sentence and hold for all of it (预计, 力争)."""
    direction: int
    """1 for a rise, -1 for a fall."""
    aggregate: str | None
    """average (per year) or cumulative (over several years)."""
    of: str | None
    """The whole of a share or part, or what is compared with."""
    beside: tuple[str, ...]
    """Ids of the other figures of the same subject in the sentence."""
    sentence: str
    """The sentence that it stands in, verbatim."""
    pages: tuple[int, ...]
    """Pages of the file on which the sentence stands; none where the file has no pages, or they are not known."""
    doubtful: bool
    """True where it was recognised in a picture and has to be compared with it."""

    @classmethod
    def of_told(cls, told: Told) -> StatedFact:
        fact, text = told.fact, told.paragraph.text
        period = fact.period
        return cls(
            id=fact.id,
            report=ReportRef.of(told.report),
            paragraph_id=fact.paragraph_id,
            text=text[fact.start : fact.end],
            subject=fact.subject,
            indicator=fact.indicator,
            place=fact.place or told.report.region,
            period=period.label if period else None,
            first_year=period.first if period else None,
            last_year=period.last if period else None,
            partial=period.partial if period else False,
            role=fact.role,
            measure=fact.measure,
            value=None if fact.value is None else plain(fact.value),
            upper=None if fact.upper is None else plain(fact.upper),
            unit=fact.unit,
            hedges=told.hedges,
            direction=fact.direction,
            aggregate=fact.aggregate,
            of=fact.of,
            beside=tuple(f"{fact.paragraph_id}-f{ordinal}" for ordinal in fact.beside),
            sentence=text[slice(*fact.sentence)],
            pages=told.paragraph.pages_of(*fact.sentence),
            doubtful=told.is_doubtful,
        )


def said_of(fact: Fact) -> str:
    """What a figure is of, for people: 新认定 · 高新技术企业，2024年，完成，数量."""
    subject = fact.subject or "没有认出是什么的数据"
    parts = (
        fact.place or "",
        fact.period.label if fact.period else "",
        ROLES.get(fact.role or "", ""),
        AGGREGATES.get(fact.aggregate or "", "") + MEASURES[fact.measure],
    )
    return "，".join([subject, *filter(None, parts)])


def written(fact: Fact, paragraph: Paragraph) -> str:
    """A figure with the hedges that stand at it: 5.5%左右."""
    start, end = fact.start, fact.end
    for hedge in fact.hedges:
        if paragraph.text.startswith(hedge, end):
            end += len(hedge)
        elif paragraph.text.endswith(hedge, 0, start):
            start -= len(hedge)
    return paragraph.text[start:end]


def as_csv(facts: Iterable[StatedFact]) -> str:
    """One row a fact under stable column names; what a spreadsheet would take for a formula is made text."""
    names = [one.name for one in fields(StatedFact) if one.name != "report"]
    head = ["report_id", "report_title", "region", "report_year"]
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow([*head, *names])
    for fact in facts:
        row = asdict(fact)
        cells = [fact.report.id, fact.report.title, fact.report.region, fact.report.report_year]
        rows.writerow([safe(value) for value in [*cells, *(row[name] for name in names)]])
    return table.getvalue()
