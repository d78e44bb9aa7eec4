"""The blocks of an answer as HTML."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.answering.recognised import CAUTION
from assistant.web.display.blocks import Block, Check, Checks, Comparison, Grid, Headline, Listing, Piece, Pieces, Side
from assistant.web.page.markup import attribute, text, unbroken


def blocks_html(blocks: Iterable[Block], number: int) -> str:
    """The whole text of an answer; `number` is that of its exchange."""
    return "".join(_block(block, number) for block in blocks)


def checks_html(checks: Checks) -> tuple[str, str]:
    """That the figures were found in their passages: in a few words, or, where there are several, a line each behind a fold."""
    if not checks.lines:
        return (f'<span class="{_look(checks.said)}">{checks.said}</span>' if checks.said else ""), ""
    listed = "".join(map(_check, checks.lines))
    return "", f'<details class="zw-fold"><summary>{checks.said}</summary><ul class="zw-checks">{listed}</ul></details>'


def pieces_html(pieces: Pieces, number: int) -> str:
    """A run of text; a number outside the figures is held together with its unit."""
    return "".join(_piece(piece, number) for piece in pieces)


def _block(block: Block, number: int) -> str:
    if isinstance(block, Headline):
        return _headline(block, number)
    if isinstance(block, Comparison):
        return _comparison(block, number)
    if isinstance(block, Grid):
        return _grid(block, number)
    if isinstance(block, Listing):
        return f"<ol>{''.join(f'<li>{pieces_html(item, number)}</li>' for item in block.items)}</ol>"
    return f"<p>{pieces_html(block.pieces, number)}</p>"


def _headline(head: Headline, number: int) -> str:
    value = _strong(head.value, "zw-figure", head.note)
    return f'<p class="zw-value">{_small(head.before)}{value}{_small(head.after)}{_cite(head.citation, number)}</p>'


def _comparison(block: Comparison, number: int) -> str:
    caption = f"<caption>{text(block.caption)}</caption>" if block.caption else ""
    columns = "".join(f'<th scope="col">{column}</th>' for column in block.columns)
    rows = "".join(_side(side, number) for side in block.sides)
    look = "zw-table zw-sides" if len(block.columns) > 2 else "zw-table"
    return f'<table class="{look}">{caption}<thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table>'


def _grid(block: Grid, number: int) -> str:
    caption = f"<caption>{text(block.caption)}</caption>" if block.caption else ""
    columns = "".join(f'<th scope="col">{column}</th>' for column in block.columns)
    rows = "".join(
        f'<tr><th scope="row">{pieces_html(first, number)}</th>'
        + "".join(f"<td>{pieces_html(cell, number)}</td>" for cell in cells)
        + "</tr>"
        for first, *cells in block.rows
    )
    return f'<table class="zw-table">{caption}<thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table>'


def _side(side: Side, number: int) -> str:
    first, *others = side.lead
    lead = f'<th scope="row">{text(first)}</th>' + "".join(f"<td>{text(other)}</td>" for other in others)
    measured = ""  # the number of a cell is for the bar that is drawn in it
    if side.value is not None:
        measured = f' data-value="{side.value:.4f}" data-unit="{attribute(side.unit)}"'
    return f"<tr>{lead}<td{measured}>{pieces_html(side.told, number)}</td></tr>"


def _piece(piece: Piece, number: int) -> str:
    if piece.look == "plain":
        return unbroken(piece.text)
    if piece.look == "mark":
        return f"<mark>{text(piece.text)}</mark>"
    if piece.look == "verbatim":
        return (
            f'<span class="zw-verbatim" role="img" title="{piece.note}" aria-label="{piece.note}">{piece.text}</span>'
        )
    if piece.look == "citation":
        return _cite(piece.citation, number)
    # What was computed does not look like a number of the report.
    return _strong(piece.text, f"zw-{piece.look}", piece.note)


def _cite(citation: int | None, number: int) -> str:
    """The mark of a citation, which leads to its passage."""
    label = f"看第{citation}条引用的原文"
    return f'<a class="zw-cite" href="#zw-c{number}-{citation}" aria-label="{label}">〔{citation}〕</a>'


def _strong(printed: str, look: str, note: str) -> str:
    return f'<strong class="{look}" title="{attribute(note)}">{text(printed)}</strong>'


def _small(words: str) -> str:
    return f'<span class="zw-hedge">{text(words)}</span>' if words else ""


def _check(check: Check) -> str:
    arithmetic = f" {text(check.arithmetic)}" if check.arithmetic else ""
    return f'<li><b>{text(check.figure)}</b> <span class="{_look(check.known)}">{text(check.known)}</span>{arithmetic}</li>'


def _look(known: str) -> str:
    return "zw-caution" if CAUTION in known else "zw-true"
