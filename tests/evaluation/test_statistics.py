from __future__ import annotations

import math
from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.statistics import (
    bootstrap_interval,
    mcnemar,
    mean,
    paired_bootstrap,
    quantile,
    quantile_interval,
    ratio_interval,
)

scores = st.floats(0, 1)
some = st.lists(scores, min_size=1, max_size=30)
pairs = st.lists(st.tuples(scores, scores), min_size=1, max_size=30)


@given(some)
def test_an_interval_is_ordered_and_within_the_values(values: list[float]) -> None:
    low, high = bootstrap_interval(values, rounds=200)
    assert min(values) - 1e-12 <= low <= high <= max(values) + 1e-12


@given(some)
def test_the_same_seed_gives_the_same_interval(values: list[float]) -> None:
    assert bootstrap_interval(values, rounds=100) == bootstrap_interval(values, rounds=100)


def test_another_seed_gives_another_interval() -> None:
    values = list(np.random.default_rng(1).random(50))
    assert bootstrap_interval(values, seed=1) != bootstrap_interval(values, seed=2)


def test_one_value_has_no_width_and_more_values_have_less() -> None:
    assert bootstrap_interval([0.5]) == (0.5, 0.5)
    few = bootstrap_interval([0.0, 1.0] * 10)
    many = bootstrap_interval([0.0, 1.0] * 1000)
    assert many[1] - many[0] < (few[1] - few[0]) / 5


def test_the_interval_of_a_mean_is_that_of_the_normal_approximation() -> None:
    values = [1.0] * 160 + [0.0] * 40
    low, high = bootstrap_interval(values)
    half = 1.96 * math.sqrt(0.8 * 0.2 / 200)
    assert low == pytest.approx(0.8 - half, abs=0.01)
    assert high == pytest.approx(0.8 + half, abs=0.01)


def test_95_of_100_intervals_hold_the_true_mean() -> None:
    draw = np.random.default_rng(3)
    held = 0
    for seed in range(200):
        low, high = bootstrap_interval(list((draw.random(100) < 0.7).astype(float)), seed=seed, rounds=500)
        held += low <= 0.7 <= high
    assert 180 <= held <= 200


def test_any_statistic_of_anything_may_be_taken() -> None:
    assert bootstrap_interval([3, 3, 3, 9], median, rounds=200)[0] == 3
    words = ["a", "bb", "ccc"]
    low, high = bootstrap_interval(words, lambda drawn: max(len(word) for word in drawn), rounds=200)
    assert 1 <= low <= high == 3


def test_rounds_in_which_a_statistic_does_not_apply_are_left_out() -> None:
    def share_of_even(values: object) -> float | None:
        assert isinstance(values, list)
        return 1.0 if 2 in values else None

    assert bootstrap_interval([1, 2], share_of_even, rounds=100) == (1.0, 1.0)
    with pytest.raises(ValueError, match="no sample"):
        bootstrap_interval([1, 1], share_of_even, rounds=10)


def test_the_interval_of_a_ratio_is_that_of_the_same_statistic_taken_slowly() -> None:
    parts = [(1.0, 1.0), (0.0, 1.0), (2.0, 3.0), (0.0, 0.0), (1.0, 2.0)] * 6

    def slowly(drawn: object) -> float | None:
        assert isinstance(drawn, list)
        below = sum(part[1] for part in drawn)
        return sum(part[0] for part in drawn) / below if below else None

    assert ratio_interval(parts) == pytest.approx(bootstrap_interval(parts, slowly))


def test_a_median_and_its_interval() -> None:
    values = [float(value) for value in range(101)]
    assert quantile(values, 0.5) == 50
    low, high = quantile_interval(values, 0.5)
    assert 35 < low < 50 < high < 65


@pytest.mark.parametrize(
    "taken", [mean, bootstrap_interval, ratio_interval, lambda none: quantile(none, 0.5), lambda none: paired_bootstrap(none, none)]
)  # fmt: skip
def test_nothing_has_no_statistic(taken: object) -> None:
    assert callable(taken)
    with pytest.raises(ValueError, match="no values"):
        taken([])


def test_mcnemar_agrees_with_the_binomial_table() -> None:
    assert mcnemar(0, 0) == 1
    assert mcnemar(5, 5) == 1
    assert mcnemar(0, 5) == pytest.approx(0.0625)
    assert mcnemar(1, 9) == pytest.approx(0.021484375)
    assert mcnemar(2, 12) == pytest.approx(0.012939453125)
    with pytest.raises(ValueError, match="not negative"):
        mcnemar(-1, 2)


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_mcnemar_is_a_probability_and_does_not_know_the_sides(b: int, c: int) -> None:
    assert mcnemar(b, c) == mcnemar(c, b)
    assert 0 <= mcnemar(b, c) <= 1


@given(st.integers(0, 50), st.integers(0, 50))
def test_mcnemar_falls_when_the_sides_grow_apart(smaller: int, more: int) -> None:
    larger = smaller + more
    assert mcnemar(smaller, larger + 1) <= mcnemar(smaller, larger) + 1e-12


@given(pairs)
def test_a_paired_difference_lies_in_its_interval_and_turns_its_sign_with_the_sides(
    values: list[tuple[float, float]],
) -> None:
    a, b = [one for one, _ in values], [other for _, other in values]
    difference, low, high, p = paired_bootstrap(a, b, rounds=200)
    assert low <= high
    assert 0 < p <= 1
    backwards = paired_bootstrap(b, a, rounds=200)
    assert (-backwards[0], -backwards[2], -backwards[1]) == pytest.approx((difference, low, high))
    assert backwards[3] == p


def test_equal_sides_do_not_differ_and_far_ones_do() -> None:
    assert paired_bootstrap([0.5, 1.0, 0.0], [0.5, 1.0, 0.0]) == (0, 0, 0, 1)
    generator = np.random.default_rng(0)
    a = generator.random(100)
    difference, low, high, p = paired_bootstrap(list(a), list(a + 0.2 + 0.1 * generator.random(100)))
    assert low < difference < high
    assert low > 0.2
    assert p < 0.001


def test_a_difference_of_chance_is_not_called_one() -> None:
    generator = np.random.default_rng(5)
    found = [paired_bootstrap(list(generator.random(40)), list(generator.random(40)), rounds=300)[3] for _ in range(60)]
    assert sum(p < 0.05 for p in found) <= 9


def test_pairs_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        paired_bootstrap([1.0], [1.0, 2.0])
