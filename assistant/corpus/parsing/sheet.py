"""A sheet of cells, and the reports that lie in it: one whose rows are its paragraphs, or one in each row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from assistant.corpus.parsing.columns import SHORTEST_TEXT, Columns, columns_of, continues
from assistant.corpus.parsing.page import html_text
from assistant.corpus.parsing.parsed import Parsed, Part

CELL_LIMIT = 32_767
"""Characters that a cell of Excel can hold, in units of UTF-16; what is longer is cut by most programs without a word."""
_WHOLE = 1500
"""Characters of a cell in the middle of a column from which its cells are reports; a paragraph is seldom as long."""
_MARKUP = re.compile(r"</(?:p|div|span|td)>|<br\s*/?>", re.IGNORECASE)
_CUT = f"正文正好{CELL_LIMIT:,}个字，是表格一格的上限，后面的文字可能已被截掉，请核对结尾。"
_LONGEST_KEY = 80


@dataclass(frozen=True, slots=True)
class Row:
    """A row that holds something."""

    number: int
    """Counted from 1, as the program for tables shows it."""
    cells: tuple[str, ...]
    filled: frozenset[int] = frozenset()
    """Columns whose cell is merged with the one above and told again."""

    def own(self, column: int) -> str:
        """What stands in this row itself."""
        return "" if column in self.filled or column >= len(self.cells) else self.cells[column]

    def cell(self, column: int) -> str:
        return self.cells[column] if column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a sheet, and what it holds that is not in them."""

    name: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


def parsed_sheets(sheets: Sequence[Sheet], notes: Sequence[str] = ()) -> Parsed:
    """Return the one report of some sheets as their text, several as parts; a sheet without a report's text is told of."""
    said = list(notes)
    found: list[tuple[Sheet, list[Part]]] = []
    for sheet in sheets:
        columns = columns_of([row.cells for row in sheet.rows])
        if columns is None:
            said += [_told(sheet)] if sheet.rows else []
        else:
            found.append((sheet, list(_parts(sheet, columns))))
        said += sheet.notes
    parts = [
        Part(
            f"工作表“{sheet.name}” {part.name}".strip() if len(found) > 1 else part.name, part.text, *_rest(sheet, part)
        )
        for sheet, own in found
        for part in own
    ]
    if len(parts) == 1:
        return Parsed(parts[0].text, notes=(*parts[0].notes, *said))
    return Parsed("", notes=tuple(said), parts=tuple(parts))


def _rest(sheet: Sheet, part: Part) -> tuple[str, tuple[str, ...]]:
    return "" if part.name else sheet.name, part.notes


def _told(sheet: Sheet) -> str:
    what = f"工作表“{sheet.name}”" if sheet.name else "表格"
    width = max(len(row.cells) for row in sheet.rows)
    return f"{what}没有收进来：{len(sheet.rows)}行{width}列，是数据或短词，没有成段的文字。"


def _parts(sheet: Sheet, columns: Columns) -> Iterator[Part]:
    """Yield the reports of a sheet; the only one has no name."""
    above, rows = sheet.rows[: columns.header], sheet.rows[columns.header + columns.has_header :]
    texts = [(row, _body(row, columns)) for row in rows]
    lengths = [len(text) for _, text in texts if text]
    are_whole = bool(lengths) and median(lengths) > _WHOLE
    groups = [[one] for one in texts] if are_whole else _grouped(texts, columns)
    unused = _unused(texts, columns, {*columns.headings} if not are_whole else set())
    for at, group in enumerate(groups):
        first, last = group[0][0].number, group[-1][0].number
        name = f"第{first}行" if first == last else f"第{first}–{last}行"
        notes = [_CUT] if any(_is_cut(row, columns) for row, _ in group) else []
        notes += [unused] if unused and not at else []
        heading = [cell for row in above for cell in row.cells if cell] if len(groups) == 1 else []
        if above and len(groups) > 1 and not at:
            notes.append(f"表头上面的{len(above)}行没有收进来。")
        body = [group[0][1]] if are_whole else _lines(group, columns)
        text = "\n".join((*heading, *body)) if any(body) else ""
        yield Part("" if len(groups) == 1 else name, _headed(text, group, columns), notes=tuple(notes))


