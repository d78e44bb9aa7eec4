"""The text of an answer as blocks: paragraphs, a list where it enumerates, a table where it compares, marks where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from assistant.types import Answer, Figure
from assistant.web.display.blocks import Block, Comparison, Grid, Listing, Piece, Pieces, Prose, Side
from assistant.web.display.figures import ROLES, headline, status
from assistant.web.display.marking import CITE_MARK, VERBATIM_MARK, Span, figure_spans_in_answer, occurrences

_VERBATIM = "这一句是报告原文"
_SIDE = re.compile(r"([^：〔〕]{2,40})：([^〔〕]{1,60})〔(\d{1,3})〕")
"""One side of a comparison: whose and when, what, and the mark."""
_LISTED = re.compile(r"(?:([^：〔〕]{2,40})：)?((?:[^〔〕；]+〔\d{1,3}〕；){2,}[^〔〕；]+〔\d{1,3}〕)[。]?")
_KEPT = re.compile(
    r"(?P<place>[^：〔〕\d]{2,20})(?P<year>\d{4}年)(?P<of>[^：〔〕]{1,24})："
    r"(?P<told>(?:目标|实际)[^；]*；(?:目标|实际|没有收录)[^；]*(?:；.*)?)"
)
"""A goal and its result of one place and year, and what the one came to."""
_KEPT_COLUMNS = ("", "目标", "实际", "兑现")
_FIRST = ("比较：", "最高的是", "最低的是")
"""How lines begin that say what the sides come to: they are the answer and go before its table."""
_APART, _TOGETHER = ("地区", "时间", "报告表述"), ("项目", "报告表述")
"""The columns of a table, with place and time apart and without."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A line that tells one side of a comparison."""

    lead: str
    value: str
    citation: int


def body(answer: Answer) -> tuple[Block, ...]:
    """The whole text; a number that is the whole answer is said once, large, in the place of its line."""
    head = None if _compares(answer) else headline(answer)
    if head is None:
        return text_blocks(answer)
    rest = "\n".join(answer.answer.strip().splitlines()[1:])
    return (head, *text_blocks(replace(answer, answer=rest)))


def text_blocks(answer: Answer) -> tuple[Block, ...]:
    """The text without a headline. The words stay as they are, only 比较 moves before its table."""
    lines = [line for line in answer.answer.splitlines() if line.strip()]
    if answer.decided_by == "fulfilment":
        return _with_grid(lines, answer)
    told = [_told(line, answer) for line in lines]
    sides = [one for one in told if one]
    if len(sides) < 2 or answer.decided_by.startswith(
        "topic"
    ):  # what is told of a matter year by year compares nothing
        return tuple(block for line in lines for block in _line(line, answer))
    first = [line for line in lines if line.startswith(_FIRST)]
    blocks = [block for line in first for block in _line(line, answer)]
    for line, one in zip(lines, told, strict=True):
        if one is sides[0]:
            blocks.append(_comparison(sides, answer))
        if one is None and line not in first:
            blocks += _line(line, answer)
    return tuple(blocks)


def cut(raw: str, spans: Iterable[tuple[Span, Piece]]) -> Pieces:
    """`raw` with pieces in the place of some spans; one that overlaps an earlier one is left out."""
    pieces, position = [], 0
    for (start, end), piece in sorted(spans, key=lambda one: one[0]):
        if start >= position:
            pieces += [Piece(raw[position:start]), piece]
            position = end
    pieces.append(Piece(raw[position:]))
    return tuple(piece for piece in pieces if piece.text)


def _compares(answer: Answer) -> bool:
    """Whether two lines or more each tell one side of a comparison."""
    return sum(bool(_told(line, answer)) for line in answer.answer.splitlines()) > 1


def _told(line: str, answer: Answer) -> _Told | None:
    match = _SIDE.fullmatch(line.strip())
    known = {citation.number for citation in answer.citations}
    return _Told(match[1], match[2], int(match[3])) if match and int(match[3]) in known else None


def _line(line: str, answer: Answer) -> tuple[Block, ...]:
    listed = _LISTED.fullmatch(line.strip())
    if not listed:
        return (Prose(_words(line, answer)),)
    lead = (Prose((*_words(listed[1], answer), Piece("："))),) if listed[1] else ()
    return (*lead, Listing(tuple(_words(item, answer) for item in listed[2].split("；"))))


