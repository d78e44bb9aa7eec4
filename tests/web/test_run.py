"""A run of an answer, which may be left at any moment."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from assistant.web.run import Run, Stopped


def test_the_parts_come_in_order() -> None:
    assert list(Run(lambda: iter("一二三"))) == ["一", "二", "三"]


def test_what_the_run_raises_is_raised_where_it_is_drawn() -> None:
    def broken() -> Iterator[str]:
        yield "一"
        raise OSError("disk gone")

    parts = iter(Run(broken))
    assert next(parts) == "一"
    with pytest.raises(OSError, match="disk gone"):
        next(parts)


def test_stop_does_not_wait_for_a_part_that_never_comes() -> None:
    release = threading.Event()

    def stuck() -> Iterator[str]:
        yield "一"
        release.wait(30)

    run = Run(stuck)
    parts = iter(run)
    next(parts)
    began = time.perf_counter()
    threading.Timer(0.05, run.stop).start()
    with pytest.raises(Stopped):
        next(parts)
    assert time.perf_counter() - began < 5
    release.set()


def test_a_run_that_nobody_draws_from_any_more_ends() -> None:
    ended = threading.Event()

    def endless() -> Iterator[str]:
        try:
            while True:
                time.sleep(0.01)
                yield "…"
        finally:
            ended.set()

    parts = iter(Run(endless))
    next(parts)
    del parts
    assert ended.wait(5)


def test_a_run_stopped_before_it_begins_yields_nothing() -> None:
    run = Run(lambda: iter("一二三"))
    run.stop()
    with pytest.raises(Stopped):
        next(iter(run))
