"""Run-in headings: the short sentence that opens a part of a paragraph and says what it is about (构建综合交通网络。加快津潍…)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.language.injection import plain_sentences
from assistant.language.ruleset import read_rules
from assistant.language.sentences import Span
from assistant.language.words import ends_with_a_noun, opens_with_a_verb

LONGEST = 14
"""Characters of a run-in heading; a longer sentence says something by itself."""
FEWEST = 3
"""Of more than so many short sentences a third may be built otherwise than the headings."""
_HONOUR = read_rules("lists")["tells an honour"].pattern
_GOES_ON = re.compile(r"[,，、;；:：\d]")


@dataclass(frozen=True, slots=True)
class Part:
    """Neighbouring sentences of a paragraph under one run-in heading."""

    heading: Span | None
    """None for what stands before the first of them."""
    sentences: tuple[Span, ...]


def is_run_in(text: str) -> bool:
    """Whether a sentence is as short as a run-in heading, and says no more than one clause without a figure or an honour."""
    return len(text) <= LONGEST and not _GOES_ON.search(text) and not _HONOUR.match(text)


def parts(text: str) -> list[Part]:
    """Return the parts of a paragraph in its order; a heading without a sentence under it is none.

    It is the first of what follows, and at the end the last of what stands before.
    """
    found: list[Part] = []
    heading: Span | None = None
    inside: list[Span] = []
    spans = plain_sentences(text)
    headings = _headings(text, spans)
    for span in spans:
        if span in headings and (inside or heading is None):
            if inside:
                found.append(Part(heading, tuple(inside)))
            heading, inside = span, []
        else:
            inside.append(span)
    if inside or (heading and not found):
        found.append(Part(heading, tuple(inside) or ((heading,) if heading else ())))
    elif heading:
        found[-1] = replace(found[-1], sentences=(*found[-1].sentences, heading))
    return found


def _headings(text: str, spans: Sequence[Span]) -> set[Span]:
    """The sentences of a paragraph that may be run-in headings.

    Headings of one paragraph are built alike. Where most of them say of a thing how it is (教育事业加快发展。医疗服务持续加强。), one
    that says what was done (开办全省首家专门学校。) is a sentence under the one before.
    """
    short = [span for span in spans if is_run_in(text[slice(*span)])]
    deeds = {span for span in short if opens_with_a_verb(text[slice(*span)])}
    if len(short) <= FEWEST or len(deeds) * FEWEST > len(short):
        return set(short)
    return {span for span in short if span not in deeds or not ends_with_a_noun(text[slice(*span)].rstrip("。！!"))}
