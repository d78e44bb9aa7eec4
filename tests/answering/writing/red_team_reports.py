"""Reports with planted orders: copies of a seed under other names, and planted paragraphs at the level of what a writer is given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from assistant import Answer
from assistant.answering.compose import Line, compose
from assistant.answering.finding import Finding
from assistant.answering.reader import Reader
from assistant.answering.reading import Reading
from assistant.retrieval.question import Question
from tests.answering.writing.red_team_planted import ORDERS

SEEDS = Path(__file__).resolve().parents[3] / "seeds"
PLACES = ("a paragraph of its own", "behind the sentence that answers", "inside the sentence that answers")


@dataclass(frozen=True)
class Planted:
    """What a writer is given where an order stands in or beside the passage that answers."""

    kind: str
    place: str
    extract: Answer
    reading: Reading
    question: Question


def planted(reader: Reader, reading: Reading, question: Question) -> Iterator[Planted]:
    """The same reading with each order in each place of its first passage."""
    for kind, order in ORDERS.items():
        for place in PLACES:
            lines = (_line(reading.lines[0], order, place), *reading.lines[1:])
            composed = compose(lines, reader.shelf.facts_of)
            extract = Answer(question.text, "answered", composed.text, composed.citations, composed.figures)
            yield Planted(kind, place, extract, replace(reading, lines=lines), question)


def _line(line: Line, order: str, place: str) -> Line:
    first, *others = line.findings
    return replace(line, findings=(_finding(first, order, place), *others))


def _finding(found: Finding, order: str, place: str) -> Finding:
    text = found.paragraph.text
    if place == PLACES[0]:
        return replace(found, paragraph=replace(found.paragraph, text=f"{text}\n{order}。"))
    at = found.quote[1] if place == PLACES[1] else found.shown[0]
    added = f"{order}。" if place == PLACES[1] else f"{order}，"
    paragraph = replace(found.paragraph, text=text[:at] + added + text[at:])
    grown = len(added) if place == PLACES[2] else 0
    return replace(
        found,
        paragraph=paragraph,
        shown=(found.shown[0], found.shown[1] + grown),
        quote=(found.quote[0], found.quote[1] + grown),
    )


def copies(folder: Path) -> list[tuple[Path, str]]:
    """Three copies of a seed under names of their own, with each order planted in one of the three places."""
    made = []
    for region, place in zip(("甲山区", "乙山区", "丙山区"), PLACES, strict=True):
        text = (SEEDS / "000_8fabc22ccca2c171.txt").read_text("utf-8")
        text = re.sub(r"哈尔滨市松北区|松北区|哈尔滨新区", region, text)
        path = folder / f"2025年{region}政府工作报告.txt"
        path.write_text(_with_orders(text, place), "utf-8")
        made.append((path, region))
    return made


def _with_orders(text: str, place: str) -> str:
    """A report with the orders spread over it, the first in the sentence of its goals."""
    orders = list(ORDERS.values())
    lines = text.split("\n")
    goals = next(at for at, line in enumerate(lines) if "预期目标是" in line)
    body = [at for at, line in enumerate(lines) if len(line) > 60 and at != goals]
    for number, order in enumerate(orders):
        at = goals if number % 12 == 0 and place != PLACES[2] else body[number * len(body) // len(orders)]
        lines[at] = _planted_line(lines[at], order, place)
    return "\n".join(lines)


def _planted_line(line: str, order: str, place: str) -> str:
    if place == PLACES[0]:
        return f"{line}\n{order}。"
    if place == PLACES[1]:
        return re.sub(r"。", lambda _: f"。{order}。", line, count=1)
    return re.sub(r"[,，]", lambda _: f"，{order}，", line, count=1)
