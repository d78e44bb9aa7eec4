"""The parts of an enumeration: by its marks (一是, （1）, ①, ——), by what divides a row (、；，), or by how its sentences begin."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.language.folding import fold
from assistant.language.numerals import read_number
from assistant.language.ruleset import read_rules
from assistant.language.sentences import sentences
from assistant.types import Paragraph

_RULES = read_rules("lists")
_MARKED = ("bracketed", "ordinal", "numbered", "circled", "sequence", "dash")
_SEQUENCE = {"首先": 1, "其次": 2, "再次": 3}
_OPENED, _CLOSED = "（(“《[【", "）)”》]】"
_ROW_OPENS = re.compile(
    r"[”’]?(?:[^。；;，,、（(：:“”]{0,12})(?P<mark>[（(：:]|，即|,即|即|是指|分别是|分别为|，包括|,包括|包括)"
)
_JOINT = re.compile(r"(?<!共)(?:和(?!谐|平|睦|美|顺)|以及)")
_QUOTED = re.compile(r"“([^”]{2,60})”")
_QUOTED_ROW = _RULES["row of names"].pattern
_DIVIDERS = ("；;", "、", "，,")


@dataclass(frozen=True, slots=True)
class Part:
    """One item: characters of a paragraph."""

    paragraph: Paragraph
    start: int
    end: int


@lru_cache(maxsize=64)
def _folded(text: str) -> str:
    """A paragraph is looked at for each kind of mark, and again for each list that may go on in it."""
    return fold(text)


def marked_parts(paragraphs: Sequence[Paragraph], start: int) -> list[Part]:
    """Return the items whose marks count up from one, from `start` of the first paragraph on; the mark is no part of an item."""
    best: list[Part] = []
    for name in _MARKED:
        parts = _of_mark(name, paragraphs, start)
        if len(parts) > len(best):
            best = parts
    return best


def _of_mark(name: str, paragraphs: Sequence[Paragraph], start: int) -> list[Part]:
    parts: list[Part] = []
    for at, paragraph in enumerate(paragraphs):
        text = _folded(paragraph.text)
        taken: list[re.Match[str]] = []
        for mark in _RULES[name].pattern.finditer(text, start if at == 0 else 0):
            if _number(mark) in (len(parts) + len(taken) + 1, None):
                taken.append(mark)
        if parts and not taken and (name == "dash" or at > 0):
            if name == "dash" or not _goes_on(paragraphs, at, name, len(parts)):
                break
            continue
        ends = [mark.start() for mark in taken[1:]] + [_end(text, taken[-1].end()) if taken else 0]
        parts += [Part(paragraph, mark.end(), end) for mark, end in zip(taken, ends, strict=True)] if taken else []
    return parts


def _goes_on(paragraphs: Sequence[Paragraph], at: int, name: str, told: int) -> bool:
    """Whether the next mark stands in one of the next few paragraphs: an item may have several."""
    for paragraph in paragraphs[at + 1 : at + 6]:
        mark = _RULES[name].pattern.search(_folded(paragraph.text))
        if mark is not None:
            return _number(mark) == told + 1
    return False


def _number(mark: re.Match[str]) -> int | None:
    """The number of a mark; None for one that has none, which fits anywhere."""
    found = {key: value for key, value in mark.groupdict().items() if value}
    if "dash" in found:
        return None
    if "circled" in found:
        sign = ord(found["circled"])
        return sign - ord("①" if sign <= ord("⑳") else "⑴") + 1
    if "word" in found:
        return _SEQUENCE.get(found["word"], -1)
    value = read_number(found.get("han") or found.get("number") or found.get("arabic") or found.get("place") or "")
    return int(value) if value is not None else -1


def _end(text: str, start: int) -> int:
    """The last item of a row ends with its sentence."""
    stop = re.compile(r"[。！!\n]").search(text, start)
    return stop.end() if stop else len(text)


def row_after(paragraph: Paragraph, text: str, at: int, count: int) -> list[Part]:
    """The members of a row that stand in brackets, or behind a colon or 即, right after `at`, where there are just `count`."""
    opened = _ROW_OPENS.match(text, at)
    if opened is None:
        return []
    start = opened.end()
    end = _closing(text, start - 1) if opened["mark"] in "（(" else _row_end(text, start)
    for marks in _DIVIDERS:
        spans = _divided(text, start, end, marks)
        if len(spans) == count:
            return [Part(paragraph, left, right) for left, right in spans]
    return []


def quoted_before(paragraph: Paragraph, text: str, at: int, count: int) -> list[Part]:
    """The names in quotation marks that stand in a row right before `at`, where there are just `count`: “甲”“乙”“丙”3件实事."""
    row = _QUOTED_ROW.search(text[:at])
    names = list(_QUOTED.finditer(text, row.start(), at)) if row else []
    return [Part(paragraph, *name.span(1)) for name in names] if len(names) == count >= 2 else []


def _closing(text: str, at: int) -> int:
    depth = 0
    for place in range(at, len(text)):
        depth += (text[place] in "（(") - (text[place] in "）)")
        if depth == 0:
            return place
    return len(text)


def _row_end(text: str, start: int) -> int:
    stop = re.compile(r"[。！!\n]|[；;](?=“)").search(text, start)
    return stop.start() if stop else len(text)


def _divided(text: str, start: int, end: int, marks: str) -> list[tuple[int, int]]:
    cuts, depth = [start], 0
    for place in range(start, end):
        depth += (text[place] in _OPENED) - (text[place] in _CLOSED)
        if (text[place] in marks and depth <= 0) or (
            marks == "、" and depth <= 0 and _JOINT.match(text, place) and _is_last_joint(text, place, end, cuts)
        ):
            cuts.append(place + 1)
    spans = [(left, right) for left, right in zip(cuts, [*(cut - 1 for cut in cuts[1:]), end], strict=True)]
    return [span for span in spans if text[slice(*span)].strip(" ，,、；;。")]


def _is_last_joint(text: str, place: int, end: int, cuts: list[int]) -> bool:
    """甲、乙和丙: the last member stands behind 和."""
    return len(cuts) > 1 and not re.search(r"[、，,；;]", text[place:end])


def same_start(paragraph: Paragraph, text: str, at: int, count: int) -> list[Part]:
    """The sentences or clauses behind `at` that all begin with the same two characters: 必须坚持…。必须坚持…。"""
    stop = re.compile(r"[：:。]").search(text, at)
    if stop is None or stop.start() - at > 12:
        return []
    spans = sentences(text[stop.end() :])
    spans = [(left + stop.end(), right + stop.end()) for left, right in spans]
    if len(spans) < count or count < 3:
        return []
    head = text[spans[0][0] : spans[0][0] + 2]
    alike = [span for span in spans if text.startswith(head, span[0])]
    return [Part(paragraph, *span) for span in alike] if len(alike) == count and spans[:count] == alike else []
