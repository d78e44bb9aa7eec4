"""A goal and what came of it where no series of figures holds both: each half is read as if it had been asked for alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.answering.beside import given_out
from assistant.answering.compose import Line
from assistant.answering.difference import are_of_other_things, same_subject
from assistant.answering.pair_lines import pair_line
from assistant.answering.reader import Reader
from assistant.answering.reading import Reading
from assistant.facts.phrases import RULES
from assistant.facts.told import Told
from assistant.language.periods import year_period
from assistant.language.words import Segmenter
from assistant.panel.cells import Cell
from assistant.panel.fulfilment import verdict_of
from assistant.panel.panel import Pair
from assistant.retrieval.question import HALF, Question
from assistant.retrieval.shelf import Shelf
from assistant.types import Role

_DONE, _BEGUN = RULES["plan or result of one deed"].pattern, RULES["begins a deed"].pattern
_ROLES: tuple[Role, Role] = ("target", "actual")


@dataclass(frozen=True, slots=True)
class Halves:
    """A goal and what came of it, each as the reader found it; None where it found none."""

    goal: Reading | None
    result: Reading | None

    @property
    def indicators(self) -> list[str]:
        """The named indicators that the halves are figures of."""
        told = [told.fact.indicator for half in (self.goal, self.result) if half for told in half.told[:1]]
        return [name for name in told if name]


def read_halves(reader: Reader, question: Question, year: int) -> Halves:
    """Return the goal and the result as they are found, each alone."""
    halves = {role: _half(reader, question, year, role) for role in _ROLES}
    return Halves(*(halves[role] if _is_of_role(halves[role], role) else None for role in _ROLES))


def read_pair(reader: Reader, question: Question, year: int, halves: Halves) -> list[Line]:
    """Return what a place set itself for a year and what it reached, of a thing that its reports may call differently.

    One line with what the one comes to against the other where both are figures of one thing in one kind and unit; else a line a
    half, and what is missing is said. Empty where neither is found.
    """
    place, goal, result = question.subject_regions[0], halves.goal, halves.result
    if goal is None and result is None:
        return []
    if goal and result and (pair := _of_one_thing(reader, place, year, goal, result)):
        return [pair_line(f"{place}{year}年{_name_of(pair)}", pair)]
    if result:
        # What is told comes first, what is missing after it.
        return (
            [*goal.lines[:1], *result.lines[:1]]
            if goal
            else [*result.lines[:1], _missing(reader, place, year, "目标", year)]
        )
    later = _since(reader, question, year)
    return [
        *(goal.lines[:1] if goal else ()),
        _missing(reader, place, year, "完成情况", year + 1),
        *(later.lines[:1] if later else ()),
    ]


def _of_one_thing(reader: Reader, place: str, year: int, goal: Reading, result: Reading) -> Pair | None:
    """Both halves as figures of one thing in one kind and unit; None where they are not, or where other deeds are counted."""
    aim, outcome = _told(goal, "target", year, reader.shelf), _told(result, "actual", year, reader.shelf)
    if aim is None or outcome is None or not same_subject(aim.fact, outcome.fact):
        return None
    segmenter = reader.understanding.segmenter
    if are_of_other_things(aim.fact, outcome.fact, segmenter):
        return None
    if _deeds(aim.fact.subject, segmenter) != _deeds(outcome.fact.subject, segmenter):
        return None  # 新开工300个 is not met by 建成575个, nor 新建 by 改造
    cells = Cell("told", aim), Cell("told", outcome)
    verdict = verdict_of(*cells)
    return None if verdict.outcome == "unlike" else Pair(place, year, *cells, verdict)


def _deeds(subject: str | None, segmenter: Segmenter) -> set[str]:
    """The verbs of what a figure is of, but for those that only turn a plan into a result: 建设, 建成."""
    words = segmenter.cut((subject or "").replace(" · ", ""))
    verbs = {word for word in words if segmenter.part_of_speech(word).startswith("v") or _BEGUN.fullmatch(word)}
    return {word for word in verbs if not _DONE.fullmatch(word)}


def _name_of(pair: Pair) -> str:
    """What a pair is of: the shorter of the two subjects, in the report's words."""
    told = (pair.goal.told, pair.result.told)
    return min(((one.fact.subject or "").replace(" · ", "") for one in told if one), key=len)


def _half(reader: Reader, question: Question, year: int, role: Role) -> Reading:
    """What is read where the goal alone is asked for, or the result alone."""
    names = tuple(term for term in question.terms if term.is_name or term.is_indicator or term.is_place)
    return reader.read(
        replace(
            question,
            role=role,
            asked=question.asked.settled("role", role),
            periods=(year_period(year),),
            report_years=(),
            terms=names or question.terms,
            # 原计划300个 is the goal's number, and not the result's.
            topic=question.topic if role == "target" else re.sub(r"\d+", "", question.topic),
            shape="fact"
            if question.shape == "list" or question.asked.probability("wants", "text") >= HALF
            else "number",
            compares=False,
        )
    )


def _is_of_role(reading: Reading, role: Role) -> bool:
    """Whether something was found, and is what is asked: no plan stands for what came of it."""
    found = [finding for line in reading.lines for finding in line.findings]
    others = {"target": "actual", "actual": "target"}
    if reading.verdict != "answered" or not found:
        return False
    return (
        all(told.fact.role in (role, None) for told in reading.told)
        if reading.told
        else all(finding.paragraph.role != others[role] for finding in found)
    )


def _since(reader: Reader, question: Question, year: int) -> Reading | None:
    """What a later report than the one that owes the result says came of it, where that one is not held or does not tell."""
    newest = reader.shelf.newest_year(question.subject_regions) or 0
    reading = _half(reader, question, newest - 1, "actual") if newest - 1 > year else None
    return reading if reading and _is_of_role(reading, "actual") else None


def _missing(reader: Reader, place: str, year: int, name: str, report_year: int) -> Line:
    held = {report.report_year for report in reader.shelf.of_region(place)}
    if report_year in held:
        return Line(words=f"{place}{year}年的{name}没有查到。")
    return Line(words=f"没有收录{place}{report_year}年的报告，{year}年的{name}无从查起。")


def _told(reading: Reading, role: Role, year: int, shelf: Shelf) -> Told | None:
    """The figure that a half was told by, if it is just that of this role and year."""
    for told in reading.told[:1]:
        period = told.fact.period
        is_of_year = bool(period and period.first == period.last == year)
        # 存贷款余额分别增长7.8%和13.5% does not part the two.
        alike = any(
            (one.subject, one.measure) == (told.fact.subject, told.fact.measure) for one in given_out(told.fact, shelf)
        )
        if told.fact.role == role and is_of_year and not alike:
            return told
    return None
