"""From the lines of pages to paragraphs: running heads and page numbers go, what a line or page broke is joined."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from statistics import median

from assistant.corpus.headings import is_glossary_title, is_salutation, marked
from assistant.corpus.parsing.layout import Line, Run, in_reading_order, rows_of
from assistant.corpus.parsing.parsed import Parsed, ParserError, without_text

_EDGE_ROWS = 3
"""Rows at the top and at the bottom of a page that may be a running head or a page number."""
_PAGE_NUMBER = re.compile(
    r"[-—–―·・\s]*\d{1,4}[-—–―·・\s]*|第\s*[\d一二三四五六七八九十百]{1,5}\s*页(?:[\s,，/]*共\s*\d{1,4}\s*页)?|\d{1,4}\s*/\s*\d{1,4}"
)
_HAN = r"[\u4e00-\u9fff]"
_UNPARTED = re.compile(rf"[（《“‘「【]*.(?:[^\u4e00-\u9fff]*[\"'(（《“‘]{_HAN})?[^\u4e00-\u9fff]*")
"""What no line is broken in: a character with the marks, letters and figures around it."""
_SENTENCE_END = "。！？!?；;：:”’"
_INDENT = 0.8
"""Ems from the edge of the column at which a line is indented."""
_SHORT = 2.0
"""Ems that the end of a line may stay away from the edge and the line still be full."""
_HALF_EMPTY = 0.75
"""Share of the column that a last line fills at most where only it, and no indent, tells that a paragraph ended."""
_GAP = 1.4
"""Times the usual step from line to line at which a new paragraph begins."""
_ENOUGH = 8
"""Lines of a page that show where its own edges are."""
_LEAST_TEXT = 20
"""Characters of a whole file below which it is taken for pictures."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a parser sees on a page."""

    runs: Sequence[Run]
    is_drawn_on: bool
    """True where the page shows anything at all: a picture, a drawing, text."""


@dataclass(frozen=True, slots=True)
class Flow:
    """The text of all pages."""

    text: str
    """One line a paragraph or table row."""
    breaks: tuple[tuple[int, int], ...]
    """Where in the text the first words of each page stand, and which page it is, counted from 1."""
    unread: tuple[int, ...]
    """The pages that hold something but no text."""
    total: int
    """How many pages there are."""


@dataclass(frozen=True, slots=True)
class _Measure:
    """The shape of running text in one column."""

    left: float
    right: float
    step: float
    """From baseline to baseline."""
    indents: bool
    """True where paragraphs open with an indent."""


def text_of(pages: Iterable[Page]) -> Flow:
    """Return the text of pages; raises `ParserError` (scanned) where hardly any character is found on any of them."""
    bodies, unread = _bodies(pages)
    if sum(len(line.text) for body in bodies for line in body) < _LEAST_TEXT:
        raise ParserError("scanned")
    paragraphs = list(_paragraphs(bodies))
    starts = accumulate((len(paragraph.text) + 1 for paragraph in paragraphs), initial=0)
    breaks: dict[int, int] = {}
    for start, paragraph in zip(starts, paragraphs, strict=False):
        for offset, number in paragraph.pages:
            breaks.setdefault(number + 1, start + offset)
    text = "\n".join(paragraph.text for paragraph in paragraphs)
    placed = tuple((at, number) for number, at in breaks.items())
    return Flow(text, placed, tuple(unread), len(bodies))


def without_words(pages: Iterable[Page]) -> list[int]:
    """Return the pages, counted from 1, that show something and hold no text but running heads and page numbers."""
    return _bodies(pages)[1]


def _bodies(pages: Iterable[Page]) -> tuple[list[list[Line]], list[int]]:
    """Return the lines of each page in reading order, and which pages show something and have none."""
    drawn, rows = [], []
    for page in pages:
        drawn.append(page.is_drawn_on)
        rows.append(rows_of(page.runs))
    bodies = [in_reading_order(each) for each in _without_running_heads(rows)]
    return bodies, [at for at, (body, shows) in enumerate(zip(bodies, drawn, strict=True), 1) if shows and not body]


def of_pages(flow: Flow) -> Parsed:
    """Return what the pages of a file hold; those without text are said."""
    return Parsed(flow.text, notes=without_text(flow.unread, flow.total), breaks=flow.breaks, unread=len(flow.unread))


def _without_running_heads(pages: Sequence[Sequence[Sequence[Line]]]) -> list[list[Sequence[Line]]]:
    """Take away the rows at the edges that stand at the same place on several pages, and page numbers."""
    seen: Counter[tuple[str, int]] = Counter()
    for rows in pages:
        seen.update({key for at in _edges(rows) for key in _keys(rows[at])[:1]})
    most = 3 if len(pages) > 4 else 2
    kept = []
    for rows in pages:
        gone = {
            at
            for at in _edges(rows)
            if any(seen[key] >= most for key in _keys(rows[at])) or (_is_outer(rows, at) and _is_page_number(rows[at]))
        }
        kept.append([row for at, row in enumerate(rows) if at not in gone])
    return kept


def _edges(rows: Sequence[Sequence[Line]]) -> list[int]:
    return [at for at in range(len(rows)) if at < _EDGE_ROWS or at >= len(rows) - _EDGE_ROWS]


def _is_outer(rows: Sequence[Sequence[Line]], at: int) -> bool:
    return at in {0, len(rows) - 1}


def _is_page_number(row: Sequence[Line]) -> bool:
    return _PAGE_NUMBER.fullmatch(" ".join(piece.text for piece in row)) is not None


