"""On which pages of its file each paragraph stands, and which of its figures were recognised in a picture without certainty.

Cleaning takes characters away and never rewords, so each paragraph is found again in what the parser gave; white space aside.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.corpus.parsing.parsed import Parsed
from assistant.language.quantities import find_quantities
from assistant.language.sentences import Span
from assistant.types import Paragraph

_NUMBER = re.compile(r"第?[\d〇零一二三四五六七八九十百千万亿]+(?:[.．,，/—-]\d+)*[%％年月日号届次]?")
"""A number that is no quantity: a year, a date, an ordinal."""
_PIECE = re.compile(r"[^\n]+")
_SENTENCE = re.compile(r"[^\n。；！？]+[。；！？]*")


def placed(paragraphs: Sequence[Paragraph], parsed: Parsed) -> tuple[Paragraph, ...]:
    """Return the paragraphs with their pages and doubtful figures; unchanged where the file has no pages."""
    if not parsed.breaks:
        return tuple(paragraphs)
    source = _Squeezed.of(parsed.text)
    starts = [at for at, _ in parsed.breaks]
    marked = [at for start, end in parsed.doubtful for at in range(start, end)]
    doubted = frozenset(marked)
    cursor, found = 0, []
    for paragraph in paragraphs:
        pages: list[tuple[int, int]] = []
        unsure: list[int] = []
        for offset, origin in source.matched(paragraph.text, cursor):
            cursor = origin
            at = source.offsets[origin]
            page = parsed.breaks[max(0, bisect_right(starts, at) - 1)][1]
            if not pages or pages[-1][1] != page:
                pages.append((offset, page))
            if at in doubted:
                unsure.append(offset)
        figures = _figures(paragraph.text, unsure)
        found.append(replace(paragraph, pages=tuple(pages), doubtful=figures))
    return tuple(found)


def _figures(text: str, doubted: Sequence[int]) -> tuple[Span, ...]:
    """Return the spans of the figures and other numbers that hold one of these characters."""
    if not doubted:
        return ()
    quantities = [(each.start, each.end) for each in find_quantities(text)]
    numbers = [match.span() for match in _NUMBER.finditer(text)]
    spans = set()
    for at in doubted:
        holding = [span for span in quantities if span[0] <= at < span[1]]
        holding = holding or [span for span in numbers if span[0] <= at < span[1]]
        spans.update(holding[:1])
    return tuple(sorted(spans))


@dataclass(frozen=True, slots=True)
class _Squeezed:
    """A text without its white space."""

    text: str
    offsets: tuple[int, ...]
    """Where each of its characters stands in the whole text."""

    @classmethod
    def of(cls, text: str) -> _Squeezed:
        kept = [(at, char) for at, char in enumerate(text) if not char.isspace()]
        return cls("".join(char for _, char in kept), tuple(at for at, _ in kept))

    def matched(self, text: str, cursor: int) -> Iterator[Span]:
        """Yield (offset in `text`, offset here) of each character of a paragraph, looked for from the cursor on first.

        What is not found as a whole line is looked for sentence by sentence; what is not found then is passed over.
        """
        for line in _PIECE.finditer(text):
            at = self._find(line[0], cursor)
            pieces = [(line, at)] if at >= 0 else [(each, -1) for each in _SENTENCE.finditer(text, *line.span())]
            for piece, place in pieces:
                begin = place if place >= 0 else self._find(piece[0], cursor)
                if begin < 0:
                    continue
                own = [at for at in range(*piece.span()) if not text[at].isspace()]
                yield from zip(own, range(begin, begin + len(own)), strict=True)
                cursor = begin + len(own)

    def _find(self, piece: str, cursor: int) -> int:
        wanted = "".join(piece.split())
        at = self.text.find(wanted, cursor)
        return at if at >= 0 else self.text.find(wanted)
