"""Workbooks and tables as text, made from rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook

Rows = Sequence[Sequence[Any]]


def workbook(sheets: Mapping[str, Rows], change: Callable[[Any], object] = lambda book: None) -> bytes:
    """A workbook with these sheets; `change` does to it what else is wanted."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def table(rows: Rows, mark: str = ",") -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=mark).writerows(rows)
    return buffer.getvalue()
