"""The reader for questions in general: the sentence that covers the question best, cut to the clauses that answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answering.about import RULES
from assistant.answering.finding import Finding
from assistant.language.folding import fold
from assistant.language.quantities import UNITS, Quantity, find_quantities
from assistant.language.sentences import Span, clauses
from assistant.retrieval.question import HALF, Question
from assistant.retrieval.relevance import SYNONYM, Weights, bare_text, match
from assistant.types import Paragraph, Report

SHORT, LONG = 72, 290
"""Characters that an answer to a question for one fact, and to one for a list or an explanation, may show."""

MOST_OF_ONE = 220
"""Characters of one point or item: nearly every sentence of a report is shorter, and is shown whole."""

BRIEFLY = 80
"""Characters of one point where a short answer is asked for."""

NEAR = 0.35
"""Least match of a word in a clause for the clause to be about it."""

SHORT_CLAUSE = 12
"""Characters of a clause that says how much and leaves to the next to say of what: 累计投资8.5亿元,实施城建项目…"""

ALL_BUT = 0.75
"""Share of what a sentence has of a question from which one of its clauses is what is asked for."""

FOCUS = 1.8
"""How much more the words beside the question word weigh."""

_IN_ALL = re.compile(r"累计|总数|一共|总共|总量|达到|现有|共有")
_SUM = re.compile(r"合计|总计|共计")
RANK, DATE = RULES["tells a rank"].pattern, RULES["tells a time"].pattern


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a retrieved paragraph, scored against the question."""

    report: Report
    paragraph: Paragraph
    span: Span
    own: float
    """Coverage by the sentence alone."""
    coverage: float
    """Coverage with its headings and the paragraph's opening."""
    score: float

    @property
    def text(self) -> str:
        return self.paragraph.text[slice(*self.span)]

    @property
    def leads_on(self) -> bool:
        """Whether it ends in a colon: what it announces stands behind it."""
        return self.text.rstrip().endswith(("：", ":"))


def focus_weights(question: Question, weights: Weights) -> Weights:
    """Weights in which the words beside the question word count more."""
    return Weights({w: v * (FOCUS if w in question.focus else 1.0) for w, v in weights.of_term.items()})


def can_answer(question: Question, text: str) -> bool:
    """Whether a sentence has what the question's shape needs: numbers in the units asked, a name, a date, a rank."""
    folded = fold(text)
    if question.shape == "number":
        return len(satisfied(question, find_quantities(text))) > 0 and _is_near(question, text)
    if question.shape == "rank":
        return bool(RANK.search(folded))
    if question.shape == "when":
        return bool(DATE.search(folded))
    return True


def satisfied(question: Question, quantities: Sequence[Quantity]) -> set[int]:
    """Which of the numbers asked find a number in a unit they may come in; each number serves one."""
    wanted = question.units or ((),)
    left = list(quantities)
    served = set()
    for at, units in enumerate(wanted):
        for quantity in left:
            if fits_unit(question, units, quantity):
                served.add(at)
                left.remove(quantity)
                break
    return served


def fits_unit(question: Question, units: Sequence[str], quantity: Quantity) -> bool:
    """Whether a number may answer: its unit is among those asked, or of the kind that growth and shares come in."""
    if units:
        return quantity.unit in units
    if question.measure in ("growth", "share"):
        return quantity.unit in ("%", "个百分点", "番", "倍") or not question.indicators
    return True


def windows(sentence: Sentence, budget: int) -> Iterator[Span]:
    """All runs of neighbouring clauses of a sentence within the budget; a single longer clause stands whole."""
    spans = clauses(sentence.paragraph.text, *sentence.span)
    for first, (left, right) in enumerate(spans):
        yield left, right
        for _, further in spans[first + 1 :]:
            if further - left > budget:
                break
            yield left, further


def best_window(question: Question, sentence: Sentence, weights: Weights, budget: int) -> Span:
    """The shortest run of clauses that holds what the sentence has of the question and of the numbers asked."""
    focused = focus_weights(question, weights)
    text = sentence.paragraph.text

    def value(window: Span) -> float:
        part = text[slice(*window)]
        worth = focused.coverage(question.terms, part)
        if question.shape == "number":
            wanted = max(1, len(question.units))
            worth += 0.8 * len(satisfied(question, find_quantities(part))) / wanted
            worth += 0.4 * _nearness(question, part)
            worth += 0.4 * bool(_SUM.search(question.text) and _SUM.search(part))
        elif question.shape in ("rank", "when"):
            worth += 0.8 * can_answer(question, part)
        if "新增" in part and "新增" not in question.text:
            worth -= 0.4 if _IN_ALL.search(question.text) and not _IN_ALL.search(part) else 0.15
        return worth - 0.0018 * (window[1] - window[0])

    best = max(windows(sentence, budget), key=lambda window: (round(value(window), 6), -window[0]))
    return best if question.shape == "number" else _widened(sentence, best, budget)