def _body(row: Row, columns: Columns) -> str:
    """Return the text of a row: what did not fit into one cell goes on in the next."""
    text = before = ""
    for cell in filter(None, map(row.own, columns.body)):
        text += cell if not before or len(before) >= CELL_LIMIT else f"\n{cell}"
        before = cell
    return html_text(text.encode()).text.strip() if len(_MARKUP.findall(text)) > 1 else text


def _is_cut(row: Row, columns: Columns) -> bool:
    held = [row.own(column) for column in columns.body if row.own(column)]
    return bool(held) and CELL_LIMIT in {len(held[-1]), len(held[-1].encode("utf-16-le")) // 2}


def _grouped(texts: Sequence[tuple[Row, str]], columns: Columns) -> list[list[tuple[Row, str]]]:
    """Put the rows of one place and year together; a row that names neither goes on with the one above."""
    groups: dict[tuple[str, ...], list[tuple[Row, str]]] = {}
    key: tuple[str, ...] = ()
    for row, text in texts:
        own = tuple(row.cell(column) for column in (*columns.place, *columns.year))
        key = own if any(own) else key
        groups.setdefault(key, []).append((row, text))
    return list(groups.values())


def _lines(group: Sequence[tuple[Row, str]], columns: Columns) -> list[str]:
    """Return the lines of a report whose rows are paragraphs: a heading where it changes, a row of a table as one."""
    lines: list[str] = []
    last: dict[int, str] = {}
    headings = (*columns.headings, *(() if _constant(group, columns.title) else columns.title))
    keys = {*columns.place, *columns.year, *columns.date, *columns.number, *columns.title} - {*headings}
    for row, text in group:
        others = {at: cell for at, cell in enumerate(row.cells) if row.own(at) and at not in keys}
        if _is_of_table(row, text, columns) or not (text or others.keys() <= {*headings}):
            lines.append(" | ".join(others.values()))
            continue
        for column in headings:
            if row.cell(column) and last.get(column) != row.cell(column):
                lines.append(row.cell(column))
                last = {at: cell for at, cell in last.items() if at < column} | {column: row.cell(column)}
        lines += text.split("\n") if text else []
    return lines


def _is_of_table(row: Row, text: str, columns: Columns) -> bool:
    """Say whether a row is one of a table within a report: short, and going on where no column is named."""
    right = range(columns.body[-1] + 1, len(row.cells))
    return len(text) < SHORTEST_TEXT and any(row.own(at) and not columns.is_named(at) for at in right)


def _headed(text: str, group: Sequence[tuple[Row, str]], columns: Columns) -> str:
    """Return the text of a report below the keys that its columns give, in the form of a Markdown file's front matter."""
    keys = {
        "title": _said(group, columns.title) if _constant(group, columns.title) else "",
        "place": _said(group, columns.place),
        "year": _said(group, columns.year),
        "date": _said(group, columns.date),
    }
    held = [f"{key}: {value}" for key, value in keys.items() if value]
    return "\n".join(("---", *held, "---", text)) if text and held else text


def _constant(group: Sequence[tuple[Row, str]], columns: Sequence[int]) -> bool:
    return all(len({row.cell(column) for row, _ in group} - {""}) == 1 for column in columns)


def _said(group: Sequence[tuple[Row, str]], columns: Sequence[int]) -> str:
    """Return what the rows of a report say in some columns, the whole before its part: 河北省 保定市."""
    said: list[str] = []
    for column in columns:
        cells = Counter(" ".join(row.cell(column).split()) for row, _ in group)
        cells.pop("", None)
        said += [cell for cell, _ in cells.most_common(1) if not continues(cell, said)]
    return "".join(said)[:_LONGEST_KEY]


def _unused(texts: Sequence[tuple[Row, str]], columns: Columns, headings: set[int]) -> str:
    """Tell of the columns beside the text that are not read."""
    known = {*columns.body, *columns.place, *columns.year, *columns.title, *columns.date, *columns.number}
    beside = [row for row, text in texts if text and not _is_of_table(row, text, columns)]
    width = max(len(row.cells) for row, _ in texts)
    held = [at for at in range(width) if at not in known | headings and any(row.own(at) for row in beside)]
    named = "、".join(f"“{columns.name(at)}”" for at in held[:8])
    return f"正文以外的{len(held)}列没有收进来：{named}。" if held else ""
