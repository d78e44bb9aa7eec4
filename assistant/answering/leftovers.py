"""What a question asks beside what its answer has told: 「外资和出口各要冲到多少」 answered with 外资 alone owes 出口."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.compose import Line
from assistant.answering.finding import Finding
from assistant.answering.reader import Reader
from assistant.answering.reading import Reading
from assistant.language.ruleset import read_rules
from assistant.retrieval.asking import numbers_asked
from assistant.retrieval.question import Question
from assistant.retrieval.relevance import Weights, weigh

SINGLE = frozenset({"statement", "figure", "sentence"})
"""Parts of the reader that answer with one thing."""
OWED = 0.5
"""Share of what a part of the question is about, below which an answer has not told it."""
LEAST = 0.3
"""Weight of a word from which a part of the question is about something."""
_PARTS = read_rules("asking")["parts of a question"].pattern
_WHOLE = re.compile("[全本][省市国区县州]")


def with_leftovers(reader: Reader, question: Question, reading: Reading) -> Reading:
    """Add what the reader has on each part of a question that its answer leaves out; a part that it knows nothing of is left out."""
    if reading.verdict != "answered" or reading.decided_by not in SINGLE or len(question.subject_regions) != 1:
        return reading
    weights = weigh(question.terms, reader.shelf.library)
    for part in _parts(question, weights):
        told = " ".join(f"{f.lead}{f.quoted}" for line in reading.lines for f in line.findings)
        if weights.coverage([term for term in question.terms if term.word in part], told) >= OWED:
            continue
        more = reader.read(_asked(reader, question, part))
        counts = more.decided_by != "sentence" or question.shape != "number"
        if more.verdict == "answered" and more.decided_by in SINGLE and counts:
            lines, new = _joined(reading.lines, more.lines)
            reading = replace(reading, lines=(*lines, *new), told=(*reading.told, *more.told))
    return replace(reading, evidence=reader.with_cited_first(reading, reading.evidence))


def _joined(lines: Sequence[Line], more: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The lines, each finding with what the new ones print of the same sentence beside it; and the new lines of other sentences."""
    found = [finding for line in more for finding in line.findings]

    def widened(finding: Finding) -> Finding:
        beside = [one for one in found if (one.paragraph.id, one.quote) == (finding.paragraph.id, finding.quote)]
        spans = [finding.shown, *(one.shown for one in beside if one.said == finding.said)]
        return replace(finding, shown=(min(start for start, _ in spans), max(end for _, end in spans)))

    wider = [replace(line, findings=tuple(map(widened, line.findings))) for line in lines]
    shown = [finding for line in wider for finding in line.findings]
    return wider, [line for line in more if not all(any(f.lies_in(one) for one in shown) for f in line.findings)]


def _parts(question: Question, weights: Weights) -> list[str]:
    """The parts of a question that are about something each; none where there is only one."""
    parts = [
        part
        for part in _PARTS.split(question.topic)
        if any(term.word in part and weights.of_term[term.word] >= LEAST for term in question.terms)
    ]
    return parts if len(parts) > 1 else []


def _asked(reader: Reader, question: Question, part: str) -> Question:
    """A part of a question as one of its own, about the same place and time, goal or result."""
    number = "" if numbers_asked(part) or question.shape != "number" else "多少"
    periods = "".join(period.label for period in question.periods[:1])
    # 全省排第几 says of nothing what it asks: it goes on with the things named before.
    names = [term.word for term in question.terms if term.is_name or term.is_indicator]
    has_own = any(word in part and not _WHOLE.fullmatch(word) for word in names)
    things = "" if has_own else "".join(word for word in names if not _WHOLE.fullmatch(word))
    text = f"{question.subject_regions[0]}{periods}{things}{part.removesuffix('各')}{number}"
    own = reader.understanding.read(text)
    return replace(
        own,
        periods=question.periods,
        report_years=question.report_years,
        role=question.role or own.role,
        subject_regions=question.subject_regions,
    )
