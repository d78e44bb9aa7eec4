"""What a language model had to do with an answer, beside the reader's part. None throughout where none was asked."""

from __future__ import annotations

from assistant.evaluation.questions import GoldQuestion
from assistant.types import Answer


def worded(gold: GoldQuestion, answer: Answer) -> float | None:
    """Return 1 where the answer holds sentences of the model, 0 where the reader's extract stood in for all of them."""
    return float(answer.writing.kept > 0) if answer.writing else None


def drafted_unsupported(gold: GoldQuestion, answer: Answer) -> float | None:
    """Return how many figures the model's raw draft had that no passage holds as the draft has them.

    By value, unit, hedge, place, time, role and indicator. `unsupported_numbers` says how many of them were shown.
    """
    return float(answer.writing.unsupported) if answer.writing else None


def sentences_replaced(gold: GoldQuestion, answer: Answer) -> float | None:
    """Return how many sentences of the draft failed the check and had the passage's own words put in their place."""
    return float(answer.writing.replaced) if answer.writing else None


def first_sentence_seconds(gold: GoldQuestion, answer: Answer) -> float | None:
    """Return the seconds from the question to the first sentence that was shown, checked."""
    return answer.writing.first_seconds if answer.writing else None


def reader_seconds(gold: GoldQuestion, answer: Answer) -> float | None:
    """Return the seconds from the question to the reader's extract, which comes before the model is asked."""
    return answer.writing.reader_seconds if answer.writing else None


def prompt_tokens(gold: GoldQuestion, answer: Answer) -> float | None:
    """Return the tokens of the prompt, where the service counts them."""
    return _count(answer.writing.prompt_tokens) if answer.writing else None


def completion_tokens(gold: GoldQuestion, answer: Answer) -> float | None:
    """Return the tokens of the draft, where the service counts them."""
    return _count(answer.writing.completion_tokens) if answer.writing else None


def _count(tokens: int | None) -> float | None:
    return None if tokens is None else float(tokens)
