"""Lists as the reports set them out: what a sentence announces (今年重点做好八个方面), whole, in its order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.about import RULES
from assistant.answering.compose import Line
from assistant.answering.extract import Sentence, point
from assistant.answering.finding import Finding
from assistant.answering.listing import asked_count
from assistant.answering.sections import bare
from assistant.facts.fact import Item
from assistant.facts.items import GLOSSARY
from assistant.language.folding import fold
from assistant.language.ruleset import read_rules
from assistant.retrieval.question import Question
from assistant.retrieval.relevance import Weights
from assistant.retrieval.shelf import Shelf
from assistant.types import Paragraph, Report

NAMED = 0.75
"""Share of the question's content that the words announcing a list must hold to be asked for by name."""
MOST_PROBLEMS = 10
_COUNTED = read_rules("lists")["counted name"].pattern
LARGE = 4
"""Items of a list from which their number may tell it from the others."""
NAMES = 0.4
"""Weight of a word from which it tells one list from another: 重点工作 does not."""
LIKELY = 0.4
"""Share of the likeliest sentence's probability from which what it announces is the answer."""


def called(question: Question, reports: Sequence[Report], weights: Weights, shelf: Shelf) -> list[Finding]:
    """Return the items of the list whose announcement holds what is asked and as many items; empty where none does."""
    wanted = asked_count(question)
    best: tuple[float, list[Item], Report] | None = None
    names = any(weights.of_term[term.word] >= NAMES or term.is_matter for term in question.terms)
    for report in reports if names else ():
        for items in lists_of(report, shelf):
            fits = wanted in (0, len(items)) and items[0].announced == len(items)
            share = weights.coverage(question.terms, items[0].heading) if fits and question.terms else 0.0
            share = 1.0 if fits and _is_named(items[0].heading, question) else share
            if share >= NAMED and (best is None or share > best[0]):
                best = share, items, report
    if best is None and wanted >= LARGE and not names:
        # 着重抓哪八个方面: nothing but the number says which, and only one list has so many.
        counted = [
            (items, report)
            for report in reports
            for items in lists_of(report, shelf)
            if items[0].announced == len(items) == wanted and _is_planned(shelf.paragraph(items[0].paragraph_id))
        ]
        best = (1.0, *counted[0]) if len(counted) == 1 else None
    return findings_of(best[1], best[2], shelf) if best else []


def owned_up(
    question: Question, reports: Sequence[Report], named: Sequence[str], shelf: Shelf
) -> dict[Report, tuple[Line, ...]]:
    """The problems of reports where they are asked for as such; empty where `named` has another matter, or none tells any.

    Who gave the report is no matter: 李云市长那份报告承认了哪些毛病.
    """
    asks, text = RULES["asks for problems"].pattern, fold(question.text)
    rest = RULES["who gives a report"].pattern.sub("", asks.sub("", text))
    if not asks.search(text):
        return {}
    told: dict[Report, tuple[Line, ...]] = {}
    for report in reports:
        others = [word for word in named if word in rest and word not in (report.speaker or "")]
        if not others and (found := _problems(report, shelf)):
            told[report] = (Line(tuple(found), lead=f"{report.region}{report.report_year}年报告提到的问题"),)
    return told


def _problems(report: Report, shelf: Shelf) -> list[Finding]:
    """The problems that a report says it has, item by item; empty where it says none."""
    found = [items for items in lists_of(report, shelf, fewest=1) if items[0].kind == "problem"]
    return findings_of(max(found, key=len)[:MOST_PROBLEMS], report, shelf) if found else []


def announced(question: Question, ranked: Sequence[Sentence], shelf: Shelf) -> list[Finding]:
    """Return the items of the list that one of the likeliest sentences announces; empty where none does."""
    wanted = asked_count(question)
    for sentence in ranked[:4]:
        if sentence.score < LIKELY * ranked[0].score:
            break
        for items in lists_of(sentence.report, shelf):
            paragraph, _, at = items[0].list_id.rpartition("-l")
            inside = paragraph == sentence.paragraph.id and sentence.span[0] <= int(at) < sentence.span[1]
            # Names in a row (打赢“3·24”“4·17”两场阻击战) are less than the sentence says, where no list is asked for.
            is_less = question.shape != "list" and not wanted and _ends_within(items[-1], sentence)
            if inside and wanted in (0, len(items)) and not is_less:
                return findings_of(items, sentence.report, shelf)
    return []


def _ends_within(item: Item, sentence: Sentence) -> bool:
    return item.paragraph_id == sentence.paragraph.id and item.end <= sentence.span[1]


def _is_named(heading: str, question: Question) -> bool:
    """Whether a question names a list by the very words that count it: 三大枢纽 of 全力打造“三大枢纽”."""
    name = _COUNTED.search(fold(heading))
    return name is not None and name["name"] in fold(question.text)


def _is_planned(paragraph: Paragraph) -> bool:
    """Whether a paragraph is part of what a report plans, and not an entry of its glossary."""
    return paragraph.role == "target" and GLOSSARY not in paragraph.headings


def lists_of(report: Report, shelf: Shelf, fewest: int = 2) -> list[list[Item]]:
    """The lists of a report that its text announces, each of at least the `fewest` items and in its order."""
    found: dict[str, list[Item]] = {}
    for item in shelf.items(report.id):
        if item.kind in ("list", "problem") and "-l" in item.list_id:
            found.setdefault(item.list_id, []).append(item)
    return [items for items in found.values() if len(items) >= fewest]


def findings_of(items: Sequence[Item], report: Report, shelf: Shelf) -> list[Finding]:
    """Each item by its heading, where it has one of its own, else whole."""
    paragraphs = [shelf.paragraph(item.paragraph_id) for item in items]
    headings = own_headings(paragraphs)
    # A problem is a sentence, and what it comes to stands at its end.
    headed = items[0].kind != "problem" and len(set(headings)) == len(items) and all(headings)
    found = []
    for item, paragraph, heading in zip(items, paragraphs, headings, strict=True):
        finding = point(report, paragraph, (item.start, item.end))
        found.append(replace(finding, said=re.split(r"[,，]", heading)[0]) if headed else finding)
    return found


def own_headings(paragraphs: Sequence[Paragraph]) -> list[str]:
    """The heading of each item where they part: not 强化污染防治, which is the first part of （一）加强环境保护."""
    paths = [paragraph.headings for paragraph in paragraphs]
    depth = next((n for n, level in enumerate(zip(*paths, strict=False)) if len(set(level)) > 1), None)
    return [bare(path[depth]) if depth is not None else "" for path in paths]
