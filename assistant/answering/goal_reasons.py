"""Why a report has set its goals as it has: 「确定上述目标，主要基于以下考虑：一是…」, wherever it stands."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.about import RULES
from assistant.answering.compose import Line
from assistant.answering.extract import LONG
from assistant.answering.finding import Finding
from assistant.answering.reading import Reading
from assistant.answering.topic import opening
from assistant.language.folding import fold
from assistant.language.injection import plain_sentences
from assistant.retrieval.question import Question
from assistant.retrieval.shelf import Shelf
from assistant.types import Paragraph, Report


def reasons_of_goals(question: Question, reports: Sequence[Report], shelf: Shelf) -> Reading | None:
    """Return what the first of the reports says of why it has set its goals so; None where that is not asked, or not told."""
    asked = fold(question.text)
    if not all(RULES[name].pattern.search(asked) for name in ("asks for reasons", "sets a goal")):
        return None
    years = {period.last for period in question.periods}
    for report in [report for report in reports if report.report_year in years] or reports:
        for paragraph in shelf.paragraphs(report.id):
            for sentence in plain_sentences(paragraph.text):
                if RULES["gives reasons for goals"].pattern.search(fold(paragraph.text[slice(*sentence)])):
                    found = _reason_by_reason(report, paragraph, sentence[0], shelf)
                    lead = f"{report.region}{report.report_year}年定目标的考虑"
                    return Reading("answered", (Line(tuple(found), lead=lead),), decided_by="reasons")
    return None


def _reason_by_reason(report: Report, paragraph: Paragraph, start: int, shelf: Shelf) -> list[Finding]:
    """The items of the list that the sentence announces, each by its first clauses; else what the paragraph goes on with."""
    items = [
        item for item in shelf.items(report.id) if item.kind == "list" and item.list_id.startswith(f"{paragraph.id}-l")
    ]
    parts = [(shelf.paragraph(item.paragraph_id), (item.start, item.end)) for item in items]
    parts = parts or [(paragraph, span) for span in plain_sentences(paragraph.text) if span[0] >= start]
    room = max(40, LONG // len(parts))
    return [Finding(report, held, opening(held, span, room), span) for held, span in parts]
