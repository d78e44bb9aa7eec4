"""Which of several years a figure is of, where only the figures beside it or the heading above it tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from assistant.facts import meaning
from assistant.facts.annotated import Annotated
from assistant.facts.fact import Fact
from assistant.facts.phrases import RULES

_MOST_IN_A_YEAR = Decimal(30)
"""Per cent; a growth beyond it may be one over all the years that a section looks back on."""


def in_their_years(facts: Sequence[Fact], page: Annotated) -> list[Fact]:
    """Move the figures of one sentence that looks back on several years into the years that they are of.

    完成44.9亿元，比2011年增长84.5%，年均增长13%: the amount is of 2016, both growths are of 2012 to 2016. 同比增长3% is of the
    last year, and its amount too; 累计完成 stays a sum.
    """
    placed = [_of_a_year(fact, page) for fact in facts]
    over_years = {f.subject_spans for f in placed if f.aggregate == "average" or is_grown(f)}
    over_one = {f.subject_spans for f, read in zip(placed, facts, strict=True) if f is not read}
    return [_beside(fact, page, over_years | over_one) for fact in placed]


def is_grown(fact: Fact) -> bool:
    """Whether a fact is a growth since a base of some years ago."""
    return fact.period is not None and meaning.is_since(fact.period)


def _of_a_year(fact: Fact, page: Annotated) -> Fact:
    """Put a growth into the last year of a look back on several, where it says so or stands in a section on both."""
    period = fact.period
    if period is None or fact.measure != "change" or fact.aggregate != "cumulative":
        return fact
    if not meaning.is_review_of_years(period, page.report) or is_grown(fact):
        return fact
    said = RULES["against the year before"].pattern.search(page.folded, fact.clause[0], fact.start)
    if said or (_is_mixed(page) and _may_be_a_years(fact, page)):
        return replace(fact, period=meaning.last_year(period), aggregate=None)
    return fact


def _is_mixed(page: Annotated) -> bool:
    """Whether the section tells of a year and of several: 一、“十三五”时期和2020年工作回顾."""
    return meaning.names_last_year_too(page.paragraph, page.report)


def _may_be_a_years(fact: Fact, page: Annotated) -> bool:
    """Whether a growth without 年均, 累计 or a base is one that is told for each year: of an indicator, and no leap."""
    told = page.folded[fact.sentence[0] : fact.start]
    small = fact.value is not None and fact.value <= _MOST_IN_A_YEAR and fact.unit == "%"
    return bool(fact.indicator and fact.direction > 0 and small and not RULES["over years"].pattern.search(told))


def _is_of_a_span_named(fact: Fact, page: Annotated) -> bool:
    """Whether the sentence itself names the span that a level is of, and not what was reached: “十三五”时期，完成进出口总值833.9亿元，年均增长8.4%."""
    before = page.folded[fact.sentence[0] : fact.start]
    named = {time.period for time in page.times_in((fact.sentence[0], fact.start))}
    return fact.period in named and not RULES["reached"].pattern.search(before)


def _beside(fact: Fact, page: Annotated, grown: set[object]) -> Fact:
    """Put a level beside its growth into the last of the years, and a yearly growth beside one year into the years."""
    period = fact.period
    summed = RULES["in all"].pattern.search(page.folded, fact.clause[0], fact.start)
    if (
        fact.measure == "level"
        and period
        and fact.subject_spans in grown
        and fact.aggregate != "average"
        and not summed
        and not _is_of_a_span_named(fact, page)
    ):
        return replace(fact, period=meaning.last_year(period), aggregate=None)
    if fact.aggregate == "average" and meaning.is_one_year(period):
        yearly = "年均" in page.folded[slice(*fact.clause)]
        years = meaning.years_spoken_of(page.paragraph, page.report) if yearly else page.paragraph.period
        return replace(fact, period=years) if meaning.is_span(years, period) else fact
    return fact
