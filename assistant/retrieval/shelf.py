"""What the library covers, held in memory: reports, their paragraphs, and the times each of them speaks of."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from assistant.corpus.fact_rows import FactQuery
from assistant.corpus.library import Library
from assistant.facts.fact import Fact, Item
from assistant.facts.told import Told
from assistant.language.folding import fold
from assistant.language.periods import NEXT_FIVE, PAST_FIVE
from assistant.language.regions import Gazetteer, short_name
from assistant.types import Paragraph, Period, Report, Role

_QUOTED = re.compile(r"[“\"]([^“”\",，。;；:：、!！?？\s]{3,10})[”\"]")


@dataclass(frozen=True)
class Shelf:
    """One state of the library; a new one is taken when the library has changed."""

    library: Library
    state: str
    only: frozenset[str] | None = None
    """The regions whose reports are on it; None means all that the library holds."""

    @classmethod
    def of(cls, library: Library) -> Shelf:
        return cls(library, library.edition())

    @cached_property
    def reports(self) -> dict[str, Report]:
        return {r.id: r for r in self.library.reports() if self.only is None or r.region in self.only}

    def altered(self, report_ids: Iterable[str]) -> list[Report]:
        """Those of some reports whose text has been changed since it was taken in; they are not to be cited."""
        return [self.reports[one] for one in sorted(self.library.checksums.altered(report_ids)) if one in self.reports]

    @cached_property
    def gazetteer(self) -> Gazetteer:
        return Gazetteer(self.reports.values())

    @cached_property
    def regions(self) -> frozenset[str]:
        return frozenset(report.region for report in self.reports.values())

    @cached_property
    def _paragraphs(self) -> dict[str, tuple[Paragraph, ...]]:
        return {}

    def paragraphs(self, report_id: str) -> tuple[Paragraph, ...]:
        if report_id not in self._paragraphs:
            self._paragraphs[report_id] = self.library.paragraphs(report_id)
        return self._paragraphs[report_id]

    def paragraph(self, paragraph_id: str) -> Paragraph:
        """One paragraph of a report that is on the shelf."""
        held = self.paragraphs(paragraph_id.split("-", 1)[0])
        return next(paragraph for paragraph in held if paragraph.id == paragraph_id)

    def facts(self, report_id: str) -> dict[str, tuple[Fact, ...]]:
        """What a report states, by paragraph, in the order of its text."""
        if report_id not in self._facts:
            told: dict[str, list[Fact]] = {}
            for fact in self.library.facts(FactQuery(reports=[report_id])):
                told.setdefault(fact.paragraph_id, []).append(fact)
            self._facts[report_id] = {paragraph: tuple(facts) for paragraph, facts in told.items()}
        return self._facts[report_id]

    def facts_of(self, paragraph_id: str) -> tuple[Fact, ...]:
        """What one paragraph states."""
        return self.facts(paragraph_id.split("-", 1)[0]).get(paragraph_id, ())

    def told(self, query: FactQuery) -> tuple[Told, ...]:
        """The facts that a query asks for, each with its report and paragraph; only those of reports on the shelf."""
        facts = [fact for fact in self.library.facts(query) if fact.report_id in self.reports]
        paragraphs = self.library.paragraphs_called(fact.paragraph_id for fact in facts)
        return tuple(Told(self.reports[fact.report_id], paragraphs[fact.paragraph_id], fact) for fact in facts)

    def items(self, report_id: str) -> tuple[Item, ...]:
        """The items of a report's lists and outline, list by list."""
        if report_id not in self._items:
            self._items[report_id] = self.library.items(report_id)
        return self._items[report_id]

    def owns_up(self, paragraph: Paragraph) -> bool:
        """Whether a paragraph tells the problems that its report has found."""
        if paragraph.report_id not in self._problems:
            found = (item.paragraph_id for item in self.items(paragraph.report_id) if item.kind == "problem")
            self._problems[paragraph.report_id] = frozenset(found)
        return paragraph.id in self._problems[paragraph.report_id]

    @cached_property
    def _problems(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def _items(self) -> dict[str, tuple[Item, ...]]:
        return {}

    @cached_property
    def _facts(self) -> dict[str, dict[str, tuple[Fact, ...]]]:
        return {}

    def horizons(self, report_id: str) -> dict[Period, Role | None]:
        """The periods that a report's paragraphs speak of, each with its role."""
        return {p.period: p.role for p in self.paragraphs(report_id) if p.period is not None}

    def occurs(self, pair: str) -> bool:
        """Whether two characters stand side by side anywhere in the reports."""
        if pair not in self._pairs:
            self._pairs[pair] = bool(self.library.lexical.document_frequency([pair])[pair])
        return self._pairs[pair]

    @cached_property
    def _pairs(self) -> dict[str, bool]:
        return {}

    def names_in_quotes(self, regions: Collection[str]) -> frozenset[str]:
        """What the reports of some regions call by a name of their own, in quotation marks: 三优三特, 五大枢纽; folded, 3 to 10 characters.

        Those of the one region that is held where none is given.
        """
        names: set[str] = set()
        regions = regions or (self.regions if len(self.regions) == 1 else ())
        for report in (report for region in regions for report in self.of_region(region)):
            if report.id not in self._quoted:
                text = "\n".join(paragraph.text for paragraph in self.paragraphs(report.id))
                self._quoted[report.id] = frozenset(map(fold, _QUOTED.findall(text)))
            names |= self._quoted[report.id]
        return frozenset(names)

    @cached_property
    def _quoted(self) -> dict[str, frozenset[str]]:
        return {}

    def newest_year(self, regions: Collection[str]) -> int | None:
        """The year of the newest report of some regions, of all where none is given; None where none is held."""
        names = {name for region in regions for name in self.names_of(region)}
        years = [report.report_year for report in self.reports.values() if not regions or report.region in names]
        return max(years, default=None)

    def of_region(self, region: str) -> list[Report]:
        names = self.names_of(region)
        return [report for report in self.reports.values() if report.region in names]

    def names_of(self, region: str) -> frozenset[str]:
        """A region's name, and the name it had as a county before it became a district: 清苑县, 清苑区."""
        parents = {report.parent for report in self.reports.values() if report.region == region}
        alike = {
            report.region
            for report in self.reports.values()
            if report.parent in parents
            and report.region[-1] in "县区市"
            and region[-1] in "县区市"
            and short_name(report.region) == short_name(region)
        }
        return frozenset({region, *alike})

    def covering(self, regions: Collection[str], period: Period | None, role: Role | None) -> list[Report]:
        """Reports of the regions (of all, where none is given) that speak of the period in that role, newest first.

        A report that speaks of the very period comes before one whose span of years holds it; a span that merely
        holds the year stands in only where no report speaks of the year itself.
        """
        names = {name for region in regions for name in self.names_of(region)}
        held = [r for r in self.reports.values() if not regions or r.region in names]
        held.sort(key=lambda report: (-report.report_year, report.id))
        if period is None:
            return held
        exact = [
            r for r in held if any(same_period(period, p) and _fits(role, x) for p, x in self.horizons(r.id).items())
        ]
        return exact or [
            r for r in held if any(holds(p, period) and _fits(role, x) for p, x in self.horizons(r.id).items())
        ]


def _fits(asked: Role | None, told: Role | None) -> bool:
    return asked is None or told is None or asked == told


def same_period(asked: Period, told: Period) -> bool:
    """Whether a statement's time is the time asked: the same years, or both the five years before or after a report."""
    if asked.label in (PAST_FIVE, NEXT_FIVE):
        return told.label == asked.label or _is_span(told, asked.label)
    if told.label.startswith("到") and asked.first == told.last:
        return True
    return (asked.first, asked.last) == (told.first, told.last) and asked.partial == told.partial


def holds(told: Period, asked: Period) -> bool:
    """Whether a longer span told holds the year asked."""
    if None in (told.first, told.last, asked.first, asked.last):
        return False
    return told.first <= asked.first and asked.last <= told.last  # type: ignore[operator]


def _is_span(told: Period, label: str) -> bool:
    if told.first is None or told.last is None or told.last - told.first < 3:
        return False
    return told.label.startswith("到") if label == NEXT_FIVE else not told.label.startswith(("到", NEXT_FIVE))
