"""Which part of the answering a question goes to: the library's own, a check, several places, years or things, or the reader."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from assistant.answering import about, checks, coverage
from assistant.answering.compare import read_matters, read_only_in, read_parts, read_sides
from assistant.answering.deeds import asks_of_deed, with_verdict
from assistant.answering.fulfilment import asks_for_fulfilment, read_fulfilment
from assistant.answering.leftovers import with_leftovers
from assistant.answering.near import as_what_it_is
from assistant.answering.over import read_each_report, read_ends, read_places, read_topic_years, read_years
from assistant.answering.reader import Reader
from assistant.answering.reading import Reading
from assistant.language.folding import fold
from assistant.language.roles import ROLES
from assistant.retrieval.asking import periods_asked
from assistant.retrieval.question import Question
from assistant.retrieval.sides import split_sides

_NAMES_A_GOAL = ROLES["goal asked"].pattern


def read(reader: Reader, question: Question) -> Reading:
    """Return what the reports have to say to a question, or why nothing is said."""
    about_us = about.is_about_the_library(question) and not asks_for_fulfilment(question)
    if about.is_thanks(question.text) or about.is_greeting(question.text) or about_us:
        words = about.reply(question, reader.shelf)
        return Reading("needs_clarification", words=words, decided_by="about the library")
    if question.asked.is_off_topic and not question.indicators:
        return Reading("not_covered", words=coverage.off_topic(reader.shelf), decided_by="off topic")
    # 说要出栏800万头，做到了吗: that it was planned does not prove it.
    plans = asks_for_fulfilment(question) and (
        _NAMES_A_GOAL.search(fold(question.text)) or not checks.claim_of(question)
    )
    claims = checks.is_check(question) and not plans
    checked_claim = _checked(reader, question) if claims and not asks_of_deed(question) else None
    reading = checked_claim or _asked(reader, question)
    if checked_claim is None and checks.is_check(question):
        reading = with_verdict(question, reading, reader.understanding.segmenter)
    if reading.decided_by == "not stated" and (matter := _only_matter(question)):
        again = _asked(reader, matter)
        return again if again.verdict == "answered" else reading
    if reading.decided_by == "not stated" and (rest := _without_opening(question)):
        # What is told of oneself before asking (我家娃快上小学了，想了解…) is looked for in vain.
        again = _asked(reader, reader.understanding.read(rest))
        return again if again.verdict == "answered" else reading
    return reading


def _only_matter(question: Question) -> Question | None:
    """The question for the state of a matter without its other words (教育口子上有啥动作); None where it has none, or no others."""
    matters = tuple(term for term in question.terms if term.is_matter)
    of_topic = question.shape in ("fact", "explain", "list") and not question.indicators
    return replace(question, terms=matters) if matters and of_topic and len(matters) < len(question.terms) else None


def _without_opening(question: Question) -> str:
    """The question from the clause on that names a place or a time; empty where it is the first, or none does."""
    text = fold(question.text)
    named = [place.start for place in question.places]
    named += [mention.start for mention in periods_asked(text, date.today().year)]
    start = max((text.rfind(mark, 0, min(named, default=0)) for mark in "，,。；;！!:："), default=-1) + 1
    return question.text[start:] if start else ""


def _checked(reader: Reader, question: Question) -> Reading | None:
    """Answer 是 or 不是 where the question claims one figure and the reports state one of the same; None elsewhere."""
    claim = checks.claim_of(question)
    if claim is None:
        return _change_checked(reader, question) if question.indicators else None
    asked = checks.asked_for(claim, reader.understanding.read(checks.without_claim(question, claim)))
    if not asked.periods:  # 破千亿了是不是，2024年
        asked = replace(asked, periods=question.periods, report_years=question.report_years)
    reading = _asked(reader, asked)
    if reading.decided_by == "several places":
        return reading
    if reading.verdict != "answered":
        reading = _asked(reader, question)  # what the claim's own words find
    shown = [finding for line in reading.lines for finding in line.findings]
    if not checks.names_all(asked, shown):
        return None  # 经开区产值过千亿 is not borne out by 全市产值
    if reading.decided_by == "statement":
        proofs = [told.fact for told in reading.told if claim.holds(told.fact) is not None][:1]
    else:
        proofs = checks.meant(claim, asked, shown, reader.shelf, reader.understanding.segmenter)
    if question.asked.probability("role", "actual") > question.asked.probability("role", "target"):
        proofs = [
            fact for fact in proofs if fact.role != "target"
        ]  # that it was planned does not prove that it was done
    word = checks.verdict(claim, proofs)
    rank = checks.rank_beside(question)
    if word is not None and rank is not None and claim.holds(proof := proofs[0]):
        # Two things are claimed, and the second may be false where the first is true.
        stated = reader.shelf.facts_of(proof.paragraph_id)
        word = checks.verdict(rank, [f for f in stated if f.sentence == proof.sentence and f.subject == proof.subject])
    if word is None:
        return None
    lines = tuple(checks.showing(line, proofs) for line in reading.lines)
    return replace(reading, lines=(word, *lines), decided_by=f"claim, {reading.decided_by}")


def _change_checked(reader: Reader, question: Question) -> Reading:
    """「GDP是不是倒退了」: the figure answers, whatever it is, and 是 or 不是 where it is one of a change."""
    reading = _asked(reader, replace(question, shape="number", measure=None))
    shown = [finding for line in reading.lines for finding in line.findings]
    told = [fact for found in shown for fact in reader.shelf.facts_of(found.paragraph.id) if found.holds(fact)]
    word = checks.change_claimed(question, told)
    if word is None:
        return reading
    return replace(reading, lines=(word, *reading.lines), decided_by=f"claim, {reading.decided_by}")


def _asked(reader: Reader, question: Question) -> Reading:
    reading = read_only_in(reader, question) or read_fulfilment(reader, question)
    if reading is not None:
        return reading
    for read_over in (read_places, read_years, read_topic_years, read_each_report):
        reading = read_over(reader, question)
        if reading is not None:
            return reading
    sides = split_sides(question, reader.understanding)
    if len(sides) == 1:
        matters = read_matters(reader, question)
        if matters is not None:
            return matters
        reading = with_leftovers(reader, question, as_what_it_is(question, reader.read(question)))
        return reading if reading.verdict == "answered" else read_ends(reader, question) or reading
    if len({(side.subject_regions, side.periods) for side in sides}) == 1 and not question.indicators:
        return read_parts(reader, sides, question)
    return read_sides(reader, sides, question)
