"""Two evaluations side by side: what became better or worse, by how much, and whether that can be chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.errors import ZhengwenError
from assistant.evaluation.aggregates import AGGREGATES
from assistant.evaluation.judged import Judged
from assistant.evaluation.metrics import METRICS
from assistant.evaluation.questions import GoldQuestion
from assistant.evaluation.run import Evaluation
from assistant.evaluation.statistics import mcnemar, paired_bootstrap

Pair = tuple[Judged, Judged]


class NothingInCommon(ZhengwenError):
    """Two evaluations share no question, so nothing can be compared."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One metric in both evaluations, over the questions to which it applies in both."""

    metric: str
    a: float
    b: float
    difference: float
    """b − a."""
    low: float
    """Bounds of the 95 % bootstrap interval of the difference, questions drawn in pairs."""
    high: float
    p: float | None
    """Two-sided; None for an aggregate, which has an interval only."""
    n: int
    test: Literal["McNemar", "bootstrap"]


@dataclass(frozen=True, slots=True)
class Flip:
    """A question that is answered right in one evaluation only."""

    gold: GoldQuestion
    a: Judged
    b: Judged


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from evaluation A to evaluation B."""

    differences: tuple[Difference, ...]
    gained: tuple[Flip, ...]
    """Wrong in A, right in B."""
    lost: tuple[Flip, ...]
    """Right in A, wrong in B."""
    common: int
    """Questions that both hold with the same wording and the same expectations; only these are compared."""
    only_a: int
    only_b: int
    changed: int
    """Questions of the same id whose wording or expectations differ; they are not compared."""

    @property
    def same_gold(self) -> bool:
        """Whether both evaluations asked exactly the same questions."""
        return not (self.only_a or self.only_b or self.changed)


def compare(a: Evaluation, b: Evaluation) -> Comparison:
    """Compare B with A over the questions they share; raises `NothingInCommon` where there is none."""
    before, after = ({one.gold.id: one for one in evaluation.judged} for evaluation in (a, b))
    shared = [(before[name], after[name]) for name in before if name in after]
    pairs = [(one, other) for one, other in shared if one.gold == other.gold]
    if not pairs:
        raise NothingInCommon(
            "两次评测没有一道相同的题，不能比较。", "请用同一份测试题各评一次：zhengwen eval --gold 测试题 --out 目录"
        )
    gained, lost = _flips(pairs)
    return Comparison(
        differences=tuple(_differences(pairs)),
        gained=gained,
        lost=lost,
        common=len(pairs),
        only_a=len(before) - len(shared),
        only_b=len(after) - len(shared),
        changed=len(shared) - len(pairs),
    )


def _differences(pairs: Sequence[Pair]) -> list[Difference]:
    found = [_of_metric(name, pairs) for name in METRICS] + [_of_aggregate(name, pairs) for name in AGGREGATES]
    return [difference for difference in found if difference is not None]


def _of_metric(name: str, pairs: Sequence[Pair]) -> Difference | None:
    scored = [
        (x, y) for a, b in pairs if (x := a.scores.get(name)) is not None and (y := b.scores.get(name)) is not None
    ]
    if not scored:
        return None
    before, after = [x for x, _ in scored], [y for _, y in scored]
    difference, low, high, p = paired_bootstrap(before, after)
    test: Literal["McNemar", "bootstrap"] = "bootstrap"
    if {*before, *after} <= {0.0, 1.0}:  # right or wrong, nothing between: the exact test is the sharper one
        test, p = "McNemar", mcnemar(scored.count((1.0, 0.0)), scored.count((0.0, 1.0)))
    count = len(scored)
    return Difference(name, sum(before) / count, sum(after) / count, difference, low, high, p, count, test)


def _of_aggregate(name: str, pairs: Sequence[Pair]) -> Difference | None:
    aggregate = AGGREGATES[name]
    a, b = [one for one, _ in pairs], [other for _, other in pairs]
    before, after = aggregate.score(a), aggregate.score(b)
    if before is None or after is None:
        return None
    low, high = aggregate.change(a, b)
    count = max(aggregate.count(a), aggregate.count(b))
    return Difference(name, before, after, after - before, low, high, None, count, "bootstrap")


def _flips(pairs: Sequence[Pair]) -> tuple[tuple[Flip, ...], tuple[Flip, ...]]:
    flips: Mapping[tuple[float, float], list[Flip]] = {(0.0, 1.0): [], (1.0, 0.0): []}
    for a, b in pairs:
        before, after = a.scores.get("answer_right"), b.scores.get("answer_right")
        if before is not None and after is not None and before != after:
            flips[(before, after)].append(Flip(a.gold, a, b))
    return tuple(flips[(0.0, 1.0)]), tuple(flips[(1.0, 0.0)])