def _keys(row: Sequence[Line]) -> list[tuple[str, int]]:
    """Return what a row says, whatever the number in it, and where it stands: here, or a little higher or lower."""
    told = re.sub(r"\d+", "#", "".join("".join(piece.text.split()) for piece in row))
    place = round(row[0].y / row[0].size)
    return [(told, place), (told, place - 1), (told, place + 1)]


@dataclass(slots=True)
class _Paragraph:
    text: str
    pages: list[tuple[int, int]]
    """Where in the text the lines of each page begin."""


def _paragraphs(pages: Sequence[Sequence[Line]]) -> Iterator[_Paragraph]:
    """Yield the paragraphs of pages without running heads; none goes on over a page without text."""
    measures = _measures(pages)
    body = _usual(line.size for page in pages for line in page for _ in line.text)
    paragraph: _Paragraph | None = None
    before: tuple[Line, _Measure, int] | None = None
    for number, page in enumerate(pages):
        for line in page:
            measure = measures[number, line.column]
            goes_on = before is not None and number <= before[2] + 1
            if before is None or not goes_on or _begins(line, measure, *before, number, body):
                if paragraph:
                    yield paragraph
                paragraph = _Paragraph(line.text, [(0, number)])
            elif paragraph:
                paragraph.text = _joined(paragraph.text, line.text)
                paragraph.pages.append((len(paragraph.text) - len(line.text), number))
            before = line, measure, number
    if paragraph:
        yield paragraph


def _begins(
    line: Line, measure: _Measure, last: Line, measured: _Measure, last_page: int, page: int, body: float
) -> bool:
    """Say whether a line opens a paragraph after the last one; each has the measure of its own column."""
    if line.is_table or last.is_table or _of_other_type(line, last, body):
        return True
    em = line.size
    below = page == last_page and last.column == line.column
    is_full = measured.right - last.right < max(_SHORT * em, _first_word(line))
    ended = last.text[-1] in _SENTENCE_END
    if below and line.y - last.y > _GAP * measure.step:
        return True
    if line.left - measure.left > _INDENT * em:
        hangs = not measure.indents and abs(line.left - last.left) < _INDENT * em
        wraps = _is_centred(line, measure) and _is_centred(last, measured)  # a long title
        return not (below and (hangs or wraps) and is_full and not ended)
    if _opens(line.text) and (ended or not is_full):
        return True
    if measure.indents:
        return ended and last.right < measured.left + _HALF_EMPTY * (measured.right - measured.left)
    return not is_full or (ended and not below)


def _is_centred(line: Line, measure: _Measure) -> bool:
    return abs((line.left - measure.left) - (measure.right - line.right)) < line.size


def _first_word(line: Line) -> float:
    """Return how wide the characters are that open a line and are not parted: the line before ends early for them."""
    word = _UNPARTED.match(line.text)
    return sum(0.6 if each.isascii() else 1.0 for each in word[0]) * line.size if word else line.size


def _of_other_type(line: Line, last: Line, body: float) -> bool:
    """Say whether the type changes between a title and the text; a word set a little smaller changes nothing."""
    larger, smaller = max(line.size, last.size), min(line.size, last.size)
    return larger > 1.12 * smaller and larger > 1.12 * body


def _opens(text: str) -> bool:
    mark = marked(text)
    return (
        is_salutation(text)
        or is_glossary_title(text)
        or (mark is not None and mark[0] in {"part", "chapter", "section"})
    )


def _joined(before: str, line: str) -> str:
    """Join two lines of a paragraph; only between words of the Latin alphabet did the break stand for a space."""
    gap = " " if re.search(r"[A-Za-z,.;]$", before) and re.match(r"[A-Za-z]", line) else ""
    return before + gap + line


def _measures(pages: Sequence[Sequence[Line]]) -> dict[tuple[int, tuple[int, ...]], _Measure]:
    """Measure each column of each page; one with few lines is taken to be as the same column of the other pages."""
    whole: dict[tuple[int, ...], list[Line]] = defaultdict(list)
    own: dict[tuple[int, tuple[int, ...]], list[Line]] = defaultdict(list)
    steps: list[float] = []
    for number, page in enumerate(pages):
        for line in page:
            whole[line.column].append(line)
            own[number, line.column].append(line)
        steps += [b.y - a.y for a, b in pairwise(page) if a.column == b.column and 0 < b.y - a.y < 4 * b.size]
    step = _usual(steps) or 1.0
    shared = {column: _measure(lines, step) for column, lines in whole.items()}
    measures = {}
    for key, lines in own.items():
        usual, here = shared[key[1]], _measure(lines, step)
        # Where nothing is indented, every line may be the first of its paragraph, and the edge cannot be seen.
        seen = len(lines) >= _ENOUGH and here.indents is usual.indents
        measures[key] = here if seen else usual
    return measures


def _measure(lines: Sequence[Line], step: float) -> _Measure:
    em = median(line.size for line in lines)
    lefts = Counter(round(2 * line.left / em) for line in lines)
    left = min((at for at, count in lefts.items() if count >= 0.12 * len(lines)), default=min(lefts)) * em / 2
    rights = sorted(line.right for line in lines)
    opening = sum(1.2 * em < line.left - left < 3.2 * em for line in lines)
    return _Measure(left, rights[len(rights) - 1 - len(rights) // 20], step, opening >= max(2, 0.04 * len(lines)))


def _usual(values: Iterable[float]) -> float:
    """Return the value that is met most often, to a tenth; 0 where there is none."""
    counted = Counter(round(value, 1) for value in values)
    return counted.most_common(1)[0][0] if counted else 0.0
