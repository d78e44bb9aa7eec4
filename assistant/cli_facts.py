"""The command `zhengwen facts`."""

from __future__ import annotations

import re
import sys
from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import LibraryError
from assistant.json_lines import as_json_line

if TYPE_CHECKING:
    from assistant.answering.assistant import Assistant


class RoleAsked(StrEnum):
    """Goals or results."""

    target = "target"
    actual = "actual"


def facts(
    report: Annotated[str, typer.Argument(help="报告的编号，或地区加年份，如 松北2025；不写就是全部报告。")] = "",
    indicator: Annotated[str | None, typer.Option(help="只要一个指标的，如 GDP。")] = None,
    role: Annotated[RoleAsked | None, typer.Option(help="target 只要目标，actual 只要完成情况。")] = None,
    year: Annotated[int | None, typer.Option(min=1949, max=2100, help="只要说这一年的。")] = None,
    unattached: Annotated[bool, typer.Option("--unattached", help="只列没有认出是什么的数据，供改进规则用。")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，每行一个对象。")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="输出 CSV，每行一个数据。")] = False,
) -> None:
    """列出报告里的数据：是什么的、哪一年的、目标还是完成，和它所在的句子。"""
    from assistant.assembly import build
    from assistant.settings import load_settings
    from assistant.terminal import StageProgress, open_console, show_facts
    from assistant.web.page.fact_words import StatedFact
    from assistant.web.page.fact_words import as_csv as csv_of

    with StageProgress() as progress:
        assistant = build(load_settings(), progress)
    try:
        found = assistant.facts(
            _identity(report, assistant) if report else None,
            indicator=indicator,
            role=role.value if role else None,
            year=year,
            attached=False if unattached else None,
        )
    finally:
        assistant.close()
    if as_json:
        for one in found:
            sys.stdout.write(as_json_line(asdict(StatedFact.of_told(one))) + "\n")
    elif as_csv:
        sys.stdout.write(csv_of(map(StatedFact.of_told, found)))
    else:
        show_facts(found, open_console())


def _identity(named: str, assistant: Assistant) -> str:
    """The id of a report called by its id or by its place and year, the year only where the place has several.

    Raises `LibraryError` where none or several are called so.
    """
    from assistant.language.folding import fold
    from assistant.language.regions import Gazetteer

    held = assistant.reports()
    places = {place.name for place in Gazetteer(held).find(fold(named)) if not place.corrected}
    years = {int(year) for year in re.findall(r"\d{4}", named)}
    called = [r.id for r in held if r.id == named] or [
        r.id for r in held if r.region in places and (not years or r.report_year in years)
    ]
    if len(called) != 1:
        several = "有几份报告都叫" if called else "资料库里没有"
        raise LibraryError(f"{several}“{named}”。", "用 zhengwen reports 查看已收录的报告和它们的编号。")
    return called[0]
