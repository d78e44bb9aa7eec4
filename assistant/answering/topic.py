"""The state of a matter, and the overview of a report: points in the report's order, results and plans told apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from assistant.answering.about import RULES
from assistant.answering.compose import Line
from assistant.answering.eligible import UNSAID
from assistant.answering.extract import Sentence, best_window
from assistant.answering.features import Candidate, named_values
from assistant.answering.finding import Finding
from assistant.answering.indicators import as_finding
from assistant.corpus.headings import marked
from assistant.facts.fact import Fact
from assistant.facts.told import Told
from assistant.language.folding import fold
from assistant.language.injection import plain_sentences
from assistant.language.run_in import is_run_in, parts
from assistant.language.sentences import Span, clauses
from assistant.retrieval.question import HALF, Question
from assistant.retrieval.relevance import SYNONYM, Weights, bare_text, match
from assistant.retrieval.shelf import Shelf
from assistant.types import Figure, Paragraph, Report, Role

MOST_POINTS = 10
ROOM = 480
"""Characters of all points together; who wants more opens the report."""
LEAST_SHARE = 0.25
"""Share of the likeliest point's probability from which a sentence is a point as well."""
NAMED, ALIKE = 0.45, 0.9
"""Share of the question's content that a heading must hold to name the matter asked about, and share of what the best one holds."""
ABOUT = 0.3
"""Weight from which a question is about a word: 修 is in everything."""
MOST_OF_ONE = 200
"""Characters of one point."""
GOALS, RESULTS, PARTS = 6, 4, 8
_ORDER: tuple[Role | None, ...] = ("actual", None, "target")
Point = tuple[Report, Paragraph, Span]
_NAMES: dict[Role | None, str] = {"actual": "", "target": "计划", None: ""}


def points(
    question: Question,
    judged: Sequence[Candidate],
    reports: Sequence[Report],
    shelf: Shelf,
    weights: Weights,
    least: float = LEAST_SHARE,
) -> list[Line]:
    """Return the sentences under the headings that name what is asked, or the likeliest ones, in the order of their reports.

    Likely is what has `least` of the likeliest one's probability. Results stand before plans, and each sentence is cut to its first
    clauses.
    """
    named = under_its_name(question, judged, shelf, weights)
    chosen = named or [
        (c.report, c.paragraph, c.sentence)
        for c in judged
        if c.probability >= least * judged[0].probability
        and _lacks(c) <= max(UNSAID, _lacks(judged[0]))
        and not _heads(c.paragraph, c.sentence)
        and not _only_sounds_so(question, c.text, weights)
    ]
    chosen = (chosen or [(c.report, c.paragraph, c.sentence) for c in judged])[:MOST_POINTS]
    order = {report.id: at for at, report in enumerate(reports)}
    chosen.sort(key=lambda point: (order.get(point[0].id, len(order)), point[1].ordinal, point[2]))
    lines = []
    for report in dict.fromkeys(report.id for report, _, _ in chosen):
        for role in _ORDER:
            found = [point for point in chosen if point[0].id == report and point[1].role == role]
            if found:
                findings = shortened(question, found, len(chosen), weights)
                lines.append(Line(findings, lead=_lead(found[0][0], found[0][1], role)))
    return [*lines, *cut_short(named)]


