"""How a goal and its result are said in one line, each with its mark, and what the one comes to against the other."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.answering.compose import Line
from assistant.answering.finding import Finding
from assistant.answering.indicators import as_finding
from assistant.facts.told import Told
from assistant.panel.cells import Cell
from assistant.panel.fulfilment import Verdict
from assistant.panel.panel import Pair
from assistant.types import Figure


def pair_line(lead: str, pair: Pair) -> Line:
    """One line: the goal and the result by themselves, each with its mark, and what the one comes to against the other."""
    cells: tuple[tuple[str, Cell], ...] = (("目标", pair.goal), ("实际", pair.result))
    found = tuple(_said(name, cell.told) for name, cell in cells if cell.told)
    # What came of a year's goal is told by the report of the year after. That a held one does not tell it is not claimed: it may,
    # in other words.
    missing = "".join(
        f"；没有收录{pair.year + (name == '实际')}年的报告" if cell.state == "not_held" else f"；{name}没有查到"
        for name, cell in cells
        if not cell.told
    )
    if missing:
        return Line(found, lead=lead, words=missing)
    words, computed = _verdict(pair.verdict)
    return Line(found, lead=lead, words=f"；{words}", computed=computed)


def _said(name: str, told: Told) -> Finding:
    months = f"（{told.period.label}）" if told.period and told.period.partial else ""
    figure = told.figure
    # 实际预计5% and 目标力争12% contradict themselves when they are read in one breath.
    before = next((hedge for hedge in ("预计", "力争", "确保") if figure.startswith(hedge)), "")
    said = f"（{before}）{figure.removeprefix(before)}" if before else figure
    return _finding(told, f"{name}{said}{months}")


def _finding(told: Told, said: str) -> Finding:
    """What says one figure, and none that stands beside it: of 分别增长8.7%、11.7%、18.7% the one that is meant."""
    return replace(as_finding(told), said=said, shown=(told.fact.start, told.fact.end))


def told_line(lead: str, told: Told) -> Line:
    """One figure by itself, after whose and of when it is."""
    return Line((_finding(told, told.figure),), lead=lead)


def _verdict(verdict: Verdict) -> tuple[str, tuple[Figure, ...]]:
    words = verdict.words.replace("）", "，由引用数据计算）") if verdict.gap else verdict.words
    if not verdict.gap:
        return words, ()
    written = re.search(r"[高低多少](?P<gap>[\d.]+[^（]*)", verdict.words)
    text = written["gap"] if written else ""
    gap = Figure(text, float(abs(verdict.gap)), verdict.unit, None, None, None, None, None, "computed")
    return words, (gap,)
