"""Several reports in one file, as in a yearbook: where each begins, and what each is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from assistant.corpus.claims import same_place
from assistant.corpus.cleaning import clean
from assistant.corpus.headings import SENTENCE_END, is_caption, is_salutation
from assistant.corpus.parsing.parsed import Parsed
from assistant.corpus.places import find_region
from assistant.corpus.year import find_year

_TITLE = re.compile(r"政\s*府\s*工\s*作\s*[报報]\s*告|^(?:政府)?工\s*作\s*[报報]\s*告$")
_NO_TITLE = re.compile(r"[.．…·]{3,}|\s\d{1,4}$|[，,。]|我代表|审议")
"""What a line of a table of contents ends in, and what a sentence has."""
_SPEECH = re.compile(r"我代表[^。]{2,24}?政府[^。]{0,24}?(?:报告|审议)")
"""What is said once in a report: by whom it is given."""
_LONGEST_TITLE = 60
_NEAR = 14
"""Lines between a title and the opening of its report."""
_LONG = 80
"""Characters from which a line is text."""
_SOON = 200
"""Characters of a line within which a report is opened."""
_MOST = 1000
"""Reports in a file; a yearbook of all provinces has 31, one of all counties 2,800 in several volumes."""
_LEAST_HAN = 600
_OPENING_LINES = 12
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Span:
    """One of several reports in a text."""

    start: int
    end: int
    place: str
    year: int

    @property
    def name(self) -> str:
        return f"{self.place or '地区不明'}{self.year or '年份不明'}{'年' * bool(self.year)}"


@dataclass(frozen=True, slots=True)
class _Line:
    at: int
    text: str


def reports_in(parsed: Parsed) -> tuple[Span, ...]:
    """Return the reports in the text of a file, in order: parts of other places or years, each with a title and an opening."""
    lines = list(_lines(parsed.text))
    beginnings = list(islice(_beginnings(lines), _MOST + 1))
    if len(beginnings) > _MOST:
        return ()  # no collection of reports, whatever it is
    starts = sorted({lines[_caption(lines, at)].at for at in beginnings})
    if not starts or (len(starts) == 1 and len(_HAN.findall(parsed.text, 0, starts[0])) < _LEAST_HAN):
        return ()
    spans: list[Span] = []
    begun = 0  # a report without a title may stand before the first one with a title
    for end in (*starts, len(parsed.text)):
        is_short = len(_HAN.findall(parsed.text, begun, end)) < _LEAST_HAN
        if is_short and not spans:
            begun = end if end == starts[0] else begun  # a cover goes with what follows, a heap of menus with nothing
            continue
        if is_short:
            spans[-1] = replace(spans[-1], end=end)
            begun = end
            continue
        span = _span(parsed, begun, end)
        if spans and _is_same(spans[-1], span):
            spans[-1] = replace(spans[-1], end=end)
        elif spans and spans[-1].end == starts[0] and not (spans[-1].place and spans[-1].year):
            spans[-1] = span
        else:
            spans.append(span)
        begun = end
    return tuple(spans) if len(spans) > 1 else ()


def part_of(parsed: Parsed, span: Span) -> Parsed:
    """Return what stands in one span of a text, with its pages."""
    start, end = span.start, span.end
    page = [number for at, number in parsed.breaks if at <= start][-1:]
    breaks = [(0, number) for number in page]
    breaks += [(at - start, number) for at, number in parsed.breaks if start < at < end]
    doubtful = [(first - start, last - start) for first, last in parsed.doubtful if start <= first and last <= end]
    return Parsed(parsed.text[start:end], parsed.has_paragraphs, breaks=tuple(breaks), doubtful=tuple(doubtful))


def _lines(text: str) -> Iterator[_Line]:
    """Yield the lines that hold something; a break may be written out as a backslash and a letter."""
    start = 0
    for found in (*re.finditer(r"\\r\\n|\\n|\\r|\n", text), None):
        end = found.start() if found else len(text)
        if line := text[start:end].strip():
            yield _Line(start, unicodedata.normalize("NFKC", line))
        start = found.end() if found else end


def _beginnings(lines: Sequence[_Line]) -> Iterator[int]:
    """Yield the lines at which reports may begin: titles that an opening follows soon, and speeches without a title."""
    title, opened = -1, -_NEAR - 1
    for at, line in enumerate(lines):
        if _is_title(line.text):
            title = at
        elif title >= 0 and at - title <= _NEAR and _opens(line.text):
            yield title
            title, opened = -1, at
        elif at - opened > _NEAR and _SPEECH.search(line.text[:_SOON]):
            yield at - is_salutation(lines[at - 1].text if at else "")
            opened = at


def _is_title(line: str) -> bool:
    return len(line) <= _LONGEST_TITLE and _TITLE.search(line) is not None and _NO_TITLE.search(line) is None


def _opens(line: str) -> bool:
    return re.match(r"(?:尊敬的)?各位代表", line) is not None or _SPEECH.search(line[:_SOON]) is not None


def _caption(lines: Sequence[_Line], at: int) -> int:
    """Return the first line of the caption that a title stands in: others of the same report may stand above it."""
    first, said = at, _says(lines[at].text)
    for above in range(at - 1, max(-1, at - _NEAR), -1):
        line = lines[above].text
        if len(line) > _LONG and _TITLE.search(line[:_LONG]):
            continue  # a page's summary of what follows
        if len(line) > _LONG or _opens(line):
            break
        if _is_title(line):
            own = _says(line)
            if any(mine and theirs and mine != theirs for mine, theirs in zip(said, own, strict=True)):
                break
            if above < first - 1 and not all(own):
                continue
            first, said = above, (said[0] or own[0], said[1] or own[1])
        elif above == first - 1 and _belongs(line):
            first = above
    return first


def _says(line: str) -> tuple[str, int]:
    """Return the place and the year that a title names."""
    found, _ = find_region([line], (), "")
    return (found[0] if found else ""), find_year((), [line], "", {})[0]


def _belongs(line: str) -> bool:
    if len(line) > _LONGEST_TITLE or line[-1] in SENTENCE_END + "；;：:":
        return False
    is_named = re.search(r"(?:省|市|县|区|旗|州|盟|人民政府|\d{4}年)$", line) is not None
    return is_caption(line) or is_named


def _span(parsed: Parsed, start: int, end: int) -> Span:
    lines = clean(parsed.text[start:end], parsed.has_paragraphs)
    opening = [unicodedata.normalize("NFKC", line) for line in lines[:_OPENING_LINES]]
    found, _ = find_region(opening, lines, "")
    year, _ = find_year(lines, opening, "", {})
    return Span(start, end, found[0] if found else "", year)


def _is_same(one: Span, other: Span) -> bool:
    return one.year == other.year and (
        one.place == other.place or (bool(one.place and other.place) and same_place(one.place, other.place))
    )
