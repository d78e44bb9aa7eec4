"""Which of the reports on the shelf a question is about, from place and time alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.checks import is_check
from assistant.corpus.fact_rows import FactQuery
from assistant.language.folding import fold
from assistant.language.roles import ROLES
from assistant.retrieval.asking import is_of_the_newest
from assistant.retrieval.question import Question
from assistant.retrieval.shelf import Shelf
from assistant.types import Report


def in_scope(question: Question, shelf: Shelf) -> list[Report]:
    """The reports of the place that speak of the time asked about, newest first; those named by their year, where any is."""
    period = question.periods[0] if question.periods else None
    if question.report_years:
        reports = [
            r for r in shelf.covering(question.subject_regions, None, None) if r.report_year in question.report_years
        ]
        if reports or question.subject_regions:
            return reports
    # Wording tells goal from result less surely than a year does: only indicators are held to it, and only if any report fits.
    role = question.role if question.indicators else None
    return shelf.covering(question.subject_regions, period, role) or shelf.covering(
        question.subject_regions, period, None
    )


def one_of_each_place(reports: Sequence[Report]) -> list[Report]:
    """The first report of each place."""
    return list({report.region: report for report in reversed(reports)}.values())[::-1]


def mentioning(question: Question, shelf: Shelf) -> list[Report]:
    """Reports of the place that are of other years, and have a figure of the year asked about: 从2016年的2618亿元增至…."""
    if not question.subject_regions or question.report_years:
        return []
    years = {period.first for period in question.periods if period.first and period.first == period.last}
    held = shelf.covering(question.subject_regions, None, None)
    return [r for r in held if any(shelf.library.facts(FactQuery(reports=[r.id], year=year)) for year in years)]


def of_the_years_held(question: Question, shelf: Shelf) -> Question:
    """A question about the last few years (近两年), of which no report tells by that name, as one that names no time."""
    recent = len(question.periods) == 1 and question.periods[0].label.startswith("近")
    if not recent or question.indicators or in_scope(question, shelf):
        return question
    return replace(question, periods=())


def ways(question: Question, reports: Sequence[Report], shelf: Shelf) -> list[tuple[Question, Sequence[Report]]]:
    """The ways in which a question is taken, each with its reports, in their order: the first that answers is the one.

    The newest report before the others where no time is asked for; what came of a year gone by before what was planned for it,
    where that is not asked for; and the question as it stands before the plan of a year of which nothing can have come yet.
    """
    newest = [report for report in reports if report.report_year == max(one.report_year for one in reports)]
    found: list[tuple[Question, Sequence[Report]]] = []
    year = question.periods[0].last if len(question.periods) == 1 else None
    if year and question.asked.role == "target" and question.shape == "number" and not question.indicators:
        # The report of a year sets its goals; what another says of them would only stand before it.
        own = [report for report in reports if report.report_year == year]
        found += [(question, own)] if own and len(own) < len(reports) else []
    if _is_timeless(question) and len(newest) < len(reports):
        found.append((question, newest))
    if _is_of_the_past(question, shelf):
        # A later report tells what came of it; beside the plan, in the same words, it would stand second.
        later = [report for report in reports if report.report_year > (question.periods[0].last or 0)]
        found.append((replace(question, asked=question.asked.settled("role", "actual")), later or reports))
    found.append((question, reports))
    if _sounds_done(question, shelf):
        found.append((replace(question, role="target", asked=question.asked.settled("role", "target")), reports))
    return found


def _is_timeless(question: Question) -> bool:
    """Whether somebody who names no time means now: not of an indicator, of which each time is told, nor of a term.

    What is claimed to be so may be told in any report.
    """
    if question.periods or question.report_years or len(question.subject_regions) != 1 or is_check(question):
        return False
    return is_of_the_newest(fold(question.text)) or not (question.indicators or question.shape == "define")


def _is_of_the_past(question: Question, shelf: Shelf) -> bool:
    """Whether a number of a year that a report has reviewed is asked for, and not whether it was planned or reached."""
    years = {period.last for period in question.periods}
    newest = shelf.newest_year(question.subject_regions) or 0
    gone_by = len(years) == 1 and (next(iter(years)) or newest) < newest
    return gone_by and question.role != "target" and question.shape == "number" and not question.indicators


def _sounds_done(question: Question, shelf: Shelf) -> bool:
    """Whether a result is asked for only as it sounds (今年能供多少气), of a year of which the reports tell but what is planned."""
    years = {period.last for period in question.periods if period.last}
    of_this_year = bool(years) and min(years) >= (shelf.newest_year(question.subject_regions) or 0)
    likely = question.asked.probability("role", "actual") > question.asked.probability("role", "target")
    return of_this_year and likely and not ROLES["role word"].pattern.search(fold(question.text))


def year_is_missing(question: Question, shelf: Shelf) -> bool:
    """Whether the report that owes a year's goals or results is not held: others may speak of that year in passing."""
    years = {period.first for period in question.periods if period.first == period.last and not period.partial}
    if not question.indicators or len(years) != 1 or len(question.subject_regions) != 1 or question.report_years:
        return False
    year = years.pop() or 0
    owing = {"target": {year}, "actual": {year + 1}}.get(question.role or "", {year, year + 1})
    return not owing & {report.report_year for report in shelf.of_region(question.subject_regions[0])}
