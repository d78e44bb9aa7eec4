"""What the reader makes of a question, and the words that stand in front of what it found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering.compose import Line
from assistant.answering.finding import Finding
from assistant.answering.indicators import as_finding
from assistant.facts.meaning import this_year
from assistant.facts.told import Told
from assistant.language.folding import fold
from assistant.language.periods import find_periods
from assistant.types import Evidence, Verdict


@dataclass(frozen=True)
class Reading:
    """What the reader makes of a question."""

    verdict: Verdict
    lines: tuple[Line, ...] = ()
    words: str = ""
    """The reply where nothing is quoted."""
    suggestions: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    told: tuple[Told, ...] = ()
    """The statements behind the lines, where the question was for an indicator."""
    decided_by: str = ""
    """The part that answered or refused: catalogue, statement, figure, sentence, outline, topic, …"""
    options: tuple[Told, ...] = ()
    """All statements that fit, best first; a comparison may need another than the best."""

    @classmethod
    def quoting(cls, found: Sequence[Finding], decided_by: str) -> Reading | None:
        """The answer that some findings are, in one line; None where there is none."""
        return cls("answered", (line_from(found),), decided_by=decided_by) if found else None

    def choosing(self, item: Told) -> Reading:
        """The same reading with one statement as its answer."""
        return replace(self, lines=(line_of(item),), told=(item,))


def line_of(item: Told) -> Line:
    """A statement as a line of the answer."""
    found = as_finding(item)
    return Line((found,), lead=found.lead)


def line_from(found: Sequence[Finding]) -> Line:
    """Findings as a line of the answer, led by whose and when the first is; there must be one."""
    return Line(tuple(found), lead=lead_of(found[0]))


def lead_of(found: Finding) -> str:
    """Whose and when the words are, and whether they are a plan."""
    if found.lead:
        return found.lead
    paragraph, report = found.paragraph, found.report
    if paragraph.period is None:
        return f"{report.region}{report.report_year}年报告"
    label = paragraph.period.label
    told = find_periods(found.text[:16], report.report_year, this_year(report, paragraph.role))
    told = [
        mention
        for mention in told
        # 比2023年 is what something is set against, 从2017年 what it started from, and 2000张 no year.
        if not re.search(r"[比较从由自]$", found.text[: mention.start])
        and not found.text[mention.start : mention.end].isdigit()
    ]
    if told and not told[0].period.partial:
        label = "" if fold(found.text).startswith(told[0].period.label) else told[0].period.label
    return f"{report.region}{label}{'计划' if paragraph.role == 'target' and label else ''}"
