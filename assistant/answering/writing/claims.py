"""What the words of a report, and the words of a draft, claim of each figure: of what it is, whose, of which time, goal or result."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from assistant.answering.writing import beside
from assistant.answering.writing.beside import pairs as pairs
from assistant.facts.fact import Fact
from assistant.facts.meaning import this_year
from assistant.language.folding import fold
from assistant.language.hedges import hedged, meanings, opened_by
from assistant.language.lexicon import Lexicon
from assistant.language.lexicon import Mention as Indicated
from assistant.language.periods import PeriodMention, find_periods
from assistant.language.quantities import Quantity, find_quantities
from assistant.language.regions import Gazetteer, Place
from assistant.language.sentences import Span
from assistant.types import Paragraph, Period, Report, Role

_FEW_PAIRS = 3
"""Pairs of characters that tell too little of what a figure is of; the words of its clause are taken too."""
_BASE = re.compile(r"[比较超]$|[比较]\D{0,4}$|高于$|低于$|快于$|慢于$|多于$|少于$")
_GREW = re.compile(r"^(?:全年|同期|末|底)?的?(?:增长|提高|增加|下降|降低|减少|上升|翻|[多少高低快慢])")
_OF_THE_REPORT = re.compile(r"^的?(?:.{0,6}的)?(?:政府)?(?:工作)?报告")
_MARK = re.compile(r"[,，;；。:：!！?？]")
_EACH = re.compile(r"[均都](?!衡|匀|市|会)")

Mention = TypeVar("Mention", Place, PeriodMention)


@dataclass(frozen=True, slots=True)
class Claim:
    """One figure with what is said of it."""

    quantity: Quantity
    about: frozenset[str]
    """Pairs of characters that stand beside the figure and say what it is of."""
    indicators: tuple[str, ...]
    periods: tuple[Period, ...]
    """The time it is of; on the side of a report also the times that its clause names. Empty where none is told."""
    hedges: frozenset[str]
    """What its hedges mean."""
    allowed: frozenset[str]
    """Those, and the hedges that open its sentence, which may be said of it or not."""
    direction: int
    """-1 for a fall, 1 for a rise, 0 where neither is said."""
    role: Role | None = None
    region: str | None = None
    subject: str = ""
    """On the side of a report: the words that it is a figure of."""


def stated(paragraph: Paragraph, report: Report, span: Span, facts: Sequence[Fact]) -> list[Claim]:
    """Return what the report states of each figure in `paragraph.text[slice(*span)]`, from the facts of the paragraph."""
    figures: dict[int, list[Fact]] = {}
    for fact in facts:
        if fact.value is not None and fact.measure != "rank" and fact.clause[1] > span[0] and fact.clause[0] < span[1]:
            figures.setdefault(fact.start, []).append(fact)
    return [_stated(paragraph, report, alike, facts) for _, alike in sorted(figures.items())]


def _stated(paragraph: Paragraph, report: Report, alike: Sequence[Fact], facts: Sequence[Fact]) -> Claim:
    """One figure of a paragraph; `alike` are the facts of it, one for each subject that it is said of."""
    fact, text = alike[0], paragraph.text
    clause = text[slice(*fact.clause)]
    figure = text[fact.start : fact.end]
    quantity = Quantity(fact.start, fact.end, figure, fact.value or Decimal(0), fact.unit, fact.upper, fact.hedges)
    within = replace(quantity, start=fact.start - fact.clause[0], end=fact.end - fact.clause[0])
    measures = beside.measures(clause, within)
    named = [m.period for m in find_periods(clause, report.report_year, this_year(report, paragraph.role))]
    about = frozenset().union(*(_about(one, facts, text) for one in alike))
    return Claim(
        quantity=quantity,
        about=about if len(about) >= _FEW_PAIRS else about | pairs(clause),
        indicators=tuple(dict.fromkeys(one.indicator for one in alike if one.indicator)),
        periods=tuple(dict.fromkeys(period for period in (fact.period, paragraph.period, *named) if period)),
        hedges=meanings(fact.hedges) | measures,
        allowed=meanings(fact.hedges) | opened_by(text[fact.sentence[0] : fact.start]) | measures,
        direction=fact.direction,
        role=fact.role,
        region=report.region,
        subject=fact.subject or "",
    )


def _about(fact: Fact, facts: Sequence[Fact], text: str) -> frozenset[str]:
    """The pairs of the words that a fact is of, and of those between these and its figure, or behind it up to the next."""
    ends = [end for _, end in fact.subject_spans if end <= fact.start]
    since = max([fact.clause[0], *(other.end for other in facts if other.end <= fact.start)])
    until = min([fact.clause[1], *(other.start for other in facts if other.start >= fact.end)])
    between = text[max(ends[-1], fact.clause[0]) if ends else since : fact.start]
    after = text[fact.end : until]
    behind = "" if after.startswith("、") else after
    return pairs(fact.subject or "") | pairs(fact.of or "") | pairs(between) | pairs(behind)


def claimed(text: str, lexicon: Lexicon, gazetteer: Gazetteer, anchor: tuple[int, int] | None = None) -> list[Claim]:
    """Return what a sentence of a draft claims of each of its figures.

    `anchor` is (report year, the year that 今年 means) of the report it is held against. 「甲和乙分别为…和…」 is read in order.
    """
    folded = fold(text)
    periods = spoken_periods(text, anchor)
    places = gazetteer.find(folded)
    named = lexicon.written_in(text)
    figures = _figures(text, periods)
    plain = list(text)
    for named_place in places:
        plain[named_place.start : named_place.end] = "\n" * (named_place.end - named_place.start)
    in_order = "分别" in text
    claims: list[Claim] = []
    for at, quantity in enumerate(figures):
        indicator = named[at] if in_order and len(named) == len(figures) else _nearest(named, quantity, folded)
        period = _matching(periods, figures, at, in_order)
        place = _matching(places, figures, at, in_order)
        claim = Claim(
            quantity=quantity,
            about=beside.about("".join(plain), figures, at),
            indicators=indicator.names if indicator else (),
            periods=(period.period,) if period else (),
            hedges=hedged(quantity, text) | beside.measures(text, quantity),
            allowed=hedged(quantity, text) | beside.measures(text, quantity),
            direction=beside.direction(text, quantity),
            region=place.name if place else None,
        )
        claims += _of_each(claim, text, figures, at, places, periods)
    return claims


def _of_each(
    claim: Claim,
    text: str,
    figures: Sequence[Quantity],
    at: int,
    places: Sequence[Place],
    periods: Sequence[PeriodMention],
) -> list[Claim]:
    """A claim of each place that one figure is said of: 道里区2023年和南岗区2022年均为增长6%."""
    start = figures[at - 1].end if at else 0
    before = text[start : claim.quantity.start]
    several = [p for p in places if start <= p.start and p.end <= claim.quantity.start]
    if len(several) < 2 or not _EACH.search(before):
        return [claim]
    times = [[m.period for m in periods if place.end <= m.start <= place.end + 1] for place in several]
    return [
        replace(claim, region=place.name, periods=tuple(told) or claim.periods)
        for place, told in zip(several, times, strict=True)
    ]


def spoken_periods(text: str, anchor: tuple[int, int] | None = None) -> list[PeriodMention]:
    """The times a sentence speaks of: not those that it compares with (比2020年高), nor the year in the name of a report."""
    mentions = find_periods(text, *(anchor or (None, None)))
    return [
        m
        for m in mentions
        if not (_BASE.search(fold(text[: m.start])) and _GREW.match(fold(text[m.end :])))
        and not _OF_THE_REPORT.match(fold(text[m.end :]))
    ]


def report_years(text: str) -> set[int]:
    """The years by which a sentence calls a report: 南岗区2022年的政府工作报告."""
    named = [m.period for m in find_periods(text) if _OF_THE_REPORT.match(fold(text[m.end :]))]
    return {period.first for period in named if period.first and period.first == period.last}


def _figures(text: str, periods: Sequence[PeriodMention]) -> list[Quantity]:
    spans = [(m.start, m.end) for m in find_periods(text)]
    dates = [m.span() for m in re.finditer(r"\d{1,2}月\d{1,2}日", fold(text))]
    return [q for q in find_quantities(text) if not any(s < q.end and q.start < e for s, e in [*spans, *dates])]


def _nearest(named: Sequence[Indicated], quantity: Quantity, folded: str) -> Indicated | None:
    """The indicator before a figure, else the one right behind it (增长5.5%的地区生产总值)."""
    before = [m for m in named if m.end <= quantity.start]
    if before:
        return before[-1]
    behind = [m for m in named if m.start >= quantity.end and not _MARK.search(folded[quantity.end : m.start])]
    return behind[0] if behind else None


def _matching(mentions: Sequence[Mention], figures: Sequence[Quantity], at: int, in_order: bool) -> Mention | None:
    """Of the places or times named, the one that figure number `at` is of: the last before it, else the first behind it."""
    if in_order and len(mentions) == len(figures) > 1 and mentions[-1].end <= figures[0].start:
        return mentions[at]
    before = [m for m in mentions if m.end <= figures[at].start]
    return before[-1] if before else mentions[0] if mentions else None


def carried(claim: Claim, period: Period | None, region: str | None) -> Claim:
    """The claim with the time and place of the sentences before it where it names none."""
    return replace(
        claim,
        periods=claim.periods or ((period,) if period else ()),
        region=claim.region or region,
    )
