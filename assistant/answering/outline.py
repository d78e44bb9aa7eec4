"""Answers from the outline of a report: what its headings list, and the goals it sets out in one place."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.extract import LONG, MOST_OF_ONE, opening
from assistant.answering.finding import Finding
from assistant.answering.listing import asked_count
from assistant.answering.lists import own_headings
from assistant.language.folding import fold
from assistant.language.injection import addresses_a_model, plain_sentences
from assistant.language.ruleset import read_rules
from assistant.retrieval.question import Question
from assistant.retrieval.relevance import Weights, bare_text, match
from assistant.retrieval.shelf import Shelf, same_period
from assistant.types import Evidence, Paragraph, Report

_RULES = read_rules("asking")
_ALL_GOALS = _RULES["asks for all the goals"].pattern
_ALL_WORK = _RULES["asks for all the work"].pattern
_ANNOUNCES_WORK = _RULES["announces the work"].pattern
_ONLY_WORK = _RULES["names no work"].pattern
_SCENE = _RULES["sets the scene of goals"].pattern


def set_out(question: Question, evidence: Sequence[Evidence], shelf: Shelf) -> dict[Report, list[Finding]]:
    """All the works or all the goals of a report, where just these are asked for: of each place those of its newest report that has them."""
    asked = fold(question.text)
    if _names_a_matter(question, evidence):
        return {}
    for wanted, told in ((_ALL_WORK, _works), (_ALL_GOALS, _goals)):
        found: dict[str, tuple[Report, list[Finding]]] = {}
        for report in _newest_first(evidence, shelf) if wanted.search(asked) else ():
            if report.region not in found and (parts := told(question, report, shelf)):
                found[report.region] = report, parts
        if found:
            return dict(found.values())
    return {}


def _works(question: Question, report: Report, shelf: Shelf) -> list[Finding]:
    """The headings that follow 「重点做好以下七项工作」."""
    paragraphs = shelf.paragraphs(report.id)
    for at, lead in enumerate(paragraphs):
        announced = _ANNOUNCES_WORK.search(lead.text[-60:])
        if announced is None or not _in_time(question, lead):
            continue
        children = _children(paragraphs[at + 1 :], lead)
        if len(children) >= 3 and asked_count(question) in (0, len(children)):
            return _parts(report, children)
    return []


def _names_a_matter(question: Question, evidence: Sequence[Evidence]) -> bool:
    """Whether a question names more than works and goals; a word that no passage found has (提纲, 大块) names nothing there."""
    told = bare_text(" ".join(" ".join((*item.paragraph.headings, item.paragraph.text)) for item in evidence))
    return any(not _ONLY_WORK.fullmatch(term.word) and match(term, told) > 0 for term in question.terms)


def _children(following: Sequence[Paragraph], lead: Paragraph) -> list[Paragraph]:
    """The first paragraphs of the headings that open right after a paragraph, all at the depth of the first."""
    if not following:
        return []
    path = following[0].headings
    depth = next((n for n, heading in enumerate(path) if n >= len(lead.headings) or heading != lead.headings[n]), None)
    if depth is None:
        return []
    children: dict[str, Paragraph] = {}
    for paragraph in following:
        if len(paragraph.headings) <= depth or paragraph.headings[:depth] != path[:depth]:
            break
        children.setdefault(paragraph.headings[depth], paragraph)
    return list(children.values())


def _goals(question: Question, report: Report, shelf: Shelf) -> list[Finding]:
    """The passage that sets out the goals of the time asked."""
    for paragraph in shelf.paragraphs(report.id):
        scene = _SCENE.search(paragraph.text + "".join(paragraph.headings[-1:]))
        if scene is None or paragraph.role != "target" or not _in_time(question, paragraph):
            continue
        told = [fact for fact in shelf.facts_of(paragraph.id) if fact.indicator]
        if len({fact.indicator for fact in told}) >= 3:
            start, end = told[0].sentence[0], told[-1].sentence[1]
            if addresses_a_model(paragraph.text[start:end]):
                end = told[0].sentence[1]
            return [Finding(report, paragraph, opening(paragraph, (start, end), LONG), (start, end), is_point=True)]
    return []


def _newest_first(evidence: Sequence[Evidence], shelf: Shelf) -> list[Report]:
    held = [shelf.reports[report_id] for report_id in {item.report.id for item in evidence}]
    return sorted(held, key=lambda report: (-report.report_year, report.id))


def _in_time(question: Question, paragraph: Paragraph) -> bool:
    if not question.periods or paragraph.period is None:
        return not question.periods
    return any(same_period(asked, paragraph.period) for asked in question.periods)


def under_heading(question: Question, evidence: Sequence[Evidence], shelf: Shelf, weights: Weights) -> list[Finding]:
    """The parts that a heading opens, where the question asks for just that heading: 「重点做好哪七项工作」, 「三大板块」.

    A heading answers where it holds all that is asked.
    """
    if not question.terms or (question.shape == "fact" and not asked_count(question)):
        return []
    for report_id in dict.fromkeys(item.report.id for item in evidence):
        parts: dict[tuple[str, ...], dict[str, Paragraph]] = {}
        for paragraph in shelf.paragraphs(report_id):
            for depth in range(1, len(paragraph.headings)):
                children = parts.setdefault(paragraph.headings[:depth], {})
                children.setdefault(paragraph.headings[depth], paragraph)
        for path, children in parts.items():
            wanted = asked_count(question)
            if len(children) < 2 or (wanted and wanted != len(children)):
                continue
            told = list(children.values())
            if question.periods and told[0].period and not _in_time(question, told[0]):
                continue
            if all(match(term, bare_text(path[-1])) >= 0.99 for term in question.terms):
                return _parts(shelf.reports[report_id], told)
    return []


def _parts(report: Report, paragraphs: Sequence[Paragraph]) -> list[Finding]:
    """Each part by its heading, with the sentence that opens it as its quote."""
    found = []
    for paragraph, heading in zip(paragraphs, own_headings(paragraphs), strict=True):
        span = next(iter(plain_sentences(paragraph.text)), None)
        if span is not None:
            found.append(Finding(report, paragraph, opening(paragraph, span, MOST_OF_ONE), span, said=heading))
    return found
