"""Requirements on the figures of a scorecard."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.evaluation.aggregates import AGGREGATES
from assistant.evaluation.gate import NotARequirement, misses, parse
from assistant.evaluation.metrics import METRICS
from tests.evaluation.samples import evaluation, right, wrong
from tests.pages import both

NINETEEN_OF_TWENTY = evaluation([*map(right, range(19)), wrong(19)]).scorecard


@pytest.mark.parametrize(
    ("expression", "kept"),
    [
        ("answer_right>=0.95", True),
        ("answer_right>=95%", True),
        (" answer_right >= .95 ", True),
        ("answer_right>0.95", False),
        ("answer_right>=0.951", False),
        ("answer_right<=0.95", True),
        ("answer_right<0.95", False),
        ("unsupported_number_rate<=0", False),
        ("p95_seconds<1", True),
        ("recall@5>=1", True),
    ],
)
def test_a_requirement_is_kept_on_its_own_side_and_at_its_bound(expression: str, kept: bool) -> None:
    assert (misses(NINETEEN_OF_TWENTY, [parse(expression)]) == []) is kept


def test_a_miss_says_what_was_wanted_what_was_measured_and_over_how_many() -> None:
    (line,) = misses(NINETEEN_OF_TWENTY, [parse("answer_right>=0.99"), parse("recall@10>=1")])
    assert line.startswith("未达到 answer_right>=0.99：实测 0.95（95% 区间 ")
    assert line.endswith("20 题）。")


def test_what_could_not_be_measured_keeps_no_requirement() -> None:
    (line,) = misses(NINETEEN_OF_TWENTY, [parse("refusal_recall>=0")])
    assert "refusal_recall" in line


@pytest.mark.parametrize("name", [*METRICS, *AGGREGATES])
def test_every_metric_and_aggregate_can_be_required(name: str) -> None:
    assert parse(f"{name}>=0.5").metric == name


def test_an_unknown_metric_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(NotARequirement, match="accuracy") as raised:
        parse("accuracy>=0.9")
    for name in (*METRICS, *AGGREGATES):
        assert name in raised.value.hint


@pytest.mark.parametrize(
    "expression", ["", "answer_right", "answer_right>=", ">=0.9", "answer_right=0.9", "answer_right>=x"]
)
def test_what_is_no_requirement_is_refused_with_an_example(expression: str) -> None:
    with pytest.raises(NotARequirement) as raised:
        parse(expression)
    assert "answer_right>=0.9" in raised.value.hint


@pytest.mark.parametrize("path", both("evaluation"), ids=["en", "zh-CN"])
def test_the_pages_on_evaluation_name_everything_that_can_be_required(path: Path) -> None:
    words = path.read_text("utf-8")
    assert [name for name in (*METRICS, *AGGREGATES) if f"`{name}`" not in words] == []
