"""From a paragraph to its facts: read once, when the report comes in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from assistant.facts import meaning, phrases
from assistant.facts.annotated import Annotated, annotate
from assistant.facts.fact import Fact, Measure
from assistant.facts.indicators import indicator_of
from assistant.facts.phrases import RULES
from assistant.facts.ranks import find_ranks
from assistant.facts.subjects import Run, Spans, Told, behind, runs_of, subjects_of, told_in_words
from assistant.language import hedges
from assistant.language.injection import plain_sentences
from assistant.language.lexicon import Lexicon
from assistant.language.quantities import Quantity
from assistant.language.sentences import Span, clauses
from assistant.types import Paragraph, Period, Report, Role

_CLAUSE_MARK = re.compile(r"[,，。;；:：]")
_AFTER = 8
"""Characters behind a figure that may say what kind it is: 以年均23%的速度增长."""
_RAISED_FROM = re.compile(r"[由从][^,，、。；\d]{0,6}$")
_RAISED_TO = re.compile(r"[^,，。；\d]{0,8}[到至]")
_THRESHOLD = re.compile(r"(?:以上|以下|以内|内)(?:的)?(?=[\u4e00-\u9fff]{2})")
_OVER = frozenset(hedges.HEDGES["at least"])
_EXPECTED = re.compile("预计(?!到)")
"""Opens a sentence on the year that is about to end, in a review of several years too: what has been is not expected."""
_GROWN = re.compile(r"涨幅|增速|增幅|增长|降幅")
_INDICATOR_LIKE = re.compile(r"(?:率|指标|排放|能耗|收入|收支|支出|质量|浓度|总量|强度|价格|水耗|减排|双控|能力)$")
"""Subjects of which a goal in words is kept although they are no named indicator."""


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
class _Sentence:
    """One sentence that is being read, clause by clause, with what it has told so far."""

    page: Annotated
    span: Span
    lexicon: Lexicon
    told: Told = field(default_factory=Told)
    facts: list[Fact] = field(default_factory=list)
    clause: Span = (0, 0)
    period: Period | None = None
    """The time that the clause speaks of."""
    role: Role | None = None

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
            grown = meaning.grown_since(page.folded, times, turned) or (grown if meaning.is_yearly(words) else None)
            self.clause, self.period = clause, grown or turned
            self.role = meaning.role_in(words, turned, paragraph, page.report)
            before = len(self.facts)
            self._read_figures(page.figures_in(clause))
            self._read_ranks()
            if len(self.facts) == before:
                self._read_words()
            if len(self.facts) == before:
                self.told.topic = phrases.topic_of(page.masked, *clause) or self.told.topic
            self.facts[before:] = sorted(self.facts[before:], key=lambda fact: fact.start)
            self.told.turn()
        return _within_spans(self.facts, paragraph.period)

    def _read_figures(self, figures: Sequence[Quantity]) -> None:
        if not figures:
            return
        text = self.page.masked
        rows = runs_of(text, figures)
        consumed = self.clause[0]
        for at, row in enumerate(rows):
            run = self._run(rows, at, consumed)
            if self._is_threshold(row, rows[at + 1 :]):
                self.facts.append(self._fact(row[-1], row[0], (), None))
                continue
            attached = subjects_of(text, run, self.told, self._is_indicator)
            subjects, end = attached.subjects, attached.end
            part_of = self._whole_of(row[0])
            consumed = max(end, behind(text, row[-1])) if not run.linked else behind(text, row[-1])
            if _THRESHOLD.match(text, row[-1].end):
                consumed = row[-1].start  # 50亿元以上项目12个: the threshold is part of what the next figure counts
            self.told.tell([subject for of_one in subjects for subject in of_one], attached.carried)
            for figure, of_one in zip(_sharing_a_hedge(text, row, run), subjects, strict=True):
                for subject in of_one or [()]:
                    safe = () if self._breaks_a_name(subject) else subject
                    self.facts.append(self._fact(figure, row[0], safe, part_of))

    def _is_threshold(self, row: Sequence[Quantity], following: Sequence[Sequence[Quantity]]) -> bool:
        """产值超10亿元企业5家: the words between are all of a name that the next figure counts, and this one belongs to it."""
        if not following or not _OVER.intersection(row[-1].hedges):
            return False
        between = (behind(self.page.masked, row[-1]), following[0][0].start)
        return between[0] < between[1] and phrases.thing_behind(self.page.masked, *between) == between

    def _breaks_a_name(self, subject: Spans) -> bool:
        """Whether words begin or end inside a quotation (实施“|1%工作法”), or are no words: such a figure is part of a name."""
        named = "".join(self.page.text[slice(*span)] for span in subject)
        return named.count("“") != named.count("”") or (bool(named) and not re.search(r"\w", named))

    def _whole_of(self, figure: Quantity) -> str | None:
        """What a figure is a part of, where 其中 stands between it and the figure before."""
        before = [fact for fact in self.facts if fact.end <= figure.start]
        if not before or not RULES["part"].pattern.search(self.page.masked, before[-1].end, figure.start):
            return None
        return before[-1].subject

    def _run(self, rows: Sequence[tuple[Quantity, ...]], at: int, consumed: int) -> Run:
        text, row = self.page.masked, rows[at]
        starts = [other[0].start for other in rows[at + 1 :]] + [self.clause[1]]
        right = (behind(text, row[-1]), starts[0])
        if len(starts) > 1 and text.startswith("的", right[0]) and not _CLAUSE_MARK.search(text, *right):
            # 总投资9.64亿元的10条道路: both are figures of the roads.
            right = (behind(text, rows[at + 1][-1]), starts[1])
            return Run(row, (consumed, row[0].start), right, ends=len(starts) == 2, linked=True)
        return Run(row, (consumed, row[0].start), right, ends=len(starts) == 1)

    def _read_ranks(self) -> None:
        page = self.page
        since = max([self.clause[0], *(fact.end for fact in self.facts)])
        for rank in find_ranks(page.folded, self.clause, since):
            figure = rank.figure
            earlier = [fact.end for fact in self.facts if self.clause[0] <= fact.end <= figure.start]
            run = Run((figure,), (max([self.clause[0], *earlier]), rank.said_from), (figure.end, figure.end))
            subjects = subjects_of(page.masked, run, self.told, self._is_indicator).subjects[0] or [self.told.last]
            if RULES["each"].pattern.search(page.masked, *run.left):
                subjects = self._each_told(run.left) or subjects
            self.told.tell(subjects)
            for subject in subjects:
                fact = self._fact(figure, figure, subject, None)
                self.facts.append(replace(fact, measure="rank", direction=0, aggregate=None, of=rank.among, place=None))

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
        for subject in told_in_words(self.page.masked, run):
            figure = Quantity(match.start(), match.end(), match.group(), Decimal(0), "")
            fact = self._fact(figure, figure, subject, None)
            if fact.indicator or _INDICATOR_LIKE.search((fact.subject or "").replace(" · ", "")):
                self.told.tell([subject])
                self.facts.append(replace(fact, value=None, measure="change"))

    def _fact(self, figure: Quantity, first: Quantity, subject: Spans, part_of: str | None) -> Fact:
        page, clause = self.page, self.clause
        since = max([clause[0], *(fact.end for fact in self.facts if fact.end <= first.start)])
        before = page.folded[since : first.start]
        opening = page.folded[clause[0] : first.start]
        named = "".join(page.text[slice(*span)] for span in subject)
        measure = self._measure(figure, first, before, named, subject)
        period = self._own_time(figure) or meaning.period_of(self.period, measure, opening, page.report)
        after = page.folded[behind(page.folded, figure) : clause[1]]
        was = self.role == "target" and _RAISED_FROM.search(before) and _RAISED_TO.match(after)
        if was and period is not None and meaning.is_one_year(period) and not self._own_time(figure):
            period = meaning.year_before(period)  # 由50元提高到60元: the first is what it was
        return Fact(
            report_id=page.report.id,
            paragraph_id=page.paragraph.id,
            ordinal=0,
            start=figure.start,
            end=figure.end,
            clause=clause,
            sentence=self.span,
            subject=" · ".join(page.text[slice(*span)] for span in subject) or None,
            subject_spans=subject,
            indicator=indicator_of(named, self.lexicon),
            place=meaning.place_in(before, page.report) or self._other_place(),
            period=period,
            role="actual" if was else self.role,
            measure=measure,
            value=figure.value,
            upper=figure.high,
            unit=figure.unit,
            hedges=figure.hedges,
            direction=meaning.direction_of(before, after) if measure in ("change", "comparison") else 0,
            aggregate=meaning.aggregate_of(opening, measure, period),
            of=meaning.compared_with(before, measure) or part_of,
        )

    def _other_place(self) -> str | None:
        """A district or county of the report's own place that the sentence, or the clause, begins with: 永昌县以…为方向."""
        for start in (self.clause[0], self.span[0]):
            found = meaning.part_in(self.page.text[start : start + 12], self.page.report)
            if found:
                return found
        return None

    def _own_time(self, figure: Quantity) -> Period | None:
        """从2015年的2681元提高到2021年的10246元: a year that leads on to its figure is the figure's own."""
        for time in self.page.times_in(self.clause):
            if self.page.folded[time.end : figure.start] == "的" and self.page.folded[time.start - 1] not in "比较是为":
                return time.period
        return None

    def _is_indicator(self, words: str) -> bool:
        return indicator_of(words, self.lexicon) is not None

    def _measure(self, figure: Quantity, first: Quantity, before: str, named: str, subject: Spans) -> Measure:
        """The kind of a figure: by the end of its own subject, by the words before it, or as what was said before of the same."""
        if figure.unit in meaning.PERCENT and RULES["price"].pattern.search(named):
            return "change"
        if figure.unit in meaning.PERCENT and (figure is not first or RULES["respectively"].pattern.search(before)):
            if subject and _GROWN.match(self.page.folded, subject[-1][1]):
                return "change"
            if RULES["rate"].pattern.search(named) and not re.search(r"增长|下降", before):
                return "rate"
        measure = meaning.measure_of(before, figure, self.page.folded[behind(self.page.folded, figure) :][:_AFTER])
        if measure is not None:
            return measure
        if RULES["rate"].pattern.search(named):
            return "rate"
        alike = [fact.measure for fact in self.facts if fact.subject_spans == subject and fact.unit == figure.unit]
        return alike[-1] if alike and subject else "rate"


