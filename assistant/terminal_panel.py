"""How tables of indicators and rankings of places look on a terminal: columns for a person, plain lines for a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from assistant.answering.recognised import CAUTION
from assistant.json_lines import as_json_line
from assistant.panel import panel
from assistant.panel.cells import Cell
from assistant.panel.workbook import KINDS, STATES
from assistant.terminal import clean, show_error
from assistant.types import Report, ReportRef
from assistant.web.api.ranking import RankingReply


def show_panel(table: panel.Table, console: Console) -> None:
    """Print a line a place and year: goal, result, and what became of the goal; each series under its name."""
    for series in table.series:
        unit = f"（{series.unit}）" if series.unit else ""
        head = f"{series.indicator} · {KINDS[series.kind]}{unit}"
        rows = [
            (pair.place, f"{pair.year}年", _in_cell(pair.goal), _in_cell(pair.result), pair.verdict.words)
            for pair in series.pairs
            if "told" in (pair.goal.state, pair.result.state)
        ]
        if not console.is_terminal:
            for row in rows:
                console.file.write("\t".join(clean(cell) for cell in (head, *row)) + "\n")
            continue
        shown = Table(title=clean(head), title_justify="left", box=None, pad_edge=False)
        for name in ("地区", "年份", "目标", "完成", "兑现"):
            shown.add_column(name)
        for row in rows:
            shown.add_row(*map(clean, row))
        console.print(shown)


def _in_cell(cell: Cell) -> str:
    if cell.told is None:
        return STATES[cell.state]
    others = f"（另有{'、'.join(other.figure for other in cell.others)}）" if cell.others else ""
    months = f"（{cell.told.fact.period.label}）" if cell.is_partial and cell.told.fact.period else ""
    doubtful = f"（{CAUTION}）" if cell.told.is_doubtful else ""
    return f"{cell.told.figure}{months}{doubtful}{others}"


def show_names(names: Sequence[tuple[str, int]], console: Console) -> None:
    """Print the indicators that one can ask for, with how many figures each has."""
    for name, count in names:
        console.print(clean(f"{name}\t{count}"))


def show_missing(unknown: Iterable[panel.Unknown], altered: Iterable[Report | ReportRef], errors: Console) -> None:
    """Print the names that are not there, with the nearest, and the reports whose figures are left out, to `errors`."""
    for one in unknown:
        near = f"最接近的：{'、'.join(one.nearest)}" if one.nearest else ""
        show_error(f"没有“{one.asked}”。", near, errors)
    for report in altered:
        words = f"《{report.title}》在资料库里的文字和收录时不一致，它的数没有列出。"
        show_error(words, "运行 zhengwen doctor 查明。", errors)


def show_ranking(told: RankingReply, console: Console, *, as_json: bool) -> None:
    """Print a line a place: rank, part met with its sum, goals met, close, missed, comparable, all; those without goals at the end."""
    if as_json:
        for one in told.ranking:
            console.file.write(as_json_line(asdict(one)) + "\n")
        return
    rows = [
        (
            one.place,
            f"第{one.rank}名" if one.rank else "不排名",
            one.sum or "—",
            *map(str, (one.met, one.close, one.missed, one.compared, one.goals)),
        )
        for one in told.ranking
    ]
    if not console.is_terminal:
        for row in rows:
            console.file.write("\t".join(map(clean, row)) + "\n")
        return
    shown = Table(box=None, pad_edge=False)
    for name in ("地区", "名次", "完成率", "完成", "接近", "未完成", "可比目标", "全部目标"):
        shown.add_column(name)
    for row in rows:
        shown.add_row(*map(clean, row))
    console.print(shown)
    if told.without:
        console.print(clean(f"没有这些目标的地方：{'、'.join(told.without)}"))