def _widened(sentence: Sentence, window: Span, budget: int) -> Span:
    """A window with its neighbours, first those before it, as far as the budget goes: what is asked may stand there."""
    left, right = window
    spans = clauses(sentence.paragraph.text, *sentence.span)
    for start, _ in reversed([span for span in spans if span[1] <= left]):
        if right - start > budget:
            break
        left = start
    for _, end in [span for span in spans if span[0] >= right]:
        if end - left > budget:
            break
        right = end
    return left, right


def _is_near(question: Question, text: str) -> bool:
    """Whether a number asked stands in one clause with a word beside the question word, or in the clause after it."""
    return _nearness(question, text) > 0 or not question.terms


def _nearness(question: Question, text: str) -> float:
    """Share of the numbers asked that stand beside a word which stands beside the question word."""
    focus = [term for term in question.terms if term.word in question.focus] or list(question.terms)
    near = 0.0
    parts = [bare_text(text[slice(*clause)]) for clause in clauses(text)]
    for clause, part, before, after in zip(clauses(text), parts, ["", *parts], [*parts[1:], ""], strict=False):
        quantities = find_quantities(text[slice(*clause)])
        if satisfied(question, quantities):
            in_time = any(quantity.unit in ("年", *UNITS["time"]) for quantity in quantities)
            if any(match(term, part) >= NEAR for term in focus):
                near += 1
                continue
            beside = (before, after) if in_time or len(part) <= SHORT_CLAUSE else (before,)
            if any(match(term, other) >= NEAR for term in focus for other in beside):
                near += 0.6
    return min(1.0, near / max(1, len(question.units)))


def opening(paragraph: Paragraph, span: Span, room: int) -> Span:
    """The first clauses of a sentence that fit into some characters, at least one."""
    spans = clauses(paragraph.text, *span)
    ends = [end for _, end in spans if end - span[0] <= room]
    return span[0], ends[-1] if ends else spans[0][1]


def point(report: Report, paragraph: Paragraph, span: Span, coverage: float = 1.0, room: int = MOST_OF_ONE) -> Finding:
    """A sentence as a point of a matter or an item of a list: whole, and one longer than `room` by its first clauses."""
    return Finding(report, paragraph, opening(paragraph, span, room), span, coverage, is_point=True)


def point_to_the_point(question: Question, sentence: Sentence, weights: Weights) -> Finding:
    """A sentence as a point; a long one by its first clauses, or where these lack what is asked by those that say it."""
    if row := _row_asked(question, sentence, weights):
        return replace(finding(sentence, row), is_point=True)
    room = BRIEFLY if RULES["asks for little"].pattern.search(fold(question.text)) else MOST_OF_ONE
    found = point(sentence.report, sentence.paragraph, sentence.span, sentence.coverage, room)
    whole, own = (weights.coverage(question.terms, words) for words in (found.quoted, found.text))
    return replace(found, shown=best_window(question, sentence, weights, room)) if own < HALF * whole else found


def _row_asked(question: Question, sentence: Sentence, weights: Weights) -> Span | None:
    """The one clause of a long sentence with a row of just what a list is asked of: 打通矿工路、稻香路等断头路; else None."""
    if question.shape != "list" or len(sentence.text) <= SHORT:
        return None
    text = sentence.paragraph.text
    named = [term for term in question.terms if match(term, bare_text(sentence.text)) >= SYNONYM]
    kinds = [term for term in named if term.word in question.focus] or named
    own = [
        span
        for span in clauses(text, *sentence.span)
        if kinds and all(match(term, bare_text(text[slice(*span)])) >= SYNONYM for term in kinds)
    ]
    if len(own) != 1 or "、" not in text[slice(*own[0])]:
        return None
    whole, part = (weights.coverage(question.terms, words) for words in (sentence.text, text[slice(*own[0])]))
    return own[0] if part >= ALL_BUT * whole else None


def fact_of(question: Question, sentence: Sentence, weights: Weights) -> Finding:
    """The clauses of a sentence that tell a single fact; the whole of it where several things are asked for: 有什么动作."""
    if question.shape == "fact" and RULES["asks for several"].pattern.search(fold(question.text)):
        return point_to_the_point(question, sentence, weights)
    return finding(sentence, best_window(question, sentence, weights, SHORT))


def finding(sentence: Sentence, shown: Span) -> Finding:
    """A sentence as a finding that shows some of its clauses."""
    return Finding(sentence.report, sentence.paragraph, shown, sentence.span, sentence.coverage)
