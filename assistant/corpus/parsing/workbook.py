"""Workbooks (.xlsx): the cells of their sheets as they are shown, and what is hidden or beside the cells."""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from assistant.corpus.parsing.parsed import Parsed, pictures_unread
from assistant.corpus.parsing.sheet import Row, Sheet, parsed_sheets

_SHOWN = 5
"""Cells that are named one by one."""
_PICTURE = re.compile(rb"<(?:\w+:)?pic[ >]")
_TEXT_BOX = re.compile(rb"<(?:\w+:)?txBody>(?:(?!</(?:\w+:)?txBody>).)*?<(?:\w+:)?t>[^<]*\S", re.DOTALL)


def workbook_text(data: bytes) -> Parsed:
    """Return the report of a workbook, or its reports as parts."""
    book = load_workbook(io.BytesIO(data))
    has_formulas = any(cell.data_type == "f" for sheet in book.worksheets for cell in sheet._cells.values())
    values = load_workbook(io.BytesIO(data), data_only=True) if has_formulas else book
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    hidden = [sheet for sheet in book.worksheets if sheet not in shown and any(map(_holds, sheet._cells.values()))]
    notes = [f"隐藏的工作表“{sheet.title}”没有收进来，要收就先取消隐藏。" for sheet in hidden]
    notes += [f"{len(book.chartsheets)}张图表工作表没有收进来。"] * bool(book.chartsheets)
    return parsed_sheets([_sheet(sheet, values[sheet.title]) for sheet in shown], (*notes, *_beside(data)))


def _sheet(sheet: Any, values: Any) -> Sheet:
    """Read the cells that a sheet shows, row by row; `values` is the same sheet with its formulas worked out."""
    columns = {at for each in sheet.column_dimensions.values() if each.hidden for at in range(each.min, each.max + 1)}
    cells: dict[int, dict[int, str]] = defaultdict(dict)
    told: dict[str, list[str]] = defaultdict(list)
    hidden_rows: set[int] = set()
    hidden_columns: set[str] = set()
    for (row, column), cell in sorted(sheet._cells.items()):
        if cell.comment is not None:
            told["comments"].append(cell.coordinate)
        if not _holds(cell):
            continue
        if column in columns:
            hidden_columns.add(cell.column_letter)
        elif sheet.row_dimensions[row].hidden:
            hidden_rows.add(row)
        elif text := _text(cell, values.cell(row, column), told):
            cells[row][column] = text
    filled = _merged(sheet, cells)
    rows = [_row(row, cells[row], filled[row]) for row in sorted(cells)]
    return Sheet(sheet.title, tuple(rows), tuple(_notes(sheet.title, told, hidden_rows, hidden_columns)))


def _row(number: int, cells: dict[int, str], filled: frozenset[int]) -> Row:
    return Row(number, tuple(cells.get(at, "") for at in range(1, max(cells) + 1)), filled)


def _holds(cell: Any) -> bool:
    return cell.value is not None and str(cell.value).strip() != ""


def _merged(sheet: Any, cells: dict[int, dict[int, str]]) -> dict[int, frozenset[int]]:
    """Tell a cell that is merged over several rows in each of them that holds anything; return which were filled so."""
    filled: dict[int, frozenset[int]] = defaultdict(frozenset)
    for merged in sheet.merged_cells.ranges:
        text = cells.get(merged.min_row, {}).get(merged.min_col)
        for row in range(merged.min_row + 1, merged.max_row + 1) if text else ():
            if text and row in cells:
                cells[row][merged.min_col] = text
                filled[row] |= {merged.min_col - 1}
    return filled


def _text(cell: Any, value: Any, told: dict[str, list[str]]) -> str:
    """Return what a cell shows; one that shows none of its own is told of."""
    if value.data_type == "e":
        told["errors"].append(cell.coordinate)
        return ""
    if cell.data_type == "f" and value.value is None:
        told["formulas"].append(cell.coordinate)
        return ""
    return _shown(value.value, value.number_format)


def _shown(value: Any, form: str) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | float):
        return f"{value * 100:.10g}%" if "%" in form else f"{value:.15g}"
    text = unescape(str(value)).replace("\r\n", "\n").replace("\r", "\n")
    return text if text.strip() else ""


def _notes(name: str, told: dict[str, list[str]], rows: set[int], columns: set[str]) -> Iterator[str]:
    where = f"工作表“{name}”"
    if rows:
        yield f"{where}有{len(rows)}行是隐藏或筛选掉的，没有收进来；要收就先取消隐藏和筛选。"
    if columns:
        yield f"{where}隐藏的列（{_some(sorted(columns))}）没有收进来。"
    if cells := told["formulas"]:
        yield f"{where}有{len(cells)}格公式（{_some(cells)}）没有存下结果，没有收进来；用Excel或WPS打开后保存，再收录一次。"
    if cells := told["errors"]:
        yield f"{where}有{len(cells)}格是错误值（{_some(cells)}），没有收进来。"
    if cells := told["comments"]:
        yield f"{where}有{len(cells)}处批注没有收进来。"


def _some(cells: Sequence[str]) -> str:
    return "、".join(cells[:_SHOWN]) + "等" * (len(cells) > _SHOWN)


def _beside(data: bytes) -> Iterator[str]:
    """Tell of pictures and text boxes that lie over the cells."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        drawn = [archive.read(name) for name in names if re.fullmatch(r"xl/drawings/[^/]+\.xml", name)]
    yield from pictures_unread(sum(len(_PICTURE.findall(drawing)) for drawing in drawn))
    if boxes := sum(len(_TEXT_BOX.findall(drawing)) for drawing in drawn):
        yield f"工作表上有{boxes}个文本框，里面的文字没有收进来。"
