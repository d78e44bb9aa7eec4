"""The state of a matter, and the overview of a report: points in the report's order, results and plans told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.answering.compose import Line
from assistant.answering.features import Candidate, named_values
from assistant.answering.finding import Finding
from assistant.answering.indicators import Told, as_finding
from assistant.corpus.headings import marked
from assistant.facts.fact import Fact
from assistant.language.injection import plain_sentences
from assistant.language.sentences import Span, clauses
from assistant.retrieval.shelf import Shelf
from assistant.types import Paragraph, Report, Role

MOST_POINTS = 8
ROOM = 290
"""Characters of all points together; who wants more opens the report."""
LEAST_SHARE = 0.25
"""Share of the likeliest point's probability from which a sentence is a point as well."""
NAMED = 0.75
"""Share of the question's content that a heading must hold to be the matter that is asked about."""
SHORTEST = 14
"""Characters of a sentence that says something; 「推动消费恢复扩容。」 heads what follows."""
GOALS, RESULTS, PARTS = 6, 4, 8
_ORDER: tuple[Role | None, ...] = ("actual", None, "target")
Point = tuple[Report, Paragraph, Span]
_NAMES: dict[Role | None, str] = {"actual": "已完成", "target": "计划", None: ""}


def points(judged: Sequence[Candidate], reports: Sequence[Report], shelf: Shelf) -> list[Line]:
    """Return the sentences under the heading that is asked for, or the likeliest ones, in the order of their reports.

    Results stand before plans, and each sentence is cut to its first clauses.
    """
    chosen = _under_heading(judged, shelf) or [
        (c.report, c.paragraph, c.sentence)
        for c in judged
        if c.probability >= LEAST_SHARE * judged[0].probability and not _is_heading(c.paragraph, c.sentence)
    ]
    chosen = (chosen or [(c.report, c.paragraph, c.sentence) for c in judged])[:MOST_POINTS]
    room = max(30, ROOM // max(1, len(chosen)))
    order = {report.id: at for at, report in enumerate(reports)}
    chosen.sort(key=lambda point: (order.get(point[0].id, len(order)), point[1].ordinal, point[2]))
    lines = []
    for report in dict.fromkeys(report.id for report, _, _ in chosen):
        for role in _ORDER:
            found = [point for point in chosen if point[0].id == report and point[1].role == role]
            if found:
                findings = tuple(Finding(r, p, opening(p, span, room), span) for r, p, span in found)
                lines.append(Line(findings, lead=_lead(found[0][0], found[0][1], role)))
    return lines


def _under_heading(judged: Sequence[Candidate], shelf: Shelf) -> list[Point]:
    """All sentences under the heading of the likeliest one, where that heading names what is asked; else none."""
    best = judged[0]
    if dict(named_values(best))["heading"] < NAMED or not best.paragraph.headings:
        return []
    found: list[Point] = [
        (best.report, paragraph, span)
        for paragraph in shelf.paragraphs(best.report.id)
        if paragraph.headings == best.paragraph.headings
        for span in plain_sentences(paragraph.text)
        if not _is_heading(paragraph, span)
    ]
    return found if len(found) > 1 else []


def _is_heading(paragraph: Paragraph, span: Span) -> bool:
    """Whether a sentence only says again what its heading says."""
    heading = paragraph.headings[-1] if paragraph.headings else ""
    return span[1] - span[0] <= max(len(heading) + 4, SHORTEST)


def opening(paragraph: Paragraph, span: Span, room: int) -> Span:
    """The first clauses of a sentence that fit into some characters, at least one."""
    spans = clauses(paragraph.text, *span)
    ends = [end for _, end in spans if end - span[0] <= room]
    return span[0], ends[-1] if ends else spans[0][1]


def overview(report: Report, shelf: Shelf) -> list[Line]:
    """Return the goals of a report, its main results and the headings of what it plans."""
    paragraphs = shelf.paragraphs(report.id)
    facts = [fact for p in paragraphs for fact in shelf.facts_of(p.id) if fact.indicator and fact.place is None]
    results = _first_of_each(f for f in facts if f.role == "actual" and _is_of(f, report.report_year - 1))[:RESULTS]
    goals = _first_of_each(f for f in facts if f.role == "target" and _is_of(f, report.report_year))[:GOALS]
    lines = [_named(results, report, shelf, f"{report.report_year - 1}年主要结果")] if results else []
    lines += [_named(goals, report, shelf, f"{report.report_year}年主要目标")] if goals else []
    found = []
    for heading, paragraph in _parts(paragraphs)[:PARTS]:
        span = opening(paragraph, (0, len(paragraph.text)), 24)
        found.append(Finding(report, paragraph, span, span, said=re.split(r"[,，]", heading)[0]))
    if found:
        lines.append(Line(tuple(found), lead=f"{report.report_year}年重点工作"))
    return lines


def _parts(paragraphs: Sequence[Paragraph]) -> list[tuple[str, Paragraph]]:
    """The headings of the plan that stand highest, three or more side by side, each with the first paragraph under it."""
    groups: dict[tuple[str, ...], dict[str, Paragraph]] = {}
    for paragraph in paragraphs:
        for depth in range(1, len(paragraph.headings)):
            if paragraph.role == "target":
                groups.setdefault(paragraph.headings[:depth], {}).setdefault(paragraph.headings[depth], paragraph)
    several = [(path, group) for path, group in groups.items() if len(group) >= 3]
    if not several:
        return []
    highest = min(len(path) for path, _ in several)
    largest = max((group for path, group in several if len(path) == highest), key=len)
    return [(bare(heading), paragraph) for heading, paragraph in largest.items()]


def bare(heading: str) -> str:
    """A heading without its number."""
    found = marked(heading)
    return heading[found[1] :] if found else heading


def _first_of_each(facts: Iterable[Fact]) -> list[Fact]:
    first: dict[str, Fact] = {}
    for fact in facts:
        if fact.value is not None and fact.measure in ("level", "change", "rate"):
            first.setdefault(fact.indicator or "", fact)
    return list(first.values())


def _is_of(fact: Fact, year: int) -> bool:
    return fact.period is not None and fact.period.first == fact.period.last == year and not fact.period.partial


def _named(facts: Sequence[Fact], report: Report, shelf: Shelf, lead: str) -> Line:
    """The facts as 「地区生产总值增长5.5%」, from the indicator's own name on."""
    found = []
    for fact in sorted(facts, key=lambda fact: (int(fact.paragraph_id.rsplit("-", 1)[1]), fact.start)):
        told = as_finding(Told(report, shelf.paragraph(fact.paragraph_id), fact))
        starts = [start for start, end in fact.subject_spans if end <= told.shown[0] and start >= fact.sentence[0]]
        start = max(starts) if starts and told.shown[0] - max(starts) <= 30 else told.shown[0]
        found.append(Finding(report, told.paragraph, (start, told.shown[1]), fact.sentence))
    return Line(tuple(found), lead=lead)


def _lead(report: Report, paragraph: Paragraph, role: Role | None) -> str:
    when = paragraph.period.label if paragraph.period else f"{report.report_year}年报告"
    return f"{report.region}{when}{_NAMES[role]}"
