"""Token buckets: so many at once, so many a minute, counted by name."""

from __future__ import annotations

import hashlib
import mmap
import struct
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from assistant.access.files import locked

_NAMES = 10_000
"""Buckets that are kept; beyond that the one that was used least recently is forgotten, which only favours its owner."""
Level = tuple[float, float]
"""What a bucket held, and when."""


class RateLimiter:
    """Token buckets of one size, counted by this process, or in a file by all that are given the same."""

    def __init__(
        self,
        burst: float,
        per_minute: float,
        clock: Callable[[], float] = time.monotonic,
        shared: Path | None = None,
    ) -> None:
        """The clock of a shared file is that of the machine, which `time.monotonic` is on Linux and macOS."""
        self._burst = float(burst)
        self._rate = per_minute / 60
        self._clock = clock
        self._kept: _Kept | _Shared = _Shared(shared) if shared else _Kept()

    def wait(self, name: str, cost: float = 1) -> float:
        """Take `cost` out of a bucket and return 0, or leave it as it is and return how many seconds are to be waited."""
        with self._kept.held():
            now = self._clock()
            level, at = self._kept.get(name) or (self._burst, now)
            level = min(self._burst, level + (now - at) * self._rate)
            missing = cost - level
            self._kept.put(name, (level if missing > 0 else level - cost, now))
        return max(missing, 0) / self._rate


class _Kept:
    """Levels in memory."""

    def __init__(self) -> None:
        self._levels: OrderedDict[str, Level] = OrderedDict()
        self.held = nullcontext

    def get(self, name: str) -> Level | None:
        return self._levels.get(name)

    def put(self, name: str, level: Level) -> None:
        self._levels[name] = level
        self._levels.move_to_end(name)
        if len(self._levels) > _NAMES:
            self._levels.popitem(last=False)


class _Shared:
    """Levels in a file that several processes have mapped: each name has a place by its hash, and whoever comes later has it."""

    _ROW = struct.Struct("<8sdd")

    def __init__(self, path: Path) -> None:
        self._lock = path.with_name(f"{path.name}.lock")  # an end by force lets go of it
        with locked(self._lock), path.open("a+b") as file:
            file.truncate(_NAMES * self._ROW.size)
            self._rows = mmap.mmap(file.fileno(), _NAMES * self._ROW.size)

    @contextmanager
    def held(self) -> Iterator[None]:
        with locked(self._lock):
            yield

    def get(self, name: str) -> Level | None:
        known, place = self._place(name)
        mark, level, at = self._ROW.unpack_from(self._rows, place)
        return (level, at) if mark == known else None

    def put(self, name: str, level: Level) -> None:
        known, place = self._place(name)
        self._ROW.pack_into(self._rows, place, known, *level)

    def _place(self, name: str) -> tuple[bytes, int]:
        known = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        return known, int.from_bytes(known) % _NAMES * self._ROW.size
