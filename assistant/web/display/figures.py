"""The figures of an answer as they are set off: the one that is the answer, and how each is known to be true."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.answering.recognised import CAUTION
from assistant.types import Answer, Figure
from assistant.web.display.blocks import Check, Checks, Headline
from assistant.web.display.marking import CITE_MARK, Span, occurrences

ROLES = {"target": "预期目标", "actual": "完成情况", None: ""}
_AFTER = ("左右", "以上", "以下", "以内", "上下", "之间")
"""Hedges that stand behind their figure."""
_TREND = re.compile(r"(增长|下降|降低|减少|提高|增加|新增)(?:约|到|至)?$")
_ARITHMETIC = re.compile(r"（([^（）]+?)，?由引用数据计算）")
_SAID_ANYHOW = re.compile(
    r"预期目标|完成情况|计划|报告|目标|完成|实现|达到?|增长|下降|降低|减少|提高|增加|新增|[：:，,。；、\s的为]"
)
"""Words of a line that its headline says too, or that say nothing beside it."""


def headline(answer: Answer) -> Headline | None:
    """The one figure that is the answer, where nothing of the answer's first line is lost by it."""
    figure = _the_figure(answer)
    if figure is None:
        return None
    citation = next(citation for citation in answer.citations if citation.number == figure.citation)
    of = tuple(filter(None, (citation.report.region, figure.period, figure.indicator)))
    role = ROLES[figure.role]
    before, after = _around(answer.answer, figure)
    left = CITE_MARK.sub("", answer.answer.strip().splitlines()[0])
    for words in sorted(
        filter(None, (*of, role, figure.text, before, after, *(figure.hedge or "").split())), key=len, reverse=True
    ):
        left = left.replace(words, "", 1)
    if _SAID_ANYHOW.sub("", left):
        return None
    return Headline(before, figure.text, after, citation.number, status(figure), of, role)


def checks(answer: Answer) -> Checks:
    """That each figure was found in its passage: in a few words, and, where there are several, a line each."""
    figures = _distinct(answer.figures)
    counted = sum(figure.status == "computed" for figure in figures)
    if not figures:
        return Checks()
    if len(figures) == 1 and not counted:
        return Checks(CAUTION if figures[0].doubtful else "数字已与原文核对")
    doubted = sum(figure.doubtful and figure.status == "verified" for figure in figures)
    checked = len(figures) - counted - doubted
    found = f"{checked}个数字已与原文核对" if checked else ""
    unsure = f"{doubted}个{CAUTION}" if doubted else ""
    sums = f"{counted}个由引用数据算出" if counted else ""
    said = f"{'，'.join(filter(None, (found, unsure, sums)))}，查看出处"
    return Checks(said, tuple(_check(figure, answer.answer) for figure in figures))


def status(figure: Figure) -> str:
    """How a figure is known to be true, in a word."""
    if figure.doubtful:
        return CAUTION
    return "由引用数据计算" if figure.status == "computed" else f"已与〔{figure.citation}〕的原文核对"


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


def _check(figure: Figure, answer: str) -> Check:
    if figure.status == "verified":
        return Check(figure.text, CAUTION if figure.doubtful else f"与〔{figure.citation}〕的原文一致")
    sums = [
        match[1] for line in answer.splitlines() if occurrences(figure, line) for match in _ARITHMETIC.finditer(line)
    ]
    known = f"由引用数据计算，{CAUTION}" if figure.doubtful else "由引用数据计算"
    return Check(figure.text, known, sums[0] if sums else "")


def _distinct(figures: Iterable[Figure]) -> list[Figure]:
    """Each printed figure of each citation once."""
    return list({(figure.text, figure.citation, figure.status): figure for figure in figures}.values())
