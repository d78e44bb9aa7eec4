"""The assistant as the page has it: each visitor's own, and with a line in the audit log for each question."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import Any

from assistant.types import Answer, Preview, Turn
from assistant.web.asked import current
from assistant.web.desk import Recorder


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
