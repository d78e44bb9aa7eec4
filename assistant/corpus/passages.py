"""Cut paragraphs into passages: windows of whole sentences that know their characters in the paragraph."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

from assistant.types import Paragraph, Passage, Report

WINDOW = 160
"""Characters that sentences are gathered up to; best of 100 to 500 tried on questions over five reports."""
LONGEST = 220
"""Characters that no window exceeds; one sentence may go up to it before it is split."""
_PREFIX = 60
_HEADING = 24

_SENTENCE = re.compile(r"[^。！？!?\n]*(?:[。！？!?]+[”’」』）)\"]*|\n+|$)")
_CLAUSE_MARKS = ("；;", "，,", "、：: ")

Span = tuple[int, int]


def build_passages(paragraphs: Sequence[Paragraph], report: Report) -> tuple[Passage, ...]:
    """Cut each paragraph into windows that cover it without overlap; `paragraph.text[start:end] == text`."""
    return tuple(passage for paragraph in paragraphs for passage in _of_paragraph(paragraph, report))


def sentence_spans(text: str) -> list[Span]:
    """Return start and end of each sentence, closing quotes included; a line break ends a sentence too."""
    return [found.span() for found in _SENTENCE.finditer(text) if found.group().strip()]


def _of_paragraph(paragraph: Paragraph, report: Report) -> Iterator[Passage]:
    for ordinal, (start, end) in enumerate(_windows(paragraph.text)):
        text = paragraph.text[start:end]
        yield Passage(
            id=f"{paragraph.id}-{ordinal}",
            paragraph_id=paragraph.id,
            report_id=report.id,
            start=start,
            end=end,
            text=text,
            indexed=" › ".join((*_prefix(report, paragraph.headings, text), text)),
        )


def _windows(text: str) -> Iterator[Span]:
    spans = [piece for span in sentence_spans(text) for piece in _bounded(text, span, _CLAUSE_MARKS)]
    for start, end in _gathered(spans):
        while end > start and text[end - 1].isspace():
            end -= 1
        while start < end and text[start].isspace():
            start += 1
        if start < end:
            yield start, end


def _gathered(spans: Iterable[Span]) -> Iterator[Span]:
    """Join neighbours as long as they fit a window."""
    current: Span | None = None
    for span in spans:
        if current is not None and span[1] - current[0] <= WINDOW:
            current = (current[0], span[1])
            continue
        if current is not None:
            yield current
        current = span
    if current is not None:
        yield current


def _bounded(text: str, span: Span, marks: Sequence[str]) -> Iterator[Span]:
    """Split a sentence that is too long at the strongest mark it has; where it has none, by length."""
    start, end = span
    if end - start <= LONGEST:
        yield span
        return
    if not marks:
        yield from ((at, min(at + LONGEST, end)) for at in range(start, end, LONGEST))
        return
    cuts = [start, *(at + 1 for at in range(start, end - 1) if text[at] in marks[0]), end]
    pieces = [piece for cut in itertools.pairwise(cuts) for piece in _bounded(text, cut, marks[1:])]
    yield from _gathered(pieces)


def _prefix(report: Report, headings: Sequence[str], text: str) -> list[str]:
    """Name place, year and the innermost two headings that the window does not already say."""
    parts = [f"{report.region}{report.report_year}年 {_short_title(report)}"]
    inner = [heading for heading in headings if heading != report.title and heading not in text][-2:]
    room = (_PREFIX - len(parts[0])) // max(len(inner), 1) - 3
    return parts + [heading[: max(10, min(_HEADING, room))] for heading in inner]


def _short_title(report: Report) -> str:
    title = report.title
    for known in (report.parent or "", report.region, f"{report.report_year}年", f"{report.report_year}"):
        title = title.replace(known, "") if known else title
    return title.strip("—-（）() 　")[:12] or report.kind
