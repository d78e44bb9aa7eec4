"""From characters at their places on a page to its lines in reading order: rows, columns, tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

_SAME_ROW = 0.5
"""Ems that the baselines of one row may differ by."""
_RAISED = 0.75
"""Type smaller than this share of the page's is a raised mark where it touches a row from above."""
_TOUCHES = 0.3
"""Ems between a character and its mark."""
_BLANKS = {True: 0.15, False: 0.2}
"""Ems of white between two letters or digits, and between two Chinese characters, that a reader sees as a space."""
_BESIDE_LATIN = 0.5
"""The same between a Chinese character and a letter or digit, which word processors part a little."""
_SPREAD = 0.6
"""Ems that may be put between all characters to fill a line."""
_PIECE = 1.5
"""Ems of white that part two columns or cells."""
_LEAST_COLUMN = 9
"""Ems that a column of prose is wide at least; cells of a table are narrower or are seldom filled."""
_LEAST_LINES = 3
_MOST_ROWS = 400
"""Rows above which a page is no page of text, and columns are not looked for."""
_FULL = 0.85
"""Share of the column's width that a line of running text fills, but for the last of a paragraph."""


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that stand on one line without a gap; all lengths are in the units of the page."""

    text: str
    left: float
    right: float
    y: float
    """The baseline, counted downwards."""
    size: float
    """The height of an em."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is read: a row of the page, or the part of it that stands in one column."""

    text: str
    left: float
    right: float
    y: float
    size: float
    is_table: bool = False
    column: tuple[int, ...] = ()
    """The side of each gutter that it stands on, outermost first; empty where the page has no columns."""


def rows_of(runs: Iterable[Run]) -> list[list[Line]]:
    """Return the rows of a page from top to bottom, each as pieces with wide gaps between them."""
    unique = {(run.text, round(run.left), round(run.y)): run for run in runs if run.text.strip()}  # bold is drawn twice
    rows: list[list[Run]] = []
    for run in sorted(unique.values(), key=lambda run: (run.y, run.left)):
        if rows and abs(run.y - rows[-1][0].y) <= _SAME_ROW * min(run.size, rows[-1][0].size):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [_pieces(sorted(row, key=lambda run: run.left)) for row in _without_marks(rows)]


def _without_marks(rows: Sequence[list[Run]]) -> list[list[Run]]:
    """Take away raised marks of notes: a digit glued to a figure would be another figure."""
    if not rows:
        return []
    body = median(run.size for row in rows for run in row)
    kept: list[list[Run]] = []
    above: list[Run] = []
    for row, below in zip(rows, (*rows[1:], []), strict=True):
        marks = [run for run in row if run.size < _RAISED * body and _is_mark(run, (*row, *below), body)]
        rest = [_closed_up(run, (*above, *marks)) for run in row if run not in marks]
        if rest:
            kept.append(rest)
        above = marks
    return kept


def _closed_up(run: Run, marks: Iterable[Run]) -> Run:
    """Return the run with the room of a mark that was taken away behind it."""
    behind = [mark.right for mark in marks if abs(mark.left - run.right) < _TOUCHES * run.size]
    return replace(run, right=max(behind, default=run.right))


def _is_mark(run: Run, around: Iterable[Run], body: float) -> bool:
    """Say whether a small run is a number raised behind a Chinese character, a figure or a mark of punctuation."""
    if not re.fullmatch(r"[\[〔【（(]?\s*(?:\d{1,3}|[①-⑳㉑-㉟*※])\s*[\]〕】）)]?", run.text.strip()):
        return False
    return any(
        abs(run.left - other.right) < _TOUCHES * other.size
        and 0 < other.y - run.y < 0.8 * body
        and not re.search(r"[A-Za-z]$", other.text)
        for other in around
        if other.size >= _RAISED * body
    )


def _pieces(row: Sequence[Run]) -> list[Line]:
    spread = _spread(row)
    pieces: list[Line] = []
    for run in row:
        last = pieces[-1] if pieces else None
        gap = run.left - last.right if last else 0.0
        if last is None or gap > _PIECE * min(run.size, last.size) + spread:
            pieces.append(Line(run.text, run.left, run.right, run.y, run.size))
            continue
        before, after = last.text[-1].isascii(), run.text[0].isascii()
        least = _BLANKS[before] if before is after else _BESIDE_LATIN
        blank = " " * (gap - spread > least * min(run.size, last.size))
        size = last.size if len(last.text) >= len(run.text) else run.size
        pieces[-1] = replace(last, text=last.text + blank + run.text, right=max(last.right, run.right), size=size)
    return [_trimmed(piece) for piece in pieces]


