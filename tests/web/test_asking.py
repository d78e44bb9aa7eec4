"""What becomes of a question from step to step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.errors import QuestionError, ZhengwenError
from assistant.types import Answer, Preview
from assistant.web.page.asking import QUIET, Part, Step, steps
from assistant.web.page.run import Stopped, Superseded
from assistant.web.page.thread import Exchange

WAITING = Exchange(3, "问题")
EXTRACT = Answer("问题", "answered", "原文。")


def ending(error: BaseException | None, *before: Part) -> Iterator[Part]:
    yield from before
    if error:
        raise error


def test_a_preview_is_followed_by_the_words_and_the_answer() -> None:
    written = replace(EXTRACT, answer="一。二。", model="demo:qwen")
    previewed = replace(WAITING, answer=EXTRACT)
    assert list(steps([Preview(EXTRACT), "一。", "二。", written], WAITING)) == [
        Step(previewed),
        Step(previewed, "一。"),
        Step(previewed, "一。二。"),
        Step(replace(WAITING, answer=written), done=True),
    ]


def test_a_silence_shows_what_is_there_already() -> None:
    first, again, _ = steps(["一", QUIET, EXTRACT], WAITING)
    assert first == again == Step(WAITING, "一")


@pytest.mark.parametrize(
    ("error", "notice", "tone"),
    [
        (None, "抱歉，这个问题没能答出来", "error"),
        (RuntimeError("inner"), "抱歉，这个问题没能答出来", "error"),
        (ZhengwenError("库坏了。", "请重建。"), "库坏了。\n请重建。", "error"),
        (Stopped(), "已按您的要求停止。", "note"),
    ],
)
def test_whatever_goes_wrong_becomes_a_sentence(error: BaseException | None, notice: str, tone: str) -> None:
    *_, last = steps(ending(error, "一"), WAITING)
    assert last.done
    assert last.exchange.answer is None
    assert last.exchange.notice.startswith(notice)
    assert last.exchange.tone == tone


def test_who_stops_a_model_keeps_the_extract() -> None:
    *_, last = steps(ending(Stopped(), Preview(EXTRACT), "一。"), WAITING)
    assert last.exchange.answer == replace(EXTRACT, notice="已按您的要求停止，以上是报告原文摘录。")


@pytest.mark.parametrize("error", [QuestionError("太长了。"), Superseded()])
def test_a_question_at_fault_and_one_that_nobody_waits_for_have_no_last_step(error: Exception) -> None:
    with pytest.raises(type(error)):
        list(steps(ending(error), WAITING))
