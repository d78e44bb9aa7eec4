"""PDF files whose pages, or some of them, are pictures: these are rendered and recognised one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pypdfium2 import raw

from assistant.corpus.decoding import is_garbled
from assistant.corpus.parsing.flow import Flow, Page, of_pages, text_of, without_words
from assistant.corpus.parsing.layout import Run
from assistant.corpus.parsing.parsed import Parsed, recognised
from assistant.corpus.parsing.pdf import opened, pages_of
from assistant.corpus.parsing.recognition import RecognisedLine, Recogniser

_SCALE = 200 / 72
"""Dots a point: at 200 dots an inch the small type of a report is read without a fault, and more brings nothing."""
LONGEST = 4000
"""Dots of the longer side of a page, for memory's sake."""
_LEAST_SCALE = 100 / 72
"""Below this a page is too large to be read: a drawing, or a web page printed on a single sheet."""

Tell = Callable[[int, int], None]
"""Called with how many pages of how many are recognised."""


def recognised_text(data: bytes, tell: Tell) -> Parsed:
    """Return the text of a PDF file: of the pages that have one from the file, of the others as it was recognised.

    Where the text layer is garbled, all pages are recognised. Raises `ParserError`, `scanned` where nothing is recognised either.
    """
    document = opened(data)
    pages = list(pages_of(document))
    wanted = [number for number in without_words(pages) if _shows_more_than_text(document[number - 1])]
    if is_garbled("".join(run.text for page in pages for run in page.runs)):
        wanted = [number for number, page in enumerate(pages, start=1) if page.is_drawn_on]
    if not wanted:
        return replace(of_pages(text_of(pages)), unread=0)
    recogniser, found = Recogniser(), {}
    for done, number in enumerate(wanted):
        tell(done, len(wanted))
        found[number] = _lines(document[number - 1], recogniser)
    tell(len(wanted), len(wanted))
    for number, lines in found.items():
        pages[number - 1] = Page([line.run for line in lines], is_drawn_on=True)
    flow = text_of(pages)
    notes = recognised(wanted, [number for number in wanted if not found[number]], len(pages))
    return replace(of_pages(flow), notes=notes, unread=0, doubtful=tuple(doubtful_in(flow, found)))


def _shows_more_than_text(page: Any) -> bool:
    count = raw.FPDFPage_CountObjects(page)
    kinds = {raw.FPDFPageObj_GetType(raw.FPDFPage_GetObject(page, at)) for at in range(count)}
    return bool(kinds - {raw.FPDF_PAGEOBJ_TEXT})


def _lines(page: Any, recogniser: Recogniser) -> list[RecognisedLine]:
    scale = min(_SCALE, LONGEST / max(page.get_size()))
    found = recogniser.lines(page.render(scale=scale).to_numpy()) if scale >= _LEAST_SCALE else []
    page.close()
    return [replace(line, run=in_points(line.run, scale)) for line in found]


def in_points(run: Run, scale: float) -> Run:
    """Return a run in the units of the pages that have text."""
    return Run(run.text, run.left / scale, run.right / scale, run.y / scale, run.size / scale)


def doubtful_in(flow: Flow, found: Mapping[int, Sequence[RecognisedLine]]) -> Iterator[tuple[int, int]]:
    """Yield where in the text the doubtful characters stand: each line is looked for on its page, white space aside."""
    ends = [*(at for at, _ in flow.breaks[1:]), len(flow.text)]
    for (start, number), end in zip(flow.breaks, ends, strict=True):
        kept = [at for at in range(start, end) if not flow.text[at].isspace()]
        page = "".join(flow.text[at] for at in kept)
        for line in found.get(number, ()):
            if not line.doubtful:
                continue
            own = [at for at, char in enumerate(line.run.text) if not char.isspace()]
            doubted = [place for place, at in enumerate(own) if at in line.doubtful]
            for match in re.finditer(re.escape("".join(line.run.text.split())), page):
                yield from ((kept[match.start() + place], kept[match.start() + place] + 1) for place in doubted)
