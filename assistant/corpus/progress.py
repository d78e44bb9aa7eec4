"""How far the taking in of files has come, counted in passages."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called with how many passages of how many are done."""


class Expected:
    """How many passages there will be: those of the files that were read, and as many a byte of the others."""

    def __init__(self, size: int) -> None:
        self._unread = size
        self._bytes = 0
        self._passages = 0
        self._done = 0

    def read(self, size: int, passages: int) -> None:
        """Take note of a file of so many bytes; the members of a zip file are larger than it."""
        self._unread = max(0, self._unread - size)
        if passages:
            self._bytes += size
            self._passages += passages

    def counting(self, progress: Progress | None) -> Progress | None:
        """Count on from the batches before, up to the passages that have been read."""
        done, self._done = self._done, self._passages
        total = self._passages + round(self._passages / max(self._bytes, 1) * self._unread)
        return None if progress is None else lambda now, _: progress(done + now, total)


def counting_on(done: int, total: int, progress: Progress | None) -> Progress | None:
    """Count on from what earlier batches have done."""
    return None if progress is None else lambda now, _: progress(done + now, total)
