"""Figures that stand beside one: those of its clause, the total that goes with what was added, those that 分别 gives out in a row."""

from __future__ import annotations

from assistant.answering.about import RULES
from assistant.facts.fact import Fact
from assistant.facts.phrases import RULES as PHRASES
from assistant.language.folding import fold
from assistant.retrieval.shelf import Shelf


def in_its_clause(fact: Fact, shelf: Shelf) -> list[Fact]:
    """The other figures of a figure's clause, in the order of the text."""
    return [
        one for one in shelf.facts_of(fact.paragraph_id) if one.clause == fact.clause and one.ordinal != fact.ordinal
    ]


def of_the_same(fact: Fact, shelf: Shelf) -> list[Fact]:
    """Those of its clause that count the same thing in the same unit: 新增72家、总数达582家."""
    things = fact.subject_spans[-1:]
    beside = (one for one in in_its_clause(fact, shelf) if one.unit == fact.unit)
    return [one for one in beside if things in (one.subject_spans[:1], one.subject_spans[-1:])]


def is_total(fact: Fact, shelf: Shelf) -> bool:
    """Whether the words between a figure and the one before it in its clause make it a total: 达305家."""
    start = max([fact.clause[0], *(one.end for one in in_its_clause(fact, shelf) if one.end <= fact.start)])
    text = shelf.paragraph(fact.paragraph_id).text[start : fact.start]
    return fact.measure == "level" and bool(RULES["tells a total"].pattern.search(fold(text)))


def given_out(fact: Fact, shelf: Shelf) -> list[Fact]:
    """The other figures of the same unit where 分别 gives several out: 城乡低保标准分别提高到840元、700元; none where it does not."""
    text = shelf.paragraph(fact.paragraph_id).text[slice(*fact.clause)]
    if not PHRASES["respectively"].pattern.search(text):
        return []
    return [one for one in in_its_clause(fact, shelf) if one.unit == fact.unit]
