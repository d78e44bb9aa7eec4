"""Where questions of programs are answered: within the caller's regions, so many at a time, each with a line in the audit log."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from assistant.access.audit import AuditError, AuditLog, Event
from assistant.access.callers import Caller
from assistant.corpus.feedback import Reason
from assistant.errors import QuestionError, ZhengwenError
from assistant.types import Answer, Evidence, Paragraph, Preview, Report, Role, Turn
from assistant.web.server.asked import Asked
from assistant.web.server.metrics import Metrics
from assistant.web.server.room import Room

if TYPE_CHECKING:
    from assistant.answering.assistant import Assistant
    from assistant.facts.told import Told
    from assistant.web.page.rating import KeepsFeedback

log = logging.getLogger(__name__)

Part = Preview | str | Answer
Found = TypeVar("Found")

AT_ONCE = 8
"""Questions of programs that are worked on at the same time where a model is waited for."""
AT_ONCE_READING = 2
"""The same where the reader answers alone: it computes all the time, and more threads would only starve those who let people in."""


class Busy(ZhengwenError):
    """More is asked than can be answered."""

    hint = "请过几秒再试。"


class Recorder:
    """Writes down what is asked, and counts it."""

    def __init__(self, audit: AuditLog, metrics: Metrics) -> None:
        self._audit = audit
        self.metrics = metrics

    def note(self, event: Event, asked: Asked, **more: Any) -> None:
        """Write a line; a log that cannot be written is cried over in the other log, and the answer goes out."""
        try:
            self._audit.record(event, asked.caller, asked.request_id, **more)
        except AuditError:
            self.metrics.unwritten.inc()
            log.exception("An audit line could not be written.")

    def answered(self, parts: Iterable[Part], question: str, asked: Asked) -> Iterator[Part]:
        """Hand the parts on and write one line, whatever becomes of the question; before the whole answer goes out, if there is one."""
        started, outcome, noted = time.perf_counter(), {"verdict": "left"}, False

        def note() -> None:
            nonlocal noted
            noted = True
            seconds = round(time.perf_counter() - started, 3)
            self.metrics.answers.labels(asked.caller.way, outcome["verdict"]).inc()
            self.metrics.seconds.observe(seconds)
            self.note("ask", asked, question=question, seconds=seconds, **outcome)

        try:
            for part in parts:
                if isinstance(part, Answer):
                    outcome = _outcome(part)
                    note()
                    if part.writing:
                        self.metrics.wrote(part.writing)
                yield part
        except QuestionError:
            outcome = {"verdict": "refused"}
            raise
        except Exception:
            outcome = {"verdict": "failed"}
            raise
        finally:
            if not noted:
                note()


class Desk:
    """Takes questions of programs from the event loop into threads and back."""

    def __init__(
        self, assistant: Assistant, recorder: Recorder, at_once: int = AT_ONCE, book: KeepsFeedback | None = None
    ) -> None:
        self._assistant = assistant
        self._book = book
        self.recorder = recorder
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="ask")
        self._room = Room(at_once)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def assistant_for(self, caller: Caller) -> Assistant:
        """The assistant with the reports that this caller may be answered from."""
        return self._assistant if caller.regions is None else self._assistant.within(caller.regions)

    async def parts(self, asked: Asked, question: str, history: Sequence[Turn] = ()) -> AsyncIterator[Part]:
        """Yield what `Assistant.stream` does. Raises `QuestionError`, and `Busy` at once where too many wait.

        Whoever stops iterating, because the client has left, stops the model too.
        """
        loop, stopped = asyncio.get_running_loop(), threading.Event()
        parts: asyncio.Queue[Part | BaseException | None] = asyncio.Queue()

        def tell(part: Part | BaseException | None) -> None:
            loop.call_soon_threadsafe(parts.put_nowait, part)

        def draw() -> None:
            try:
                if not stopped.is_set():
                    assistant = self.assistant_for(asked.caller)
                    drawn = self.recorder.answered(assistant.stream(question, history, stopped), question, asked)
                    for part in drawn:
                        tell(part)
                tell(None)
            except BaseException as error:  # noqa: BLE001 - raised again where the parts are awaited
                tell(error)

        self._begin(draw)
        try:
            while (part := await parts.get()) is not None:
                if isinstance(part, BaseException):
                    raise part
                yield part
        finally:
            stopped.set()

    async def ask(self, asked: Asked, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Return the whole answer. Raises as `parts` does."""
        answer = None
        async for part in self.parts(asked, question, history):
            if isinstance(part, Answer):
                answer = part
        assert answer is not None
        return answer

    async def search(self, asked: Asked, query: str, limit: int) -> tuple[Evidence, ...]:
        """Return the passages that a query finds. Raises as `parts` does."""
        found: tuple[Evidence, ...] = ()
        try:
            found = await self._done(lambda: self.assistant_for(asked.caller).search(query, limit))
        finally:
            passages = [evidence.passage.id for evidence in found]
            await asyncio.to_thread(self.recorder.note, "search", asked, question=query, passages=passages)
        return found

    async def reports(self, asked: Asked) -> tuple[Report, ...]:
        return await self._done(lambda: self.assistant_for(asked.caller).reports())

    async def report(self, asked: Asked, report_id: str) -> tuple[Report, tuple[Paragraph, ...]]:
        """Raise `LibraryError` where this caller may not see it, as if it were not there."""
        return await self._done(lambda: self.assistant_for(asked.caller).report(report_id))

    async def read(self, asked: Asked, look: Callable[[Assistant], Found]) -> Found:
        """Return what is looked up with the assistant that this caller has."""
        return await self._done(lambda: look(self.assistant_for(asked.caller)))

    async def facts(
        self, asked: Asked, report_id: str, indicator: str | None, role: Role | None, attached: bool | None
    ) -> tuple[Report, tuple[Told, ...]]:
        """Return a report with what it states. Raises as `report` does, and `QuestionError` for an unknown indicator."""

        def read() -> tuple[Report, tuple[Told, ...]]:
            assistant = self.assistant_for(asked.caller)
            found = assistant.facts(report_id, indicator=indicator, role=role, attached=attached)
            return assistant.report(report_id)[0], found

        return await self._done(read)

    @property
    def keeps_feedback(self) -> bool:
        """Whether there is a book to keep it in."""
        return self._book is not None

    async def rate(self, answer: Answer, history: Sequence[str], *, good: bool, reason: Reason, note: str) -> None:
        """Keep what a reader says of an answer. Raises `LibraryError` as `FeedbackBook.add`."""
        assert self._book is not None
        await asyncio.to_thread(partial(self._book.add, answer, history, good=good, reason=reason, note=note))

    async def _done(self, work: Callable[[], Found]) -> Found:
        return await asyncio.wrap_future(self._begin(work))

    def check_room(self) -> None:
        """Raise `Busy` where one more question has no place."""
        if not self._room.has_place():
            self.recorder.metrics.refusals.labels("busy").inc()
            raise Busy("现在提问的人太多了。")

    def _begin(self, work: Callable[[], Found]) -> Any:
        self.check_room()
        loop = asyncio.get_running_loop()
        self._count(1)

        def timed() -> Found:
            began = time.monotonic()
            try:
                return work()
            finally:
                self._room.took(time.monotonic() - began)

        future = self._threads.submit(timed)

        def over(_: object) -> None:
            try:
                loop.call_soon_threadsafe(self._count, -1)
            except RuntimeError:  # the loop has ended meanwhile
                self._room.in_flight -= 1

        future.add_done_callback(over)
        return future

    def _count(self, change: int) -> None:
        self._room.in_flight += change
        self.recorder.metrics.in_flight.set(self._room.in_flight)


def _outcome(answer: Answer) -> dict[str, Any]:
    return {
        "verdict": answer.verdict,
        "passages": [citation.paragraph_id for citation in answer.citations],
        "model": answer.model,
        "prompts": answer.writing.prompts if answer.writing else "",
        "settings": answer.settings,
    }
