"""What has been asked in one conversation so far: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.types import Answer, Turn

KEPT = 20
"""Exchanges that stay on the page; older ones leave it, so that a tab left open for weeks stays light."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what came of it: an answer, or a sentence that says why there is none."""

    number: int
    """From 1 within the tab; part of the ids of its passages on the page."""
    question: str
    answer: Answer | None = None
    notice: str = ""
    """Shown where there is no answer; fit for the user."""
    tone: Literal["note", "error"] = "note"
    reading: int = 0
    """Passages that a model is reading meanwhile; 0 where it only words the answer, or none is asked."""


Thread = tuple[Exchange, ...]


def turns(thread: Thread) -> tuple[Turn, ...]:
    """Hand the answered questions to the assistant as history, oldest first, each whole as it was taken."""
    return tuple(Turn(exchange.answer.standalone or exchange.question) for exchange in thread if exchange.answer)


def next_number(thread: Thread) -> int:
    """Number the next exchange; numbers go on when old exchanges have left the page."""
    return thread[-1].number + 1 if thread else 1


def extended(thread: Thread, exchange: Exchange) -> Thread:
    """Add an exchange and let the oldest go when there are more than `KEPT`."""
    return (*thread, exchange)[-KEPT:]
