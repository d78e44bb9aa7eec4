"""承诺与兑现 over places: of the goals that can be compared with a result, how many each place has met."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from assistant.panel.fulfilment import Outcome
from assistant.panel.panel import Pair, Table

COMPARED: tuple[Outcome, ...] = ("met", "close", "missed")
"""What can become of a goal that can be compared with its result."""
FEWEST = 3
"""Goals from which on a place has a rank: of one or two, all or none are met by chance."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of some goals."""

    goals: int
    """All that are told."""
    met: int
    close: int
    """Goals of about so much (左右) that were nearly met."""
    missed: int

    @property
    def compared(self) -> int:
        """How many can be compared with a result of the same kind and of the whole year."""
        return self.met + self.close + self.missed

    @property
    def share(self) -> Fraction | None:
        """The part of those compared that were met; None where none can be compared."""
        return Fraction(self.met, self.compared) if self.compared else None


@dataclass(frozen=True, slots=True)
class Standing:
    """One place among the others."""

    place: str
    tally: Tally
    rank: int | None
    """From 1 for the greatest share; places alike share a rank. None with fewer than `FEWEST` goals compared."""


def ranking_of(table: Table) -> tuple[Standing, ...]:
    """Return the places of a table of goals that tell any, the greatest share of goals met first; those without a rank come last."""
    pairs: dict[str, list[Pair]] = {place: [] for place in table.places}
    for series in table.series:
        for pair in series.pairs:
            pairs[pair.place].append(pair)
    tallies = {place: tally_of(of_place) for place, of_place in pairs.items()}
    told = [(place, tally) for place, tally in tallies.items() if tally.goals]
    told.sort(key=lambda one: _order(one[1]))
    ahead = [tally.share for _, tally in told if _is_ranked(tally)]
    return tuple(
        Standing(place, tally, 1 + ahead.index(tally.share) if _is_ranked(tally) else None) for place, tally in told
    )


def tally_of(pairs: Iterable[Pair]) -> Tally:
    """Count what became of the goals of some pairs."""
    of_goals = Counter(pair.verdict.outcome for pair in pairs if pair.goal.state == "told")
    return Tally(of_goals.total(), *(of_goals[outcome] for outcome in COMPARED))


def _is_ranked(tally: Tally) -> bool:
    return tally.compared >= FEWEST


def _order(tally: Tally) -> tuple[bool, Fraction, int, int]:
    return not _is_ranked(tally), -(tally.share or Fraction(0)), -tally.compared, -tally.close
