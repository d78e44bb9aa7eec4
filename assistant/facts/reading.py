"""From a paragraph to its facts: read once, when the report comes in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from assistant.facts import meaning, phrases
from assistant.facts.annotated import annotate
from assistant.facts.fact import Fact
from assistant.facts.phrases import RULES
from assistant.facts.ranks import find_ranks, rows_of
from assistant.facts.rows import with_shared_ends
from assistant.facts.runs import COUNTED, THRESHOLD, Run, Spans, Told, behind, runs_of
from assistant.facts.statements import Statements
from assistant.facts.subjects import subjects_of, told_in_words
from assistant.facts.years import in_their_years
from assistant.language import hedges
from assistant.language.injection import plain_sentences
from assistant.language.lexicon import Lexicon
from assistant.language.quantities import Quantity
from assistant.language.sentences import Span, clauses
from assistant.types import Paragraph, Report

_CLAUSE_MARK = re.compile(r"[,，。;；:：]")
_OVER = frozenset(hedges.HEDGES["at least"])
_EXPECTED = re.compile("预计(?!到)")
"""Opens a sentence on the year that is about to end, in a review of several years too: what has been is not expected."""


def read_facts(paragraph: Paragraph, report: Report, lexicon: Lexicon) -> tuple[Fact, ...]:
    """Return the figures of a paragraph with what they say, in the order of the text; no figure is left out.

    A figure whose subject cannot be told safely has `subject` None. Goals in words for an indicator (与经济增长同步) are facts
    with `value` None. Sentences that address a language model are not read.
    """
    page = annotate(paragraph, report)
    facts: list[Fact] = []
    for sentence in plain_sentences(paragraph.text):
        facts += _Sentence(page, sentence, lexicon).read()
    return _numbered(facts)


@dataclass
class _Sentence(Statements):
    """One sentence that is read clause by clause, with what it has told so far."""

    told: Told = field(default_factory=Told)

    def read(self) -> list[Fact]:
        page, paragraph = self.page, self.page.paragraph
        turned, grown = paragraph.period, None
        if _EXPECTED.match(page.folded, self.span[0]) and meaning.is_review_of_years(turned, page.report):
            turned = meaning.last_year(turned)  # type: ignore[arg-type]
        self.told.sentence = self.span
        for clause in clauses(page.text, *self.span):
            words = page.folded[slice(*clause)]
            times = page.times_in(clause)
            turned = meaning.period_in(page.folded, clause, times, turned)
            if turned and turned.partial and RULES["whole year"].pattern.match(words):
                turned = paragraph.period if meaning.is_one_year(paragraph.period) else meaning.last_year(turned)
            grown = meaning.grown_since(page.folded, times, turned) or (grown if meaning.is_yearly(words) else None)
            self.clause, self.period = clause, grown or turned
            self.role = meaning.role_in(words, turned, paragraph, page.report)
            before = len(self.facts)
            self._read_figures(self._without_ranks(page.figures_in(clause)))
            self.facts[before:] = with_shared_ends(page.text, self.facts[before:])
            self._read_ranks()
            if len(self.facts) == before:
                self._read_words()
            if len(self.facts) == before:
                self.told.topic = phrases.topic_of(page.masked, *clause) or self.told.topic
                self._name_what_follows()
                self.hedges = meaning.said_ahead(words)
            else:
                self.hedges = ()
            self.facts[before:] = sorted(self.facts[before:], key=lambda fact: fact.start)
            if page.folded[clause[1] - 1 : clause[1]] in "；;" or page.folded[clause[1] : clause[1] + 1] in "；;":
                self.told.recent = []
            self.told.turn(
                is_part=bool(RULES["part"].pattern.search(page.folded, max(self.span[0], clause[0] - 3), clause[0] + 2))
            )
        return in_their_years(self.facts, page)

    def _name_what_follows(self) -> None:
        """人均生产总值超过全国平均水平，去年达到6.4万元: a clause without a figure names what the next one is a figure of."""
        start, end = phrases.trimmed(self.page.masked, *self.clause)
        opening = [m for m in self.lexicon.written_in(self.page.text[start:end]) if m.start == 0 and m.names]
        if opening:
            self.told.tell([phrases.pieces(self.page.masked, start, start + opening[0].end)])

    def _read_figures(self, figures: Sequence[Quantity]) -> None:
        if not figures:
            return
        text = self.page.masked
        rows = runs_of(text, figures)
        consumed = self.clause[0]
        for at, row in enumerate(rows):
            run = self._run(rows, at, consumed)
            if self._is_threshold(row, rows[at + 1 :]):
                counted = phrases.pieces(text, *phrases.thing_behind(text, *run.right))
                self.facts += [self._fact(figure, row[0], counted, None) for figure in row]
                continue
            attached = subjects_of(text, run, self.told, self._is_indicator)
            subjects, end = attached.subjects, attached.end
            part_of = self._whole_of(row[0])
            consumed = max(end, behind(text, row[-1].end)) if not run.linked else behind(text, row[-1].end)
            if THRESHOLD.match(text, row[-1].end) and row[-1].unit not in COUNTED:
                consumed = row[-1].start  # 50亿元以上项目12个: the threshold is part of what the next figure counts
            self.told.tell([subject for of_one in subjects for subject in of_one], attached.carried)
            self.told.measured = attached.measured
            for figure, of_one in zip(_sharing_a_unit(_sharing_a_hedge(text, row, run)), subjects, strict=True):
                for subject in of_one or [()]:
                    safe = () if self._breaks_a_name(subject) else subject
                    self.facts.append(self._fact(figure, row[0], safe, part_of))

    def _is_threshold(self, row: Sequence[Quantity], following: Sequence[Sequence[Quantity]]) -> bool:
        """产值超10亿元企业5家: the words between are all of a name that the next figure counts, and this one belongs to it."""
        if not following or row[-1].unit in COUNTED or not _OVER.intersection(row[-1].hedges):
            return False
        between = (behind(self.page.masked, row[-1].end), following[0][0].start)
        return between[0] < between[1] and phrases.thing_behind(self.page.masked, *between) == between

    def _breaks_a_name(self, subject: Spans) -> bool:
        """Whether words begin or end inside a quotation (实施“|1%工作法”), or are no words: such a figure is part of a name."""
        words = [self.page.text[slice(*span)] for span in subject]
        torn = any(word.count("“") != word.count("”") for word in words)
        return torn or (bool(words) and not re.search(r"\w", "".join(words)))

    def _whole_of(self, figure: Quantity) -> str | None:
        """What a figure is a part of, where 其中 stands between it and the figure before."""
        before = [fact for fact in self.facts if fact.end <= figure.start]
        if not before or not RULES["part"].pattern.search(self.page.masked, before[-1].end, figure.start):
            return None
        return before[-1].subject

    def _run(self, rows: Sequence[tuple[Quantity, ...]], at: int, consumed: int) -> Run:
        text, row = self.page.masked, rows[at]
        starts = [other[0].start for other in rows[at + 1 :]] + [self.clause[1]]
        right = (behind(text, row[-1].end), starts[0])
        if len(starts) > 1 and text.startswith("的", right[0]) and not _CLAUSE_MARK.search(text, *right):
            # 总投资9.64亿元的10条道路: both are figures of the roads.
            right = (behind(text, rows[at + 1][-1].end), starts[1])
            return Run(row, (consumed, row[0].start), right, ends=len(starts) == 2, linked=True)
        adjoining = THRESHOLD.match(text, rows[at + 1][-1].end) if len(starts) > 1 else None
        if adjoining and row[-1].unit in COUNTED and not text[right[0] : starts[0]].strip():
            # 49个亿元以上项目: what is counted stands behind the threshold.
            right = (adjoining.end(), starts[1])
            return Run(row, (consumed, row[0].start), right, ends=len(starts) == 2)
        last = self._describes(rows, at)
        if last is not None:
            right = (behind(text, rows[last][-1].end), starts[last - at])
            return Run(row, (consumed, row[0].start), right, ends=last == len(rows) - 1, linked=True)
        return Run(row, (consumed, row[0].start), right, ends=len(starts) == 1)

    def _describes(self, rows: Sequence[tuple[Quantity, ...]], at: int) -> int | None:
        """The row of figures that ends what is said of the thing: 2个投资不低于2000万元、带动100人以上的项目."""
        text, row = self.page.masked, rows[at]
        if row[-1].unit not in COUNTED or at + 1 == len(rows):
            return None
        measured = phrases.trimmed(text, behind(text, row[-1].end), rows[at + 1][0].start)
        if not phrases.is_measured(text[slice(*measured)]):
            return None
        for last in range(at + 1, len(rows)):
            if text.startswith("的", behind(text, rows[last][-1].end)):
                return last
        return None

    def _without_ranks(self, figures: Sequence[Quantity]) -> list[Quantity]:
        """The figures of the clause that are no part of a rank: not the 10 of 全国前10."""
        ranks = [rank.figure for rank in find_ranks(self.page.folded, self.clause, self.clause[0])] if figures else []
        return [one for one in figures if not any(rank.start <= one.start < rank.end for rank in ranks)]

    def _read_ranks(self) -> None:
        page = self.page
        since = max([self.clause[0], *(fact.end for fact in self.facts)])
        for row in rows_of(page.folded, find_ranks(page.folded, self.clause, since)):
            figures = tuple(rank.figure for rank in row)
            earlier = [fact.end for fact in self.facts if self.clause[0] <= fact.end <= figures[0].start]
            run = Run(figures, (max([self.clause[0], *earlier]), row[0].said_from), (figures[-1].end,) * 2)
            attached = subjects_of(page.masked, run, self.told, self._is_indicator).subjects
            if len(row) == 1 and RULES["each"].pattern.search(page.masked, *run.left):
                attached = [self._each_told(run.left) or attached[0]]
            for rank, subjects in zip(row, attached, strict=True):
                self.told.tell(subjects)
                for subject in subjects or [self.told.last]:
                    fact = self._fact(rank.figure, rank.figure, subject, None)
                    self.facts.append(
                        replace(fact, measure="rank", direction=0, aggregate=None, of=row[0].among, place=None)
                    )

    def _each_told(self, left: Span) -> list[Spans]:
        """工业投资增长14%，农村居民收入增长7%，增幅均居全省第二: what 均 holds together, back to the last semicolon."""
        own = phrases.trimmed(self.page.masked, *left)
        if own[0] < own[1] and not phrases.is_measured(self.page.masked[slice(*own)]):
            return []
        since = max(self.page.folded.rfind(mark, self.span[0], self.clause[0]) for mark in "；;")
        told = dict.fromkeys(f.subject_spans for f in self.facts if f.start > since and f.subject_spans)
        return [(*spans, *phrases.pieces(self.page.masked, *own)) for spans in told] if len(told) > 1 else []

    def _read_words(self) -> None:
        """Goals and results in words, where a clause has no figure: 居民收入增长与经济增长同步."""
        start, end = self.clause
        match = RULES["in words"].pattern.search(self.page.masked, start, end)
        if match is None:
            return
        run = Run((), (start, match.start()), (match.end(), match.end()))
        for subject in told_in_words(self.page.masked, run, self.told, self._is_told_in_words):
            figure = Quantity(match.start(), match.end(), match.group(), Decimal(0), "")
            fact = self._fact(figure, figure, subject, None)
            if self._is_told_in_words((fact.subject or "").replace(" · ", "")):
                self.told.tell([subject])
                self.facts.append(replace(fact, value=None, measure="change"))


def _sharing_a_hedge(text: str, row: Sequence[Quantity], run: Run) -> Iterator[Quantity]:
    """分别增长5%、6.5%左右: the hedge behind the last is said of all that 分别 holds together."""
    last = hedges.AFTER.match(text, row[-1].end)
    alone = not any(hedges.AFTER.match(text, figure.end) for figure in row[:-1])
    shared = last is not None and alone and RULES["respectively"].pattern.search(text, *run.left)
    for figure in row[:-1]:
        yield replace(figure, hedges=(*figure.hedges, last.group())) if shared and last else figure
    yield row[-1]


def _sharing_a_unit(row: Iterable[Quantity]) -> list[Quantity]:
    """5.1、4.1、4.7个百分点: the unit behind the last is that of all, where no magnitude comes between."""
    figures = list(row)
    unit = figures[-1].unit
    if unit in meaning.PERCENT or "/" in unit:
        figures[:-1] = [figure if figure.unit else replace(figure, unit=unit) for figure in figures[:-1]]
    return figures


def _numbered(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Give each fact its place, and the places of those of the same subject in its sentence."""
    placed = [replace(fact, ordinal=at) for at, fact in enumerate(facts)]
    alike: dict[tuple[Span, Spans], list[int]] = {}
    for fact in placed:
        if fact.subject:
            alike.setdefault((fact.sentence, fact.subject_spans), []).append(fact.ordinal)
    return tuple(
        replace(fact, beside=tuple(n for n in alike.get((fact.sentence, fact.subject_spans), ()) if n != fact.ordinal))
        for fact in placed
    )
