"""From findings to an `Answer`: text with citation marks, citations, verified figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.finding import Finding
from assistant.answering.statements import role_in
from assistant.answering.verification import unsupported
from assistant.facts.meaning import this_year
from assistant.language.folding import fold
from assistant.language.lexicon import Lexicon
from assistant.language.periods import find_periods
from assistant.language.quantities import find_quantities
from assistant.types import Citation, Evidence, Figure, Paragraph, Period, Report, ReportRef, Retrieved

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


def compose(lines: Sequence[Line], lexicon: Lexicon) -> Draft:
    """Number the paragraphs as they come up, print the lines, and take over only figures that their paragraph holds."""
    quotes: dict[str, list[Finding]] = {}
    for line in lines:
        for finding in line.findings:
            quotes.setdefault(finding.paragraph.id, []).append(finding)
    numbers = {paragraph_id: at for at, paragraph_id in enumerate(quotes, start=1)}
    citations = tuple(_citation(numbers[key], findings) for key, findings in quotes.items())
    figures = [f for line in lines for x in line.findings for f in figures_of(x, numbers[x.paragraph.id], lexicon)]
    computed = [figure for line in lines for figure in line.computed]
    text = "\n".join(_print(line, numbers) for line in lines)
    if unsupported(plain(text), [c.paragraph for c in citations], computed):
        # Whatever our own words did, the passage's words are true.
        text = "\n".join(as_words(citation.quote) + MARK.format(citation.number) for citation in citations)
        computed = []
    return Draft(text, citations, tuple(dict.fromkeys([*figures, *computed])))


def _print(line: Line, numbers: dict[str, int]) -> str:
    parts = [as_words(f.text) + MARK.format(numbers[f.paragraph.id]) for f in line.findings]
    body = "；".join(parts) + line.words
    return f"{line.lead}：{body}" if line.lead else body


def as_words(text: str) -> str:
    """The words of a passage fit to stand in a sentence: no line breaks, list numbers or dashes in front, no end mark."""
    text = re.sub(r"(?<=[。！？!?；;，,：:])\s*\n\s*", "", text.strip())
    text = re.sub(r"\s*\n\s*", "；", text)
    text = re.sub(
        r"^(?:[(（]\d{1,3}[)）]|\d{1,2}[.、](?!\d)|——+|[一二三四五六七八九十]+是|[(（][一二三四五六七八九十]+[)）])\s*",
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
    quote = paragraph.text[spans[0][0] : max(end for _, end in spans)]
    return Citation(number, ReportRef.of(report), paragraph.headings, paragraph.text, quote.strip(), paragraph.id)


def figures_of(finding: Finding, number: int, lexicon: Lexicon) -> list[Figure]:
    """The figures of the words shown, as they are printed, each with what it is a figure of."""
    paragraph, report = finding.paragraph, finding.report
    shown = as_words(finding.text)
    before_shown = paragraph.text[finding.quote[0] : finding.shown[0]]
    figures = []
    for quantity in find_quantities(shown):
        before = before_shown + shown[: quantity.start]
        mentions = lexicon.written_in(before)
        time = _time_told(before, paragraph, report) or paragraph.period
        figures.append(
            Figure(
                text=quantity.text,
                value=float(quantity.value),
                unit=quantity.unit,
                hedge=quantity.hedge,
                indicator=mentions[-1].names[0] if mentions and quantity.unit in _MACRO_UNITS else None,
                role=role_in(fold(shown), time, paragraph, report),
                period=time.label if time else None,
                citation=number,
                status="verified",
            )
        )
    return figures


def _time_told(before: str, paragraph: Paragraph, report: Report) -> Period | None:
    """The time that a sentence names before a figure, other than one it is compared with (比2020年高)."""
    mentions = find_periods(before, report.report_year, this_year(report, paragraph.role))
    told = [m.period for m in mentions if not re.search(r"[比较]$", before[: m.start])]
    return told[-1] if told else None


_MACRO_UNITS = ("%", "元", "美元", "番", "个百分点")


def retrieved(evidence: Sequence[Evidence]) -> tuple[Retrieved, ...]:
    """What was searched, as an `Answer` lists it."""
    return tuple(
        Retrieved(item.rank, item.score, item.paragraph.id, item.passage.text, ReportRef.of(item.report))
        for item in evidence
    )
