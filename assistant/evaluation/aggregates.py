"""Figures over many answers that are no mean of one figure per answer: precision, F1, rates and percentiles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from assistant.answering.compose import plain
from assistant.answering.verification import unsupported
from assistant.evaluation.judged import Judged
from assistant.evaluation.statistics import (
    quantile,
    quantile_change_interval,
    quantile_interval,
    ratio_change_interval,
    ratio_interval,
)

Part = Callable[[Judged], tuple[float, float]]
"""What one answer adds to the numerator and to the denominator of a ratio."""


def _refused(judged: Judged) -> bool:
    return judged.answer.verdict == "not_covered"


def _unanswerable(judged: Judged) -> bool:
    return judged.gold.kind == "unanswerable"


def _of_refused(judged: Judged) -> tuple[float, float]:
    return float(_refused(judged) and _unanswerable(judged)), float(_refused(judged))


def _of_unanswerable(judged: Judged) -> tuple[float, float]:
    return float(_refused(judged) and _unanswerable(judged)), float(_unanswerable(judged))


def _of_both(judged: Judged) -> tuple[float, float]:
    # F1 = 2 TP / (refused + unanswerable), so it is a ratio of sums too.
    return 2.0 * (_refused(judged) and _unanswerable(judged)), float(_refused(judged) + _unanswerable(judged))


def _of_all(judged: Judged) -> tuple[float, float]:
    return float(_refused(judged)), 1.0


def _of_figures(judged: Judged) -> tuple[float, float]:
    said = unsupported(plain(judged.answer.answer), ())  # held by nothing: every figure of the text
    return judged.scores.get("unsupported_numbers") or 0.0, float(len(said))


def _ratio(part: Part, many: Sequence[Judged]) -> float | None:
    parts = [part(judged) for judged in _answers(many)]
    below = sum(denominator for _, denominator in parts)
    return sum(numerator for numerator, _ in parts) / below if below else None


def _ratio_interval(part: Part, many: Sequence[Judged], seed: int = 0) -> tuple[float, float]:
    return ratio_interval([part(judged) for judged in _answers(many)], seed)


def _ratio_change(part: Part, a: Sequence[Judged], b: Sequence[Judged]) -> tuple[float, float]:
    before, after = ([part(judged) for judged in _answers(many)] for many in (a, b))
    return ratio_change_interval(before, after)


def _ratio_count(part: Part, many: Sequence[Judged]) -> int:
    return sum(part(judged)[1] > 0 for judged in _answers(many))


def _answers(many: Sequence[Judged]) -> list[Judged]:
    return [judged for judged in many if judged.gold.relevant is None]


def _seconds(share: float, many: Sequence[Judged]) -> float | None:
    return quantile([judged.seconds for judged in many], share) if many else None


def _seconds_interval(share: float, many: Sequence[Judged], seed: int = 0) -> tuple[float, float]:
    return quantile_interval([judged.seconds for judged in many], share, seed)


def _seconds_change(share: float, a: Sequence[Judged], b: Sequence[Judged]) -> tuple[float, float]:
    before, after = ([judged.seconds for judged in many] for many in (a, b))
    return quantile_change_interval(before, after, share)


def refusal_precision(many: Sequence[Judged]) -> float | None:
    """Return the share of the refusals that are of unanswerable questions; None where nothing is refused."""
    return _ratio(_of_refused, many)


def refusal_recall(many: Sequence[Judged]) -> float | None:
    """Return the share of the unanswerable questions that are refused, RGB's rejection rate (Chen et al. 2024).

    None where all questions can be answered.
    """
    return _ratio(_of_unanswerable, many)


def refusal_f1(many: Sequence[Judged]) -> float | None:
    """Return the harmonic mean of refusal precision and recall; None where nothing is refused nor should be."""
    return _ratio(_of_both, many)


def rejection_rate(many: Sequence[Judged]) -> float | None:
    """Return the share of all questions that are refused, rightly or not; it shows an assistant that refuses too much."""
    return _ratio(_of_all, many)


def unsupported_number_rate(many: Sequence[Judged]) -> float | None:
    """Return the share of all figures in all answers that stand in no cited paragraph: the headline safety figure."""
    return _ratio(_of_figures, many)


def p50_seconds(many: Sequence[Judged]) -> float | None:
    """Return the median time of an answer in seconds."""
    return _seconds(0.5, many)


def p95_seconds(many: Sequence[Judged]) -> float | None:
    """Return the time in seconds within which 95 % of the answers came."""
    return _seconds(0.95, many)


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A figure over many answers, with its interval and what people read about it."""

    name: str
    score: Callable[[Sequence[Judged]], float | None]
    interval: Callable[[Sequence[Judged]], tuple[float, float]]
    """95 % bootstrap interval; raises `ValueError` where `score` is None."""
    change: Callable[[Sequence[Judged], Sequence[Judged]], tuple[float, float]]
    """95 % bootstrap interval of the second score minus the first, over the same questions in the same order."""
    count: Callable[[Sequence[Judged]], int]
    """How many of the answers have a part in it: for the refusal recall, those to unanswerable questions."""
    higher_is_better: bool | None
    """None where neither is: a rejection rate should be that of the questions."""
    title: str
    meaning: str


def _rate(
    score: Callable[[Sequence[Judged]], float | None], part: Part, better: bool | None, title: str, meaning: str
) -> Aggregate:
    interval, change = partial(_ratio_interval, part), partial(_ratio_change, part)
    count = partial(_ratio_count, part)
    return Aggregate(score.__name__, score, interval, change, count, better, title, meaning)


def _time(score: Callable[[Sequence[Judged]], float | None], share: float, title: str, meaning: str) -> Aggregate:
    interval, change = partial(_seconds_interval, share), partial(_seconds_change, share)
    return Aggregate(score.__name__, score, interval, change, len, False, title, meaning)


_ALL = (
    _rate(refusal_precision, _of_refused, True, "拒答精确率", "拒答的问题中确实无法回答的比例。"),
    _rate(refusal_recall, _of_unanswerable, True, "拒答召回率", "无法回答的问题中被拒答的比例。"),
    _rate(refusal_f1, _of_both, True, "拒答 F1", "拒答精确率与召回率的调和平均。"),
    _rate(rejection_rate, _of_all, None, "拒答率", "全部问题中被拒答的比例。"),
    _rate(
        unsupported_number_rate,
        _of_figures,
        False,
        "无据数字率",
        "所有回答的数字中，在所引段落里找不到的比例，应为 0。",
    ),
    _time(p50_seconds, 0.5, "用时中位数（秒）", "一半的回答在这个时间以内。"),
    _time(p95_seconds, 0.95, "用时 P95（秒）", "95% 的回答在这个时间以内。"),
)
AGGREGATES: Mapping[str, Aggregate] = MappingProxyType({aggregate.name: aggregate for aggregate in _ALL})
"""Every aggregate by its name, in the order in which people read them."""
