"""Token buckets: so many at once, so many a minute, counted by name."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

_NAMES = 10_000
"""Buckets that are kept; beyond that the one that was used least recently is forgotten, which only favours its owner."""


class Buckets:
    """Buckets of one size. Each process counts for itself."""

    def __init__(self, burst: float, per_minute: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst = float(burst)
        self._rate = per_minute / 60
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, name: str, cost: float = 1) -> float:
        """Take `cost` out of a bucket and return 0, or leave it as it is and return how many seconds are to be waited."""
        now = self._clock()
        level, at = self._buckets.pop(name, (self._burst, now))
        level = min(self._burst, level + (now - at) * self._rate)
        missing = cost - level
        self._buckets[name] = (level if missing > 0 else level - cost, now)
        if len(self._buckets) > _NAMES:
            self._buckets.popitem(last=False)
        return max(missing, 0) / self._rate

    def left(self, name: str) -> float:
        """Return how much a bucket holds."""
        level, at = self._buckets.get(name, (self._burst, self._clock()))
        return min(self._burst, level + (self._clock() - at) * self._rate)
