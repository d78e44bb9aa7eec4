"""Requirements such as `answer_right>=0.9`, so that a build can fail where answers have got worse."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.errors import ZhengwenError
from assistant.evaluation.aggregates import AGGREGATES
from assistant.evaluation.metrics import BY_MODEL, METRICS

_OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_EXPRESSION = re.compile(r"\s*([^\s<>=]+)\s*(>=|<=|>|<)\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*(%?)\s*")
_ROUNDING = 9
"""Decimals that are compared: a mean of 19 of 20 must satisfy >=0.95 whatever the order of the sum."""


class NotARequirement(ZhengwenError):
    """A `--require` expression cannot be read or names a metric that does not exist."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """A bound that one overall figure has to keep."""

    metric: str
    operator: str
    """One of >=, <=, >, <."""
    bound: float
    text: str
    """As it was written."""

    def kept_by(self, value: float) -> bool:
        """Whether the value lies on the right side of the bound."""
        return _OPERATORS[self.operator](round(value, _ROUNDING), round(self.bound, _ROUNDING))


def parse(expression: str) -> Requirement:
    """Read `answer_right>=0.9` or `answer_right>=90%`.

    Raises `NotARequirement`, which lists the known metrics where the name is not one of them.
    """
    read = _EXPRESSION.fullmatch(expression)
    if read is None:
        raise NotARequirement(
            f"看不懂这个要求：{expression}",
            '写法是 指标、比较号、数，例如 "answer_right>=0.9"；比较号有 >=、<=、>、<，整个要求要加引号。',
        )
    name, compared, bound, percent = read.groups()
    known = [*METRICS, *BY_MODEL, *AGGREGATES]
    if name not in known:
        raise NotARequirement(f"没有叫 {name} 的指标。", f"可用的指标：{'、'.join(known)}")
    return Requirement(name, compared, float(bound) / (100 if percent else 1), expression.strip())


def misses(scorecard: Mapping[str, Any], requirements: Sequence[Requirement]) -> list[str]:
    """Say in one line for each requirement that is not kept what was measured instead.

    A figure that the gold questions do not allow to be measured keeps no requirement: a gate fails closed.
    """
    lines = []
    for requirement in requirements:
        measured = scorecard["overall"].get(requirement.metric)
        if measured is None:
            lines.append(f"未达到 {requirement.text}：这批题里没有一道能评 {requirement.metric}。")
        elif not requirement.kept_by(measured["value"]):
            interval = f"95% 区间 {measured['low']:.4g}～{measured['high']:.4g}，{measured['n']} 题"
            lines.append(f"未达到 {requirement.text}：实测 {measured['value']:.4g}（{interval}）。")
    return lines
