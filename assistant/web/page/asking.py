"""What the page asks of an assistant, and what becomes of a question from step to step, without a word about how it looks."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.errors import QuestionError, ZhengwenError
from assistant.types import Answer, Aspect, Preview, Report, Turn
from assistant.web.page.run import Stopped, Superseded
from assistant.web.page.thread import Exchange

log = logging.getLogger(__name__)

Part = Preview | str | Answer

_FAILED = "抱歉，这个问题没能答出来。请再试一次；如果还是不行，请换一种问法，或告诉管理员。"
_STOPPED = "已按您的要求停止。"
_STOPPED_EARLY = "已按您的要求停止，以上是报告原文摘录。"


QUIET = None
"""Comes among the parts when there was nothing to say for a while: whoever shows them finds out whether anybody still looks."""


class AnswersQuestions(Protocol):
    """What the page needs of an assistant."""

    def stream(
        self, question: str, history: Sequence[Turn], stopped: threading.Event | None = None
    ) -> Iterator[Preview | str | Answer]:
        """Yield a `Preview` where a model will be asked, then the text in parts, then the `Answer`.

        `stopped` is set once the reader has left; whoever waits for a model looks at it at least every 0.1 s.
        """
        ...

    def reports(self) -> tuple[Report, ...]: ...

    def aspects(self, question: str) -> tuple[Aspect, ...]:
        """How a whole question is understood, part by part, with what could stand in its place."""
        ...

    def examples(self) -> tuple[tuple[str, str], ...]:
        """Questions to begin with, each with its kind; all of them have an answer."""
        ...

    def next_questions(self, answer: Answer) -> tuple[str, ...]:
        """At most three questions to go on with, each of which has an answer."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """Where a question stands; its exchange holds the preview's answer from the moment there is one."""

    exchange: Exchange
    so_far: str = ""
    done: bool = False


def steps(parts: Iterable[Part | None], waiting: Exchange) -> Iterator[Step]:
    """Yield each step to the last, which is done: whatever goes wrong becomes a sentence.

    Raises `QuestionError` where the question itself is at fault, `Superseded` where nobody waits for it any more.
    """
    so_far, failed = "", replace(waiting, notice=_FAILED, tone="error")
    try:
        for part in parts:
            if isinstance(part, Answer):
                yield Step(replace(waiting, answer=part), done=True)
                return
            if part is QUIET:
                pass
            elif isinstance(part, Preview):
                # A refusal is not shown while a model still reads: it may find the answer.
                answer = part.answer if part.answer.verdict == "answered" else None
                waiting = replace(waiting, answer=answer, reading=part.passages)
            else:
                so_far += part
            yield Step(waiting, so_far)
        log.error("The assistant ended without an answer.")
    except (QuestionError, Superseded):
        raise
    except Stopped:
        failed = replace(failed, notice=_STOPPED, tone="note")
        if waiting.answer:  # the reader's own words are complete: nothing is gained by taking them away
            failed = replace(waiting, answer=replace(waiting.answer, notice=_STOPPED_EARLY))
    except ZhengwenError as error:
        failed = replace(failed, notice=error_sentence(error))
    except Exception:
        log.exception("A question could not be answered.")
    yield Step(failed, done=True)


def error_sentence(error: ZhengwenError) -> str:
    """Say what is wrong and, on a line of its own, what can be done about it."""
    return f"{error}\n{error.hint}" if error.hint else str(error)
