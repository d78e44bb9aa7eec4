"""A conversation as a file to keep or to hand on: Markdown and Word, with the citations in official style and the AI label."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from assistant.web.export.official import official_citation
from assistant.web.export.record import TITLE, Block, Heading, Table, Text, aigc, record
from assistant.web.page.thread import Exchange

__all__ = ["as_docx", "as_markdown", "official_citation"]

# With these escaped no link, picture, HTML, emphasis, formula or entity comes about, a bare address included.
_SPECIAL = re.compile(r"[\\`*_\[\]<>|~$&#@]|(?<=[A-Za-z]):(?=//)|(?<=[Ww]{3})\.")
_BULLET = re.compile(r"^(?=[-+=])")
_NUMBER = re.compile(r"^(\d{1,9})(?=[.)](?:\s|$))")
"""What would begin a list, or underline the line before, at the beginning of a line."""


def as_markdown(exchanges: Sequence[Exchange], at: datetime | None = None) -> str:
    """The conversation as Markdown; whatever a report, a user or a model wrote shows as plain text."""
    at = at or datetime.now()
    blocks = "\n\n".join(_markdown(block) for block in record(exchanges, at))
    return f"---\n{''.join(_front_matter(exchanges, at))}---\n\n{blocks}\n"


def as_docx(exchanges: Sequence[Exchange], at: datetime | None = None) -> bytes:
    """The conversation as a Word document."""
    from assistant.web.export.word import document

    at = at or datetime.now()
    return document(record(exchanges, at), at, aigc(exchanges))


def _front_matter(exchanges: Sequence[Exchange], at: datetime) -> Iterator[str]:
    yield f"title: {TITLE}\ndate: {at:%Y-%m-%d %H:%M}\n"
    label = aigc(exchanges)
    if label:
        yield "AIGC:\n"
        yield from (f"  {name}: {json.dumps(value)}\n" for name, value in label.items())


def _markdown(block: Block) -> str:
    if isinstance(block, Heading):
        number, text = re.fullmatch(r"(\d+\. |)(.*)", block.text).groups()  # type: ignore[union-attr]  # matches any line
        return f"{'#' * (block.level + 1)} {number}{_escaped(text)}"
    if isinstance(block, Text):
        return f"> {_escaped(block.text)}" if block.is_note else _escaped(block.text)
    assert isinstance(block, Table)
    lines = (block.header, ("---",) * len(block.header), *(tuple(map(_escaped, row)) for row in block.rows))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _escaped(line: str) -> str:
    """A line in which no character means anything to Markdown."""
    line = _SPECIAL.sub(lambda match: f"\\{match.group()}", line)
    return _NUMBER.sub(r"\1\\", _BULLET.sub(r"\\", line))
