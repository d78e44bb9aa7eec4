"""Keeps what a model writes to text that ends: thoughts are left out, repetition and garbage are faults."""

from __future__ import annotations

import re

from assistant.llm.failures import Failure

CHARACTERS_PER_TOKEN = 4
"""A Chinese token is one or two characters, an English one about four (Qwen2.5 and GPT-4 tokenizers)."""
SHORTEST_LOOP = 8
REPEATS = 6
LONGEST_LOOP = 120
"""Characters of a chunk that is looked for again and again; a loop is a phrase or a sentence, not a page."""

_OPEN, _CLOSE = "<think>", "</think>"
# Control characters, halves of surrogate pairs and the replacement character: a figure with one of them inside is no figure.
_GARBAGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffd]")
# Zero-width marks and those that turn the direction of writing: not seen, and able to make 12 look like 21.
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")

_CUT_SHORT = frozenset({"incomplete", "length", "max_tokens", "model_length"})
_WITHHELD = frozenset(
    {"content_filter", "refusal", "safety", "sensitive", "recitation", "prohibited_content", "blocklist"}
)
_BROKEN_OFF = frozenset({"error", "failed", "insufficient_system_resource", "network_error", "load"})


class Fault(Exception):
    """What was written cannot be used."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.name)
        self.failure = failure


class Guard:
    """Checks one completion piece by piece. Raises `Fault` as soon as it cannot become an answer any more."""

    def __init__(self, longest: int) -> None:
        self._room = longest * CHARACTERS_PER_TOKEN
        self._thinking = False
        self._held = ""
        """The end of what has come, where it may be the beginning of a tag."""
        self._tail = ""
        self._wrote = False

    def take(self, piece: str) -> str:
        """Return what of this piece, and of what was held back, is text for the reader."""
        self._room -= len(piece)
        if self._room < 0:
            raise Fault(Failure.ENDLESS)
        if _GARBAGE.search(piece):
            raise Fault(Failure.UNREADABLE)
        return self._checked(self._without_thoughts(_INVISIBLE.sub("", piece)))

    def end(self, finish: str | None) -> str:
        """Return what was still held back; `finish` is the service's own word on why the model stopped."""
        if finish is None:
            raise Fault(Failure.CUT)
        reason = finish.lower()
        if reason in _CUT_SHORT:
            raise Fault(Failure.TOO_LONG)
        if reason in _WITHHELD:
            raise Fault(Failure.REFUSED)
        if reason in _BROKEN_OFF:
            raise Fault(Failure.BROKEN)
        rest = "" if self._thinking else self._checked(self._held)
        if not self._wrote:
            raise Fault(Failure.EMPTY)
        return rest

    def _without_thoughts(self, piece: str) -> str:
        text, kept = self._held + piece, ""
        while True:
            before, tag, after = text.partition(_CLOSE if self._thinking else _OPEN)
            if not self._thinking and _CLOSE in before:
                # The template had opened the thought, and what came as text was part of it.
                raise Fault(Failure.UNREADABLE)
            if not tag:
                break
            kept += "" if self._thinking else before
            text, self._thinking = after, not self._thinking
        self._held = _possible_tag(text)
        return kept if self._thinking else kept + text[: len(text) - len(self._held)]

    def _checked(self, text: str) -> str:
        self._wrote = self._wrote or bool(text.strip())
        # In short steps: a loop inside one long piece has to be seen too.
        for start in range(0, len(text), SHORTEST_LOOP):
            self._tail = (self._tail + text[start : start + SHORTEST_LOOP])[-LONGEST_LOOP * REPEATS :]
            if _loops(self._tail):
                raise Fault(Failure.ENDLESS)
        return text


def _possible_tag(text: str) -> str:
    """Return the end of `text` that may become a tag with what follows."""
    start = text.rfind("<")
    end = text[start:] if start >= 0 else ""
    return end if end and (_OPEN.startswith(end) or _CLOSE.startswith(end)) else ""


def _loops(tail: str) -> bool:
    """Say whether the text ends with one chunk again and again."""
    for size in range(SHORTEST_LOOP, min(LONGEST_LOOP, len(tail) // REPEATS) + 1):
        # Shifted by one chunk it is the same.
        if tail[-size * (REPEATS - 1) :] == tail[-size * REPEATS : -size]:
            return True
    return False
