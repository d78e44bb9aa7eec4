"""Whether a goal was met: 承诺与兑现. Decided by arithmetic on two facts, a goal and a result, which are both shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from assistant.facts.fact import Fact
from assistant.facts.phrases import RULES
from assistant.facts.told import Told
from assistant.language.hedges import meanings
from assistant.panel.amounts import POINTS, amount, arithmetic, gap_unit, more_or_less
from assistant.panel.cells import Cell, tells_what_was_passed

Outcome = Literal[
    "met", "close", "missed", "unclear", "partial", "in_words", "unlike", "not_told", "not_held", "altered"
]

OUTCOMES: dict[Outcome, str] = {
    "met": "完成",
    "close": "接近",
    "missed": "未完成",
    "unclear": "不能确定",
    "partial": "部分月份",
    "in_words": "没有数字",
    "unlike": "口径不同",
    "not_told": "未提及",
    "not_held": "未收录",
    "altered": "不能引用",
}
_GRAMMES = {"吨": Decimal(10**6), "公斤": Decimal(1000), "斤": Decimal(500)}
CLOSE_POINTS = Decimal("0.5")
"""A goal of 5.5%左右 is nearly met from 5.0% on: half a point, the step in which such goals are set."""
CLOSE_SHARE = Decimal("0.05")
"""An amount of 100亿元左右 is nearly met from 95 on."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a goal."""

    outcome: Outcome
    words: str
    """One phrase with the arithmetic: 完成，高0.3个百分点（5.8%减5.5%）."""
    gap: Decimal | None = None
    """Result less goal, in the unit of the goal (points for per cent), below zero where less was reached; None where it cannot be told."""
    unit: str = ""


def verdict_of(goal: Cell, result: Cell, *, ceiling: bool = False) -> Verdict:
    """Set a result against its goal; `ceiling` where the goal is the most that there should be (失业率, 物价)."""
    for cell, name in ((goal, "目标"), (result, "完成情况")):
        if cell.state != "told":
            return Verdict(cell.state, f"{name}{OUTCOMES[cell.state]}")
    assert goal.told
    assert result.told
    return _compared(goal.told, result.told, ceiling)


def _compared(goal: Told, result: Told, ceiling: bool) -> Verdict:
    if goal.signed is None:
        return _in_words(goal, result)
    if result.signed is None:
        return Verdict("in_words", "完成情况没有数字，请看两句原文")
    result = replace(result, fact=in_unit_of(result.fact, goal.fact))
    reason = _unlike(goal.fact, result.fact)
    if reason:
        return Verdict("unlike", f"口径不同（{reason}），不能相比")
    if result.period and result.period.partial:
        return Verdict("partial", f"只有{result.period.label}的数据，不能和全年目标相比")
    return _judged(goal, result, ceiling)


def _judged(goal: Told, result: Told, ceiling: bool) -> Verdict:
    """Compare two figures of one kind; of a range, its nearer end counts."""
    wanted, reached = goal.signed, result.signed
    assert wanted is not None
    assert reached is not None
    upper = goal.fact.upper if goal.fact.direction >= 0 else None
    said = meanings(goal.hedges)
    falls = goal.fact.measure == "change" and goal.fact.direction < 0
    at_most = falls or "at most" in said or (ceiling and "at least" not in said)
    limit = upper if at_most and upper is not None else wanted
    gap = reached - limit
    short = gap if at_most else -gap
    unit = gap_unit(goal.fact.unit)
    told = _apart(gap, reached, limit, goal.fact.unit, unit)
    about = "about" in said
    if not gap and "at least" in said and "about" in meanings(result.hedges):
        return Verdict("unclear", f"不能确定：完成情况只说{result.figure}", None, unit)
    if short <= 0:
        return Verdict(
            "met", f"完成，{told}" if gap else f"完成，与目标持平（{amount(reached, goal.fact.unit)}）", gap, unit
        )
    if not at_most and "at least" in meanings(result.fact.hedges):
        return Verdict("unclear", f"不能确定：完成情况只说{result.figure}", None, unit)
    if not at_most and tells_what_was_passed(result):
        return Verdict("unclear", f"不能确定：完成情况只说跨过{result.figure}", None, unit)
    nearly = CLOSE_POINTS if unit == POINTS else abs(limit) * CLOSE_SHARE
    outcome: Outcome = "close" if about and short <= nearly else "missed"
    return Verdict(outcome, f"{OUTCOMES[outcome]}，{told}", gap, unit)


def _in_words(goal: Told, result: Told) -> Verdict:
    """A goal without a number: only that something should grow can be told from the result alone."""
    if (
        RULES["should grow"].pattern.search(goal.figure)
        and result.fact.measure == "change"
        and result.signed is not None
    ):
        outcome: Outcome = "met" if result.signed > 0 else "missed"
        return Verdict(outcome, f"{OUTCOMES[outcome]}，目标是{goal.figure}，实际{result.figure}")
    return Verdict("in_words", "目标没有数字，请看两句原文")


def in_unit_of(fact: Fact, other: Fact) -> Fact:
    """A weight in the unit that another one is told in: 108.6亿斤 are 5430万吨; anything else as it is."""
    one, two = _GRAMMES.get(fact.unit), _GRAMMES.get(other.unit)
    if one is None or two is None or fact.value is None or fact.measure != other.measure:
        return fact
    upper = fact.upper * one / two if fact.upper is not None else None
    return replace(fact, value=fact.value * one / two, upper=upper, unit=other.unit)


def _unlike(goal: Fact, result: Fact) -> str:
    if goal.measure != result.measure:
        return "一个是总量，一个是增幅" if {goal.measure, result.measure} == {"level", "change"} else "不是同一种数据"
    if goal.unit != result.unit:
        return f"单位是{goal.unit or '没有单位'}和{result.unit or '没有单位'}"
    return ""


def _apart(gap: Decimal, reached: Decimal, limit: Decimal, of: str, unit: str) -> str:
    """By how much, with its arithmetic: 低0.2个百分点（5.5%减5.3%）, 多0.8万人（2.2万人减1.4万人）."""
    return f"{more_or_less(gap, unit)}{amount(abs(gap), unit, like=limit)}（{arithmetic(reached, limit, of)}）"
