"""The figures of an answer as they are set off: the one that is the answer, and how each is known to be true."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.types import Answer, Figure
from assistant.web.page.marking import CITE_MARK, Span, occurrences
from assistant.web.page.markup import attribute, text

ROLES = {"target": "预期目标", "actual": "完成情况", None: ""}
_AFTER = ("左右", "以上", "以下", "以内", "上下", "之间")
"""Hedges that stand behind their figure."""
_TREND = re.compile(r"(增长|下降|降低|减少|提高|增加|新增)(?:约|到|至)?$")
_ARITHMETIC = re.compile(r"（([^（）]+?)，?由引用数据计算）")
_FOLDED_FROM = 4


def headline(answer: Answer) -> str:
    """The one figure that is the answer, with what it is a figure of; empty where the answer is more or other than that."""
    figure = _the_figure(answer)
    if figure is None:
        return ""
    citation = next(citation for citation in answer.citations if citation.number == figure.citation)
    before, after = _around(answer.answer, figure)
    role = f'<span class="zw-role">{ROLES[figure.role]}</span>' if figure.role else ""
    told = [citation.report.region, figure.period, figure.indicator or _subject(answer)]
    of = " · ".join(text(part) for part in told if part)
    return (
        f'<div class="zw-headline"><p class="zw-value">{_small(before)}<strong class="zw-figure">{text(figure.text)}</strong>'
        f'{_small(after)}{role}</p><p class="zw-of">{of}</p></div>'
    )


def checks(answer: Answer) -> str:
    """What was done to know that each figure is true, a line each; folded where there are many."""
    said = [_check(figure, answer.answer) for figure in _distinct(answer.figures)]
    if not said:
        return ""
    listed = f'<ul class="zw-checks">{"".join(f"<li>{line}</li>" for line in said)}</ul>'
    if len(said) < _FOLDED_FROM:
        return listed
    return f'<details class="zw-fold"><summary>{len(said)}个数据均已核实，逐个查看</summary>{listed}</details>'


def status(figure: Figure) -> str:
    """The same in a word, for the figure itself."""
    return "由引用数据计算" if figure.status == "computed" else f"已核实，见〔{figure.citation}〕"


def strong(figure: Figure, printed: str) -> str:
    """One figure where it stands in the text; what was computed does not look like a number of the report."""
    look = "zw-computed" if figure.status == "computed" else "zw-figure"
    return f'<strong class="{look}" title="{attribute(status(figure))}">{text(printed)}</strong>'


def _the_figure(answer: Answer) -> Figure | None:
    """The only figure of an answer of one line, or that of its first line where more lines only follow on."""
    if answer.verdict != "answered" or answer.model != "reader":
        return None
    told = [line for line in answer.answer.splitlines() if line.strip()]
    if not told or len(CITE_MARK.findall(told[0])) != 1:
        return None
    number = int(CITE_MARK.findall(told[0])[0])
    here = [f for f in _distinct(answer.figures) if f.status == "verified" and f.citation == number]
    here = [figure for figure in here if occurrences(figure, told[0])]
    known = {citation.number for citation in answer.citations}
    return here[0] if len(here) == 1 and number in known and len(told[0]) < 80 else None


def _subject(answer: Answer) -> str:
    """What was asked for, where the figure is none of an indicator: the third part of how the question was taken."""
    parts = answer.understood.split(" · ")
    return parts[2] if len(parts) > 2 and parts[2] not in ("目标", "完成情况") else ""


def _around(answer: str, figure: Figure) -> tuple[str, str]:
    """The words that belong to a figure, in front of it and behind it: 增长 5.5%, 预计 620亿元, 6.5% 左右."""
    hedges = [hedge for hedge in (figure.hedge or "").split() if hedge not in figure.text]
    line = answer.splitlines()[0]
    spans: list[Span] = occurrences(figure, line)
    before = line[: spans[0][0]] if spans else ""
    for hedge in hedges:
        before = before.removesuffix(hedge)
    trend = _TREND.search(before)
    front = [hedge for hedge in hedges if hedge not in _AFTER]
    return "".join([*front, trend[1] if trend else ""]), "".join(hedge for hedge in hedges if hedge in _AFTER)


def _small(words: str) -> str:
    return f'<span class="zw-hedge">{text(words)}</span>' if words else ""


def _check(figure: Figure, answer: str) -> str:
    shown = f"<b>{text(figure.text)}</b>"
    if figure.status == "verified":
        return f'{shown} <span class="zw-true">已核实</span> 与〔{figure.citation}〕的原文一致'
    sums = [
        match[1] for line in answer.splitlines() if occurrences(figure, line) for match in _ARITHMETIC.finditer(line)
    ]
    return f'{shown} <span class="zw-true">由引用数据计算</span>{f" {text(sums[0])}" if sums else ""}'


def _distinct(figures: Iterable[Figure]) -> list[Figure]:
    """Each printed figure of each citation once."""
    return list({(figure.text, figure.citation, figure.status): figure for figure in figures}.values())