def _sharing_a_hedge(text: str, row: Sequence[Quantity], run: Run) -> Iterator[Quantity]:
    """分别增长5%、6.5%左右: the hedge behind the last is said of all that 分别 holds together."""
    last = hedges.AFTER.match(text, row[-1].end)
    alone = not any(hedges.AFTER.match(text, figure.end) for figure in row[:-1])
    shared = last is not None and alone and RULES["respectively"].pattern.search(text, *run.left)
    for figure in row[:-1]:
        yield replace(figure, hedges=(*figure.hedges, last.group())) if shared and last else figure
    yield row[-1]


def _within_spans(facts: Sequence[Fact], spoken_of: Period | None) -> list[Fact]:
    """Put a level beside its growth over several years into their last, and a yearly growth beside one year into the span.

    完成44.9亿元，比2011年增长84.5%，年均增长13%: the amount is of 2016, both growths are of 2012 to 2016.
    """
    grown = {fact.subject_spans for fact in facts if fact.aggregate == "average" or is_grown(fact)}
    placed = []
    for fact in facts:
        period = fact.period
        if fact.measure == "level" and period and fact.subject_spans in grown and fact.aggregate != "average":
            placed.append(replace(fact, period=meaning.last_year(period), aggregate=None))
        elif fact.aggregate == "average" and meaning.is_one_year(period) and meaning.is_span(spoken_of, period):
            placed.append(replace(fact, period=spoken_of))
        else:
            placed.append(fact)
    return placed


def is_grown(fact: Fact) -> bool:
    """Whether a fact is a growth since a base of some years ago."""
    return fact.period is not None and meaning.is_since(fact.period)


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
