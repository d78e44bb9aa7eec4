"""Answers to a question for an indicator: what the reports state of it, of each time where none is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.about import RULES
from assistant.answering.asking_back import which_place
from assistant.answering.eligible import SURE
from assistant.answering.indicators import one_for_each_time, rest_of, told
from assistant.answering.reading import Reading, line_of
from assistant.facts.told import Told
from assistant.language.folding import fold
from assistant.language.lexicon import Lexicon
from assistant.language.roles import ROLES
from assistant.retrieval.question import Question
from assistant.retrieval.relevance import Weights
from assistant.retrieval.shelf import Shelf
from assistant.types import Report

MOST_LINES = 4
"""Times or places that are answered side by side before the reader asks back instead."""
_ANY = 20
"""Units from which a number asked may come in any of them."""
_SHAPES = ("number", "fact", "explain")


def stated(
    question: Question, reports: Sequence[Report], weights: Weights, shelf: Shelf, lexicon: Lexicon
) -> Reading | None:
    """Return what the reports state of the indicator asked; None where more than that is asked, or where they state nothing."""
    if not question.indicators or question.shape not in _SHAPES:
        return None
    if RULES["asks for reasons"].pattern.search(fold(question.text)):
        return None
    if question.shape != "number" and rest_of(question, lexicon):
        return None

    def find(asked: Question) -> list[Told]:
        return told(asked, reports, shelf, lexicon, weights)

    items = find(question)
    if not items and question.measure and not _says_which(question):
        # 多少 asks for an amount as it sounds: 控制在多少以内 is answered by 3.5%.
        items = find(replace(question, measure=None, units=tuple(() if len(u) > _ANY else u for u in question.units)))
    said = ROLES["role word"].pattern.search(fold(question.text))  # 实际 is no way of speaking
    if not items and question.role and not said and question.asked.probability("role", question.role) < SURE:
        items = find(replace(question, role=None))  # each says by itself whether it is a goal
    if not items:
        return _by_parts([find(part) for part in _parts(question, lexicon)])
    chosen = items[:1]
    if not question.periods:
        every = one_for_each_time(items)
        chosen = [item for item in every if item.period is not None] or every
    if not question.subject_regions and len({item.report.region for item in items}) > 1:
        # Whose it is cannot be guessed, however well one of them fits.
        each = {item.report.region: item for item in reversed(items)}
        return _ask_back(
            question, chosen if len({item.report.region for item in chosen}) > 1 else list(each.values())[::-1]
        )
    chosen = chosen[:MOST_LINES]
    lines = tuple(map(line_of, chosen))
    return Reading("answered", lines, told=tuple(chosen), options=tuple(items), decided_by="statement")


def _says_which(question: Question) -> bool:
    """Whether the words say that an amount is asked for, or a growth: 2025年GDP says neither, and sounds like an amount."""
    if question.asked.probability("measure", question.measure or "") < SURE:
        return False
    named = any(question.units) or RULES["amount asked"].pattern.search(fold(question.text))
    return question.measure != "amount" or bool(named)


def _parts(question: Question, lexicon: Lexicon) -> list[Question]:
    parts = [part for name in question.indicators[0] for part in lexicon.indicators[name].parts]
    return [replace(question, indicators=((part,),)) for part in parts]


def _by_parts(found: Sequence[Sequence[Told]]) -> Reading | None:
    """The figures of all parts of an indicator that no report tells itself: 城乡居民收入 by 城镇 and 农村."""
    if not found or not all(found) or len({items[0].report.id for items in found}) > 1:
        return None
    first = tuple(items[0] for items in found)
    return Reading("answered", tuple(map(line_of, first)), told=first, decided_by="statement")


def _ask_back(question: Question, items: Sequence[Told]) -> Reading:
    choices = dict.fromkeys((i.report.region, i.period.label if i.period else "") for i in items)
    return which_place(question, list(choices))
