"""Folding of character forms that keeps every offset, so that what is found in folded text is found in the source."""

from __future__ import annotations

_FULL_WIDTH: dict[int, int | str] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FORMS: dict[int, int | str] = {
    0x3000: " ",
    0x00A0: " ",
    ord("﹪"): "%",
    ord("–"): "—",
    ord("―"): "—",
    ord("－"): "-",
    ord("～"): "~",
    ord("〜"): "~",
    ord("﹣"): "-",
    ord("○"): "〇",
    ord("Ｏ"): "O",
    ord("＂"): "“",
}
_TABLE = {**_FULL_WIDTH, **_FORMS}


def fold(text: str) -> str:
    """Map full-width letters, digits and marks to one form, one character to one character.

    `len(fold(text)) == len(text)`, unlike NFKC, so that offsets hold in both.
    """
    return text.translate(_TABLE)


def squeeze(text: str) -> str:
    """Fold and drop all white space, for comparing what was written with what was meant."""
    return "".join(fold(text).split())
