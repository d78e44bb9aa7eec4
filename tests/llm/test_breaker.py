from __future__ import annotations

import pytest

from assistant.llm.breaker import FAILURES, PAUSE, Breaker


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(clock)


def test_fewer_failures_than_its_number_do_not_open_it(breaker: Breaker) -> None:
    for _ in range(FAILURES - 1):
        breaker.failed()
    assert breaker.admits()


def test_failures_with_a_success_between_them_do_not_add_up(breaker: Breaker) -> None:
    for _ in range(FAILURES * 2):
        breaker.failed()
        breaker.succeeded()
    assert breaker.admits()


def test_open_it_lets_one_try_through_after_each_pause(breaker: Breaker, clock: Clock) -> None:
    for _ in range(FAILURES):
        breaker.failed()
    assert not breaker.admits()
    for _ in range(3):
        clock.now += PAUSE
        assert breaker.admits()
        assert not breaker.admits()


def test_a_try_that_succeeds_closes_it(breaker: Breaker, clock: Clock) -> None:
    for _ in range(FAILURES):
        breaker.failed()
    clock.now += PAUSE
    assert breaker.admits()
    breaker.succeeded()
    assert breaker.admits()
    assert breaker.admits()


def test_a_try_that_fails_keeps_it_open_for_another_pause(breaker: Breaker, clock: Clock) -> None:
    for _ in range(FAILURES):
        breaker.failed()
    clock.now += PAUSE
    assert breaker.admits()
    clock.now += 5
    breaker.failed()
    clock.now += PAUSE - 1
    assert not breaker.admits()
    clock.now += 1
    assert breaker.admits()


def test_a_lasting_failure_opens_it_at_once(breaker: Breaker) -> None:
    breaker.failed(lasting=True)
    assert not breaker.admits()


def test_a_wait_that_was_asked_for_is_kept_even_after_one_failure(breaker: Breaker, clock: Clock) -> None:
    breaker.failed(wait=120)
    clock.now += 119
    assert not breaker.admits()
    clock.now += 1
    assert breaker.admits()
