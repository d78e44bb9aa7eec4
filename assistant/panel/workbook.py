"""A table as a workbook: first as one reads it, then a row a figure with the sentence that it stands in."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from typing import TYPE_CHECKING, Any

from assistant.panel.cells import Cell
from assistant.panel.panel import Series, Table
from assistant.panel.rows import COLUMNS, rows_of

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

KINDS = {"change": "增速", "level": "总量", "share": "占比", "rate": "比率"}
STATES = {"not_told": "未提及", "not_held": "未收录", "altered": "不能引用"}
_NUMBERS = frozenset({"value", "upper", "gap"})
_MOST_CHARACTERS = 32_767
"""What a cell of a workbook may hold."""
_HEAD = {
    "place": "地区",
    "year": "年份",
    "role": "目标或完成",
    "indicator": "指标",
    "kind": "口径",
    "value": "数值",
    "upper": "上限",
    "unit": "单位",
    "figure": "报告写法",
    "hedges": "限定词",
    "period": "时段",
    "partial": "部分月份",
    "rank": "次序",
    "outcome": "兑现",
    "gap": "差额",
    "report_id": "报告编号",
    "report_title": "报告",
    "report_year": "报告年份",
    "headings": "章节",
    "paragraph_id": "段落编号",
    "fact_id": "数据编号",
    "sentence": "原文",
    "pages": "页码",
    "doubtful": "识别所得，请核对",
}


def as_xlsx(table: Table) -> bytes:
    """Write the workbook: 表 (places and years as seen), 数据与原文 (a row a figure)."""
    from openpyxl import Workbook

    book = Workbook()
    seen = book.active
    seen.title = "表"
    _seen(seen, table)
    told = book.create_sheet("数据与原文")
    _write(told, [_HEAD[name] for name in COLUMNS])
    for row in rows_of(table):
        _write(
            told,
            [_number(value) if name in _NUMBERS else value for name, value in zip(COLUMNS, astuple(row), strict=True)],
        )
    for sheet in (seen, told):
        sheet.freeze_panes = "B2"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _seen(sheet: Worksheet, table: Table) -> None:
    """A line a place, year by year goal and result; one series below the other."""
    for series in table.series:
        _write(sheet, [f"{series.indicator} · {KINDS[series.kind]}", *_years(table.years)])
        for place in table.places:
            pairs = [pair for pair in series.pairs if pair.place == place]
            _write(
                sheet,
                [
                    place,
                    *(
                        one
                        for pair in pairs
                        for one in (*_shown(pair.goal, series), *_shown(pair.result, series), pair.verdict.words)
                    ),
                ],
            )
        sheet.append([])


def _years(years: Iterable[int]) -> list[str]:
    return [f"{year}年{part}" for year in years for part in ("目标", "目标单位", "完成", "完成单位", "兑现")]


def _shown(cell: Cell, series: Series) -> tuple[object, str]:
    """A number and its unit; words where there is none."""
    if cell.told is None:
        return STATES[cell.state], ""
    value = cell.told.signed
    if value is None:
        return cell.told.figure, ""
    partial = f"（{cell.told.fact.period.label}）" if cell.is_partial and cell.told.fact.period else ""
    doubtful = f"（{_HEAD['doubtful']}）" if cell.told.is_doubtful else ""
    return _number(str(value)), f"{cell.told.fact.unit}{partial}{doubtful}"


def _number(value: object) -> object:
    return None if value is None else float(str(value))


def _write(sheet: Worksheet, values: Sequence[object]) -> None:
    """Append a line in which no text is a formula, whatever it begins with."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    sheet.append([None] * len(values))
    for column, value in enumerate(values, start=1):
        if value is None:
            continue
        cell: Any = sheet.cell(sheet.max_row, column)
        if isinstance(value, bool):
            cell.value = "是" if value else ""
        elif isinstance(value, int | float):
            cell.value = value
        else:
            words = " › ".join(map(str, value)) if isinstance(value, tuple) else str(value)
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", words)[:_MOST_CHARACTERS]
            cell.data_type = "s"  # whatever it begins with
            cell.quotePrefix = True
