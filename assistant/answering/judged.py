"""From what the judge takes for right to what is shown: the clauses around figures, the sentences of a text."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.beside import of_the_same
from assistant.answering.extract import SHORT, Sentence
from assistant.answering.features import Candidate
from assistant.answering.finding import Finding
from assistant.answering.indicators import as_finding
from assistant.facts.fact import Fact
from assistant.facts.told import Told
from assistant.language.sentences import clauses
from assistant.retrieval.shelf import Shelf

BESIDE = 0.35
"""Share of the first figure's probability from which a figure beside it is shown with it: an amount and its growth."""
ALIKE = 0.6
"""Share of the first one's probability from which the figure of another place answers as well."""


def shown_figures(
    judged: Sequence[Candidate], asked: int, shelf: Shelf, units: Sequence[Sequence[str]] = ()
) -> Finding:
    """The clause of the likeliest figure, with those up to other likely figures of its sentence as far as there is room.

    Where several numbers are `asked`, what stands beside the first is likely enough, and of each of the `units` asked for the
    sentence's nearest figure is shown as well.
    """
    best = judged[0]
    beside = BESIDE if asked < 2 else BESIDE / 5
    assert best.fact is not None
    start, end = best.fact.clause
    likely = {best.fact.ordinal}
    told_with_it = best.fact.beside
    # What is said of the same thing goes first: its growth before the next thing's amount.
    for other in sorted(judged[1:], key=lambda c: c.fact is None or c.fact.ordinal not in told_with_it):
        fact = other.fact
        together = other.paragraph.id == best.paragraph.id and other.sentence == best.sentence
        if fact is None or not together or other.probability < beside * best.probability:
            continue
        likely.add(fact.ordinal)
        left, right = min(start, fact.clause[0]), max(end, fact.clause[1])
        if right - left <= SHORT:
            start, end = left, right
    owed = _owed(best, likely, units if len(units) > 1 else (), shelf)
    # Whether what was added or the total is asked for, the words often do not tell.
    for fact in (*owed, *of_the_same(best.fact, shelf)):
        likely.add(fact.ordinal)
        left, right = min(start, fact.clause[0]), max(end, fact.clause[1])
        if right - left <= 2 * SHORT:
            start, end = left, right
    text = best.paragraph.text
    if asked < 2 and (start, end) == best.fact.clause:
        start, end = _own_part(best, likely, shelf)
    if not best.fact.subject_spans or best.fact.subject_spans[0][0] < start:
        # Whose figure it is stands before its clause.
        start = _with_subject(best, start, end)
    while end > start and text[end - 1] in ",，;；。、:： \n":
        end -= 1
    if best.fact.indicator and (start, end) == _trimmed_clause(best):
        return as_finding(Told(best.report, best.paragraph, best.fact))
    period = best.fact.period
    # 1—11月 may stand before what is shown: the figure is not the whole year's.
    lead = f"{best.report.region}{period.label}" if period and period.partial else ""
    return Finding(best.report, best.paragraph, (start, end), best.sentence, best.probability, lead)


def _owed(best: Candidate, likely: set[int], units: Sequence[Sequence[str]], shelf: Shelf) -> list[Fact]:
    """For each number asked that no likely figure answers, the nearest figure of the sentence in a unit it may come in.

    Where any unit will do (比上年多多少), a figure of the same thing.
    """
    assert best.fact is not None
    first = best.fact
    inside = [
        fact for fact in shelf.facts_of(best.paragraph.id) if fact.sentence == first.sentence and fact.value is not None
    ]
    left = [fact for fact in inside if fact.ordinal in likely]
    owed: list[Fact] = []
    for wanted in sorted(units, key=len, reverse=True):
        told = next((fact for fact in left if not wanted or fact.unit in wanted), None)
        if told:
            left.remove(told)
            continue
        others = [fact for fact in inside if fact.ordinal not in likely and fact not in owed]
        fits = [fact for fact in others if (fact.unit in wanted if wanted else fact.ordinal in first.beside)]
        owed += sorted(fits, key=lambda fact: abs(fact.start - first.start))[:1]
        if not fits:
            left = left[1:]  # 多少台 is answered by 10.7万辆
    return owed


def _own_part(candidate: Candidate, likely: set[int], shelf: Shelf) -> tuple[int, int]:
    """The part of a clause that is the figure's own, where others of other things stand beside it, parted by 、."""
    fact, text = candidate.fact, candidate.paragraph.text
    assert fact is not None
    start, end = fact.clause
    if "分别" in text[start : fact.start]:
        return start, end
    first = min((left for left, _ in fact.subject_spans if start <= left < fact.start), default=start)
    for other in shelf.facts_of(candidate.paragraph.id):
        if other.clause != fact.clause or other.ordinal in likely or other.subject_spans == fact.subject_spans:
            continue
        if other.start > fact.end and (mark := text.find("、", fact.end, other.start)) >= 0:
            end = min(end, mark)
        if other.end < first and (mark := text.rfind("、", other.end, first)) >= 0:
            start = max(start, mark + 1)
    return start, end


def _trimmed_clause(candidate: Candidate) -> tuple[int, int]:
    assert candidate.fact is not None
    (start, end), text = candidate.fact.clause, candidate.paragraph.text
    while end > start and text[end - 1] in ",，;；。、:： \n":
        end -= 1
    return start, end


def _with_subject(candidate: Candidate, start: int, end: int) -> int:
    """Where the clause begins that holds the first of the subject's words, if all from there may be shown; else `start`."""
    fact = candidate.fact
    assert fact is not None
    first = fact.subject_spans[0][0] if fact.subject_spans else -1
    for left, right in clauses(candidate.paragraph.text, *candidate.sentence):
        before = left <= first < right if first >= 0 else right == start
        if before and end - left <= SHORT and left < start:
            return left
    return start


def as_sentences(judged: Sequence[Candidate]) -> list[Sentence]:
    """Judged sentences as those that the parts of an answer are chosen from, likeliest first."""
    return [
        Sentence(c.report, c.paragraph, c.sentence, float(c.features[0]), float(c.features[1]), c.probability)
        for c in judged
    ]


def regions_alike(judged: Sequence[Candidate]) -> list[Candidate]:
    """The likeliest candidate of each place that answers about as well as the first."""
    best: dict[str, Candidate] = {}
    for candidate in judged:
        if candidate.probability >= ALIKE * judged[0].probability:
            best.setdefault(candidate.report.region, candidate)
    return list(best.values())


def times_of(candidates: Sequence[Candidate]) -> list[tuple[str, str]]:
    """The region of each candidate with the label of its period, empty where it has none."""
    return [(c.report.region, c.paragraph.period.label if c.paragraph.period else "") for c in candidates]
