"""Why a report has set its goals as it has: 「确定上述目标，主要基于以下考虑：一是…」, wherever it stands."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.about import RULES
from assistant.answering.compose import Line
from assistant.answering.lists import findings_of, lists_of
from assistant.answering.reading import Reading
from assistant.language.folding import fold
from assistant.retrieval.question import Question
from assistant.retrieval.shelf import Shelf
from assistant.types import Report


def reasons_of_goals(question: Question, reports: Sequence[Report], shelf: Shelf) -> Reading | None:
    """Return the reasons that the first of the reports lists for its goals; None where they are not asked, or not listed."""
    asked = fold(question.text)
    if not all(RULES[name].pattern.search(asked) for name in ("asks for reasons", "sets a goal")):
        return None
    gives = RULES["gives reasons for goals"].pattern
    years = {period.last for period in question.periods}
    for report in [report for report in reports if report.report_year in years] or reports:
        reasons = next((items for items in lists_of(report, shelf) if gives.search(items[0].heading)), None)
        if reasons:
            line = Line(
                tuple(findings_of(reasons, report, shelf)), lead=f"{report.region}{report.report_year}年定目标的考虑"
            )
            return Reading("answered", (line,), decided_by="reasons")
    return None
