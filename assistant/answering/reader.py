"""The reader that needs no LLM: from a whole question to lines with the words that answer, or to a reason why not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering import coverage
from assistant.answering.answerable import is_answer
from assistant.answering.compose import Line
from assistant.answering.counting import counts_what_is_asked
from assistant.answering.definitions import STRICT_DEFINITION, definitions, names_a_set
from assistant.answering.extract import SHORT, Sentence, best_window, finding, rank_sentences
from assistant.answering.finding import Finding
from assistant.answering.indicators import Told, as_finding, one_for_each_time, question_for, rest_of, told
from assistant.answering.listing import each_asked, enumerated, explain, listed
from assistant.answering.opening import about_the_report, is_about_the_report
from assistant.answering.outline import goals, sections, under_heading
from assistant.facts.meaning import this_year
from assistant.language.folding import fold
from assistant.language.lexicon import Lexicon
from assistant.language.periods import find_periods
from assistant.retrieval.question import Question, Understanding
from assistant.retrieval.relevance import Weights, weigh
from assistant.retrieval.retriever import Retriever
from assistant.retrieval.shelf import Shelf
from assistant.types import Evidence, Report, Verdict

MOST_LINES = 4
"""Times or places that are answered side by side before the reader asks back instead."""
_INDICATOR_SHAPES = ("number", "fact", "explain")


@dataclass(frozen=True)
class Reading:
    """What the reader makes of a question."""

    verdict: Verdict
    lines: tuple[Line, ...] = ()
    words: str = ""
    """The reply where nothing is quoted."""
    suggestions: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    told: tuple[Told, ...] = ()
    """The statements behind the lines, where the question was for an indicator."""
    options: tuple[Told, ...] = ()
    """All statements that fit, best first; a comparison may need another than the best."""

    def choosing(self, item: Told) -> Reading:
        """The same reading with one statement as its answer."""
        return replace(self, lines=(line_of(item),), told=(item,))


@dataclass(frozen=True)
class Reader:
    """Reads the reports of one shelf."""

    shelf: Shelf
    retriever: Retriever
    understanding: Understanding
    lexicon: Lexicon
    top_k: int = 10

    def within(self, regions: frozenset[str]) -> Reader:
        """A reader that has only the reports of these regions, and has not heard of the others."""
        shelf = replace(self.shelf, only=regions)
        understanding = self.understanding.over(shelf.gazetteer)
        return replace(self, shelf=shelf, retriever=self.retriever.over(shelf), understanding=understanding)

    def read(self, question: Question) -> Reading:
        """Answer a question about one place and one time (or none)."""
        unknown = [name for name in question.subject_regions if not self.shelf.of_region(name)]
        if unknown:
            words, suggestions = coverage.no_such_place(question, self.shelf)
            return Reading("not_covered", words=words, suggestions=suggestions)
        reports = self._reports(question)
        if not reports:
            return self._no_such_time(question)
        ids = None if len(reports) == len(self.shelf.reports) else [report.id for report in reports]
        evidence = tuple(self.retriever.retrieve(question, ids, self.top_k))
        weights = weigh(question.terms, self.shelf.library)
        reading = None
        if any(term.word in question.focus for term in rest_of(question, self.lexicon)):
            # 产值和税收做到多少: the indicator is but one of the things asked.
            reading = self._from_text(question, evidence, weights)
        reading = (
            reading or self._from_indicators(question, reports, weights) or self._from_text(question, evidence, weights)
        )
        if reading is None:
            reading = self._not_stated(question, reports, weights)
        return replace(reading, evidence=self.with_cited_first(reading, evidence))

    def _reports(self, question: Question) -> list[Report]:
        period = question.periods[0] if question.periods else None
        if question.report_years:
            reports = [
                r
                for r in self.shelf.covering(question.subject_regions, None, None)
                if r.report_year in question.report_years
            ]
            if reports:
                return reports
        # Words such as 要 and 了 tell goal from result less surely than a year does: only indicators are held to them.
        role = question.role if question.indicators else None
        return self.shelf.covering(question.subject_regions, period, role)

    def _not_stated(self, question: Question, reports: Sequence[Report], weights: Weights) -> Reading:
        if not question.terms and not question.indicators:
            return Reading("needs_clarification", words=coverage.SAY_MORE)
        if not question.subject_regions:
            return Reading("not_covered", words=coverage.nothing_found(self.shelf))
        words = coverage.not_stated(question, reports)
        anyhow = replace(question, periods=(), role=None, measure=None, units=())
        held = one_for_each_time(told(anyhow, reports, self.shelf, self.lexicon, weights))
        return Reading("not_covered", words=words, suggestions=tuple(map(question_for, held)))

    def _no_such_time(self, question: Question) -> Reading:
        if not question.periods or not question.subject_regions:
            return Reading("not_covered", words=coverage.nothing_found(self.shelf))
        words, suggestions = coverage.no_such_time(
            question, question.subject_regions[0], question.periods[0], self.shelf
        )
        return Reading("not_covered", words=words, suggestions=suggestions)

    def _from_indicators(self, question: Question, reports: Sequence[Report], weights: Weights) -> Reading | None:
        if (
            not question.indicators
            or question.shape not in _INDICATOR_SHAPES
            or re.search(r"为[什啥何]|原因", question.text)
        ):
            return None
        if question.shape != "number" and rest_of(question, self.lexicon):
            return None
        items = told(question, reports, self.shelf, self.lexicon, weights)
        if not items:
            return None
        if question.periods:
            chosen = items[:1]
        else:
            chosen = one_for_each_time(items)
            latest = [item for item in chosen if item.period is not None]
            chosen = latest or chosen
        if not question.subject_regions and len({item.report.region for item in chosen}) > 1:
            return self._ask_back(question, chosen)
        chosen = chosen[:MOST_LINES]
        return Reading("answered", tuple(map(line_of, chosen)), told=tuple(chosen), options=tuple(items))

    def _ask_back(self, question: Question, items: Sequence[Told]) -> Reading:
        choices = list(dict.fromkeys((i.report.region, i.period.label if i.period else "") for i in items))
        words, suggestions = coverage.which_place(question, choices[:8])
        return Reading("needs_clarification", words=words, suggestions=suggestions)

    def _from_text(self, question: Question, evidence: Sequence[Evidence], weights: Weights) -> Reading | None:
        found = self._from_outline(question, evidence, weights)
        if found:
            return Reading("answered", (Line(tuple(found), lead=lead_of(found[0])),))
        if self._only_outline_answers(question):
            return None
        ranked = [
            s
            for s in rank_sentences(question, evidence, weights)
            if is_answer(question, s, weights) and counts_what_is_asked(question, s.text, self.understanding.segmenter)
        ]
        if not ranked:
            return None
        if self._is_ambiguous(question, ranked):
            choices = list(dict.fromkeys((s.report.region, _label(s)) for s in ranked))[:6]
            words, suggestions = coverage.which_place(question, choices)
            return Reading("needs_clarification", words=words, suggestions=suggestions)
        found = self._from_sentences(question, ranked, weights)
        return Reading("answered", (Line(tuple(found), lead=lead_of(found[0])),)) if found else None

    def _from_outline(self, question: Question, evidence: Sequence[Evidence], weights: Weights) -> list[Finding]:
        """What the report's own order tells: its opening lines, its glossary, its headings, the place of its goals."""
        if question.shape in ("who", "when", "fact") and is_about_the_report(question):
            opening = about_the_report(question, sorted({e.report.id for e in evidence}), self.shelf)
            if opening:
                return opening
        if question.shape == "who":
            return []
        if not question.indicators:
            parts = sections(question, evidence, self.shelf) or goals(question, evidence, self.shelf)
            if parts:
                return parts
        if question.shape not in ("define", "list", "fact", "explain"):
            return []
        defined = definitions(question, evidence, self.shelf)
        return defined or under_heading(question, evidence, self.shelf, weights)

    def _only_outline_answers(self, question: Question) -> bool:
        """Whether no sentence can answer what the outline does not: a name, a meaning, an indicator without a statement."""
        if question.shape == "who" or (question.shape in ("list", "fact") and names_a_set(question)):
            return True
        if question.shape == "define" and STRICT_DEFINITION.search(question.text):
            return True
        plain = question.shape in ("number", "fact") and not rest_of(question, self.lexicon)
        return bool(question.indicators) and plain

    def _from_sentences(self, question: Question, ranked: Sequence[Sentence], weights: Weights) -> list[Finding]:
        """The sentences, or the clauses of the best one, that answer a question of this shape."""
        if question.shape in ("explain", "list", "fact"):
            items = enumerated(question, ranked)
            if items:
                return items
        if question.shape == "explain" and question.indicators and not rest_of(question, self.lexicon):
            window = best_window(replace(question, shape="number"), ranked[0], weights, SHORT)
            return [finding(ranked[0], window)]
        if question.shape == "explain":
            return explain(question, ranked, weights)
        if question.shape == "list":
            return listed(question, ranked, weights)
        return each_asked(question, ranked, weights)

    def _is_ambiguous(self, question: Question, ranked: Sequence[Sentence]) -> bool:
        """A number asked of no place, which the reports of several places give equally well."""
        if question.subject_regions or question.shape != "number" or len(self.shelf.regions) < 2:
            return False
        close = {s.report.region for s in ranked if s.own >= 0.9 * ranked[0].own and s.own >= 0.75}
        return len(close) > 1

    def with_cited_first(self, reading: Reading, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
        """Retrieved passages with those that the answer stands on in front, so that the list shows what was used."""
        cited = [(f.paragraph.id, f.shown) for line in reading.lines for f in line.findings]
        if not cited:
            return tuple(evidence)
        first: list[Evidence] = []
        for paragraph_id, shown in cited:
            held = [
                e for e in evidence if e.paragraph.id == paragraph_id and e.passage.start <= shown[0] < e.passage.end
            ]
            first += held or self._evidence_for(paragraph_id, shown)
        ordered = list({e.passage.id: e for e in [*first, *evidence]}.values())[: max(self.top_k, len(first))]
        return tuple(replace(e, rank=rank) for rank, e in enumerate(ordered, start=1))

    def _evidence_for(self, paragraph_id: str, shown: tuple[int, int]) -> list[Evidence]:
        report_id = paragraph_id.split("-", 1)[0]
        for passage in self.shelf.library.passages_of(report_id):
            if passage.paragraph_id == paragraph_id and passage.start <= shown[0] < passage.end:
                paragraph = next(p for p in self.shelf.paragraphs(report_id) if p.id == paragraph_id)
                return [Evidence(1, 0.0, passage, paragraph, self.shelf.reports[report_id])]
        return []


def line_of(item: Told) -> Line:
    """A statement as a line of the answer."""
    found = as_finding(item)
    return Line((found,), lead=found.lead)


def _label(sentence: Sentence) -> str:
    return sentence.paragraph.period.label if sentence.paragraph.period else f"{sentence.report.report_year}年报告"


def lead_of(found: Finding) -> str:
    """Whose and when the words are, and whether they are a plan."""
    if found.lead:
        return found.lead
    paragraph, report = found.paragraph, found.report
    if paragraph.period is None:
        return f"{report.region}{report.report_year}年报告"
    label = paragraph.period.label
    told = find_periods(found.text[:16], report.report_year, this_year(report, paragraph.role))
    told = [mention for mention in told if not re.search(r"[比较]$", found.text[: mention.start])]
    if told and not told[0].period.partial:
        label = "" if fold(found.text).startswith(told[0].period.label) else told[0].period.label
    return f"{report.region}{label}{'计划' if paragraph.role == 'target' and label else ''}"
