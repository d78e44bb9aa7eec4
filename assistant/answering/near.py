"""What comes near to an answer and is none: a figure of all where one of a part is asked for, words where a number is."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.answering import coverage
from assistant.answering.about import RULES
from assistant.answering.compose import Line
from assistant.answering.reading import Reading
from assistant.facts.told import Told
from assistant.language.folding import fold
from assistant.language.ruleset import read_rules
from assistant.retrieval.question import Question

_PARTS = [(rule.pattern, re.compile(rule.row["told"])) for rule in read_rules("narrowing").values()]
_CLAUSE = re.compile(r"[,，。;；?？!！\s]")
_BY_A_FIGURE = frozenset({"statement", "figure"})


def as_what_it_is(question: Question, reading: Reading) -> Reading:
    """Say before an answer with a figure that it is of more than was asked, or that no number is told, where that is so."""
    # 进出口总额多少？我们有点出口业务: what is said beside does not narrow it.
    text = " ".join(part for part in _CLAUSE.split(fold(question.text)) if RULES["asks how much"].pattern.search(part))
    if reading.decided_by not in _BY_A_FIGURE or not reading.told or not text:
        return reading
    words = ""
    if all(told.fact.value is None for told in reading.told):
        words = coverage.NO_NUMBER
    elif lacking := [part for told in reading.told[:1] for part in _lacking(question, text, told)]:
        words = coverage.only_of_all("、".join(lacking))
    return replace(reading, lines=(Line(words=words), *reading.lines)) if words else reading


def _lacking(question: Question, text: str, told: Told) -> list[str]:
    """The words of a question that narrow the thing asked, and that nothing said of a figure has.

    Of 进出口总额出口业务做了多少 出口 narrows nothing: it does not stand before the indicator.
    """
    last = max((text.find(term.word) for term in question.terms if term.is_indicator), default=len(text))
    fact, paragraph = told.fact, told.paragraph
    # What a sentence opens with holds for its figures.
    start = min([fact.sentence[0], *(left for left, _ in fact.subject_spans)])
    own = " ".join(
        (*paragraph.headings[-1:], fact.subject or "", told.indicator, paragraph.text[start : fact.clause[1]])
    )
    found = ((named.search(text), tells.search(fold(own))) for named, tells in _PARTS)
    return [named.group() for named, tells in found if named and not tells and named.start() <= last]
