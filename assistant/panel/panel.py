"""Tables of places, years and indicators over all reports that are held."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

from assistant.corpus.corrections import Correction
from assistant.corpus.fact_rows import FactQuery
from assistant.facts.told import Told
from assistant.language.folding import fold
from assistant.language.lexicon import Lexicon
from assistant.language.regions import division_order, short_name
from assistant.panel.cells import (
    ALTERED,
    KINDS,
    NOT_HELD,
    NOT_TOLD,
    Cell,
    Kind,
    Slot,
    cells_of,
    kind_of,
    name_of_each,
    report_year_of,
)
from assistant.panel.correcting import Corrections
from assistant.panel.fulfilment import Outcome, Verdict, verdict_of
from assistant.retrieval.shelf import Shelf
from assistant.types import Report

NEAREST = 5
"""Names that are offered in the place of one that is not there."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name that nothing is called by, with the nearest that something is."""

    sort: str
    """indicator, place or year."""
    asked: str
    nearest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """What a table is made of; an empty list of places or years means all that are held."""

    indicators: tuple[str, ...]
    """Names of indicators, or subjects in the reports' own words."""
    places: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    unknown: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """A goal and a result of one place and year, and what the one came to."""

    place: str
    year: int
    goal: Cell
    result: Cell
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Series:
    """What is told of one indicator in one kind; all of it may stand on one axis."""

    indicator: str
    kind: Kind
    unit: str
    """The unit that most of its figures have, without a magnitude."""
    pairs: tuple[Pair, ...]
    """Each place with each year, places first; those alone of which a goal is told, where only these were asked for."""

    @property
    def count(self) -> int:
        """How many figures it holds."""
        return sum(cell.state == "told" for pair in self.pairs for cell in (pair.goal, pair.result))

    def runs(self, place: str, outcome: Outcome) -> list[list[Pair]]:
        """The place's years one after the other with the same outcome; a year of which nothing is known ends a run."""
        runs: list[list[Pair]] = []
        for pair in sorted((pair for pair in self.pairs if pair.place == place), key=lambda pair: pair.year):
            if pair.verdict.outcome != outcome:
                continue
            if runs and runs[-1][-1].year == pair.year - 1:
                runs[-1].append(pair)
            else:
                runs.append([pair])
        return runs


@dataclass(frozen=True, slots=True)
class Table:
    """The series that were asked for, each kind of each indicator by itself, the fullest kind first."""

    places: tuple[str, ...]
    years: tuple[int, ...]
    series: tuple[Series, ...]
    unknown: tuple[Unknown, ...] = ()
    altered: tuple[Report, ...] = ()
    """Reports of these places whose figures are left out, because their text is no longer what was taken in."""


