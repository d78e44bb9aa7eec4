"""Tables as text (.csv): cells between commas, tabulators or semicolons."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from assistant.corpus.parsing.columns import header_of, names_text
from assistant.corpus.parsing.parsed import Parsed, ParserError
from assistant.corpus.parsing.sheet import CELL_LIMIT, Row, Sheet, parsed_sheets

_MARKS = ",\t;|"
_ALIKE = 0.9
"""Share of the rows that have as many cells as the first from which a mark is taken to part cells."""


def csv_text(data: bytes) -> Parsed:
    """Return the report of a table in UTF-8, or its reports as parts."""
    text = data.decode().replace("\r\n", "\n").replace("\r", "\n")
    told = re.match(r"sep=(.)\n", text)
    text = text[told.end() :] if told else text
    rows = _rows(text, told[1] if told else "")
    return parsed_sheets([Sheet("", tuple(rows), tuple(_uneven(rows)))])


def _rows(text: str, mark: str) -> list[Row]:
    """Return the rows by the mark that gives most columns; a line is a cell where no mark parts all of them alike."""
    csv.field_size_limit(len(text) + 1)
    found: list[list[Row]] = []
    is_broken = False
    for each in mark or _MARKS:
        try:
            rows = _parted(text, each)
        except csv.Error:
            is_broken = is_broken or each in text.partition("\n")[0]
            continue
        if rows and len(rows[0].cells) > 1 and (mark or _is_table(rows)):
            found.append(_mended(rows, each))
    if found:
        return max(found, key=lambda rows: len(rows[0].cells))
    if is_broken:
        raise ParserError("quotes")
    return [Row(number, (line.strip().strip('"'),)) for number, line in enumerate(text.split("\n"), 1) if line.strip()]


def _parted(text: str, mark: str) -> list[Row]:
    """Part a text by a mark. Raises `csv.Error` where its quotation marks do not match."""
    numbered = enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True), 1)
    rows = ((number, [cell if cell.strip() else "" for cell in cells]) for number, cells in numbered)
    return [Row(number, tuple(_trimmed(cells))) for number, cells in rows if any(cells)]


def _mended(rows: list[Row], mark: str) -> list[Row]:
    """Put a text in the last column together again that its own commas have parted, for want of quotation marks."""
    header = header_of([row.cells for row in rows])
    if header is None or not names_text(rows[header].cells[-1]):
        return rows
    last = len(rows[header].cells) - 1
    return [
        row
        if len(row.cells) <= last + 1 or len(row.cells[last]) >= CELL_LIMIT
        else Row(row.number, (*row.cells[:last], mark.join(row.cells[last:])))
        for row in rows
    ]


def _trimmed(cells: list[str]) -> list[str]:
    while not cells[-1]:
        cells = cells[:-1]
    return cells


def _is_table(rows: Sequence[Row]) -> bool:
    width = len(rows[0].cells)
    if header_of([row.cells for row in rows]) is not None:
        return True
    return sum(len(row.cells) == width for row in rows) >= _ALIKE * len(rows)


def _uneven(rows: Sequence[Row]) -> list[str]:
    """Tell of rows that have more cells than there are columns: the mark within a text has parted it."""
    header = header_of([row.cells for row in rows])
    if header is None or names_text(rows[header].cells[-1]):
        return []
    numbers = [str(row.number) for row in rows[header + 1 :] if len(row.cells) > len(rows[header].cells)]
    if not numbers:
        return []
    named = "、".join(numbers[:5]) + "等" * (len(numbers) > 5)
    return [f"第{named}行比表头多出几格，可能是文字里的分隔符没有加引号，各列可能错位，请核对。"]
