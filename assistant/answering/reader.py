"""The reader that needs no LLM: from a whole question to lines with the words that answer, or to a reason why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from assistant.answering import coverage, eligible
from assistant.answering.about import RULES
from assistant.answering.asking_back import of_one_place, which_place
from assistant.answering.cited import cited_first
from assistant.answering.compose import Line
from assistant.answering.definitions import definitions, glossary_entry
from assistant.answering.extract import fact_of
from assistant.answering.features import MOST_PASSAGES, Candidate, Vector, figures, sentences
from assistant.answering.goal_reasons import reasons_of_goals
from assistant.answering.indicators import one_for_each_time, question_for, rest_of, told
from assistant.answering.judge import Kind, load_judge
from assistant.answering.judged import as_sentences, regions_alike, shown_figures, times_of
from assistant.answering.listing import asked_count, enumerated, explain, lacking, listed, of_the_kind, reason_after
from assistant.answering.lists import announced, called, owned_up
from assistant.answering.opening import about_the_report, is_about_the_report
from assistant.answering.outline import set_out, under_heading
from assistant.answering.reading import Reading, line_from
from assistant.answering.scope import in_scope, mentioning, of_the_years_held, one_of_each_place, ways, year_is_missing
from assistant.answering.sections import Matter, Point
from assistant.answering.stated import stated
from assistant.answering.topic import (
    LEAST_SHARE,
    as_points,
    cut_short,
    in_order,
    names_all_of,
    of_role_asked,
    of_the_very_time,
    overview,
    points,
)
from assistant.facts.told import Told
from assistant.language.folding import fold
from assistant.language.lexicon import Lexicon
from assistant.language.regions import ancestors, short_name
from assistant.panel.panel import Panel
from assistant.retrieval.asking import numbers_asked
from assistant.retrieval.question import Question, Understanding
from assistant.retrieval.relevance import Weights, bare_text, match, weigh
from assistant.retrieval.retriever import Retriever
from assistant.retrieval.shelf import Shelf
from assistant.types import Evidence, Report

TOPIC = 0.5
"""Probability from which the state of a matter is taken to be asked for."""
NO_PLACE = 0.3
"""Confidence from which a report answers of which the question names no place, where several places are held."""
CONTENT = 0.2
"""Weight from which a word names a matter: 总结 and 工作 name none."""
MATTER = 0.5
"""Weight from which a word names a matter even if no report has it: an overview is no answer to 办学上的成绩."""


@dataclass(frozen=True)
class Reader:
    """Reads the reports of one shelf."""

    shelf: Shelf
    retriever: Retriever
    understanding: Understanding
    lexicon: Lexicon
    vector: Vector
    """Gives the vectors that the judge was trained on."""
    top_k: int = 10

    @cached_property
    def panel(self) -> Panel:
        """The same reports as panel data."""
        return Panel(self.shelf, self.lexicon)

    def within(self, regions: frozenset[str]) -> Reader:
        """A reader that has only the reports of these regions, and has not heard of the others."""
        shelf = replace(self.shelf, only=regions)
        understanding = self.understanding.over(shelf.gazetteer, shelf.newest_year, shelf.names_in_quotes)
        return replace(self, shelf=shelf, retriever=self.retriever.over(shelf), understanding=understanding)

    def candidates(self, question: Question, kind: Kind) -> list[Candidate]:
        """Return what may answer a question about one place and one time, likeliest first, each with its probability."""
        reports = in_scope(question, self.shelf)
        ids = None if len(reports) == len(self.shelf.reports) else [report.id for report in reports]
        evidence = self.retriever.retrieve(question, ids, MOST_PASSAGES)
        return self._judged(question, evidence, weigh(question.terms, self.shelf.library), kind)

    def found(self, question: Question) -> tuple[Evidence, ...]:
        """Return the passages of the reports in scope that are nearest to a question, best first."""
        ids = [report.id for report in in_scope(question, self.shelf)]
        return tuple(self.retriever.retrieve(question, ids or None, self.top_k))

    def _judged(
        self, question: Question, evidence: Sequence[Evidence], weights: Weights, kind: Kind
    ) -> list[Candidate]:
        if kind == "figures":
            found = figures(question, evidence, weights, self.shelf, self.lexicon, self.vector)
        else:
            found = sentences(question, evidence, weights, self.shelf, self.vector)
        # Whatever else speaks for it: nothing is answered from another time, nor a figure for a role that is surely not asked for.
        return [candidate for candidate in load_judge(kind).judged(found) if eligible.may_answer(question, candidate)]

    def read(self, question: Question) -> Reading:
        """Answer a question about one place and one time (or none)."""
        unknown = [name for name in question.subject_regions if not self.shelf.of_region(name)]
        if unknown:
            words, suggestions = coverage.no_such_place(question, self.shelf)
            told = self._told_above(question, unknown[0]) if len(question.subject_regions) == 1 else None
            return told or Reading("not_covered", words=words, suggestions=suggestions, decided_by="catalogue: place")
        question = of_the_years_held(question, self.shelf)
        reports = in_scope(question, self.shelf)
        if not reports:
            about_it = mentioning(question, self.shelf)
            told = self._read_in(question, about_it) if about_it else None
            return told if told and told.verdict == "answered" else self._no_such_time(question)
        plain: Reading | None = None
        for taken, among in ways(question, reports, self.shelf):
            reading = self._read_in(taken, among)
            if reading.verdict == "answered":
                return reading
            plain = reading if taken is question else plain
        assert plain is not None
        return plain

    def _read_in(self, question: Question, reports: Sequence[Report]) -> Reading:
        """Answer from some reports, or say that nothing in them does."""
        ids = None if len(reports) == len(self.shelf.reports) else [report.id for report in reports]
        evidence = tuple(self.retriever.retrieve(question, ids, max(self.top_k, MOST_PASSAGES)))
        weights = weigh(question.terms, self.shelf.library)
        reading = (
            reasons_of_goals(question, reports, self.shelf)
            or self._topic(question, reports, evidence, weights)
            or stated(question, reports, weights, self.shelf, self.lexicon)
            or self._judged_reading(question, evidence, weights)
            or self._not_stated(question, reports, weights)
        )
        return replace(reading, evidence=self.with_cited_first(reading, evidence[: self.top_k]))

    def _told_above(self, question: Question, place: str) -> Reading | None:
        """What the report of a larger place says of a place that has none here; it must name the place in the very sentence."""
        above = [region for region in sorted(ancestors(place)) if self.shelf.of_region(region)]
        if not above:
            return None
        reading = self.read(replace(question, subject_regions=tuple(above)))
        findings = [finding for line in reading.lines for finding in line.findings]
        if not findings or not all(short_name(place) in finding.quoted for finding in findings):
            return None
        return replace(
            reading, lines=(Line(words=f"没有收录{place}的报告；{above[0]}的报告里这样写："), *reading.lines)
        )

    def _not_stated(self, question: Question, reports: Sequence[Report], weights: Weights) -> Reading:
        if not question.terms and not question.indicators:
            return Reading("needs_clarification", words=coverage.SAY_MORE, decided_by="nothing asked")
        if not question.subject_regions:
            return Reading("not_covered", words=coverage.nothing_found(self.shelf), decided_by="not stated")
        if year_is_missing(question, self.shelf):
            return self._no_such_time(question)
        words = coverage.not_stated(question, reports)
        anyhow = replace(question, periods=(), role=None, measure=None, units=())
        held = one_for_each_time(told(anyhow, reports, self.shelf, self.lexicon, weights))
        return Reading("not_covered", words=words, suggestions=tuple(map(question_for, held)), decided_by="not stated")

    def _no_such_time(self, question: Question) -> Reading:
        if not question.periods or not question.subject_regions:
            return Reading("not_covered", words=coverage.nothing_found(self.shelf), decided_by="catalogue: time")
        period, held = question.periods[0], self.shelf.of_region(question.subject_regions[0])
        if period.first and period.last and period.first < period.last:
            within = [report for report in held if period.first <= report.report_year - 1 <= period.last]
            if within:  # some of the years are told of: that none is would be false
                return Reading("not_covered", words=coverage.not_stated(question, within), decided_by="not stated")
        words, suggestions = coverage.no_such_time(
            question, question.subject_regions[0], question.periods[0], self.shelf
        )
        return Reading("not_covered", words=words, suggestions=suggestions, decided_by="catalogue: time")

    def _topic(
        self, question: Question, reports: Sequence[Report], evidence: Sequence[Evidence], weights: Weights
    ) -> Reading | None:
        """The state of a matter, or where no matter is named the overview of the newest report asked about."""
        told = " ".join(item.paragraph.text for item in evidence)
        named = [t for t in question.terms if weights.of_term[t.word] >= CONTENT and match(t, bare_text(told)) > 0]
        if question.shape in ("list", "explain", "fact") and not question.indicators:
            heavy = [term.word for term in named if weights.of_term[term.word] >= MATTER]
            admitted = owned_up(question, one_of_each_place(reports), heavy, self.shelf)
            if problems := of_one_place(question, admitted, "problems"):
                return problems
        if question.asked.probability("intent", "topic") < TOPIC or question.shape in ("who", "when", "define"):
            return None
        matter = [term for term in question.terms if weights.of_term[term.word] >= MATTER]
        if (
            not question.indicators
            and not named
            and not matter
            and RULES["asks for an overview"].pattern.search(fold(question.text))
        ):
            years = {period.last for period in question.periods} | set(question.report_years)
            asked = [report for report in reports if report.report_year in years] or reports
            told_of = {
                report: tuple(overview(report, self.shelf))
                for report in one_of_each_place(asked)[: coverage.MOST_PLACES]
            }
            return of_one_place(question, {one: lines for one, lines in told_of.items() if lines}, "overview")
        judged = list(filter(eligible.speaks_of, self._judged(question, evidence, weights, "sentences")))
        is_sure = self._is_sure(question, judged, "sentences")
        if not is_sure:
            # How 高铁 stands is told by all that names it: that nothing of it is there would be false.
            judged = [candidate for candidate in judged if names_all_of(question, candidate.text, weights)]
            if not judged or not question.subject_regions:
                return None
        if not question.subject_regions and len(alike := regions_alike(judged)) > 1:
            return which_place(question, times_of(alike))
        about = self._about(question, judged, weights)
        ranked = as_sentences(about.judged)[:1]  # what another sentence announces is another matter
        items = announced(question, ranked, self.shelf) or enumerated(question, ranked)
        if enumeration := Reading.quoting(items, "enumeration"):
            return enumeration
        lines = points(about, reports, LEAST_SHARE if is_sure else 0.0)
        return Reading("answered", tuple(lines), decided_by="topic")

    def _about(self, question: Question, judged: Sequence[Candidate], weights: Weights) -> Matter:
        """What is asked about, as it is looked for among the sentences of the role and the time that are asked for."""
        return Matter(question, of_the_very_time(of_role_asked(question, judged)), self.shelf, weights, self.lexicon)

    def _judged_reading(self, question: Question, evidence: Sequence[Evidence], weights: Weights) -> Reading | None:
        """What the judge takes for an answer: a figure where a number is asked for, else what the outline tells, or sentences."""
        if question.shape in ("number", "rank"):
            figure = self._from_figures(question, evidence, weights)
            if figure or (eligible.needs_a_figure(question) and not eligible.asks_for_goals_of_a_matter(question)):
                return figure
        if question.shape == "list" and question.subject_regions:
            reports = list({item.report.id: item.report for item in evidence}.values())
            if found := Reading.quoting(called(question, reports, weights, self.shelf), "list"):
                return found
        outlined = self._from_outline(question, evidence, weights)
        if outlined or self._only_outline_answers(question):
            return outlined
        return self._from_sentences(question, evidence, weights)

    def _from_figures(self, question: Question, evidence: Sequence[Evidence], weights: Weights) -> Reading | None:
        judged = self._judged(question, evidence, weights, "figures")
        judged = [candidate for candidate in judged if eligible.counts_just_that(question, candidate)]
        if question.indicators and not rest_of(question, self.lexicon):
            # Just an indicator is asked for: no figure of another thing answers, nor a growth for an amount.
            judged = [candidate for candidate in judged if eligible.is_just_that(question, candidate)]
        if not self._is_sure(question, judged, "figures"):
            return None
        if not question.subject_regions and len(alike := regions_alike(judged)) > 1:
            return which_place(question, times_of(alike))
        asked = len(question.units) if question.shape == "number" else 1 + len(numbers_asked(fold(question.text)))
        found = shown_figures(judged, asked, self.shelf, question.units)
        told_by = (Told(judged[0].report, judged[0].paragraph, judged[0].fact),) if judged[0].fact else ()
        return Reading("answered", (line_from([found]),), told=told_by, decided_by="figure")

    def _is_sure(self, question: Question, judged: Sequence[Candidate], kind: Kind) -> bool:
        """Whether the first of the judged answers; where no place is named and several are held, chance finds more that seems to."""
        judge = load_judge(kind)
        named = question.subject_regions or len(self.shelf.regions) < 2
        return bool(judged) and judge.confidence(judged) >= (judge.least if named else max(judge.least, NO_PLACE))

    def _from_outline(self, question: Question, evidence: Sequence[Evidence], weights: Weights) -> Reading | None:
        """What the report's own order tells: its opening lines, its glossary, its headings, the place of its goals."""
        if question.shape in ("who", "when", "fact", "list") and is_about_the_report(question):
            ids = sorted({item.report.id for item in evidence})
            if opening := Reading.quoting(about_the_report(question, ids, self.shelf), "outline"):
                return opening
        if entry := glossary_entry(question, evidence, self.shelf):
            return Reading.quoting([entry], "outline")
        if not question.indicators and (told := set_out(question, evidence, self.shelf)):
            return of_one_place(question, {report: (line_from(parts),) for report, parts in told.items()}, "outline")
        if question.shape not in ("define", "list", "fact", "explain"):
            return None
        defined = definitions(question, evidence, self.shelf)
        found = defined or under_heading(question, evidence, self.shelf, weights)
        return Reading.quoting(found, "outline")

    def _only_outline_answers(self, question: Question) -> bool:
        """Whether no sentence can answer what the outline does not: an indicator without a statement."""
        return (
            bool(question.indicators) and question.shape in ("number", "fact") and not rest_of(question, self.lexicon)
        )

    def _from_sentences(self, question: Question, evidence: Sequence[Evidence], weights: Weights) -> Reading | None:
        """The sentences that the judge takes for an answer, or those of their clauses that a question of this shape asks for."""
        judged = self._judged(question, evidence, weights, "sentences")
        judged = [c for c in judged if eligible.speaks_of(c) and eligible.tells_what_is_asked(question, c)]
        if not self._is_sure(question, judged, "sentences"):
            return None
        if not question.subject_regions and len(alike := regions_alike(judged)) > 1:
            return which_place(question, times_of(alike))
        ranked = as_sentences(judged)
        found = announced(question, ranked, self.shelf) if question.shape == "list" else []
        found = found or enumerated(question, ranked)
        told: list[Point] = []
        if not found and question.shape == "list" and not asked_count(question):
            told = of_the_kind(question, self._about(question, judged, weights).under_its_name())
            found = list(as_points(question, in_order(told), weights))
        if not found and question.shape in ("fact", "when"):
            found = [fact_of(question, ranked[0], weights)]
        elif not found:
            found = (listed if question.shape == "list" else explain)(question, ranked, weights)
        if RULES["asks for reasons"].pattern.search(fold(question.text)):
            found = [*found, *reason_after(found)]
        if question.shape != "list" and ranked[0].leads_on and (items := announced(question, ranked[:1], self.shelf)):
            found = [*found[:1], *items]
        line = line_from(eligible.goals_among(question, found, self.shelf))
        lines = (line, *cut_short(told)) if told else (*lacking(question, found), line)
        return Reading("answered", lines, decided_by="sentence")

    def with_cited_first(self, reading: Reading, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
        """Retrieved passages with those that the answer stands on in front, so that the list shows what was used."""
        return cited_first(reading, evidence, self.shelf, self.top_k)
