"""Which part of the answering a question goes to: the library's own, a check, several places, years or things, or the reader."""

from __future__ import annotations

from dataclasses import replace

from assistant.answering import about, checks, coverage
from assistant.answering.compare import read_only_in, read_parts, read_sides
from assistant.answering.leftovers import with_leftovers
from assistant.answering.over import read_each_report, read_places, read_years
from assistant.answering.reader import Reader
from assistant.answering.reading import Reading
from assistant.retrieval.question import Question
from assistant.retrieval.sides import split_sides


def read(reader: Reader, question: Question) -> Reading:
    """Return what the reports have to say to a question, or why nothing is said."""
    if about.is_thanks(question.text) or about.is_greeting(question.text) or about.is_about_the_library(question):
        words = about.reply(question, reader.shelf)
        return Reading("needs_clarification", words=words, decided_by="about the library")
    if question.asked.is_off_topic and not question.indicators:
        return Reading("not_covered", words=coverage.off_topic(reader.shelf), decided_by="off topic")
    checked_claim = _checked(reader, question) if checks.is_check(question) else None
    return checked_claim or _asked(reader, question)


def _checked(reader: Reader, question: Question) -> Reading | None:
    """Answer 是 or 不是 where the question claims one figure and the reports state one of the same; None elsewhere."""
    claim = checks.claim_of(question)
    if claim is None:
        # 「GDP是不是倒退了」: the figure answers, whatever it is.
        return _asked(reader, replace(question, shape="number", measure=None)) if question.indicators else None
    reading = _asked(reader, reader.understanding.read(checks.without_claim(question, claim)))
    if reading.verdict != "answered":
        return reading if reading.decided_by == "several places" else None
    shown = [finding for line in reading.lines for finding in line.findings]
    facts = [t.fact for t in reading.told] or [
        fact for f in shown for fact in reader.shelf.facts_of(f.paragraph.id) if f.holds(fact)
    ]
    word = checks.verdict(claim, tuple(facts))
    rank = checks.rank_beside(question)
    if word is not None and rank is not None and word.words.startswith("是"):
        # Two things are claimed, and the second may be false where the first is true.
        stated = [f for one in shown for f in reader.shelf.facts_of(one.paragraph.id) if one.quote == f.sentence]
        word = checks.verdict(rank, tuple(f for f in stated if f.measure == "rank"))
    return replace(reading, lines=(word, *reading.lines), decided_by=f"claim, {reading.decided_by}") if word else None


def _asked(reader: Reader, question: Question) -> Reading:
    reading = read_only_in(reader, question)
    if reading is not None:
        return reading
    reading = read_places(reader, question) or read_years(reader, question) or read_each_report(reader, question)
    if reading is not None:
        return reading
    sides = split_sides(question, reader.understanding)
    if len(sides) == 1:
        return with_leftovers(reader, question, reader.read(question))
    if len({(side.subject_regions, side.periods) for side in sides}) == 1 and not question.indicators:
        return read_parts(reader, sides, question)
    return read_sides(reader, sides, question)