def shortened(question: Question, points: Sequence[Point], count: int, weights: Weights) -> tuple[Finding, ...]:
    """Each sentence by its first clauses, so that `count` of them find room; by those that say what is asked where these do not."""
    room = min(MOST_OF_ONE, max(30, ROOM // max(1, count)))
    found = []
    for report, paragraph, span in points:
        shown = opening(paragraph, span, room)
        whole, own = (weights.coverage(question.terms, paragraph.text[slice(*part)]) for part in (span, shown))
        if own < HALF * whole:
            sentence = Sentence(report, paragraph, span, own=whole, coverage=whole, score=whole)
            shown = best_window(question, sentence, weights, room)
        found.append(Finding(report, paragraph, shown, span))
    return tuple(found)


def under_its_name(question: Question, judged: Sequence[Candidate], shelf: Shelf, weights: Weights) -> list[Point]:
    """All sentences of the parts of the report whose own heading names what is asked (构建综合交通网络 of 交通), likeliest part first.

    A part is what stands under a run-in heading, or under the innermost heading of its paragraphs. Empty where no likely sentence
    stands in one.
    """
    share_of = _naming(question, judged, weights)
    named: dict[tuple[str, ...], tuple[float, list[Point]]] = {}
    for candidate in judged:
        paragraph, report = candidate.paragraph, candidate.report
        for part in parts(paragraph.text):
            if candidate.sentence not in (*part.sentences, part.heading) or part.heading is None:
                continue
            under = bare_text(" ".join(paragraph.text[slice(*span)] for span in part.sentences))
            if not any(match(term, under) > 0 for term in question.terms if term.is_name):
                continue  # 市专门学校建成开学。 is short, and heads nothing
            share = share_of(paragraph.text[slice(*part.heading)])
            key = (paragraph.id, str(part.heading[0]))
            named.setdefault(key, (share, [(report, paragraph, span) for span in part.sentences]))
        if paragraph.headings:
            share = share_of(paragraph.headings[-1])
            named.setdefault(paragraph.headings, (share, _all_under(report, paragraph, shelf)))
    best = max((share for share, _ in named.values()), default=0.0)
    chosen = [points for share, points in named.values() if share >= max(NAMED, ALIKE * best)]
    points = list(dict.fromkeys(point for points in chosen for point in points))
    return points if len(points) > 1 else []


def _naming(question: Question, judged: Sequence[Candidate], weights: Weights) -> Callable[[str], float]:
    """How far a heading names what is asked: the share of it that the heading says in full.

    It must say a matter, what stands beside 哪些, or the rarest word: 民生福祉 is no half of 民生实事, and 群众 in it does not make up
    for that. 建设 and 干 stand in the headings of everything; what nothing found speaks of (人数也一并给我) names no part of a report.
    """
    told = bare_text(" ".join(" ".join((*c.paragraph.headings, c.paragraph.text)) for c in judged))
    held = [term for term in question.terms if match(term, told) >= SYNONYM]
    names = [term for term in held if term.is_name] or held
    matters = [term for term in held if term.is_matter]
    # 就业怎么样，我弟刚毕业 is about 就业; of 跨国招商活动有哪些 the matter alone is too much.
    things = matters if matters and question.shape != "list" else names
    beside = [term for term in things if term.word in question.focus]
    rarest = sorted(things, key=lambda term: weights.of_term[term.word])[-1:]
    must = {*matters, *(beside or rarest)}
    of_all = sum(weights.of_term[term.word] for term in things) or 1.0

    def share_of(heading: str) -> float:
        bare = bare_text(_bare_of_other_matters(heading, question))
        said = [term for term in things if match(term, bare) >= SYNONYM]
        return sum(weights.of_term[term.word] for term in said) / of_all if must.intersection(said) else 0.0

    return share_of


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
    return (Line(words=f"共{numbers[0]}条，以上是前{numbers[1]}条，其余见原文。", computed=figures),)


def _only_sounds_so(question: Question, text: str, weights: Weights) -> bool:
    """Whether all that a sentence has of the question is part of a name of something else: 党纪学习教育 of 教育."""
    things = [term for term in question.terms if term.is_name]
    held, bare = (weights.coverage(things, words) for words in (text, _bare_of_other_matters(text, question)))
    return held > 0 and bare == 0


def _bare_of_other_matters(words: str, question: Question) -> str:
    """Words without the names of other things that only sound like what is asked: 营商环境 where 环境 is, not where it is asked itself."""
    asked = " ".join((fold(question.text), *(form for term in question.terms for form in term.variants)))
    return RULES["sounds like a matter"].pattern.sub(lambda m: m.group() if m.group() in asked else "", words)


def _all_under(report: Report, paragraph: Paragraph, shelf: Shelf) -> list[Point]:
    """The sentences of all paragraphs under the headings of one, without those that only head what follows."""
    return [
        (report, other, span)
        for other in shelf.paragraphs(report.id)
        if other.headings == paragraph.headings and other.role == paragraph.role
        for span in plain_sentences(other.text)
        if not _heads(other, span)
    ]


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


def _lacks(candidate: Candidate) -> float:
    """The weight of the heaviest word asked that nothing around a sentence stands for."""
    return dict(named_values(candidate))["missing"]


def _heads(paragraph: Paragraph, span: Span) -> bool:
    """Whether a sentence heads what follows: a run-in heading, or one that only says again what the heading above says."""
    heading, text = bare_text(bare(paragraph.headings[-1])) if paragraph.headings else "", paragraph.text[slice(*span)]
    said = bare_text(text).rstrip("。.!！:：")
    return is_run_in(text) or bool(said and heading and (said in heading or said.endswith(heading)))


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
