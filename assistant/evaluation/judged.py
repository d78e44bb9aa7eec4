"""An answer with its marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.evaluation.questions import GoldQuestion
from assistant.types import Answer


@dataclass(frozen=True, slots=True)
class Judged:
    """A gold question with its answer and what the metrics say of it."""

    gold: GoldQuestion
    answer: Answer
    seconds: float
    """Wall time of the answer as the evaluation measured it."""
    scores: Mapping[str, float | None]
    """By metric; None where it does not apply."""
