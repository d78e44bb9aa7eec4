"""What one figure states: made of its clause, of what the sentence has told so far, and of where the paragraph stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from assistant.facts import meaning
from assistant.facts.annotated import Annotated
from assistant.facts.fact import Fact, Measure
from assistant.facts.indicators import indicator_of, share_of
from assistant.facts.phrases import RULES
from assistant.facts.runs import Spans, behind
from assistant.language import hedges
from assistant.language.lexicon import Lexicon
from assistant.language.quantities import UNITS, Quantity
from assistant.language.sentences import Span
from assistant.types import Period, Role

_AFTER = 8
"""Characters behind a figure that may say what kind it is: 以年均23%的速度增长."""
_RAISED_FROM = re.compile(r"[由从][^,，、。；\d]{0,6}$")
_RAISED_TO = re.compile(r"[^,，。；\d]{0,8}[到至]")
_YEARS = frozenset({"年", "周年"})
_COUNTED = frozenset(UNITS["count"]) - {"户", "辆"}
"""Units of things that may be called after a place; firms and cars of all the country are meant as such."""
_LEADS_TO = 8
"""Characters between a time of a row and its figure."""
_GROWN = re.compile(r"涨幅|增速|增幅|增长|降幅")
_INDICATOR_LIKE = re.compile(r"(?:率|指标|排放|能耗|收入|收支|支出|质量|浓度|总量|强度|价格|水耗|减排|双控|能力)$")
"""Subjects of which a goal in words is kept although they are no named indicator."""


@dataclass
class Statements:
    """A sentence that is being read, as far as it decides what its figures state."""

    page: Annotated
    span: Span
    lexicon: Lexicon
    facts: list[Fact] = field(default_factory=list)
    clause: Span = (0, 0)
    period: Period | None = None
    """The time that the clause speaks of."""
    role: Role | None = None
    hedges: tuple[str, ...] = ()
    """What was said ahead of the clause and holds for it: 力争到2030年，…."""

    def _fact(self, figure: Quantity, first: Quantity, subject: Spans, part_of: str | None) -> Fact:
        page, clause = self.page, self.clause
        since = max([clause[0], *(fact.end for fact in self.facts if fact.end <= first.start)])
        before = page.folded[since : first.start]
        opening = page.folded[clause[0] : first.start]
        named = "".join(page.text[slice(*span)] for span in subject)
        if subject and RULES["is set in proportion"].pattern.match(page.folded, subject[-1][1]):
            named += "比"  # 城乡居民收入|比缩小至2.05
        measure = self._measure(figure, first, before, named, subject)
        # 五年来失业率控制在4%以内: in each of them, and no stock of the last.
        stock = None if "at most" in hedges.meanings(figure.hedges) else measure
        period = self._own_time(figure) or meaning.period_of(self.period, stock, opening, page.report)
        after = page.folded[behind(page.folded, figure.end) : clause[1]]
        was = _RAISED_FROM.search(before) and _RAISED_TO.match(after)
        if was and period is not None and not period.partial and not self._own_time(figure):
            years = self.period if meaning.is_review_of_years(self.period, page.report) else None
            period = meaning.year_before(years or period)  # 由50元提高到60元: the first is what it was
        compared = meaning.compared_with(before, measure)
        # 连续7年稳定在120万吨以上: how long is no amount of what is measured.
        indicator = None if figure.unit in _YEARS else indicator_of(named.removesuffix("占比"), self.lexicon)
        if measure == "share":
            indicator = share_of(indicator, compared, self.lexicon)
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
            indicator=indicator,
            place=self._whole_place(figure, before, subject, indicator) or self._other_place(indicator),
            period=period,
            role="actual" if was else self.role,
            measure=measure,
            value=figure.value,
            upper=figure.high,
            unit=figure.unit,
            hedges=(*self.hedges, *(one for one in figure.hedges if one not in self.hedges)),
            direction=meaning.direction_of(before, after) if measure in ("change", "comparison") else 0,
            aggregate=meaning.aggregate_of(opening, measure, period, self.role),
            of=compared or part_of,
        )

    def _whole_place(self, figure: Quantity, before: str, subject: Spans, indicator: str | None) -> str | None:
        """The larger place that a figure is of; none where the place is part of a name that is counted: 全国文明村镇6个."""
        place = meaning.place_in(before, self.page.report)
        counted = indicator is None and figure.unit in _COUNTED and not meaning.counts(figure, subject)
        named = place is not None and any(self.page.text.startswith(place, start) for start, _ in subject)
        return None if counted and named else place

    def _other_place(self, indicator: str | None) -> str | None:
        """A part of the report's own place that the sentence, or the clause, begins with: 永昌县以…为方向.

        A zone is none where it is what is counted (示范区5个); the macro indicators are its own.
        """
        for start in (self.clause[0], self.span[0]):
            opening = self.page.text[start : start + 20].lstrip("*")
            report = self.page.report
            if found := meaning.part_in(opening, report) or (meaning.zone_in(opening, report) if indicator else None):
                return found
        return None

    def _own_time(self, figure: Quantity) -> Period | None:
        """从2015年的2681元提高到2021年的10246元: a year that leads on to its figure is the figure's own.

        So is one in a row of figures: 一季度达30%、二季度达60%.
        """
        told = max([self.clause[0], *(fact.end for fact in self.facts if fact.end <= figure.start)])
        for time in self.page.times_in(self.clause):
            in_a_row = told < time.start and self.page.folded[time.start - 1] in "、("
            if in_a_row and 0 <= figure.start - time.end <= _LEADS_TO:
                return time.period
            if self.page.folded[time.end : figure.start] == "的" and self.page.folded[time.start - 1] not in "比较是为":
                return time.period
        return None

    def _is_told_in_words(self, words: str) -> bool:
        return self._is_indicator(words) or _INDICATOR_LIKE.search(words) is not None

    def _is_indicator(self, words: str) -> bool:
        return indicator_of(words, self.lexicon) is not None

    def _measure(self, figure: Quantity, first: Quantity, before: str, named: str, subject: Spans) -> Measure:
        """The kind of a figure: by the end of its own subject, by the words before it, or as what was said before of the same."""
        if figure.unit in meaning.PERCENT and RULES["price"].pattern.search(named):
            return "change"
        if figure.unit not in meaning.PERCENT and (first.unit in meaning.PERCENT or meaning.counts(figure, subject)):
            return "level"  # 增长5.2%、约4.4万亿元; 增加1万个停车位
        if not figure.unit and RULES["structure"].pattern.search(named):
            return "share"
        if figure.unit in meaning.PERCENT and (figure is not first or RULES["respectively"].pattern.search(before)):
            if subject and _GROWN.match(self.page.folded, subject[-1][1]):
                return "change"
            if RULES["rate"].pattern.search(named) and not re.search(r"增长|下降", before):
                return "rate"
        measure = meaning.measure_of(before, figure, self.page.folded[behind(self.page.folded, figure.end) :][:_AFTER])
        if measure is not None:
            return measure
        if RULES["rate"].pattern.search(named):
            return "rate"
        earlier = [fact for fact in self.facts if self.clause[0] <= fact.start and fact.end < figure.start]
        if earlier and earlier[-1].unit == figure.unit and _RAISED_TO.fullmatch(before):
            return earlier[-1].measure  # 占全省的比重由16.9%提高到17.3%
        alike = [fact.measure for fact in self.facts if fact.subject_spans == subject and fact.unit == figure.unit]
        return alike[-1] if alike and subject else "change" if self._is_indicator(named) else "share"
