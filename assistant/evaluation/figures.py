"""Whether the figures of an answer are the right ones, and keep their hedge, role and year."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.compose import plain
from assistant.evaluation.numbers import counterparts, find_numbers, same_number
from assistant.evaluation.questions import GoldQuestion
from assistant.language.hedges import hedged, meanings
from assistant.language.periods import find_periods
from assistant.types import Answer, Figure, Period


def numeric_match(gold: GoldQuestion, answer: Answer) -> float | None:
    """Return the share of the reference answer's figures that the answer says, by value and unit.

    Exact match after normalisation, as the numeric answers of FinQA (Chen et al. 2021) are judged, taken per figure.
    Years and dates are none. None where the reference has no figure or the question is unanswerable.
    """
    wanted = find_numbers(gold.answer)
    if gold.kind == "unanswerable" or not wanted:
        return None
    said = find_numbers(plain(answer.answer))
    return sum(any(same_number(figure, other) for other in said) for figure in wanted) / len(wanted)


def hedge_kept(gold: GoldQuestion, answer: Answer) -> float | None:
    """Return the share of the reference's hedged figures whose hedge the answer keeps (左右, 以上, 力争, 预计 …).

    Own definition. A wrong figure is `numeric_match`'s matter: where the figure itself is missing, the answer's figures
    of its unit are looked at instead. None where no hedged figure has a counterpart.
    """
    if gold.kind == "unanswerable":
        return None
    text = plain(answer.answer)
    said = find_numbers(text)
    kept = []
    for figure in find_numbers(gold.answer):
        others = counterparts(figure, said) if figure.hedges else []
        if others:
            kept.append(any(meanings(figure.hedges) <= hedged(other, text) for other in others))
    return sum(kept) / len(kept) if kept else None


def role_right(gold: GoldQuestion, answer: Answer) -> float | None:
    """Return 1 where a question for a goal is answered with a goal, one for a result with a result, else 0.

    Own definition: the role of the answer's figure that the reference names, or where it is missing of any figure. None
    where the question asks for neither or no figure has a role.
    """
    if gold.kind not in ("target", "actual"):
        return None
    roles = [figure.role for figure in _figures_meant(gold, answer) if figure.role]
    return float(gold.kind in roles) if roles else None


def year_right(gold: GoldQuestion, answer: Answer) -> float | None:
    """Return 1 where the answer speaks of the year that the question is about, else 0.

    Own definition: the period of the answer's figure that the reference names, or where it is missing of any figure; where
    no figure has a period, the years in the text. 今后五年 is anchored by the cited report. None where the question has no
    year or the answer names none.
    """
    if gold.year is None or gold.kind == "unanswerable" or answer.verdict != "answered":
        return None
    periods = [period for figure in _figures_meant(gold, answer) for period in _periods(figure, answer)]
    if not periods:
        periods = [mention.period for mention in find_periods(plain(answer.answer))]
    spans = [(period.first, period.last or period.first) for period in periods if period.first]
    return float(any(first <= gold.year <= (last or first) for first, last in spans)) if spans else None


def _figures_meant(gold: GoldQuestion, answer: Answer) -> Sequence[Figure]:
    """The answer's figures that the reference answer holds; all of them where it holds none of these."""
    wanted = find_numbers(gold.answer)
    meant = [
        figure
        for figure in answer.figures
        if any(same_number(number, other) for number in wanted for other in find_numbers(figure.text))
    ]
    return meant or answer.figures


def _periods(figure: Figure, answer: Answer) -> list[Period]:
    cited = next((citation.report for citation in answer.citations if citation.number == figure.citation), None)
    mentions = find_periods(figure.period or "", report_year=cited.report_year if cited else None)
    return [mention.period for mention in mentions]
