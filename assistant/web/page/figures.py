"""The figures of an answer as they are set off: the one that is the answer, and how each is known to be true."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.types import Answer, Figure
from assistant.web.page.marking import CITE_MARK, Span, occurrences
from assistant.web.page.markup import attribute, text

ROLES = {"target": "预期目标", "actual": "完成情况", None: ""}
_AFTER = ("左右", "以上", "以下", "以内", "上下", "之间")
"""Hedges that stand behind their figure."""
_TREND = re.compile(r"(增长|下降|降低|减少|提高|增加|新增)(?:约|到|至)?$")
_ARITHMETIC = re.compile(r"（([^（）]+?)，?由引用数据计算）")
_SAID_ANYHOW = re.compile(
    r"预期目标|完成情况|计划|报告|目标|完成|实现|达到?|增长|下降|降低|减少|提高|增加|新增|[：:，,。；、\s的为]"
)
"""Words of a line that its headline says too, or that say nothing beside it."""


@dataclass(frozen=True, slots=True)
class Headline:
    """The one figure that is the answer, in the place of the line that it says whole."""

    value: str
    """HTML of the figure with its hedges and the mark of its passage."""
    of: tuple[str, ...]
    """Whose it is, of when, of what, goal or result."""


def headline(answer: Answer, number: int) -> Headline | None:
    """The one figure that is the answer, where nothing of the answer's first line is lost by it; `number` is the exchange's."""
    figure = _the_figure(answer)
    if figure is None:
        return None
    citation = next(citation for citation in answer.citations if citation.number == figure.citation)
    told = [citation.report.region, figure.period, figure.indicator, ROLES[figure.role]]
    before, after = _around(answer.answer, figure)
    left = CITE_MARK.sub("", answer.answer.strip().splitlines()[0])
    for words in sorted(
        filter(None, (*told, figure.text, before, after, *(figure.hedge or "").split())), key=len, reverse=True
    ):
        left = left.replace(words, "", 1)
    if _SAID_ANYHOW.sub("", left):
        return None
    value = f'<strong class="zw-figure" title="{attribute(status(figure))}">{text(figure.text)}</strong>'
    mark = cite(number, citation.number)
    return Headline(
        f'<p class="zw-value">{_small(before)}{value}{_small(after)}{mark}</p>', tuple(part for part in told if part)
    )


def checks(answer: Answer) -> tuple[str, str]:
    """That each figure was found in its passage: in a few words, and, where there are several, a line each behind a fold."""
    figures = _distinct(answer.figures)
    if not figures:
        return "", ""
    computed = any(figure.status == "computed" for figure in figures)
    if len(figures) == 1 and not computed:
        return '<span class="zw-true">数字已与原文核对</span>', ""
    listed = "".join(f"<li>{_check(figure, answer.answer)}</li>" for figure in figures)
    counted = sum(figure.status == "computed" for figure in figures)
    found = f"{len(figures) - counted}个数字已与原文核对" if len(figures) > counted else ""
    sums = f"{counted}个由引用数据算出" if counted else ""
    said = f"{'，'.join(filter(None, (found, sums)))}，查看出处"
    return "", f'<details class="zw-fold"><summary>{said}</summary><ul class="zw-checks">{listed}</ul></details>'


def cite(number: int, citation: int) -> str:
    """The mark of a citation, which leads to its passage."""
    label = f"看第{citation}条引用的原文"
    return f'<a class="zw-cite" href="#zw-c{number}-{citation}" aria-label="{label}">〔{citation}〕</a>'


def status(figure: Figure) -> str:
    """How a figure is known to be true, in a word."""
    return "由引用数据计算" if figure.status == "computed" else f"已与〔{figure.citation}〕的原文核对"


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
    return here[0] if len(here) == 1 and number in known else None


def _around(answer: str, figure: Figure) -> tuple[str, str]:
    """The words that belong to a figure, in front of it and behind it: 增长 5.5%, 预计 620亿元, 6.5% 左右."""
    hedges = [hedge for hedge in (figure.hedge or "").split() if hedge not in figure.text]
    line = answer.strip().splitlines()[0]
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
        return f'{shown} <span class="zw-true">与〔{figure.citation}〕的原文一致</span>'
    sums = [
        match[1] for line in answer.splitlines() if occurrences(figure, line) for match in _ARITHMETIC.finditer(line)
    ]
    return f'{shown} <span class="zw-true">由引用数据计算</span>{f" {text(sums[0])}" if sums else ""}'


def _distinct(figures: Iterable[Figure]) -> list[Figure]:
    """Each printed figure of each citation once."""
    return list({(figure.text, figure.citation, figure.status): figure for figure in figures}.values())
