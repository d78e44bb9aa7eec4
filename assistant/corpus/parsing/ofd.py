"""OFD files (GB/T 33190): the text of each page with its places, by ofdkit."""

from __future__ import annotations

from collections.abc import Iterator

import ofdkit

from assistant.corpus.parsing.flow import Page, of_pages, text_of
from assistant.corpus.parsing.layout import Run
from assistant.corpus.parsing.parsed import Parsed, ParserError

_MOST_PAGES = 3000


def ofd_text(data: bytes) -> Parsed:
    """Return the text of an OFD file, paragraph by paragraph."""
    try:
        with ofdkit.open(data) as document:
            if len(document.pages) > _MOST_PAGES:
                raise ParserError("heavy")
            flow = text_of(map(_page, document.pages))
    except ofdkit.OFDError as error:
        raise ParserError("heavy" if isinstance(error, ofdkit.OFDLimitError) else "broken") from error
    return of_pages(flow)


def _page(page: ofdkit.Page) -> Page:
    """Return the text of a page; one that cannot be read is as one without text, and neither is passed over in silence."""
    try:
        return Page(list(_runs(page)), is_drawn_on=True)
    except ofdkit.OFDLimitError:
        raise
    except ofdkit.OFDError:
        return Page([], is_drawn_on=True)


def _runs(page: ofdkit.Page) -> Iterator[Run]:
    for run in page.runs:
        indent = len(run.text) - len(run.text.lstrip())
        if run.text.strip():
            left = run.x + indent * run.size
            yield Run(run.text.strip(), left, run.x + run.width, run.y, run.size)
