"""A run of an answer, which may be left at any moment."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from assistant.web.page.run import Run, Runs, Stopped, Superseded


def test_the_parts_come_in_order() -> None:
    assert list(Run(lambda stopped: iter("一二三"))) == ["一", "二", "三"]


def test_a_silence_is_told_so_that_who_shows_the_parts_learns_whether_anybody_looks() -> None:
    spoken = threading.Event()

    def slow(stopped: threading.Event) -> Iterator[str]:
        yield "一"
        spoken.wait(10)
        yield "二"

    parts = iter(Run(slow, tick=0.02))
    assert [next(parts), next(parts), next(parts)] == ["一", None, None]
    spoken.set()
    assert [part for part in parts if part] == ["二"]


def test_what_the_run_raises_is_raised_where_it_is_drawn() -> None:
    def broken(stopped: threading.Event) -> Iterator[str]:
        yield "一"
        raise OSError("disk gone")

    parts = iter(Run(broken))
    assert next(parts) == "一"
    with pytest.raises(OSError, match="disk gone"):
        next(parts)


def test_stop_does_not_wait_for_a_part_that_never_comes() -> None:
    release = threading.Event()

    def stuck(stopped: threading.Event) -> Iterator[str]:
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

    def endless(stopped: threading.Event) -> Iterator[str]:
        try:
            while True:
                time.sleep(0.01)
                yield "…"
        finally:
            ended.set()

    parts = iter(Run(endless))
    next(parts)
    del parts
    assert ended.wait(20)


def test_a_run_stopped_before_it_begins_yields_nothing() -> None:
    run = Run(lambda stopped: iter("一二三"))
    run.stop()
    with pytest.raises(Stopped):
        next(iter(run))


def waiting(told: threading.Event, closed: threading.Event) -> Run[str]:
    """A run that waits for a model which never answers, and says what became of it."""

    def model(stopped: threading.Event) -> Iterator[str]:
        try:
            yield "一"
            if stopped.wait(30):
                told.set()
            yield "二"
        finally:
            closed.set()

    return Run(model)


def test_who_waits_for_a_model_is_told_at_once_that_the_reader_has_stopped() -> None:
    told, closed = threading.Event(), threading.Event()
    run = waiting(told, closed)
    parts = iter(run)
    next(parts)
    run.stop()
    assert told.wait(20)
    assert closed.wait(20)
    with pytest.raises(Stopped):
        next(parts)


def test_who_waits_for_a_model_is_told_when_nobody_draws_any_more() -> None:
    told, closed = threading.Event(), threading.Event()
    parts = iter(waiting(told, closed))
    next(parts)
    parts.close()  # type: ignore[attr-defined]  # a generator
    assert told.wait(20)
    assert closed.wait(20)


def test_a_new_run_takes_the_place_of_the_one_in_its_tab_and_of_no_other() -> None:
    runs: Runs[str] = Runs()
    first, second, other = (waiting(threading.Event(), threading.Event()) for _ in range(3))
    with runs.only("甲", first), runs.only("乙", other):
        parts, others = iter(first), iter(other)
        assert (next(parts), next(others)) == ("一", "一")
        with runs.only("甲", second):
            with pytest.raises(Superseded):
                next(parts)
            assert runs.of("乙") == [other]
        runs.stop("乙")
        with pytest.raises(Stopped):
            next(others)
    assert runs.of("甲") == runs.of("乙") == []


def test_who_supersedes_a_run_goes_on_once_it_has_said_its_last_word() -> None:
    runs: Runs[str] = Runs()
    said: list[str] = []
    begun = threading.Event()

    def shown() -> None:
        run = waiting(threading.Event(), threading.Event())
        with runs.only("甲", run):
            try:
                for part in run:
                    said.append(part or "")
                    begun.set()
            except Superseded:
                time.sleep(0.2)
                said.append("完")

    drawing = threading.Thread(target=shown)
    drawing.start()
    assert begun.wait(20)
    runs.supersede("甲", 5)
    assert said == ["一", "完"]
    drawing.join(5)
    began = time.perf_counter()
    runs.supersede("甲", 5)  # nothing is worked on
    assert time.perf_counter() - began < 4  # a busy machine must not fail


def test_a_run_that_does_not_end_is_not_waited_for_for_ever() -> None:
    runs: Runs[str] = Runs()
    with runs.only("甲", waiting(threading.Event(), threading.Event())):
        began = time.perf_counter()
        runs.supersede("甲", 0.1)
        assert time.perf_counter() - began < 5
