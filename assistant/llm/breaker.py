"""Leaves a language model alone while it is down, so that nobody waits for what will not come."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

FAILURES = 3
"""In a row; fewer happen to a service that is well."""
PAUSE = 15.0
"""Seconds between two tries of a model that is down."""


class Breaker:
    """Counts failures in a row and says whether to ask. Safe to use from several threads.

    Once it is open it lets one request through every `PAUSE` seconds; the first that succeeds closes it.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._shut_until = 0.0

    def admits(self) -> bool:
        """Say whether to ask now. Where the model is down, a yes is a try, and the next comes a pause later."""
        with self._lock:
            now = self._clock()
            if now < self._shut_until:
                return False
            if self._failures >= FAILURES:
                self._shut_until = now + PAUSE
            return True

    def succeeded(self) -> None:
        """Note that the model answered."""
        with self._lock:
            self._failures = 0
            self._shut_until = 0.0

    def failed(self, *, lasting: bool = False, wait: float | None = None) -> None:
        """Note a failure: a lasting one opens at once, and `wait` seconds are kept where the service asked for them."""
        with self._lock:
            self._failures = FAILURES if lasting else self._failures + 1
            pause = PAUSE if self._failures >= FAILURES else 0.0
            self._shut_until = max(self._shut_until, self._clock() + max(pause, wait or 0.0))
