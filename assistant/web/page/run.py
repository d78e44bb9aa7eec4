"""A question that is being answered, and can be left at any moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

Part = TypeVar("Part")


class Stopped(Exception):
    """The user did not want to wait any longer."""


class Superseded(Stopped):
    """The user has gone on to something else in the same tab: there is nothing left to be said of this run."""


class Run(Generic[Part]):
    """Draws the parts of an answer in a thread of its own, so that stopping need not wait for the next part.

    Gradio's own `cancels=` leaves the page to whichever message comes last: now and then a stopped answer went on being shown,
    or the next question was never sent. Here the one that draws the page is told, and says the last word itself.
    """

    def __init__(self, start: Callable[[threading.Event], Iterable[Part]], tick: float | None = None) -> None:
        """`start` is handed an event that is set once nobody waits for the parts any more, also while it works on the next one.

        After `tick` seconds without a part comes None: who shows the parts learns that nobody looks only when it has something to show.
        """
        self._start = start
        self._tick = tick
        self._left = threading.Event()
        self._reason: type[Stopped] = Stopped
        self._parts: SimpleQueue[Part | BaseException | None] = SimpleQueue()

    def stop(self, reason: type[Stopped] = Stopped) -> None:
        """Leave the run; whoever iterates over it gets `reason` raised at once."""
        self._reason = reason
        self._left.set()
        self._parts.put(None)

    def __iter__(self) -> Iterator[Part | None]:
        """Yield the parts as they come, and None in a silence. Raises `Stopped`, or whatever the run raised."""
        # In the same context: who asks is known there.
        threading.Thread(target=copy_context().run, args=(self._draw,), daemon=True).start()
        try:
            while True:
                try:
                    part = self._parts.get(timeout=self._tick)
                except Empty:
                    yield None
                    continue
                if self._left.is_set():
                    raise self._reason
                if part is None:
                    return
                if isinstance(part, BaseException):
                    raise part
                yield part
        finally:
            self._left.set()

    def _draw(self) -> None:
        try:
            parts = self._start(self._left)
            try:
                for part in parts:
                    if self._left.is_set():
                        return
                    self._parts.put(part)
            finally:
                # Only the thread that draws from a generator may close it.
                if close := getattr(parts, "close", None):
                    close()
        except Exception as error:  # noqa: BLE001 - raised again where the run is iterated over
            self._parts.put(error)
        else:
            self._parts.put(None)


class Runs(Generic[Part]):
    """What is being worked on for each tab: one run at a time, which ends with its tab."""

    def __init__(self) -> None:
        self._tabs: dict[Run[Part], str] = {}
        self._ended = threading.Condition()

    @contextmanager
    def only(self, tab: str, run: Run[Part]) -> Iterator[Run[Part]]:
        """Make `run` the one of its tab for the time of the block; an earlier one is superseded."""
        self.stop(tab, Superseded)
        self._tabs[run] = tab
        try:
            yield run
        finally:
            with self._ended:
                del self._tabs[run]
                self._ended.notify_all()

    def of(self, tab: str) -> list[Run[Part]]:
        return [run for run, its in tuple(self._tabs.items()) if its == tab]

    def supersede(self, tab: str, patience: float = 1.0) -> None:
        """Stop what is being worked on for a tab, and wait that many seconds at most until its last word has been said."""
        self.stop(tab, Superseded)
        with self._ended:
            self._ended.wait_for(lambda: not self.of(tab), patience)

    def stop(self, tab: str, reason: type[Stopped] = Stopped) -> None:
        for run in self.of(tab):
            run.stop(reason)