def _with_grid(lines: list[str], answer: Answer) -> tuple[Block, ...]:
    """Goals beside their results as one table, below the lines that sum them up."""
    kept = [(line, match) for line in lines if (match := _KEPT.fullmatch(line.strip()))]
    others = [block for line in lines if not _KEPT.fullmatch(line.strip()) for block in _line(line, answer)]
    if not kept:
        return tuple(others)
    of = {match["of"] for _, match in kept}
    places = {match["place"] for _, match in kept}
    years = {match["year"] for _, match in kept}
    rows = []
    for _, match in kept:
        lead = "".join(
            match[part]
            for part, all_told in (("place", places), ("year", years), ("of", of))
            if len(all_told) > 1 or (part == "year" and len(kept) == 1)
        )
        parts = match["told"].split("；")
        told = {part[:2]: part[2:] for part in parts if part[:2] in ("目标", "实际")}
        verdict = [part for part in parts if part[:2] not in told]
        # What is computed looks so by itself; in a table it need not be said in each row.
        said = "；".join(verdict).replace("，由引用数据计算", "")
        cells = (lead, told.get("目标", ""), told.get("实际", ""), said)
        rows.append(tuple(_words(cell, answer) for cell in cells))
    caption = "".join(all_told.pop() for all_told in (places, years, of) if len(all_told) == 1)
    return (*others, Grid(caption, _KEPT_COLUMNS, tuple(rows)))


def _comparison(told: list[_Told], answer: Answer) -> Comparison:
    """A row a side; what all sides share goes into the caption where the leads can be taken apart."""
    parts = [_parts(side, answer) for side in told]
    split = [part for part in parts if part]
    shared = {part[2] for part in split}
    apart = len(split) == len(told) and len(shared) == 1
    leads = [(place, time) for place, time, _ in split] if apart else [(side.lead,) for side in told]
    measures = [_measure(side, answer) for side in told]
    rows = zip(told, leads, measures, _shares(measures), strict=True)
    return Comparison(
        shared.pop() if apart else "",
        _APART if apart else _TOGETHER,
        tuple(Side(lead, _cell(side, answer), *measure, share) for side, lead, measure, share in rows),
    )


def _cell(side: _Told, answer: Answer) -> Pieces:
    return (*_words(side.value, answer), _mark(side.citation))


def _measure(side: _Told, answer: Answer) -> tuple[float | None, str]:
    """The number of a row and its unit, where the side tells just one."""
    told = {(f.value, f.unit) for f in answer.figures if f.citation == side.citation and occurrences(f, side.value)}
    return told.pop() if len(told) == 1 else (None, "")


def _shares(measures: list[tuple[float | None, str]]) -> list[float | None]:
    """How long the bars are; none where a row has no number or the units differ."""
    values = [abs(value) for value, _ in measures if value is not None]
    alike = len(values) == len(measures) and len({unit for _, unit in measures}) == 1
    longest = max(values, default=0) or 1
    return [round(value / longest, 4) for value in values] if alike else [None] * len(measures)


def _parts(side: _Told, answer: Answer) -> tuple[str, str, str] | None:
    """Place, time and what is told of a lead such as 松北区2025年地区生产总值预期目标."""
    citation = next(citation for citation in answer.citations if citation.number == side.citation)
    rest = side.lead.removeprefix(citation.report.region)
    figure = next((f for f in answer.figures if f.citation == side.citation and f.period), None)
    if rest == side.lead or figure is None or not rest.startswith(figure.period or " "):
        return None
    return citation.report.region, figure.period or "", rest.removeprefix(figure.period or "") or ROLES[figure.role]


def _words(line: str, answer: Answer) -> Pieces:
    """Figures set off, each mark that has a passage, the report's own sentences with a badge."""
    known = {citation.number for citation in answer.citations}
    spans: list[tuple[Span, Piece]] = []
    figures: dict[Span, Figure] = {}
    for figure in answer.figures:
        for span in figure_spans_in_answer(line, [figure]):
            figures.setdefault(span, figure)
    for span in figure_spans_in_answer(line, answer.figures):
        spans.append((span, _figure(figures[span], line[slice(*span)])))
    spans += [(m.span(), _mark(int(m[1]))) for m in CITE_MARK.finditer(line) if int(m[1]) in known]
    badge = Piece("原文", "verbatim", note=_VERBATIM)
    spans += [(match.span(), badge) for match in VERBATIM_MARK.finditer(line)]
    return cut(line, spans)


def _figure(figure: Figure, printed: str) -> Piece:
    return Piece(printed, "computed" if figure.status == "computed" else "figure", note=status(figure))


def _mark(citation: int) -> Piece:
    return Piece(f"〔{citation}〕", "citation", citation)
