"""Confidence intervals and paired tests. Everything random is seeded: two runs give the same figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from statistics import fmean
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")
Array = NDArray[np.float64]
CONFIDENCE = 0.95
ROUNDS = 2000
_BLOCK = 2_000_000
"""Most indices that are drawn at once, so that memory stays below some 50 MB however many values there are."""


def mean(values: Sequence[float]) -> float:
    """Return the arithmetic mean. Raises `ValueError` where there is nothing to take it of."""
    if len(values) == 0:
        raise ValueError("no values")
    return fmean(values)


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` (0 to 1) of the values lie, interpolated. Raises `ValueError` on none."""
    if len(values) == 0:
        raise ValueError("no values")
    return float(np.quantile(np.asarray(values, dtype=float), share))


def bootstrap_interval(
    values: Sequence[T],
    statistic: Callable[[Sequence[T]], float | None] = mean,  # type: ignore[assignment]  # the default takes floats
    seed: int = 0,
    rounds: int = ROUNDS,
) -> tuple[float, float]:
    """Return the 95 % percentile interval of a statistic (Efron & Tibshirani 1993, chapter 13).

    `values` may be anything that `statistic` takes a sequence of; rounds in which it is None are left out. The mean is
    taken in one go. Raises `ValueError` where there are no values or no round has a statistic.
    """
    if statistic is mean:
        drawn = _resampled(np.asarray(values, dtype=float), lambda sample: sample.mean(axis=1), seed, rounds)
        return _percentiles(drawn)
    found = []
    for rows in _indices(len(values), seed, rounds):
        for row in rows.tolist():
            value = statistic([values[index] for index in row])
            if value is not None:
                found.append(value)
    return _percentiles(np.asarray(found, dtype=float))


def ratio_interval(parts: Sequence[tuple[float, float]], seed: int = 0, rounds: int = ROUNDS) -> tuple[float, float]:
    """Return the 95 % percentile interval of Σ numerators / Σ denominators, questions being drawn whole.

    Precision, recall and F1 over a set are such ratios. Raises `ValueError` where all denominators are 0.
    """
    pairs = np.asarray(parts, dtype=float).reshape(len(parts), 2)
    sums = _resampled(pairs, lambda sample: sample.sum(axis=1), seed, rounds)
    some = sums[sums[:, 1] > 0]
    return _percentiles(some[:, 0] / some[:, 1])


def quantile_interval(
    values: Sequence[float], share: float, seed: int = 0, rounds: int = ROUNDS
) -> tuple[float, float]:
    """Return the 95 % percentile interval of a quantile, 0.5 being the median. Raises `ValueError` on no values."""
    whole = np.asarray(values, dtype=float)
    return _percentiles(_resampled(whole, lambda sample: np.quantile(sample, share, axis=1), seed, rounds))


def ratio_change_interval(
    a: Sequence[tuple[float, float]], b: Sequence[tuple[float, float]], seed: int = 0, rounds: int = ROUNDS
) -> tuple[float, float]:
    """Return the 95 % interval of the ratio of b minus that of a (see `ratio_interval`), pairs being drawn together."""
    pairs = np.asarray([(*before, *after) for before, after in zip(a, b, strict=True)], dtype=float)
    sums = _resampled(pairs, lambda sample: sample.sum(axis=1), seed, rounds)
    some = sums[(sums[:, 1] > 0) & (sums[:, 3] > 0)]
    return _percentiles(some[:, 2] / some[:, 3] - some[:, 0] / some[:, 1])


def quantile_change_interval(
    a: Sequence[float], b: Sequence[float], share: float, seed: int = 0, rounds: int = ROUNDS
) -> tuple[float, float]:
    """Return the 95 % interval of the quantile of b minus that of a, pairs being drawn together."""
    pairs = np.asarray(list(zip(a, b, strict=True)), dtype=float)
    drawn = _resampled(pairs, lambda sample: np.diff(np.quantile(sample, share, axis=1), axis=1)[:, 0], seed, rounds)
    return _percentiles(drawn)


def mcnemar(b: int, c: int) -> float:
    """Return the exact two-sided p of McNemar's test (1947): b and c count the pairs in which only one side is right.

    Under the null hypothesis each of the b + c differing pairs is a fair coin, so p is binomial; 1.0 where none differ.
    """
    if b < 0 or c < 0:
        raise ValueError("counts are not negative")
    pairs = b + c
    tail = ways = 1
    for fewer in range(min(b, c)):
        ways = ways * (pairs - fewer) // (fewer + 1)
        tail += ways
    return min(1.0, float(2 * tail / 2**pairs))


def paired_bootstrap(
    a: Sequence[float], b: Sequence[float], seed: int = 0, rounds: int = ROUNDS
) -> tuple[float, float, float, float]:
    """Return (mean of b − mean of a, low, high, p): the paired difference, its 95 % interval, and a two-sided p.

    Pairs are drawn together (Koehn 2004). p is the share of rounds whose difference, moved so that the null hypothesis
    holds, is at least as far from 0 as the one observed (Efron & Tibshirani 1993, section 16.4), counting the observed
    one itself, so that it is never 0. Raises `ValueError` where the lengths differ or are 0.
    """
    if len(a) != len(b):
        raise ValueError("paired values are of one length")
    differences = np.asarray(b, dtype=float) - np.asarray(a, dtype=float)
    drawn = _resampled(differences, lambda sample: sample.mean(axis=1), seed, rounds)
    observed = float(differences.mean())
    extreme = np.abs(drawn - observed) >= abs(observed) - 1e-12
    p = (1 + int(extreme.sum())) / (len(drawn) + 1)
    return observed, *_percentiles(drawn), p


def _resampled(values: Array, statistic: Callable[[Array], Array], seed: int, rounds: int) -> Array:
    """Statistics of `rounds` samples drawn with replacement; `statistic` takes (rounds, n, …) and reduces axis 1."""
    return np.concatenate([statistic(values[rows]) for rows in _indices(len(values), seed, rounds)])


def _indices(count: int, seed: int, rounds: int) -> Iterator[NDArray[np.int64]]:
    """Blocks of (some rounds, count) indices, together `rounds` rows."""
    if count == 0:
        raise ValueError("no values")
    generator = np.random.default_rng(seed)
    step = max(1, _BLOCK // count)
    for start in range(0, rounds, step):
        yield generator.integers(0, count, size=(min(step, rounds - start), count))


def _percentiles(drawn: Array) -> tuple[float, float]:
    if len(drawn) == 0:
        raise ValueError("the statistic applies to no sample")
    low, high = np.quantile(drawn, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return float(low), float(high)
