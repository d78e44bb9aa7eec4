"""Which figure stands in which cell: of the facts of an indicator, the one that tells a place, a year, goal or result best.

A goal of a year stands in the report of that year, its result in the report of the year after. What another report says of it
stands in where that one says nothing.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from assistant.corpus.corrections import Correction
from assistant.facts.fact import Fact
from assistant.facts.phrases import RULES
from assistant.facts.told import Told
from assistant.language.folding import fold
from assistant.language.hedges import meanings
from assistant.types import Paragraph, Report, Role

Kind = Literal["change", "level", "share", "rate"]
"""What may stand in one table and on one axis: by how much (增速), how much (总量), a part of a whole (占比), a level in per cent (比率)."""

KINDS: tuple[Kind, ...] = ("change", "level", "rate", "share")
State = Literal["told", "not_told", "not_held", "altered"]
"""A figure; a report that tells none (未提及); no report that could (未收录); one whose text is no longer what was taken in (不能引用)."""

SCENE = RULES["announces goals"].pattern
_SHARE = re.compile(r"占(?!地)[^,，。;；]*(?:比重|比例|份额|比)|占比|比重|份额")
_WHOLE = re.compile(rf"^(?:{RULES['whole place'].source}|全年|实现|完成|预计|·|\s)+")


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a figure belongs: a place, a calendar year, goal or result."""

    place: str
    year: int
    role: Role


@dataclass(frozen=True, slots=True)
class Cell:
    """What is known of a slot."""

    state: State
    told: Told | None = None
    """The figure that tells it best."""
    others: tuple[Told, ...] = ()
    """Figures that contradict it, each value once: nothing is merged, nothing averaged."""
    corrections: tuple[Correction, ...] = ()
    """What readers have called wrong here, with what was decided of it."""

    @property
    def is_partial(self) -> bool:
        """Whether only some months of the year are told (1—11月)."""
        return bool(self.told and self.told.period and self.told.period.partial)


NOT_TOLD, NOT_HELD, ALTERED = Cell("not_told"), Cell("not_held"), Cell("altered")


def cells_of(told: Iterable[Told], name_of: Mapping[str, str]) -> tuple[dict[Slot, Cell], str]:
    """Return the cells that facts of one indicator and one kind fill, and the unit that most of the facts have.

    `name_of` gives the name under which a place is told for each name that its reports have.
    """
    found: dict[Slot, list[Told]] = defaultdict(list)
    for one in told:
        slot = slot_of(one, name_of)
        if slot:
            found[slot].append(one)
    units = Counter(one.fact.unit for ones in found.values() for one in ones if one.fact.value is not None)
    unit = units.most_common(1)[0][0] if units else ""
    return {slot: _cell(slot, ones, unit) for slot, ones in found.items()}, unit


def slot_of(told: Told, name_of: Mapping[str, str]) -> Slot | None:
    """Where a figure belongs; None where it is of another place, of several years, compared with something, or of no time."""
    fact, period = told.fact, told.fact.period
    if fact.place is not None or fact.aggregate is not None or period is None or kind_of(fact) is None:
        return None
    if period.first is None or period.first != period.last:
        return None
    role = fact.role or ("actual" if period.first < told.report.report_year else None)
    if role is None or is_compared(fact, told.paragraph) or _is_of_a_share(fact, told.paragraph):
        return None
    if role == "target" and (
        period.partial or told.paragraph.role == "actual" or period.first != told.report.report_year
    ):
        return None  # a quarter's result among the plans, a goal that a review recalls, or that was set years before
    return Slot(name_of.get(told.report.region, told.report.region), period.first, role)


def is_compared(fact: Fact, paragraph: Paragraph) -> bool:
    """Whether the figure's clause sets it against something else than the year before: 比全省高0.5个百分点."""
    words = fold(paragraph.text[slice(*fact.clause)])
    return words.startswith("比") and not RULES["against the year before"].pattern.match(words)


def _is_of_a_share(fact: Fact, paragraph: Paragraph) -> bool:
    """占生产总值比重提高1.4个百分点: what has grown is the share."""
    return fact.measure == "change" and bool(_SHARE.search(paragraph.text[fact.clause[0] : fact.start]))


