"""What is said over an answer that is none: not held, not found and not clear are three different things."""

from __future__ import annotations

from assistant.types import Answer

NOT_HELD, NOT_FOUND, NOT_CLEAR = "资料未收录", "没有查到", "请补充说明"
_PLAIN = ("about the library", "off topic")


def is_not_found(answer: Answer) -> bool:
    """Whether reports are held and nothing in them answers; else a refusal is the catalogue's."""
    return answer.verdict == "not_covered" and answer.decided_by == "not stated"


def verdict_words(answer: Answer) -> str:
    """Return the words over a refusal or a question back; empty over an answer and over a reply that says all by itself."""
    if answer.decided_by in _PLAIN:
        return ""
    if answer.verdict == "needs_clarification":
        return NOT_CLEAR
    if answer.verdict == "not_covered":
        return NOT_FOUND if is_not_found(answer) else NOT_HELD
    return ""
