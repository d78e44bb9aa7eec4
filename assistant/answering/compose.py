"""From findings to an `Answer`: text with citation marks, citations, verified figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.answering.finding import Finding
from assistant.answering.verification import unsupported
from assistant.facts.fact import Fact
from assistant.types import Citation, Evidence, Figure, ReportRef, Retrieved

FactsOf = Callable[[str], Sequence[Fact]]
"""Gives what a paragraph states, by its id."""

MARK = "〔{}〕"


@dataclass(frozen=True)
class Line:
    """One line of an answer: findings that are read on, or words of our own between cited lines."""

    findings: tuple[Finding, ...] = ()
    lead: str = ""
    """Whose and when the line is; ends up before a full-width colon."""
    words: str = ""
    """Text of our own, such as a comparison; figures in it must be in `computed` or in cited paragraphs."""
    computed: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Draft:
    """The text of an answer with what it stands on."""

    text: str
    citations: tuple[Citation, ...]
    figures: tuple[Figure, ...]


def compose(lines: Sequence[Line], facts_of: FactsOf) -> Draft:
    """Number the paragraphs as they come up, print the lines, and take over only figures that their paragraph holds.

    `facts_of` gives what a paragraph states, by its id.
    """
    quotes: dict[str, list[Finding]] = {}
    for line in lines:
        for finding in line.findings:
            quotes.setdefault(finding.paragraph.id, []).append(finding)
    numbers = {paragraph_id: at for at, paragraph_id in enumerate(quotes, start=1)}
    citations = tuple(_citation(numbers[key], findings) for key, findings in quotes.items())
    figures = [
        figure
        for line in lines
        for found in line.findings
        for figure in figures_of(found, numbers[found.paragraph.id], facts_of(found.paragraph.id))
    ]
    computed = [figure for line in lines for figure in line.computed]
    text = "\n".join(_print(line, numbers) for line in lines)
    if unsupported(plain(text), [c.paragraph for c in citations], computed):
        # Whatever our own words did, the passage's words are true.
        text = "\n".join(as_words(citation.quote) + MARK.format(citation.number) for citation in citations)
        computed = []
    return Draft(text, citations, tuple(dict.fromkeys([*figures, *computed])))


def _print(line: Line, numbers: dict[str, int]) -> str:
    parts = [(f.said or _point(f)) + MARK.format(numbers[f.paragraph.id]) for f in line.findings]
    body = "；".join(parts) + line.words
    return f"{line.lead}：{body}" if line.lead else body


def _point(finding: Finding) -> str:
    before, after = finding.cuts
    return "……" * before + as_words(finding.text) + "……" * after


def as_words(text: str) -> str:
    """The words of a passage fit to stand in a sentence: no line breaks, list numbers or dashes in front, no end mark."""
    text = re.sub(r"(?<=[。！？!?；;，,：:])\s*\n\s*", "", text.strip())
    text = re.sub(r"\s*\n\s*", "；", text)
    text = re.sub(
        r"^(?:[(（]\d{1,3}[)）]|\d{1,2}[.．、](?!\d)|——+|[一二三四五六七八九十]+是|[(（][一二三四五六七八九十]+[)）])\s*",
        "",
        text,
    )
    return re.sub(r"[,，;；。、:：\s]+$", "", text)


def plain(text: str) -> str:
    """An answer's text without its marks, 〔1〕 and 〔原文〕."""
    return re.sub(r"〔(?:\d+|原文)〕", "", text)


def _citation(number: int, findings: Sequence[Finding]) -> Citation:
    paragraph, report = findings[0].paragraph, findings[0].report
    spans = sorted({finding.quote for finding in findings})
    # Sentences apart from each other: the quote runs from the first to the last so that it stays verbatim.
    return Citation.of(number, report, paragraph, (spans[0][0], max(end for _, end in spans)))


def figures_of(finding: Finding, number: int, facts: Sequence[Fact]) -> list[Figure]:
    """The figures of the words shown, each with what its paragraph states of it; a figure of two subjects is shown once."""
    text = finding.paragraph.text
    shown = {fact.start: fact for fact in reversed(facts) if finding.holds(fact) and fact.measure != "rank"}
    return [
        Figure(
            text=text[fact.start : fact.end],
            value=float(fact.value or 0),
            unit=fact.unit,
            hedge=" ".join(fact.hedges) or None,
            indicator=fact.indicator,
            role=fact.role,
            period=fact.period.label if fact.period else None,
            citation=number,
            status="verified",
        )
        for _, fact in sorted(shown.items())
    ]


def retrieved(evidence: Sequence[Evidence]) -> tuple[Retrieved, ...]:
    """What was searched, as an `Answer` lists it."""
    return tuple(
        Retrieved(item.rank, item.score, item.paragraph.id, item.passage.text, ReportRef.of(item.report))
        for item in evidence
    )
