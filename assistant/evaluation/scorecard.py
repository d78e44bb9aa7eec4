"""Sums up judged answers: every figure with its 95 % interval and its count, overall, by kind, by report and by tag."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assistant.evaluation.aggregates import AGGREGATES
from assistant.evaluation.judged import Judged
from assistant.evaluation.metrics import BY_MODEL, METRICS
from assistant.evaluation.questions import GoldQuestion
from assistant.evaluation.statistics import bootstrap_interval

SCHEMA = 1
"""Raised whenever a reader of `scorecard.json` would have to change."""

Figures = dict[str, dict[str, float]]
"""By metric: `value`, `low` and `high` (95 % percentile bootstrap over the questions), `n` (questions that it applies to)."""


def build_scorecard(judged: Sequence[Judged], what: Mapping[str, Any]) -> dict[str, Any]:
    """Return the scorecard as `scorecard.json` holds it; a metric that applies to no question of a group is absent there."""
    by_kind = _grouped((one.gold.kind, one) for one in judged)
    by_report = _grouped((report, one) for one in judged if (report := report_of(one.gold)))
    by_tag = _grouped((tag, one) for one in judged for tag in one.gold.tags)
    return {
        "schema": SCHEMA,
        "what": {**what, "questions": len(judged)},
        "overall": figures_of(judged),
        "by_kind": {kind: figures_of(group) for kind, group in by_kind.items()},
        "by_report": {report: figures_of(group) for report, group in sorted(by_report.items())},
        "by_tag": {tag: figures_of(group) for tag, group in sorted(by_tag.items())},
    }


def figures_of(judged: Sequence[Judged]) -> Figures:
    """Return the means of the metrics and the aggregates over these answers."""
    figures: Figures = {}
    for name in (*METRICS, *BY_MODEL):
        values = [score for one in judged if (score := one.scores.get(name)) is not None]
        if values:
            low, high = bootstrap_interval(values)
            figures[name] = {"value": sum(values) / len(values), "low": low, "high": high, "n": len(values)}
    for name, aggregate in AGGREGATES.items():
        value = aggregate.score(judged)
        if value is not None:
            low, high = aggregate.interval(judged)
            figures[name] = {"value": value, "low": low, "high": high, "n": aggregate.count(judged)}
    return figures


def report_of(gold: GoldQuestion) -> str | None:
    """Name what a question is about, 松北区 2025; None where it is about several places or none."""
    return f"{gold.district} {gold.year or ''}".strip() if gold.district else None


def _grouped(named: Iterable[tuple[str, Judged]]) -> dict[str, list[Judged]]:
    groups: dict[str, list[Judged]] = {}
    for name, one in named:
        groups.setdefault(name, []).append(one)
    return groups
