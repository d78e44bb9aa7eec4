"""What every parser gives: text, and what the file holds that is not in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class ParserError(Exception):
    """A file gives no text; `reason` is encrypted, scanned, heavy, broken or one that its kind has words for."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Part:
    """One of several reports that lie in a file."""

    name: str
    """Where it lies in the file: 第3行."""
    text: str
    """As that of a file; keys may stand above it as they do above a Markdown file's. Empty where nothing stands there."""
    stem: str = ""
    """What a sheet's name says of it, as the name of a file would."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parsed:
    """The text of a file."""

    text: str
    """One line a paragraph or table row; ` | ` stands between the cells of a row."""
    has_paragraphs: bool = True
    """False where a line may be only a piece of a paragraph, broken at a fixed width."""
    notes: tuple[str, ...] = ()
    """Sentences for the reader on what the file holds and the text does not."""
    breaks: tuple[tuple[int, int], ...] = ()
    """Where in the text each page of the file begins: (offset, page counted from 1); none where a file has no pages."""
    doubtful: tuple[tuple[int, int], ...] = ()
    """Spans of the text that were recognised in a picture and may be something else."""
    unread: int = 0
    """Pages that hold something and were not read."""
    parts: tuple[Part, ...] = ()
    """The reports of a table that holds several; then there is no text but theirs."""


def without_text(pages: Sequence[int], total: int) -> tuple[str, ...]:
    """Say which pages (counted from 1) of how many hold something but no text."""
    if not pages:
        return ()
    return (f"共 {total} 页，其中{_named(pages)}没有可以读取的文字，可能是图片，没有收进来。",)


def recognised(pages: Sequence[int], wordless: Sequence[int], total: int) -> tuple[str, ...]:
    """Say which pages (counted from 1) of how many are pictures that were recognised, and which of them gave no text."""
    said = f"共 {total} 页，其中{_named(pages)}是图片，文字由识别得来；把握不大的数据在引用时会注明“识别所得，请核对”。"
    return (said, *((f"{_named(wordless)}是图片，没有认出文字。",) if wordless else ()))


def _named(pages: Sequence[int]) -> str:
    named = "、".join(map(str, pages[:20])) + ("等" if len(pages) > 20 else "")
    return f"第 {named} 页（{len(pages)} 页）"


def pictures_unread(count: int) -> tuple[str, ...]:
    """Say how many pictures stand in the text of a file that has no pages."""
    return (f"文中有 {count} 处图片或嵌入的对象，里面如有文字，没有收进来。",) if count else ()
