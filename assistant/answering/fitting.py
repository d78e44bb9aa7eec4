"""How well a figure or a sentence fits the slots of a question: time, role, kind, unit, indicator."""

from __future__ import annotations

from assistant.facts.fact import Fact
from assistant.facts.meaning import PERCENT, this_year
from assistant.language.periods import find_periods
from assistant.language.ruleset import read_rules
from assistant.retrieval.asking import PEOPLE
from assistant.retrieval.question import Question
from assistant.retrieval.shelf import holds, same_period
from assistant.types import Paragraph, Period, Report, Role

PART = 0.6
"""How well a part of the time asked fits it: 1—11月 of its year."""
_PEOPLE = read_rules("asking")["counts people"].pattern
UNTOLD = ("", "个")
"""Units that do not say what is counted."""
_OF_MEASURE = {"level": "amount", "change": "growth", "share": "share", "rate": "share", "rank": "rank"}


def indicator_fit(question: Question, fact: Fact) -> float:
    """1 for the indicator asked, -1 for another, -0.5 where only one of both is a known indicator, 0 where neither is."""
    if not question.indicators:
        return -0.5 if fact.indicator else 0.0
    if fact.indicator is None:
        return -0.5
    return 1.0 if any(fact.indicator in names for names in question.indicators) else -1.0


def period_fit(question: Question, told: Period | None) -> float:
    """1 for the very time asked, 0.6 for a part of it, 0.3 for a span that holds it, 0 where either is not told, -1 else."""
    if not question.periods or question.report_years or told is None:
        return 0.0
    fits = [-1.0]
    for asked in question.periods:
        if same_period(asked, told):
            fits.append(1.0)
        elif told.partial and holds(told, asked):
            fits.append(PART)
        elif holds(told, asked):
            fits.append(0.3)
    return max(fits)


def figure_period(question: Question, told: Period | None, paragraph: Paragraph) -> float:
    """How well a figure's time fits; of a paragraph on the very span asked about, what was reached at its end fits, too."""
    fit = period_fit(question, told)
    within = told is not None and paragraph.period is not None and holds(paragraph.period, told)
    return max(fit, PART) if within and period_fit(question, paragraph.period) == 1 else fit


def sentence_period(question: Question, text: str, paragraph: Paragraph, report: Report) -> float:
    """How well the times that a sentence or its paragraph speaks of fit the time asked."""
    if not question.periods:
        return 0.0
    told = [mention.period for mention in find_periods(text, report.report_year, this_year(report, paragraph.role))]
    told += [paragraph.period] if paragraph.period else []
    return max((period_fit(question, period) for period in told), default=0.0)


def role_fit(question: Question, role: Role | None) -> float:
    """How much surer the wording is of this role than of the other, -1 to 1; 0 where none is told."""
    sure = question.asked.probability("role", "target") - question.asked.probability("role", "actual")
    return {"target": sure, "actual": -sure, None: 0.0}[role]


def measure_fit(question: Question, fact: Fact) -> float:
    """The probability that a number of this kind is asked for."""
    return max((question.asked.probability("measure", name) for name in kinds_of(fact)), default=0.0)


def kinds_of(fact: Fact) -> tuple[str, ...]:
    """What a question may call a figure; by how many things grow (净增200家) is asked for as an amount, too."""
    name = _OF_MEASURE.get(fact.measure, "")
    counts = fact.measure == "change" and fact.unit not in PERCENT
    return (name, "amount") if counts else (name,) if name else ()


def asks_for_people(question: Question) -> bool:
    """Whether nothing but a number of people is asked for."""
    return bool(question.units) and all(units == PEOPLE for units in question.units)


def unit_fit(question: Question, fact: Fact) -> float:
    """1 where a number asked may come in the figure's unit, -1 where it may not, 0 where any will do."""
    wanted = [units for units in question.units if units]
    if not wanted:
        return 0.0
    if fact.unit in UNTOLD:
        # What such a figure counts its subject tells.
        of_people = any(_PEOPLE.search(part) for part in (fact.subject or "").split(" · "))
        if of_people and PEOPLE in wanted:
            return 1.0
        wanted = wanted if of_people else [units for units in wanted if units != PEOPLE]
    return 1.0 if any(fact.unit in units for units in wanted) else -1.0