def _spread(row: Sequence[Run]) -> float:
    """Return the white that was put between all characters of a row to fill the line."""
    gaps = [after.left - before.right for before, after in pairwise(row)]
    gaps = [gap for gap in gaps if gap < _SPREAD * row[0].size] + [0.0] * sum(len(run.text) - 1 for run in row)
    return max(0.0, sorted(gaps)[len(gaps) * 3 // 4]) if gaps else 0.0


def _trimmed(piece: Line) -> Line:
    """White space in front is layout: the indent shows in where the text begins."""
    indent = len(piece.text) - len(piece.text.lstrip("\u3000"))
    return replace(piece, text=piece.text.strip(), left=piece.left + indent * piece.size)


def in_reading_order(rows: Sequence[Sequence[Line]]) -> list[Line]:
    """Return the lines of a page: column by column where it has columns of prose, else row by row."""
    gutter = _gutter(rows)
    if gutter is None:
        return _row_by_row(rows)
    lines: list[Line] = []
    region: list[Sequence[Line]] = []
    for row in rows:
        if any(piece.left < gutter < piece.right for piece in row):
            lines += [*_columns(region, gutter), *_row_by_row([row])]
            region = []
        else:
            region.append(row)
    return [*lines, *_columns(region, gutter)]


def _columns(rows: Sequence[Sequence[Line]], gutter: float) -> list[Line]:
    left = [[piece for piece in row if piece.right <= gutter] for row in rows]
    right = [[piece for piece in row if piece.left >= gutter] for row in rows]
    return [
        replace(line, column=(number, *line.column))
        for number, side in enumerate((left, right))
        for line in in_reading_order([row for row in side if row])
    ]


def _gutter(rows: Sequence[Sequence[Line]]) -> float | None:
    """Return where the white stripe between two columns of prose stands, or None where there is none."""
    if len(rows) > _MOST_ROWS:
        return None
    starts = Counter(round(piece.left, 1) for row in rows for piece in row)
    for gutter in sorted(start - 0.1 for start, count in starts.items() if count >= _LEAST_LINES):
        crossed = sum(any(piece.left < gutter < piece.right for piece in row) for row in rows)
        apart = [row for row in rows if not any(piece.left < gutter < piece.right for piece in row)]
        left = [piece for row in apart for piece in row if piece.right <= gutter]
        right = [piece for row in apart for piece in row if piece.left >= gutter]
        if crossed <= len(rows) / 2 and _is_prose(left) and _is_prose(right):
            return gutter
    return None


def _is_prose(side: Sequence[Line]) -> bool:
    """Say whether these pieces are lines of a column: wide, many, and most of them filled."""
    if len(side) < _LEAST_LINES:
        return False
    width = max(piece.right for piece in side) - min(piece.left for piece in side)
    filled = sum(piece.right - piece.left >= _FULL * width for piece in side)
    return width >= _LEAST_COLUMN * median(piece.size for piece in side) and filled >= 0.4 * len(side)


def _row_by_row(rows: Sequence[Sequence[Line]]) -> list[Line]:
    """Join the pieces of each row; rows whose pieces stand below one another are those of a table."""
    lines = []
    for at, row in enumerate(rows):
        beside = [rows[other] for other in (at - 1, at + 1) if 0 <= other < len(rows)]
        is_table = len(row) > 1 and any(_aligned(row, other) for other in beside)
        text = (" | " if is_table else " ").join(piece.text for piece in row)
        lines.append(replace(row[0], text=text, right=row[-1].right, is_table=is_table))
    return lines


def _aligned(row: Sequence[Line], other: Sequence[Line]) -> bool:
    """Say whether two rows have cells that stand below one another: from their left, their middle or their right."""
    if len(other) < 2 or abs(len(row) - len(other)) > 1:
        return False
    near = 1.5 * row[0].size
    shared = sum(
        any(
            min(abs(a.left - b.left), abs(a.right - b.right), abs(a.left + a.right - b.left - b.right) / 2) < near
            for b in other
        )
        for a in row
    )
    return shared >= min(len(row), len(other))
