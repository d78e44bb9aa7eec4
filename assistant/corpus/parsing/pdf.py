"""PDF files: the characters of each page with their places, by PDFium."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
from pypdfium2 import raw

from assistant.corpus.parsing.flow import Page, of_pages, text_of
from assistant.corpus.parsing.layout import Run
from assistant.corpus.parsing.parsed import Parsed, ParserError

_MOST_PAGES = 3000
_TOUCHING = 0.12
"""Ems between two characters of one run."""
_FIRST_WIDE = 0x2010
"""From this character on (dashes, quotation marks, Chinese) a character is an em wide in a Chinese font."""


def pdf_text(data: bytes) -> Parsed:
    """Return the text layer of a PDF file, paragraph by paragraph."""
    return of_pages(text_of(pages_of(opened(data))))


def opened(data: bytes) -> Any:
    """Open a PDF file; raises `ParserError`."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise ParserError("encrypted" if "password" in str(error).lower() else "broken") from error
    if not len(document):
        raise ParserError("broken")
    if len(document) > _MOST_PAGES:
        raise ParserError("heavy")
    return document


def pages_of(document: Any) -> Iterator[Page]:
    """Yield the pages with what their text layer holds."""
    for number in range(len(document)):
        page = document[number]
        yield Page(list(_runs(page)), raw.FPDFPage_CountObjects(page) > 0)
        page.close()


def _runs(page: Any) -> Iterator[Run]:
    """Yield the runs of the text that stands upright when the page is turned so that most of it does."""
    layer = page.get_textpage()
    found = list(_characters(layer))
    layer.close()
    turns = Counter(character.turns for character in found)
    upright = turns.most_common(1)[0][0] if turns else 0
    yield from _touching(character for character in found if character.turns == upright)


@dataclass(frozen=True, slots=True)
class _Character:
    text: str
    left: float
    right: float
    y: float
    size: float
    turns: int
    """Quarter turns against the clock by which it stands on the page; places are those after turning it back."""


def _touching(characters: Iterable[_Character]) -> Iterator[Run]:
    """Yield characters that follow one another in the file and touch as one run."""
    text, last, left = "", None, 0.0
    for each in characters:
        if last is not None and not _touch(last, each):
            yield Run(text, left, last.right, last.y, last.size)
            text = ""
        if not text:
            left = each.left
        text, last = text + each.text, each
    if last is not None:
        yield Run(text, left, last.right, last.y, last.size)


def _touch(last: _Character, each: _Character) -> bool:
    if abs(each.y - last.y) > 0.1 * each.size or abs(each.size - last.size) > 0.1 * last.size:
        return False
    of_one_glyph = each.left == last.left and each.right - each.left > 1.5 * each.size  # ——, drawn as one
    return of_one_glyph or -_TOUCHING < (each.left - last.right) / each.size < _TOUCHING


def _characters(layer: Any) -> Iterator[_Character]:
    """Yield the characters of a page in the order of the file; blanks that PDFium adds by itself are none."""
    box, matrix, x, y = raw.FS_RECTF(), raw.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    for at in range(raw.FPDFText_CountChars(layer)):
        code = raw.FPDFText_GetUnicode(layer, at)
        if code < 0x20 or raw.FPDFText_IsGenerated(layer, at) == 1:
            continue
        raw.FPDFText_GetLooseCharBox(layer, at, box)
        raw.FPDFText_GetCharOrigin(layer, at, x, y)
        raw.FPDFText_GetMatrix(layer, at, matrix)
        turn = math.degrees(math.atan2(matrix.b, matrix.a)) / 90
        if abs(turn - round(turn)) > 0.1:
            continue  # set aslant across the page: a watermark
        size = raw.FPDFText_GetFontSize(layer, at) * math.hypot(matrix.c, matrix.d) or 1.0
        turns = round(turn) % 4
        left, down, right = (
            (x.value, -y.value, box.right),
            (y.value, x.value, box.top),
            (-x.value, y.value, -box.left),
            (-y.value, -x.value, -box.bottom),
        )[turns]
        # The box of a glyph that a font program draws is as wide as its ink; a Chinese character is an em wide.
        least = left + size if code >= _FIRST_WIDE else left
        yield _Character(chr(code), left, max(least, right), down, size, turns)