class Panel:
    """All reports of a shelf as panel data. Holds nothing but the catalogue; facts are read when they are asked for."""

    def __init__(self, shelf: Shelf, lexicon: Lexicon, altered: Collection[Report] = ()) -> None:
        """`altered` are reports that are held and not to be cited."""
        self._shelf, self._lexicon = shelf, lexicon
        self._altered = {report.id: report for report in altered}
        self._goals: tuple[object, Table] | None = None
        self._reports = {one.id: one for one in shelf.reports.values() if one.id not in self._altered}

    def without(self, altered: Collection[Report]) -> Panel:
        """Return the same without the figures of some reports."""
        return Panel(self._shelf, self._lexicon, altered) if altered else self

    @property
    def corrections(self) -> Corrections:
        """What readers have called wrong."""
        return Corrections(self._shelf)

    @cached_property
    def _name_of(self) -> dict[str, str]:
        names_of = {region: self._shelf.names_of(region) for region in self._shelf.regions}
        return name_of_each(self._shelf.reports.values(), names_of)

    def name_of(self, region: str) -> str:
        """The name under which a place is told: its newest."""
        return self._name_of.get(region, region)

    @cached_property
    def _held(self) -> frozenset[tuple[str, int]]:
        """Place and year of each report."""
        return frozenset((self._name_of[r.region], r.report_year) for r in self._shelf.reports.values())

    @cached_property
    def _told_by(self) -> frozenset[tuple[str, int]]:
        """The same of the reports that may be cited."""
        return frozenset((self._name_of[r.region], r.report_year) for r in self._reports.values())

    @cached_property
    def places(self) -> tuple[str, ...]:
        """The places that are held, each under its newest name, in the order of the country's divisions."""
        return tuple(sorted({place for place, _ in self._held}, key=division_order))

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Every year that some report plans for or looks back on, in order."""
        return tuple(sorted({year - back for _, year in self._held for back in (0, 1)}))

    @cached_property
    def indicators(self) -> tuple[tuple[str, int], ...]:
        """The named indicators of which the reports tell something, with how many figures each has, most first."""
        counted = self._shelf.library.indicator_counts(list(self._reports))
        return tuple(sorted(counted.items(), key=lambda one: (-one[1], one[0])))

    def subjects(self, words: str, limit: int = 20) -> tuple[tuple[str, int], ...]:
        """What figures are of, in the reports' own words, where these words stand in it; with how many reports say it, most first."""
        return self._shelf.library.subjects(words, list(self._reports), limit)

    def select(self, indicators: Sequence[str], places: Sequence[str] = (), years: Sequence[int] = ()) -> Selection:
        """Find what is called by the names typed; what is not there is told with the nearest that is."""
        found: dict[str, None] = {}
        unknown: list[Unknown] = []
        for name in filter(None, map(str.strip, indicators)):
            called = self._indicators_called(name)
            found |= dict.fromkeys(called)
            if not called:
                unknown.append(Unknown("indicator", name, self._near_indicators(name)))
        chosen: dict[str, None] = {}
        for name in filter(None, map(str.strip, places)):
            met = self._places_called(name)
            chosen |= dict.fromkeys(met)
            if not met:
                unknown.append(Unknown("place", name, _near(name, self.places)))
        known = [year for year in years if year in self.years]
        for year in sorted(set(years) - set(known)):
            nearest = sorted(self.years, key=lambda held, year=year: abs(held - year))[:2]  # type: ignore[misc]
            unknown.append(Unknown("year", str(year), tuple(map(str, sorted(nearest)))))
        return Selection(tuple(found), tuple(chosen), tuple(sorted(set(known))), tuple(unknown))

    def table(self, selection: Selection, *, goals: bool = False) -> Table:
        """Read what is selected. Where places or years were asked for and none is held, there is nothing in it.

        `goals` asks for the places and years alone of which a goal is told, which takes half the time.
        """
        asked = {one.sort for one in selection.unknown}
        places = selection.places or (() if "place" in asked else self.places)
        years = selection.years or (() if "year" in asked else self.years)
        series: list[Series] = []
        corrections = self.corrections.all()
        wrong = {(one.paragraph_id, one.start, one.indicator) for one in corrections if one.state == "accepted"}
        for indicator in selection.indicators:
            told = [
                one
                for one in self.told(indicator, places)
                if (one.paragraph.id, one.fact.start, indicator) not in wrong
            ]
            of_it = [one for one in corrections if one.indicator == indicator and one.state != "refused"]
            kinds = [self._series(indicator, kind, told, places, years, of_it, goals) for kind in KINDS]
            series += sorted((one for one in kinds if one.count), key=lambda one: -one.count)
        years = _spanned(years, series) if not selection.years else years
        series = [_within(one, years) for one in series]
        altered = tuple(one for one in self._altered.values() if self._name_of[one.region] in places)
        return Table(tuple(places), tuple(years), tuple(series), selection.unknown, altered)

    def goals(self, selection: Selection) -> Table:
        """Read the goals that are selected, of all indicators where none is named; what was read last is kept until something changes."""
        asked = {one.sort for one in selection.unknown}
        if not selection.indicators and "indicator" not in asked:
            selection = replace(selection, indicators=tuple(name for name, _ in self.indicators))
        key = (selection, self.corrections.all())
        kept = self._goals
        if kept is None or kept[0] != key:
            self._goals = kept = (key, self.table(selection, goals=True))
        return kept[1]

    def told(self, indicator: str, places: Iterable[str]) -> tuple[Told, ...]:
        """Every fact of an indicator, or of a subject, of some places."""
        wanted = set(places)
        reports = [r.id for r in self._reports.values() if self._name_of[r.region] in wanted]
        is_named = indicator in self._lexicon.indicators
        query = FactQuery(reports, indicators=[indicator]) if is_named else FactQuery(reports, subject=indicator)
        return self._shelf.told(query)

    def _series(
        self,
        indicator: str,
        kind: Kind,
        told: Iterable[Told],
        places: Sequence[str],
        years: Sequence[int],
        corrections: Sequence[Correction],
        goals: bool,
    ) -> Series:
        of_kind = [one for one in told if kind_of(one.fact) == kind]
        cells, unit = cells_of(of_kind, self._name_of)
        known = self._lexicon.indicators.get(indicator)
        ceiling = bool(known and known.ceiling)
        marked: dict[Slot, list[Correction]] = {}
        for one in corrections:
            if one.kind == kind:
                marked.setdefault(Slot(one.place, one.year, one.role), []).append(one)
        pairs = []
        for place, year in product(places, years):
            if goals and Slot(place, year, "target") not in cells:
                continue
            goal, result = (self._cell(cells, Slot(place, year, role), marked) for role in ("target", "actual"))
            pairs.append(Pair(place, year, goal, result, verdict_of(goal, result, ceiling=ceiling)))
        return Series(indicator, kind, unit, tuple(pairs))

    def _cell(self, cells: dict[Slot, Cell], slot: Slot, marked: dict[Slot, list[Correction]]) -> Cell:
        cell = cells.get(slot) or self._empty(slot.place, report_year_of(slot))
        return replace(cell, corrections=tuple(marked[slot])) if slot in marked else cell

    def _empty(self, place: str, report_year: int) -> Cell:
        if (place, report_year) in self._told_by:
            return NOT_TOLD
        return ALTERED if (place, report_year) in self._held else NOT_HELD

    def _indicators_called(self, name: str) -> tuple[str, ...]:
        own = (name,) if name in self._lexicon.indicators else ()
        called = [m.names for m in self._lexicon.asked_in(name) if (m.start, m.end) == (0, len(name))]
        if own or (called and called[0]):
            return tuple(dict.fromkeys((*own, *(called[0] if called else ()))))
        said = self._shelf.library.subjects(name, list(self._reports), 1, whole=True)
        return (said[0][0],) if said else ()

    def _near_indicators(self, name: str) -> tuple[str, ...]:
        names = [
            known for indicator in self._lexicon.indicators.values() for known in (indicator.name, *indicator.asked)
        ]
        near = [self._indicators_called(one)[0] for one in _near(name, names)]
        said = [subject for subject, _ in self.subjects(name, NEAREST)]
        return tuple(dict.fromkeys((*near, *said)))[:NEAREST]

    def _places_called(self, name: str) -> tuple[str, ...]:
        folded = fold(name)
        if folded in self._name_of:
            return (self._name_of[folded],)
        found = [
            place.name for place in self._shelf.gazetteer.find(folded) if place.end == len(folded)
        ]  # 哈尔滨市道里区
        met = [self._name_of[one] for one in found if one in self._name_of]
        return tuple(dict.fromkeys(met or [one for one in self.places if short_name(one) == folded]))


def _spanned(years: Sequence[int], series: Iterable[Series]) -> tuple[int, ...]:
    """The years from the first to the last that some figure is of."""
    filled = {pair.year for one in series for pair in one.pairs if "told" in (pair.goal.state, pair.result.state)}
    return tuple(year for year in years if filled and min(filled) <= year <= max(filled))


def _within(series: Series, years: Sequence[int]) -> Series:
    kept = set(years)
    return Series(series.indicator, series.kind, series.unit, tuple(p for p in series.pairs if p.year in kept))


def _near(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """The names most like one that is not there; those it is part of come first."""
    names = list(dict.fromkeys(known))
    holding = [one for one in names if name in one or one in name]
    return tuple(dict.fromkeys((*holding, *difflib.get_close_matches(name, names, NEAREST, 0.4))))[:NEAREST]
