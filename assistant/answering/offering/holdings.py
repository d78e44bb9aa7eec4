"""What the reports of a shelf state about indicators, by place and time, and how near these lie to what was asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from assistant.answering.indicators import fits_measure
from assistant.facts.told import Told
from assistant.retrieval.asking import Measure
from assistant.retrieval.shelf import Shelf, same_period
from assistant.types import Period, Report, Role

_PLACES_READ = 8
"""Other places whose reports are looked through: a report takes 10 to 25 ms the first time."""


class Holdings:
    """The goals and results of whole years or spans in the reports of one shelf, read when they are first wanted."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._stated: dict[str, tuple[Told, ...]] = {}

    def of_places(self, regions: Iterable[str]) -> Iterator[Told]:
        """All that the reports of the places state, in the order of the reports."""
        for region in regions:
            for report in self._reports_of(region):
                yield from self._of_report(report)

    def about(
        self, regions: Iterable[str], names: Sequence[str], role: Role | None, measure: Measure | None
    ) -> list[Told]:
        """What they state about one indicator, in the role and as the measure given."""
        return [
            item
            for item in self.of_places(regions)
            if item.indicator in names and role in (None, item.role) and fits_measure(measure, item.fact)
        ]

    def other_places(self, regions: Sequence[str], period: Period | None, role: Role | None) -> list[str]:
        """Places beside those given, the nearest first: of the same city, of the same rank, with a report of that time."""
        own = {name for region in regions for name in self._shelf.names_of(region)}
        reports = self._shelf.reports.values()
        cities = {report.parent for report in reports if report.region in own} - {None}
        ranks = set(map(_is_county, own))
        # A year is looked back on in the next year's report.
        year = period.last + (role == "actual") if period and period.last else None
        others = sorted(
            (report for report in reports if report.region not in own),
            key=lambda r: (
                r.parent not in cities,
                _is_county(r.region) not in ranks,
                abs(r.report_year - (year or r.report_year)),
                -r.report_year,
            ),
        )
        return list(dict.fromkeys(report.region for report in others))[:_PLACES_READ]

    def periods(self, region: str, role: Role | None) -> list[Period]:
        """The times that the reports of a place speak of in that role."""
        told = [pair for report in self._reports_of(region) for pair in self._shelf.horizons(report.id).items()]
        return list(dict.fromkeys(p for p, spoken in told if not p.partial and (role is None or role == spoken)))

    def _reports_of(self, region: str) -> list[Report]:
        names = self._shelf.names_of(region)
        return [report for report in self._shelf.reports.values() if report.region in names]

    def _of_report(self, report: Report) -> tuple[Told, ...]:
        if report.id not in self._stated:
            self._stated[report.id] = tuple(
                Told(report, self._shelf.paragraph(paragraph_id), fact)
                for paragraph_id, facts in self._shelf.facts(report.id).items()
                for fact in facts
                if fact.indicator and fact.place is None and fact.measure in ("level", "change", "rate")
                if fact.role and fact.period and not fact.period.partial
                if fact.value is not None or fact.role == "target"
            )
        return self._stated[report.id]


def nearest(items: Iterable[Told], period: Period | None) -> list[Told]:
    """One item a time: the nearest time first, or the newest where none is asked."""
    of_time: dict[str, Told] = {}
    for item in items:
        of_time.setdefault(time_of(item), item)
    newest = sorted(of_time.values(), key=lambda item: -((item.period and item.period.last) or 0))
    return sorted(newest, key=lambda item: distance(item.period, period)) if period else newest


def distance(told: Period | None, asked: Period | None) -> tuple[int, int]:
    """How far two times lie apart: in their length first, then in years."""
    if told is None or asked is None:
        return (0, 0)
    if same_period(asked, told):
        return (-1, 0)
    return (abs(_length(told) - _length(asked)), abs((told.last or 0) - (asked.last or 0)))


def _is_county(region: str) -> bool:
    return region.endswith(("区", "县", "旗")) and not region.endswith("自治区")


def is_of(item: Told, period: Period) -> bool:
    """Whether a statement speaks of the time asked."""
    return item.period is not None and same_period(period, item.period)


def alike(one: Period, other: Period) -> bool:
    """Whether what is said of one time can be said of the other: both are years, or both are spans (年均)."""
    return bool(_length(one)) == bool(_length(other))


def time_of(item: Told) -> str:
    """The time of a statement as a question names it."""
    return item.period.label if item.period else ""


def question_of(item: Told) -> str:
    """The whole question that a statement answers: 松北区2024年地区生产总值达到了多少."""
    fact, asks = item.fact, "是多少"
    if fact.role == "target":
        asks = "目标是多少"
    elif fact.measure == "change":
        asks = "下降了多少" if fact.direction < 0 else "增长了多少"
    elif fact.measure == "level":
        asks = f"达到了多少{'人' if fact.unit == '人' else ''}"
    return f"{item.report.region}{time_of(item)}{item.indicator}{asks}"


def _length(period: Period) -> int:
    """Years beyond the first; five years without a beginning, as a question has them, count as five."""
    if period.first is None or period.last is None:
        return 4
    return period.last - period.first
