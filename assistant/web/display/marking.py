"""Finds where a figure, a quoted sentence or a citation mark stands in a text, as character spans."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from assistant.language.folding import fold
from assistant.language.quantities import find_quantities
from assistant.types import Citation, Figure

Span = tuple[int, int]

UNBROKEN = re.compile(
    r"\d[\d.,．，]*(?:[%％]|个百分点|[万亿]{1,2}(?:美?元|平方米|人次|[吨人户亩件斤辆])?|美?元|平方米|平方公里|公里|人次|[年月日个家户人项件条座所名天倍米吨亩处类])",
)
"""A number with its unit, which no line may end between. A number alone is never broken."""
CITE_MARK = re.compile(r"〔(\d{1,3})〕")
VERBATIM_MARK = re.compile(r"〔原文〕(?=〔\d{1,3}〕)")
"""Says that a sentence is the report's own; only right before the mark of its citation does it mean that."""


def quote_span(citation: Citation) -> Span | None:
    """Where the quoted words stand in their paragraph; None when they are empty or not part of it."""
    start = citation.paragraph.find(citation.quote) if citation.quote else -1
    return None if start < 0 else (start, start + len(citation.quote))


def figure_spans_in_quote(citation: Citation, figures: Iterable[Figure]) -> list[Span]:
    """Where the figures that rest on `citation` stand in its paragraph, within the quoted words only.

    「规上工业增加值增长6% … 一般公共预算收入增长6%」: of equal figures the one that follows its indicator is meant.
    """
    quote = quote_span(citation)
    if quote is None:
        return []
    text = citation.paragraph[quote[0] : quote[1]]
    found: list[Span] = []
    for figure in figures:
        if figure.citation != citation.number:
            continue
        spans = occurrences(figure, text)
        after = text.find(figure.indicator) if figure.indicator else -1
        found += [span for span in spans if span[0] > after][:1] or spans[:1]
    return _apart((start + quote[0], end + quote[0]) for start, end in found)


def figure_spans_in_answer(text: str, figures: Iterable[Figure]) -> list[Span]:
    """Every place where the answer prints one of its figures."""
    return _apart(span for figure in figures for span in occurrences(figure, text))


def occurrences(figure: Figure, text: str) -> list[Span]:
    """Where `figure` stands in `text`: as it is printed (5% is not in 15%, nor in 1.5%), else by value and unit (百分之五)."""
    folded, wanted = fold(text), fold(figure.text.strip())
    if not wanted:
        return []
    before = r"(?<![\d.,])" if wanted[0].isdigit() else ""
    after = r"(?![\d%])(?![.,]\d)" if wanted[-1].isdigit() else ""
    if printed := [match.span() for match in re.finditer(before + re.escape(wanted) + after, folded)]:
        return printed
    return [
        (quantity.start, quantity.end)
        for quantity in find_quantities(text)
        if quantity.unit == figure.unit and math.isclose(float(quantity.value), figure.value, rel_tol=1e-9)
    ]


def _apart(spans: Iterable[Span]) -> list[Span]:
    """In order of the text; of overlapping spans the one that starts first, then the longest."""
    kept: list[Span] = []
    for start, end in sorted(set(spans), key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept
