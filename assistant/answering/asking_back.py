"""The reply that asks back which place is meant, where none is named and several can answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.answering import coverage
from assistant.answering.compose import Line
from assistant.answering.reading import Reading
from assistant.retrieval.question import Question
from assistant.types import Report


def which_place(question: Question, choices: Sequence[tuple[str, str]]) -> Reading:
    """Ask which of some (region, period label) is meant."""
    words, suggestions = coverage.which_place(question, choices)
    return Reading("needs_clarification", words=words, suggestions=suggestions, decided_by="several places")


def of_one_place(question: Question, told: Mapping[Report, tuple[Line, ...]], decided_by: str) -> Reading | None:
    """What reports tell, of the one that is asked about; asks back where that may be of several, None where none tells."""
    if len(told) > 1:
        return which_place(question, [(report.region, f"{report.report_year}年") for report in told])
    return Reading("answered", next(iter(told.values())), decided_by=decided_by) if told else None
