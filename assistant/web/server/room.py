"""How many questions may be in the house: all that come at once, and fewer once a queue does not go away."""

from __future__ import annotations

import time
from collections.abc import Callable

MOST = 120
"""Questions in the house; the next is sent away at once. A burst of 100 goes through."""
_BURST, _WAIT = 5.0, 1.0
"""Seconds for which a queue may last before it is overload; then no more are let in than this many seconds of waiting, and the time
of two answers, allow. It is the idea of CoDel (RFC 8289): a queue that passes is good, one that stays only makes everybody late."""


class Room:
    """Counts who is in the house, and how long an answer takes."""

    def __init__(self, at_once: int, clock: Callable[[], float] = time.monotonic) -> None:
        """`at_once` is how many are worked on at the same time; the others wait."""
        self._at_once = at_once
        self._clock = clock
        self._passed = clock()
        """When somebody last came who did not have to wait."""
        self._took = 0.05
        """Seconds of an answer, smoothed."""
        self.in_flight = 0

    def has_place(self) -> bool:
        """Whether one more may come in now."""
        now = self._clock()
        if self.in_flight < self._at_once:
            self._passed = now
        lasts = now - self._passed >= _BURST
        return self.in_flight < (min(MOST, self._at_once * (_WAIT / self._took + 2)) if lasts else MOST)

    def took(self, seconds: float) -> None:
        """Learn how long an answer took once it was its turn."""
        self._took += (max(seconds, 0.001) - self._took) / 20