def kind_of(fact: Fact) -> Kind | None:
    """The kind of a fact; None for ranks and comparisons, which stand in no table. A goal in words is a change where it has no unit."""
    return fact.measure if fact.measure in KINDS else None


def _cell(slot: Slot, told: Sequence[Told], unit: str) -> Cell:
    best, *rest = sorted(told, key=lambda one: (one.fact.unit == unit, *preference(slot, one)), reverse=True)
    if best.fact.value is None or (best.period and best.period.partial):
        return Cell("told", best)
    others: list[Told] = []
    for one in rest:
        whole = one.period is not None and not one.period.partial
        alike = _named(one) == _named(best)
        if whole and alike and all(contradicts(one, known) for known in (best, *others)):
            others.append(one)
    return Cell("told", best, tuple(others))


def _named(told: Told) -> str:
    """What a figure is of without the words that name the whole place: of 全市财政收入 and 地方财政收入 the one is not the other."""
    return _WHOLE.sub("", told.fact.subject or "")


def preference(slot: Slot, told: Told) -> tuple[float, ...]:
    """Order of the figures of one slot, the greatest first: of the whole year, with a number, in the report that owes it, where the
    goals are announced, how much it is and not what it has passed, and what stands first.
    """
    fact, paragraph, period = told.fact, told.paragraph, told.period
    return (
        period is not None and not period.partial,
        fact.value is not None,
        told.report.report_year == report_year_of(slot),
        is_announced(fact, paragraph) and slot.role == "target",
        not tells_what_was_passed(told),
        -abs(told.report.report_year - report_year_of(slot)),
        -paragraph.ordinal,
        -fact.start,
    )


def tells_what_was_passed(told: Told) -> bool:
    """Whether a figure is one that was passed (突破500亿元, 跨上5万亿元台阶), and not how much it is."""
    fact, text = told.fact, fold(told.paragraph.text)
    before, behind = text[fact.clause[0] : fact.start], text[fact.end : fact.sentence[1]]
    return bool(
        RULES["passes from before"].pattern.search(before) or RULES["passes from behind"].pattern.search(behind)
    )


def report_year_of(slot: Slot) -> int:
    """The year of the report that tells a slot: goals stand in the year's own, results in the next."""
    return slot.year if slot.role == "target" else slot.year + 1


def is_announced(fact: Fact, paragraph: Paragraph) -> bool:
    """Whether a figure stands where its report sets out its goals."""
    return bool(SCENE.search(paragraph.text[: fact.clause[0]]) or SCENE.search("".join(paragraph.headings[-1:])))


def contradicts(one: Told, other: Told) -> bool:
    """Whether two figures of one slot and unit cannot both be true: apart beyond how they are rounded and hedged."""
    if one.fact.unit != other.fact.unit or one.fact.value is None or other.fact.value is None:
        return False
    if one.fact.direction * other.fact.direction < 0:
        return True
    (least, most), (from_, to) = _bounds(one), _bounds(other)
    return least > to or from_ > most


def _bounds(told: Told) -> tuple[Decimal, Decimal]:
    """The least and the most that a figure may stand for: 1029.8亿元 is between 1029.75 and 1029.85, 620亿元以上 has no most."""
    fact = told.fact
    assert fact.value is not None
    half = _last_digit(fact.value) / 2
    least, most = fact.value - half, (fact.upper or fact.value) + half
    said = meanings(fact.hedges)
    if "at least" in said or tells_what_was_passed(told):
        most = Decimal("Infinity")
    if "at most" in said:
        least = Decimal("-Infinity")
    if "about" in said:
        margin = max(abs(fact.value) / 20, half)
        least, most = least - margin, most + margin
    return least, most


def _last_digit(value: Decimal) -> Decimal:
    """One of the last digit that is written: 0.1 for 5.5; of whole numbers, of the last digit that is no zero."""
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal(10) ** exponent


def name_of_each(reports: Iterable[Report], names_of: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """The newest name of each place for each name that its reports have: 徐水县 is told as 徐水区 where both are held."""
    newest: dict[str, tuple[int, str]] = {}
    for report in reports:
        for name in names_of[report.region]:
            newest[name] = max(newest.get(name, (0, "")), (report.report_year, report.region))
    return {name: region for name, (_, region) in newest.items()}
