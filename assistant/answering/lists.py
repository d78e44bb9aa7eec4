"""Lists as the reports set them out: what a sentence announces (今年重点做好八个方面), whole, in its order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.extract import LONG, Sentence
from assistant.answering.finding import Finding
from assistant.answering.listing import asked_count
from assistant.answering.topic import opening
from assistant.corpus.headings import marked
from assistant.facts.fact import Item
from assistant.retrieval.question import Question
from assistant.retrieval.relevance import Weights
from assistant.retrieval.shelf import Shelf
from assistant.types import Paragraph, Report

NAMED = 0.75
"""Share of the question's content that the words announcing a list must hold to be asked for by name."""
LIKELY = 0.4
"""Share of the likeliest sentence's probability from which what it announces is the answer."""


def called(question: Question, reports: Sequence[Report], weights: Weights, shelf: Shelf) -> list[Finding]:
    """Return the items of the list whose announcement holds what is asked and as many items; empty where none does."""
    wanted = asked_count(question)
    best: tuple[float, list[Item], Report] | None = None
    for report in reports:
        for items in _lists(report, shelf):
            fits = wanted in (0, len(items)) and items[0].announced == len(items)
            share = weights.coverage(question.terms, items[0].heading) if fits and question.terms else 0.0
            if share >= NAMED and (best is None or share > best[0]):
                best = share, items, report
    return _findings(best[1], best[2], shelf) if best else []


def announced(question: Question, ranked: Sequence[Sentence], shelf: Shelf) -> list[Finding]:
    """Return the items of the list that one of the likeliest sentences announces; empty where none does."""
    wanted = asked_count(question)
    for sentence in ranked[:4]:
        if sentence.score < LIKELY * ranked[0].score:
            break
        for items in _lists(sentence.report, shelf):
            paragraph, _, at = items[0].list_id.rpartition("-l")
            inside = paragraph == sentence.paragraph.id and sentence.span[0] <= int(at) < sentence.span[1]
            if inside and wanted in (0, len(items)):
                return _findings(items, sentence.report, shelf)
    return []


def _lists(report: Report, shelf: Shelf) -> list[list[Item]]:
    """The lists of a report that its text announces, each in its order."""
    found: dict[str, list[Item]] = {}
    for item in shelf.items(report.id):
        if item.kind in ("list", "problem") and "-l" in item.list_id:
            found.setdefault(item.list_id, []).append(item)
    return [items for items in found.values() if len(items) >= 2]


def _findings(items: Sequence[Item], report: Report, shelf: Shelf) -> list[Finding]:
    """Each item by its heading, where it has one of its own, else by its first clauses, as far as there is room for all."""
    paragraphs = [shelf.paragraph(item.paragraph_id) for item in items]
    headings = [_own_heading(paragraph) for paragraph in paragraphs]
    headed = len(set(headings)) == len(items) and all(headings)
    room = max(10, (LONG - 10) // len(items) - 2)
    found = []
    for item, paragraph, heading in zip(items, paragraphs, headings, strict=True):
        shown = opening(paragraph, (item.start, item.end), room)
        finding = Finding(report, paragraph, shown, (item.start, item.end))
        found.append(replace(finding, said=re.split(r"[,，]", heading)[0]) if headed else finding)
    return found


def _own_heading(paragraph: Paragraph) -> str:
    """The innermost heading without its number."""
    heading = paragraph.headings[-1] if paragraph.headings else ""
    found = marked(heading)
    return heading[found[1] :] if found else heading
