"""What an export holds, block by block, whatever the file it is written into."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from assistant.answering.recognised import CAUTION, caution_of
from assistant.types import Answer, Figure
from assistant.web.display.verdicts import verdict_words
from assistant.web.display.where import pages_said
from assistant.web.export.official import full_width, official_citation
from assistant.web.page.markup import storable
from assistant.web.page.thread import Exchange

TITLE = "政问问答记录"
_EXTRACT = "报告原文摘录"
_BY_RULE = "本回复由程序根据已收录的报告自动生成"
_ROLE = {"target": "目标", "actual": "完成情况", None: ""}
_FIGURES = ("数据", "指标", "时间", "性质", "核对", "出处")
_COMPARED = ("项目", "报告所述")
_AFTER = ("左右", "上下", "以上", "以下", "以内", "以外", "之内")
"""Hedges that stand behind their figure."""
_CITED_LINE = re.compile(r"([^：〔〕]{2,40})：(.*〔\d{1,3}〕.*)")
# What has no look, what turns the direction of a text round, and what no XML takes.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_LINES = re.compile(r"\r\n|[\n-\r\x1c-\x1e\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 0 is the title of the whole."""

    level: Literal[0, 1, 2]
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph of one line; a note is what is said about the answer."""

    text: str
    is_note: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of as many cells as the header has."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Text | Table


def record(exchanges: Sequence[Exchange], at: datetime) -> Iterator[Block]:
    """Yield the whole record; every text in it is inert: one line, without characters that have no look."""
    yield Heading(0, TITLE)
    yield Text(f"导出时间：{at.year}年{at.month}月{at.day}日 {at:%H:%M}", is_note=True)
    for number, exchange in enumerate(exchanges, start=1):
        yield Heading(1, f"{number}. {_line(exchange.question)}")
        if exchange.answer is None:
            yield from (Text(line, is_note=True) for line in _lines(exchange.notice))
        else:
            yield from _of_answer(exchange.answer)


def aigc(exchanges: Iterable[Exchange]) -> dict[str, str] | None:
    """The implicit label of GB 45438-2025 where a model wrote any of the text; else None.

    The number names the content: the same conversation exported twice has the same one.
    """
    written = [e.answer for e in exchanges if e.answer and e.answer.model != "reader"]
    if not written:
        return None
    content = json.dumps([(answer.model, answer.question, answer.answer) for answer in written])
    number = hashlib.sha256(content.encode()).hexdigest()[:32]
    empty = dict.fromkeys(("ReservedCode1", "ContentPropagator", "PropagateID", "ReservedCode2"), "")
    return {"Label": "1", "ContentProducer": "zhengwen", "ProduceID": number, **empty}


def _of_answer(answer: Answer) -> Iterator[Block]:
    taken = " · ".join(part for part in (answer.standalone, answer.understood) if part)
    if taken:
        yield Text(f"理解为：{_line(taken)}", is_note=True)
    if words := verdict_words(answer):
        yield Text(words, is_note=True)
    yield from _answer_text(answer.answer)
    yield Text(label_of(answer), is_note=True)
    yield from (Text(line, is_note=True) for line in _lines(answer.notice))
    if answer.figures:
        yield Heading(2, "数据核对")
        yield Table(_FIGURES, tuple(_figure_row(figure, answer.answer) for figure in answer.figures))
    if answer.citations:
        yield Heading(2, "引用")
    for citation in answer.citations:
        yield Text(f"〔{citation.number}〕{_line(official_citation(citation))}")
        path = (f"{citation.report.region}{citation.report.report_year}年报告", *map(full_width, citation.headings))
        pages = pages_said(citation.pages)
        yield Text(f"位置：{_line(' › '.join(path))}" + f"（{pages}）" * bool(pages), is_note=True)
        if caution := caution_of(citation):
            yield Text(_line(caution), is_note=True)


def label_of(answer: Answer) -> str:
    """Who wrote the answer; never empty. A reply that the reader wrote from the catalogue is no extract."""
    if answer.model == "reader":
        return _EXTRACT if answer.citations else _BY_RULE
    label = f"本内容由人工智能生成（{_line(answer.model)}），数字已与原文核对，请以报告原文为准"
    replaced = answer.writing.replaced if answer.writing else 0
    return label + (f"；其中{replaced}句没有通过核对，已换成报告原文" if replaced > 0 else "")


def _answer_text(answer: str) -> Iterator[Block]:
    """The lines of an answer; two or more cited ones of the form lead：value that follow each other are a table."""
    rows: list[tuple[str, ...]] = []
    for line in (*_lines(answer), ""):
        match = _CITED_LINE.fullmatch(line)
        if match:
            rows.append((match[1], match[2]))
            continue
        yield from [Table(_COMPARED, tuple(rows))] if len(rows) > 1 else [Text("：".join(row)) for row in rows]
        rows = []
        if line:
            yield Text(line)


def _figure_row(figure: Figure, answer: str) -> tuple[str, ...]:
    hedges = [hedge for hedge in (figure.hedge or "").split() if hedge not in figure.text]
    after = [hedge for hedge in hedges if hedge in _AFTER]
    shown = "".join([*(hedge for hedge in hedges if hedge not in after), figure.text, *after])
    source = f"〔{figure.citation}〕" if figure.citation else ""
    status = "已核实" if figure.status == "verified" else f"由引用数据计算{_arithmetic(figure, answer)}"
    if figure.doubtful:
        status = CAUTION if figure.status == "verified" else f"{status}，{CAUTION}"
    cells = (shown, figure.indicator or "", figure.period or "", _ROLE[figure.role], status, source)
    return tuple(map(_line, cells))


def _arithmetic(figure: Figure, answer: str) -> str:
    """「：6.5%减6%」 from 「低约0.5个百分点（6.5%减6%，由引用数据计算）」."""
    found = re.search(rf"{re.escape(figure.text)}[^（）\n]{{0,4}}（([^（）\n]{{1,80}})，由引用数据计算）", answer)
    return f"：{found[1]}" if found else ""


def _lines(raw: str) -> list[str]:
    split = _LINES.split(storable(raw).replace("\t", " "))
    return [line for one in split if (line := _UNSEEN.sub("", one).strip())]


def _line(raw: str) -> str:
    return " ".join(_lines(raw))
