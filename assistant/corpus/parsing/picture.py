"""A page of a PDF file as a picture, to be looked at."""

from __future__ import annotations

import base64
import io

from assistant.corpus.parsing.parsed import ParserError
from assistant.corpus.parsing.pdf import opened

_SCALE = 150 / 72
_LONGEST = 2400
"""Dots of the longer side."""
_QUALITY = 82


def page_picture(data: bytes, number: int) -> dict[str, object]:
    """Return `picture`, a JPEG in base64, and `pages`, how many there are; raises `ParserError` where there is no such page."""
    document = opened(data)
    if not 1 <= number <= len(document):
        raise ParserError("broken")
    page = document[number - 1]
    picture = page.render(scale=min(_SCALE, _LONGEST / max(page.get_size()))).to_pil()
    written = io.BytesIO()
    picture.convert("RGB").save(written, "JPEG", quality=_QUALITY)
    return {"picture": base64.b64encode(written.getvalue()).decode("ascii"), "pages": len(document)}
