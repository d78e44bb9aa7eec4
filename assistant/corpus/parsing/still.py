"""Pictures of pages (.png, .jpg, .tif): recognised as the pages of a scanned PDF file are."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from PIL import Image, ImageOps, ImageSequence

from assistant.corpus.parsing.flow import Page, of_pages, text_of
from assistant.corpus.parsing.layout import Run
from assistant.corpus.parsing.parsed import Parsed, ParserError, recognised
from assistant.corpus.parsing.recognition import Recogniser
from assistant.corpus.parsing.scan import LONGEST, Tell, doubtful_in, in_points

_FORMATS = ("PNG", "JPEG", "TIFF")
_MOST_DOTS = 120_000_000
_WIDTH = 595
"""Points that a page is taken to be wide, as a sheet of A4 is."""
_TALL = 2.0
"""Times that a picture is higher than wide where it is no page but what somebody has scrolled through."""
_NEAR = 0.2
"""Share of a piece's height at whose end the widest white is looked for, so that no line is cut through."""


def recognised_picture(data: bytes, tell: Tell) -> Parsed:
    """Return the text of a picture, each of whose frames is a page; raises `ParserError`, `scanned` where nothing is recognised."""
    recogniser, found = Recogniser(), {}
    with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
        if image.width * image.height > _MOST_DOTS:
            raise ParserError("heavy")
        total = getattr(image, "n_frames", 1)
        for number, page in enumerate(_pages(image), 1):
            tell(number - 1, total)
            scale = page.shape[1] / _WIDTH
            found[number] = [
                replace(line, run=_lower(in_points(line.run, scale), start / scale))
                for start, piece in _pieces(page)
                for line in recogniser.lines(piece)
            ]
    tell(total, total)
    flow = text_of([Page([line.run for line in lines], is_drawn_on=True) for lines in found.values()])
    notes = recognised([*found], [number for number in found if not found[number]], total)
    return replace(of_pages(flow), notes=notes, unread=0, doubtful=tuple(doubtful_in(flow, found)))


def _lower(run: Run, by: float) -> Run:
    return replace(run, y=run.y + by)


def _pages(image: Image.Image) -> Iterator[np.ndarray]:
    """Yield the frames of a picture as they are meant to be looked at, in colour, on white where it is seen through."""
    for frame in ImageSequence.Iterator(image):
        upright = ImageOps.exif_transpose(frame).convert("RGBA")
        white = Image.new("RGBA", upright.size, "white")
        page = Image.alpha_composite(white, upright).convert("RGB")
        if page.height <= _TALL * page.width:
            page.thumbnail((LONGEST, LONGEST))
        elif page.width > LONGEST:
            page.thumbnail((LONGEST, page.height))
        yield np.asarray(page)[:, :, ::-1].copy()


def _pieces(page: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Yield a page, or a tall picture in pieces that are cut where it is white, with the row at which each begins."""
    height, width = page.shape[:2]
    most = height if height <= _TALL * width else min(LONGEST, int(_TALL * width))
    start = 0
    while height - start > most:
        first = start + int(most * (1 - _NEAR))
        rows = page[first : start + most].std(axis=(1, 2))
        at = first + _middle_of_quietest(rows)
        yield start, page[start:at]
        start = at
    yield start, page[start:]


def _middle_of_quietest(rows: np.ndarray) -> int:
    """Return the middle of the longest run of rows on which least is drawn."""
    quiet = rows <= rows.min() + 2
    edges = np.flatnonzero(np.diff(np.concatenate(([0], quiet.astype(int), [0]))))
    runs = list(zip(edges[::2], edges[1::2], strict=True))
    begin, end = max(runs, key=lambda run: run[1] - run[0])
    return max(1, int(begin + end) // 2)
