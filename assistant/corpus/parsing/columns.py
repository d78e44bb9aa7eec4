"""What the columns of a table are, by the names above them and by what stands in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_PLACES = (
    r"省|省份|省级|省市|所属省份?|上级(?:地区)?|province",
    r"市|城市|地市|地级市|市州|州市|所属市|city|prefecture",
    r"地区|地方|区域|行政区划?|地区名称?|发文单位|发布机构|发布单位|单位|region|place|area",
    r"县|区|区县|县区|县市区|区县名称?|county|district",
)
"""The whole before its part."""
_YEAR = r"年|年份|年度|报告年份?|报告年度|year"
_TITLE = r"标题|题目|题名|报告标题|报告题目|报告名称?|名称|文件名|title|name"
_DATE = r"日期|时间|报告日期|报告时间|发布日期|发布时间|成文日期|date"
_NUMBER = r"序号|编号|段号|行号|段落序号|段落编号|no|id|index|number"
_BESIDE = r"来源|出处|链接|网址|备注|作者|报告人|会议|种类|类型|字数|url|link|source|author|note"
_BODY = r"(?:报告|文章)?(?:正文|全文|内容|文本|原文|段落|文字)(?:内容)?|text|content|body|paragraph"
SHORTEST_TEXT = 40
"""Characters from which a cell is text and neither a word nor a figure."""
_LEAST_TEXT = 200
"""Characters in such cells from which a column is of text."""
_LONGEST_NAME = 12
_FIRST_ROWS = 10

Cells = Sequence[str]


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns, counted from 0, hold what."""

    names: tuple[str, ...]
    header: int
    """The row, counted from 0 among those that hold something, in which the columns are named; 0 where none does."""
    has_header: bool
    body: tuple[int, ...]
    """Where there are several, what did not fit into one goes on in the next."""
    place: tuple[int, ...]
    year: tuple[int, ...]
    title: tuple[int, ...]
    date: tuple[int, ...]
    number: tuple[int, ...]
    headings: tuple[int, ...]
    """Left of the text and not named otherwise."""

    def name(self, column: int) -> str:
        """What a column is called, by its letter where nothing stands above it."""
        return self.names[column] if self.is_named(column) else letter(column)

    def is_named(self, column: int) -> bool:
        """Whether anything stands above a column."""
        return column < len(self.names) and bool(self.names[column])


def columns_of(rows: Sequence[Cells]) -> Columns | None:
    """Return what the columns of a table are; None where none holds text."""
    at = header_of(rows)
    names = () if at is None else tuple(map(_plain, rows[at]))
    below = rows if at is None else rows[at + 1 :]
    width = max(map(len, rows), default=0)
    texts = [sum(len(cell) for cell in _column(below, each) if len(cell) >= SHORTEST_TEXT) for each in range(width)]
    if not texts or max(texts) < _LEAST_TEXT:
        return None
    body = [each for each in _named(names, rf"(?:{_BODY})(?:[（(]?(?:续|\d)[）)]?)?") if texts[each]]
    body = body or [texts.index(max(texts))]
    body += [each for each in range(body[-1] + 1, width) if texts[each] and not (each < len(names) and names[each])]
    place = [each for pattern in _PLACES for each in _named(names, pattern)]
    year, title, date = (_named(names, pattern)[:1] for pattern in (_YEAR, _TITLE, _DATE))
    number = [each for each in range(width) if each not in {*body, *place, *year} and _counts(below, names, each)]
    known = {*body, *place, *year, *title, *date, *number, *_named(names, _BESIDE)}
    headings = [each for each in range(body[0]) if each not in known and any(_column(below, each))]
    return Columns(
        names,
        header=at or 0,
        has_header=at is not None,
        body=tuple(body),
        place=tuple(each for each in place if each not in body),
        year=tuple(year),
        title=tuple(title),
        date=tuple(date),
        number=tuple(number),
        headings=tuple(headings),
    )


def header_of(rows: Sequence[Cells]) -> int | None:
    """Return which row names the columns: the text, or two other things that are known."""
    return next((at for at, row in enumerate(rows[:_FIRST_ROWS]) if _names_columns(row)), None)


def names_text(cell: str) -> bool:
    """Say whether a column that is called so holds the text."""
    return re.fullmatch(_BODY, _plain(cell)) is not None


def letter(column: int) -> str:
    """Return how a program for tables calls a column: A for 0, AA for 26."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def continues(place: str, above: Sequence[str]) -> bool:
    """Say whether a place says nothing that those above it have not said."""
    return any(each.endswith(place) for each in above)


def _names_columns(row: Cells) -> bool:
    held = [_plain(cell) for cell in row if cell]
    if not held or max(map(len, held)) > _LONGEST_NAME:
        return False
    others = (*_PLACES, _YEAR, _TITLE, _DATE, _NUMBER)
    known = [name for name in held if any(re.fullmatch(pattern, name) for pattern in others)]
    return len(known) > 1 or any(map(names_text, held))


def _plain(cell: str) -> str:
    """Return the name of a column without blanks, marks and what stands in brackets behind it."""
    return re.sub(r"[\s*：:_]|(?<=.)[（(](?!续|\d)[^）)]*[）)]", "", cell).lower()


def _named(names: Sequence[str], pattern: str) -> list[int]:
    return [at for at, name in enumerate(names) if re.fullmatch(pattern, name)]


def _counts(rows: Sequence[Cells], names: Sequence[str], column: int) -> bool:
    """Say whether a column only numbers the rows."""
    if column in _named(names, _NUMBER):
        return True
    cells = [cell for cell in _column(rows, column) if cell]
    if not cells or not all(cell.isdecimal() and len(cell) < 4 for cell in cells[:2]):
        return False
    return cells == [str(int(cells[0]) + at) for at in range(len(cells))]


def _column(rows: Sequence[Cells], column: int) -> list[str]:
    return [row[column] if column < len(row) else "" for row in rows]
