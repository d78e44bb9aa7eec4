"""The command `zhengwen indicators`."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from assistant.errors import QuestionError, SettingsError
from assistant.json_lines import as_json_line


def indicators(
    indicator: Annotated[
        list[str] | None, typer.Option(help="指标的名称、简称，或报告里的说法，如 GDP；可以写多个。")
    ] = None,
    place: Annotated[list[str] | None, typer.Option(help="地区，可以写多个；不写就是全部。")] = None,
    year: Annotated[list[int] | None, typer.Option(min=1949, max=2100, help="年份，可以写多个；不写就是全部。")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，每行一个数据。")] = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="输出 CSV，每行一个数据，列的说明见 docs/indicators.md。")
    ] = False,
    by_goals: Annotated[
        bool, typer.Option("--ranking", help="各地的排名：可比的目标里完成了多少；不写 --indicator 就是全部指标。")
    ] = False,
    xlsx: Annotated[Path | None, typer.Option(help="写成 Excel 文件。")] = None,
) -> None:
    """把各地报告里的指标列成表：目标、完成情况和兑现没有。不写 --indicator 时列出有哪些指标。"""
    from assistant.assembly import build
    from assistant.panel.panel import Table
    from assistant.panel.rows import as_csv as csv_of
    from assistant.panel.rows import rows_of
    from assistant.panel.workbook import as_xlsx
    from assistant.settings import load_settings
    from assistant.terminal import StageProgress, open_console
    from assistant.terminal_panel import show_missing, show_names, show_panel, show_ranking
    from assistant.web.api.indicators import table_of
    from assistant.web.api.ranking import RankingReply, ranking

    with StageProgress() as progress:
        assistant = build(load_settings(), progress)
    table: Table | RankingReply | None = None
    try:
        panel = assistant.panel()
        if by_goals:
            table = ranking(panel, indicator or (), place or (), year or ())
        elif indicator:
            table = table_of(panel, indicator, place or (), year or ())
        else:
            show_names(panel.indicators, open_console())
    finally:
        assistant.close()
    if table is None:
        return
    show_missing(table.unknown, table.altered, open_console(stderr=True))
    if isinstance(table, RankingReply):
        if not table.ranking:
            raise QuestionError("没有这样的目标。", "少选几个条件，或不写 --ranking 看有哪些数据。")
        show_ranking(table, open_console(), as_json=as_json)
        return
    if not table.series:
        raise QuestionError("没有这样的数据。", "不写 --indicator 可以看有哪些指标。")
    if xlsx is not None:
        _save(xlsx, as_xlsx(table))
    elif as_json:
        for row in rows_of(table):
            sys.stdout.write(as_json_line(asdict(row)) + "\n")
    elif as_csv:
        sys.stdout.write(csv_of(rows_of(table)))
    else:
        show_panel(table, open_console())


def _save(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise SettingsError(f"写不了 {path}：{error.strerror or error}", "换一个位置再试。") from error
