"""The assistant and the book of feedback as the page has them: each visitor's own, and with a line in the audit log for each act."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import Any

from assistant.corpus.feedback import Reason
from assistant.types import Answer, Preview, Turn
from assistant.web.page.rating import KeepsFeedback
from assistant.web.server.asked import current
from assistant.web.server.desk import Recorder


class PageAssistant:
    """Looks up for whom it is called, and answers from what they may see."""

    def __init__(self, assistant: Any, recorder: Recorder) -> None:
        self._whole = assistant
        self._recorder = recorder

    def stream(
        self, question: str, history: Sequence[Turn], stopped: threading.Event | None = None
    ) -> Iterator[Preview | str | Answer]:
        """As `Assistant.stream`."""
        asked = current()
        return self._recorder.answered(self._own().stream(question, history, stopped), question, asked)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._own(), name)

    def _own(self) -> Any:
        regions = current().caller.regions
        return self._whole if regions is None else self._whole.within(regions)


class PageBook:
    """Writes down that somebody said something of an answer; what they said stands in the book."""

    def __init__(self, book: KeepsFeedback, recorder: Recorder) -> None:
        self._book = book
        self._recorder = recorder

    def add(
        self, answer: Answer, history: Sequence[str] = (), *, good: bool, reason: Reason = "", note: str = ""
    ) -> object:
        """As `FeedbackBook.add`."""
        added = self._book.add(answer, history, good=good, reason=reason, note=note)
        self._recorder.note("feedback", current(), question=answer.question, good=good, reason=reason)
        return added
