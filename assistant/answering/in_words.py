"""Whether a goal was met, where the report says so in words alone: 经济增速等指标未实现年初确定目标."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.answering.compose import Line
from assistant.answering.finding import Finding
from assistant.answering.reader import Reader
from assistant.language.folding import fold
from assistant.language.injection import plain_sentences
from assistant.language.ruleset import read_rules
from assistant.language.sentences import clauses
from assistant.retrieval.question import Question
from assistant.retrieval.relevance import bare_text, match
from assistant.types import Report

_TELLS = read_rules("asking")["tells whether goals were met"].pattern


def told_in_words(reader: Reader, question: Question, year: int, matter: str) -> list[Line]:
    """Return the first clause of the report after a year that says whether the goal asked about was met; empty where none does.

    `matter` is what is asked about beside place, time and that goals were met, where it is no indicator.
    """
    for report in reader.shelf.of_region(question.subject_regions[0]):
        if report.report_year == year + 1:
            found = next(_clauses(reader, question, report, matter), None)
            if found:
                return [Line((found,), lead=f"{report.region}{report.report_year}年报告的说法")]
    return []


def _clauses(reader: Reader, question: Question, report: Report, matter: str) -> Iterator[Finding]:
    asked = {name for names in question.indicators for name in names}
    terms = [term for term in question.terms if term.word in matter]
    for paragraph in reader.shelf.paragraphs(report.id):
        if paragraph.role == "target":
            continue
        for span in plain_sentences(paragraph.text):
            for clause in clauses(paragraph.text, *span):
                words = fold(paragraph.text[slice(*clause)])
                if not _TELLS.search(words):
                    continue
                named = {name for mention in reader.lexicon.asked_in(words) for name in mention.names}
                if asked & named or any(match(term, bare_text(words)) >= 1 for term in terms):
                    yield Finding(report, paragraph, clause, span)
