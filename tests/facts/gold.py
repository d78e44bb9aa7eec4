"""The gold of facts: paragraphs of real reports with every figure that two readers found in them, and what is right of a reading.

`gold/tuned.jsonl` was looked at while the rules were made, `gold/kept.jsonl` was not at first, `gold/aside.jsonl` was marked later, on other
cities. Rules have been made on all three by now; no place has paragraphs in two of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from assistant.facts.fact import Fact
from assistant.facts.reading import read_facts
from assistant.language.folding import squeeze
from assistant.language.lexicon import Lexicon
from assistant.language.numerals import MAGNITUDES
from assistant.language.quantities import SAME
from assistant.types import Paragraph, Period, Report

HERE = Path(__file__).parent / "gold"


@dataclass(frozen=True)
class Marked:
    """A paragraph with the facts that readers found in it."""

    paragraph: Paragraph
    report: Report
    facts: list[dict[str, Any]]


@dataclass
class Score:
    """Counts of what is right of what there is, by what is asked."""

    right: dict[str, int]
    of: dict[str, int]

    def share(self, name: str) -> float:
        return self.right.get(name, 0) / self.of[name] if self.of.get(name) else 1.0


def load(name: str) -> list[Marked]:
    """Read `tuned` or `kept`."""
    marked = []
    for line in (HERE / f"{name}.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        period = Period(*row["period"]) if row["period"] else None
        report = Report(
            row["id"], f"{row['place']}{row['report_year']}", row["place"], row["report_year"], parent=row["parent"]
        )
        paragraph = Paragraph(f"{row['id']}-0", row["id"], 0, tuple(row["headings"]), row["text"], period, row["role"])
        marked.append(Marked(paragraph, report, row["facts"]))
    return marked


def pairs(one: Marked, lexicon: Lexicon) -> Iterator[tuple[dict[str, Any] | None, Fact | None]]:
    """Pair what readers found with what is read, by the characters; a None on one side is a miss or an invention."""
    read = list(read_facts(one.paragraph, one.report, lexicon))
    for fact in one.facts:
        same = [r for r in read if r.start == fact["start"] and r.end == fact["start"] + len(fact["text"])]
        same = same or [r for r in read if r.value is None and fact["measure"] == "worded" and _overlap(r, fact)]
        best = max(same, key=lambda r: subject_is_right(fact, r, one.facts), default=None)
        if best is not None:
            read.remove(best)
        yield fact, best
    for rest in read:
        yield None, rest


def _overlap(read: Fact, fact: dict[str, Any]) -> bool:
    return bool(read.start < fact["start"] + len(fact["text"]) and fact["start"] < read.end)


def subject_is_right(fact: dict[str, Any], read: Fact, others: list[dict[str, Any]]) -> bool:
    """Whether the words read hold the core of the subject, and not the core of another figure, nor half the sentence."""
    if not fact["core"] or not read.subject:
        return not fact["core"] and not read.subject
    words = squeeze(read.subject.replace(" · ", ""))
    whole = squeeze(fact["subject"].replace("|", ""))
    core = [squeeze(piece) for piece in fact["core"].split("|")]
    foreign = {squeeze(piece) for other in others if other["core"] for piece in other["core"].split("|")}
    strange = [
        piece
        for piece in foreign
        if len(piece) > 2 and piece in words and piece not in whole and not any(piece in c for c in core)
    ]
    return all(piece in words for piece in core) and not strange and len(words) <= max(2 * len(whole), len(whole) + 12)


def value_is_right(fact: dict[str, Any], read: Fact) -> bool:
    scale = MAGNITUDES.get(fact["magnitude"], 1) if fact["magnitude"] else 1
    value = Decimal(fact["number"]) * scale if fact["number"] else None
    upper = Decimal(fact["upper"]) * scale if fact["upper"] else None
    unit = squeeze(fact["unit"])
    attached = tuple(
        hedge for hedge in read.hedges if hedge not in ("预计", "力争", "争取", "确保", "努力", "有望", "拟")
    )
    return (
        (read.value, read.upper) == (value, upper)
        and read.unit == SAME.get(unit, unit)
        and set(attached) == set(fact["hedges"])
    )


def period_is_right(fact: dict[str, Any], read: Fact) -> bool:
    told = fact["period"]
    if not told:
        return True  # the readers could not tell
    if read.period is None:
        return False
    if told.startswith("-"):
        return read.period.last == int(told[1:])
    years = re.fullmatch(r"(\d{4})(?:-(\d{4}))?(p)?", told)
    assert years, told
    first, last = int(years[1]), int(years[2] or years[1])
    return (read.period.first, read.period.last, read.period.partial) == (first, last, bool(years[3]))


def score(marked: list[Marked], lexicon: Lexicon, wrong: list[str] | None = None) -> Score:
    """Count what is right; each miss goes as a line into `wrong`."""
    right: dict[str, int] = {}
    of: dict[str, int] = {}

    def count(name: str, is_right: bool, fact: dict[str, Any] | None, read: Fact | None, paragraph: str) -> bool:
        of[name] = of.get(name, 0) + 1
        right[name] = right.get(name, 0) + is_right
        if not is_right and wrong is not None:
            wrong.append(f"{paragraph} {name}: {_told(fact)} | read: {_read(read)}")
        return is_right

    for one in marked:
        for fact, read in pairs(one, lexicon):
            at = one.paragraph.report_id
            if fact is None:
                if read is not None and read.value is not None:
                    count("quantity precision", False, None, read, at)
                continue
            worded = fact["measure"] == "worded"
            found = read is not None and (worded or value_is_right(fact, read))
            if not worded:
                count("quantity recall", found, fact, read, at)
                if read is not None:
                    count("quantity precision", True, fact, read, at)
            subject = read is not None and subject_is_right(fact, read, one.facts)
            if fact["core"]:
                count("subject recall", subject, fact, read, at)
            if read is None:
                continue
            if read.subject:
                count("subject precision", subject, fact, read, at)
            period = count("period", period_is_right(fact, read), fact, read, at)
            role = count("role", fact["role"] == read.role or fact["role"] is None, fact, read, at)
            kind = "change" if worded else fact["measure"]
            measure = count(
                "kind",
                (kind == read.measure or worded) and (worded or fact["aggregate"] == read.aggregate),
                fact,
                read,
                at,
            )
            if fact["indicator"] and fact["role"] and not worded:
                count(
                    "indicator",
                    found and period and role and measure and read.indicator == fact["indicator"],
                    fact,
                    read,
                    at,
                )
    return Score(right, of)


def _told(fact: dict[str, Any] | None) -> str:
    if fact is None:
        return "nothing"
    return " ".join(
        f"{key}={fact[key]}"
        for key in ("text", "subject", "core", "indicator", "period", "role", "measure", "aggregate", "hedges")
        if fact[key]
    )


def _read(read: Fact | None) -> str:
    if read is None:
        return "nothing"
    label = read.period.label if read.period else None
    return f"{read.value}{read.unit} {read.hedges} {read.subject} [{read.indicator}] {label} {read.role} {read.measure} {read.aggregate} of {read.of}"
