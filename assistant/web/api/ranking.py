"""承诺与兑现 over places as programs and the page get it: how many goals each place has met, with the sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.panel.panel import Panel, Table, Unknown
from assistant.panel.ranking import FEWEST, Standing, ranking_of
from assistant.types import ReportRef


@dataclass(frozen=True, slots=True)
class StandingReply:
    """One place among the others."""

    place: str
    rank: int | None
    """From 1 for the greatest share; null where too few goals can be compared."""
    goals: int
    """All goals that are told."""
    compared: int
    """Those that can be compared with a result."""
    met: int
    close: int
    missed: int
    share: float | None
    """Met of those compared, from 0 to 1."""
    sum: str
    """The same with its arithmetic: 12÷15=80%."""

    @classmethod
    def of(cls, standing: Standing) -> StandingReply:
        tally, share = standing.tally, standing.tally.share
        told = "" if share is None else f"{tally.met}÷{tally.compared}={float(share):.0%}"
        return cls(
            place=standing.place,
            rank=standing.rank,
            goals=tally.goals,
            compared=tally.compared,
            met=tally.met,
            close=tally.close,
            missed=tally.missed,
            share=None if share is None else round(float(share), 4),
            sum=told,
        )


@dataclass(frozen=True, slots=True)
class RankingReply:
    """Places by how many of their goals they have met."""

    ranking: tuple[StandingReply, ...]
    without: tuple[str, ...]
    """Places of which no goal is told."""
    fewest: int
    """Goals that must be comparable for a rank."""
    indicators: tuple[str, ...]
    """Those whose goals are counted."""
    years: tuple[int, ...]
    unknown: tuple[Unknown, ...]
    altered: tuple[ReportRef, ...]

    @classmethod
    def of(cls, table: Table) -> RankingReply:
        ranking = tuple(map(StandingReply.of, ranking_of(table)))
        ranked = {one.place for one in ranking}
        return cls(
            ranking=ranking,
            without=tuple(place for place in table.places if place not in ranked),
            fewest=FEWEST,
            indicators=tuple(dict.fromkeys(one.indicator for one in table.series)),
            years=table.years,
            unknown=table.unknown,
            altered=tuple(map(ReportRef.of, table.altered)),
        )


def ranking(panel: Panel, indicators: Sequence[str], places: Sequence[str], years: Sequence[int]) -> RankingReply:
    """Rank the places that are named, or all that are held."""
    return RankingReply.of(panel.goals(panel.select(indicators, places, years)))
