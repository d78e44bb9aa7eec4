from __future__ import annotations

import time
from email.utils import formatdate

import pytest

from assistant.llm.failures import LONGEST_WAIT, Failure, diagnose


class _Response:
    def __init__(self, retry_after: str) -> None:
        self.headers = {"retry-after": retry_after}


class _StatusError(Exception):
    def __init__(self, status: int, retry_after: str = "") -> None:
        super().__init__("inner text")
        self.status_code = status
        self.response = _Response(retry_after)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("7", 7),
        ("0.5", 0.5),
        ("86400", LONGEST_WAIT),
        ("0", None),
        ("-3", None),
        ("nan", None),
        ("soon", None),
        ("", None),
    ],
)
def test_the_wait_a_service_asks_for_is_read_and_has_an_end(written: str, seconds: float | None) -> None:
    assert diagnose(_StatusError(429, written), begun=False).wait == seconds


def test_the_wait_may_be_written_as_a_date() -> None:
    wait = diagnose(_StatusError(503, formatdate(time.time() + 90, usegmt=True)), begun=False).wait
    assert wait == pytest.approx(90, abs=2)


@pytest.mark.parametrize(
    ("error", "begun", "failure"),
    [
        (ConnectionRefusedError(), False, Failure.UNREACHABLE),
        (ConnectionResetError(), True, Failure.CUT),
        (TimeoutError(), False, Failure.SILENT),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "x"), True, Failure.UNREADABLE),
        (KeyError("choices"), True, Failure.UNREADABLE),
        (RuntimeError("inner"), True, Failure.BROKEN),
        (_StatusError(402), False, Failure.UNPAID),
        (_StatusError(418), False, Failure.BROKEN),
    ],
)
def test_a_foreign_exception_comes_down_to_one_failure(error: Exception, begun: bool, failure: Failure) -> None:
    assert diagnose(error, begun=begun).failure is failure


def test_the_cause_counts_where_the_exception_itself_says_nothing() -> None:
    outer = RuntimeError("wrapped")
    outer.__cause__ = _StatusError(401)
    assert diagnose(outer, begun=False).failure is Failure.REJECTED
    biting = RuntimeError("its own tail")
    biting.__context__ = biting
    assert diagnose(biting, begun=False).failure is Failure.BROKEN


def test_every_failure_is_one_sentence_without_an_address() -> None:
    for failure in Failure:
        error = failure.error()
        assert str(error).endswith("。")
        assert str(error).count("。") == 1
        assert "http" not in f"{error} {error.hint}"
