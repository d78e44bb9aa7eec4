"""Sentences and clauses as character spans, also where the source has lost its punctuation."""

from __future__ import annotations

import re

from assistant.language.folding import fold

Span = tuple[int, int]

_SENTENCE_END = re.compile(r"[。！？!?…]+[”’』」》）)]*|\n+")
_SEMICOLON = re.compile(r"[;；]")
_OPEN, _CLOSE = "“「『（(《【", "”」』）)》】"
# A percentage ends its statement where another runs on from it: a name of three characters or more, a verb, a figure.
_AFTER_FIGURE = re.compile(
    r"(?<=\d%)(?:左右|以上|以内|以下|上下)?"
    r"(?=[\u4e00-\u9fff]{3,16}(?:增长|达到|完成|实现|控制在|下降|提高|增速)[^,，。;；、]{0,8}\d)(?!左右|以上|以内|以下|上下|的|和|与|及|或)"
)


def sentences(text: str) -> list[Span]:
    """Spans of the sentences of a paragraph, end marks included, white space around them left out."""
    return _cut(text, [match.end() for match in _SENTENCE_END.finditer(text)])


def clauses(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Spans of the clauses in `text[start:end]`, each with the mark that ends it.

    A comma inside a number, a quotation or a bracket does not end a clause. A percentage that runs straight into the
    next statement does: 「增长5.5%规模以上工业增加值增长6%」 is two clauses.
    """
    part = text[start:end]
    folded = fold(part)
    cuts = [match.end() for match in _AFTER_FIGURE.finditer(folded)]
    depth = 0
    for place, char in enumerate(part):
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth = max(0, depth - 1)
        elif char == "\n" or _ends_clause(folded, place, depth):
            cuts.append(place + 1)
    return [(start + left, start + right) for left, right in _cut(part, sorted(set(cuts)))]


def semicolon_parts(text: str, start: int, end: int) -> list[Span]:
    """Spans of the parts of one sentence that semicolons divide."""
    part = text[start:end]
    return [(start + left, start + right) for left, right in _cut(part, [m.end() for m in _SEMICOLON.finditer(part)])]


def _ends_clause(folded: str, place: int, depth: int) -> bool:
    mark = folded[place]
    return mark in ",;:。!?" and (depth == 0 or mark in "。;") and not _in_number(folded, place)


def _in_number(folded: str, place: int) -> bool:
    return (
        folded[place] == ","
        and folded[place - 1 : place].isdigit()
        and bool(re.match(r"\d{3}(?!\d)", folded[place + 1 : place + 5]))
    )


def _cut(text: str, cuts: list[int]) -> list[Span]:
    spans = []
    left = 0
    for right in [*cuts, len(text)]:
        inner_left, inner_right = left, right
        while inner_left < inner_right and text[inner_left].isspace():
            inner_left += 1
        while inner_right > inner_left and text[inner_right - 1].isspace():
            inner_right -= 1
        if inner_right > inner_left:
            spans.append((inner_left, inner_right))
        left = right
    return spans
