"""Questions that a yes or a no answers: the claim is set against the figure that the reports state."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assistant.answering.about import RULES
from assistant.answering.compose import Line
from assistant.facts.fact import Fact
from assistant.facts.phrases import RULES as PHRASES
from assistant.facts.ranks import RANK_UNIT
from assistant.language.folding import fold
from assistant.language.numerals import read_number
from assistant.language.quantities import Quantity, find_quantities
from assistant.retrieval.asking import periods_asked
from assistant.retrieval.question import Question

LEAST = 0.5
_NEAR = Decimal("0.0005")
"""Share by which two values may differ and be one: 1.5万 and 15000."""
_COUNTED_ALIKE = frozenset({"个", "家", "户", "项", "处", "名", "人", "位", "所", "座", "条", "件", ""})
_RANK = PHRASES["rank"].pattern
_POINTS = frozenset({"%", "个百分点"})


@dataclass(frozen=True)
class Claim:
    """A figure that the question takes to be so, with how: more than it, less than it, or just it."""

    figure: Quantity
    more: bool
    less: bool
    is_rank: bool = False

    def holds(self, fact: Fact) -> bool | None:
        """Return whether a fact bears the claim out; None where the two cannot be set against each other."""
        if fact.value is None or not _alike(fact.unit, self.figure.unit) or self.is_rank != (fact.measure == "rank"):
            return None
        value, claimed = fact.value, self.figure.value
        if self.less:
            return value <= claimed
        if self.more:
            return value >= claimed
        return abs(value - claimed) <= _NEAR * max(abs(value), abs(claimed))


def is_check(question: Question) -> bool:
    """Whether a yes or a no is asked for."""
    return max(question.asked.probability("wants", "yesno"), question.asked.probability("intent", "check")) >= LEAST


def claim_of(question: Question) -> Claim | None:
    """Return the one figure that the question claims; None where it claims none, or several."""
    text = _in_digits(fold(question.text))
    figures = _claimed(text)
    if not figures:
        return _rank_of(text)
    if len(figures) != 1:
        return None
    figure = figures[0]
    around = text[max(0, figure.start - 6) : figure.end + 6]
    less = bool(RULES["claims less"].pattern.search(around))
    return Claim(figure, not less and bool(RULES["claims more"].pattern.search(around)), less)


def rank_beside(question: Question) -> Claim | None:
    """Return the rank that a question claims besides its figure (2.13%，排第二); None where it claims none."""
    text = _in_digits(fold(question.text))
    return _rank_of(text) if _claimed(text) else None


def _claimed(text: str) -> list[Quantity]:
    """The figures of a text that are no years, with 年 or without (2021贷款)."""
    times = [(mention.start, mention.end) for mention in periods_asked(text, date.today().year)]
    return [
        figure
        for figure in find_quantities(text)
        if figure.unit != "年" and not any(start <= figure.start < end for start, end in times)
    ]


def without_claim(question: Question, claim: Claim) -> str:
    """The question with the claim asked for instead of taken: 松北区2025年GDP目标是不是5.5%，对吧 → … 多少."""
    return f"{_in_digits(fold(question.text))[: claim.figure.start]}{'第几' if claim.is_rank else '多少'}"


def _rank_of(text: str) -> Claim | None:
    """The place in an order that a question claims (是不是全省头名, 进没进前三); None where it claims none."""
    found = _RANK.search(text.rstrip("?？吗吧了呢"))
    if found is None or (value := read_number(found["place"] or found["top"] or found["top2"] or "一")) is None:
        return None
    start, end = found.span("figure")
    return Claim(
        Quantity(start, end, text[start:end], value, RANK_UNIT), False, bool(found["top"] or found["top2"]), True
    )


def verdict(claim: Claim, facts: tuple[Fact, ...]) -> Line | None:
    """Return 是 or 不是, by the first fact that the claim can be set against; None where there is none."""
    for fact in facts:
        held = claim.holds(fact)
        if held is not None:
            return Line(words="是的。" if held else "不是。")
    return None


def _in_digits(text: str) -> str:
    """The text with a single Chinese numeral before 亿, 万 and the like as a digit: 一亿美元, 两千家."""
    return re.sub(
        r"[一二两三四五六七八九](?=[亿万千百])",
        lambda found: str("零一二三四五六七八九".find(found.group().replace("两", "二"))),
        text,
    )


def _alike(one: str, other: str) -> bool:
    return one == other or {one, other} <= _COUNTED_ALIKE or {one, other} <= _POINTS
