"""A question that is being answered, and can be left at any moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from queue import SimpleQueue
from typing import Generic, TypeVar

Part = TypeVar("Part")


class Stopped(Exception):
    """The user did not want to wait any longer."""


class Run(Generic[Part]):
    """Draws the parts of an answer in a thread of its own, so that stopping need not wait for the next part.

    Gradio's own `cancels=` leaves the page to whichever message comes last: now and then a stopped answer went on being shown,
    or the next question was never sent. Here the one that draws the page is told, and says the last word itself.
    """

    def __init__(self, start: Callable[[], Iterable[Part]]) -> None:
        self._start = start
        self._left = threading.Event()
        self._parts: SimpleQueue[Part | BaseException | None] = SimpleQueue()

    def stop(self) -> None:
        """Leave the run; whoever iterates over it gets `Stopped` at once."""
        self._left.set()
        self._parts.put(None)

    def __iter__(self) -> Iterator[Part]:
        """Yield the parts as they come. Raises `Stopped`, or whatever the run raised."""
        threading.Thread(target=self._draw, daemon=True).start()
        try:
            while True:
                part = self._parts.get()
                if self._left.is_set():
                    raise Stopped
                if part is None:
                    return
                if isinstance(part, BaseException):
                    raise part
                yield part
        finally:
            self._left.set()

    def _draw(self) -> None:
        try:
            for part in self._start():
                if self._left.is_set():
                    return
                self._parts.put(part)
        except Exception as error:  # noqa: BLE001 - raised again where the run is iterated over
            self._parts.put(error)
        else:
            self._parts.put(None)
