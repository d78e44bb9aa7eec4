"""The state of a matter, and the overview of a report: points in the report's order, results and plans told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.answering.compose import Line
from assistant.answering.eligible import UNSAID
from assistant.answering.extract import Sentence, opening, point_to_the_point
from assistant.answering.features import Candidate, named_values
from assistant.answering.finding import Finding
from assistant.answering.indicators import as_finding
from assistant.answering.sections import Matter, Point, bare
from assistant.facts.fact import Fact
from assistant.facts.told import Told
from assistant.language.run_in import is_run_in
from assistant.retrieval.question import Question
from assistant.retrieval.relevance import SYNONYM, Weights, bare_text, match
from assistant.retrieval.shelf import Shelf
from assistant.types import Figure, Paragraph, Report, Role

MOST_POINTS = 12
"""Points that are shown of a matter."""
LEAST_SHARE = 0.25
"""Share of the likeliest point's probability from which a sentence is a point as well."""
OF_THE_BEST = 0.5
"""Share of the likeliest point's coverage, with its headings, from which another sentence is about the same thing."""
ABOUT = 0.3
"""Weight from which a question is about a word: 修 is in everything."""
GOALS, RESULTS, PARTS = 6, 4, 8
_ORDER: tuple[Role | None, ...] = ("actual", None, "target")
_NAMES: dict[Role | None, str] = {"actual": "", "target": "计划", None: ""}


def points(matter: Matter, reports: Sequence[Report], least: float = LEAST_SHARE) -> list[Line]:
    """Return the sentences of the sections about a matter and the likeliest ones elsewhere, in the order of their reports.

    Likely is what has `least` of the likeliest one's probability. Results stand before plans, and each time by itself.
    """
    question, judged, first = matter.question, matter.judged, matter.judged[0]
    named = matter.under_its_name()
    likely = [
        candidate
        for candidate in judged
        if candidate.probability >= least * first.probability
        and _lacks(candidate) <= max(UNSAID, _lacks(first))
        and _covers(candidate) >= OF_THE_BEST * _covers(first)
        and not matter.heads(candidate.paragraph, candidate.sentence)
        and not matter.only_sounds_so(candidate.text)
        and (candidate is first or not (matter.is_one_of_many(candidate) or matter.shelf.owns_up(candidate.paragraph)))
        and (not named or matter.says(candidate.text))
    ]
    around = [point for candidate in likely for point in matter.around(candidate)]
    found = list(dict.fromkeys([*named, *around])) or [(c.report, c.paragraph, c.sentence) for c in judged]
    if len(found) > MOST_POINTS:  # the shortest say least
        found = [point for point in found if not is_run_in(point[1].text[slice(*point[2])])]
    order = {report.id: at for at, report in enumerate(reports)}
    chosen = found[:MOST_POINTS]
    chosen.sort(key=lambda point: (order.get(point[0].id, len(order)), point[1].ordinal, point[2]))
    lines: dict[tuple[str, int, str], list[Point]] = {}
    for point in chosen:
        report, paragraph, _ = point
        lead = _lead(report, paragraph, paragraph.role)
        lines.setdefault((report.id, _ORDER.index(paragraph.role), lead), []).append(point)
    ids = list(dict.fromkeys(report.id for report, _, _ in chosen))
    ordered = sorted(lines.items(), key=lambda item: (ids.index(item[0][0]), item[0][1]))
    told = [Line(as_points(question, found, matter.weights), lead=lead) for (_, _, lead), found in ordered]
    return [*told, *cut_short(found)]


def as_points(question: Question, points: Sequence[Point], weights: Weights) -> tuple[Finding, ...]:
    """Each sentence whole, and a long one by the clauses that say what is asked."""
    found = []
    for report, paragraph, span in points:
        whole = weights.coverage(question.terms, paragraph.text[slice(*span)])
        sentence = Sentence(report, paragraph, span, own=whole, coverage=whole, score=whole)
        found.append(point_to_the_point(question, sentence, weights))
    return tuple(found)


def names_all_of(question: Question, text: str, weights: Weights) -> bool:
    """Whether a sentence names in full whatever a question is about, of which something is a name: of 高铁晚点 not 高铁 alone."""
    about = [term for term in question.terms if term.is_name or weights.of_term[term.word] >= ABOUT]
    rare = any(term.is_name and weights.of_term[term.word] >= ABOUT for term in about)
    return rare and all(match(term, bare_text(text)) >= SYNONYM for term in about)


def in_order(points: Sequence[Point]) -> list[Point]:
    """The first of some points, as many as are shown, in the order of their reports, the newest first."""
    return sorted(
        points[:MOST_POINTS], key=lambda point: (-point[0].report_year, point[0].id, point[1].ordinal, point[2])
    )


def cut_short(points: Sequence[Point]) -> tuple[Line, ...]:
    """The line that says how many points there are and how many are shown; none where all are."""
    if len(points) <= MOST_POINTS:
        return ()
    numbers = (len(points), MOST_POINTS)
    figures = tuple(Figure(f"{n}条", n, "条", None, None, None, None, None, "computed") for n in numbers)
    return (Line(words=f"共{numbers[0]}条，以上是其中{numbers[1]}条，其余见原文。", computed=figures),)


def of_role_asked(question: Question, judged: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates that tell results, or plans, with those that are neither; all where none tells what is asked.

    Of one year both may be told, in two reports. What stands in another part of the report (problems, terms) is left out where
    anything else is told.
    """
    planned, done = (question.asked.probability("role", role) for role in ("target", "actual"))
    role = "target" if planned > done else "actual"
    asked = [candidate for candidate in judged if dict(named_values(candidate))["section"] >= 0] or list(judged)
    if not any(candidate.paragraph.role == role for candidate in asked):
        return asked
    return [candidate for candidate in asked if candidate.paragraph.role in (role, None)]


def of_the_very_time(judged: Sequence[Candidate]) -> list[Candidate]:
    """The candidates of just the time asked where a likely one is: what was done in five years is not told of one of them."""
    exact = [candidate for candidate in judged if dict(named_values(candidate))["period"] >= 1]
    likely = exact and exact[0].probability >= LEAST_SHARE * judged[0].probability
    return [c for c in judged if not 0 < dict(named_values(c))["period"] < 1] if likely else list(judged)


def _covers(candidate: Candidate) -> float:
    """The share of what is asked that a sentence holds together with its headings."""
    return dict(named_values(candidate))["context"]


def _lacks(candidate: Candidate) -> float:
    """The weight of the heaviest word asked that nothing around a sentence stands for."""
    return dict(named_values(candidate))["missing"]


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
