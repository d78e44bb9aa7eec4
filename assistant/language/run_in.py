"""Run-in headings: the short sentence that opens a part of a paragraph and says what it is about (构建综合交通网络。加快津潍…)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.language.injection import plain_sentences
from assistant.language.sentences import Span

LONGEST = 14
"""Characters of a run-in heading; a longer sentence says something by itself."""
_GOES_ON = re.compile(r"[,，、;；:：\d]")


@dataclass(frozen=True, slots=True)
class Part:
    """Neighbouring sentences of a paragraph under one run-in heading."""

    heading: Span | None
    """None for what stands before the first of them."""
    sentences: tuple[Span, ...]


def is_run_in(text: str) -> bool:
    """Whether a sentence is as short as a run-in heading, and says no more than one clause without a figure."""
    return len(text) <= LONGEST and not _GOES_ON.search(text)


def parts(text: str) -> list[Part]:
    """Return the parts of a paragraph in its order; a heading without a sentence under it is none, but the first of what follows."""
    found: list[Part] = []
    heading: Span | None = None
    inside: list[Span] = []
    for span in plain_sentences(text):
        if is_run_in(text[slice(*span)]) and (inside or heading is None):
            if inside:
                found.append(Part(heading, tuple(inside)))
            heading, inside = span, []
        else:
            inside.append(span)
    if inside or heading:
        found.append(Part(heading, tuple(inside) or ((heading,) if heading else ())))
    return found
