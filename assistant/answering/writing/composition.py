"""An answer as it grows out of checked sentences, with the passage's own words where one failed or something was left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import isclose

from assistant.answering.compose import MARK, Line
from assistant.answering.verification import unsupported
from assistant.answering.writing.checking import Checked, Checker, Said
from assistant.answering.writing.claims import Claim, pairs, spoken_periods
from assistant.answering.writing.comparing import agrees
from assistant.answering.writing.drafting import Sentence
from assistant.answering.writing.sources import Source
from assistant.language.folding import fold, squeeze
from assistant.language.quantities import find_quantities
from assistant.retrieval.shelf import same_period
from assistant.types import Answer, Figure

VERBATIM = "〔原文〕"
"""Stands before the citation of words that are the report's own, because the model's did not pass or had left them out."""
SHORT_ANSWER = 90
LONG_ANSWER = 320
"""Characters that an answer for one fact, and one that lists or explains, may have, marks not counted."""
LEAST_KEPT = 0.6
"""Share of the words of a finding that a draft must keep to stand for it, where these are no single figure."""
MENTIONED = 0.3
"""The same where its figures are kept."""
SUMMED_UP = 0.1
"""The same, of the words that are a finding's alone, where a draft sums up several findings."""
A_FIGURE = 8
"""Pairs of characters of a finding that is hardly more than its figure: 增长6%."""
TO_THE_POINT = 0.5
"""Coverage, beside the best finding's, from which a finding that a draft has left out is said in its own words."""
_DECLINES = re.compile(r"^(?:报告|资料|材料)[中里]?(?:并)?(?:没有|未)(?:提到|提及|说明|找到)")
_ARITHMETIC = re.compile(r"（[^（）]*由引用数据计算）")
_ITEM = re.compile(r"[、，；]|以及|和")


@dataclass
class Composition:
    """Takes sentences, gives the parts of an answer that may be shown. Parts are never taken back.

    An answer that stands on a single finding is shown in one piece, or not at all: the finding itself is as short.
    """

    checker: Checker
    extract: Answer
    text: str = ""
    figures: tuple[Figure, ...] = ()
    kept: int = 0
    replaced: int = 0
    unsupported: int = 0
    _said: Said = field(default_factory=Said)
    _held: list[Checked] = field(default_factory=list)
    _failed: bool = False
    _covers: list[Claim] = field(default_factory=list)
    _verbatim: list[Source] = field(default_factory=list)
    _agreed: list[Line] = field(default_factory=list)
    _owed: list[Source] = field(default_factory=list)

    @property
    def _sources(self) -> tuple[Source, ...]:
        return self.checker.material.sources

    @property
    def _in_one_piece(self) -> bool:
        return len(self._sources) == 1 and not self.checker.material.own

    def add(self, sentence: Sentence) -> Iterator[str]:
        """Check a sentence and yield what of it, or in its place, is to be shown."""
        if _DECLINES.match(sentence.text):
            self._failed = True  # the reader has found it: the extract wins
            return
        if squeeze(sentence.text) in squeeze(self.text + "".join(c.text for c in self._held)):
            return
        checked = self._behind_the_wall(self._best(replace(sentence, text=self._without_headings(sentence.text))))
        self.unsupported += checked.unsupported
        if self._in_one_piece:
            self._failed |= not checked.passes
            self._held.append(checked)
            self._said = checked.said if checked.passes else self._said
        elif checked.passes:
            for owed in self._owed:
                if not self._is_covered(owed) and not _says(checked, owed):
                    yield self._own_words(owed)
            self._owed.clear()
            yield self._show(checked, sentence.end)
        elif stand_in := self._stand_in(checked):
            self.replaced += 1
            if self.kept:
                yield self._own_words(stand_in)
            else:  # until one has passed, the whole extract may still be the answer
                self._owed.append(stand_in)

    def finish(self, *, broken: bool) -> Iterator[str]:
        """Yield what is still owed: the whole of a short answer, or what the draft has left out. `broken`: it did not end."""
        if self._held and not self._failed and not broken:
            yield from self._in_place_of_the_finding()
            if self.kept:
                return
        if not self.kept:
            self.text, self.figures = self.extract.answer, self.extract.figures
            yield self.text
            return
        least = TO_THE_POINT * max(source.finding.coverage for source in self._sources)
        left: dict[int, list[Source]] = {}
        for source in self._sources:
            if source.finding.coverage >= least and not self._is_covered(source):
                left.setdefault(source.number, []).append(source)
        for sources in left.values():
            yield self._own_words(*sources)
        for line in self.checker.material.own:
            if line not in self._agreed:
                self.figures += line.computed
                yield self._append("\n" + line.words)

    def _best(self, sentence: Sentence) -> Checked:
        """The sentence as it is, or with whose and when it is in front, where that was all it lacked."""
        checked = self.checker.check(sentence.text, self._said, sentence.numbers)
        if checked.passes and (self.kept or self._held or self._names(sentence.text, checked.sources)):
            return checked
        among = checked.sources or [s for s in self._sources if s.number in sentence.numbers] or self._sources[:1]
        for source in among:
            led = f"{source.lead}：{_without_lead(sentence.text, source, self.checker)}"
            again = self.checker.check(led, self._said, sentence.numbers)
            if again.passes:
                return again
        return checked

    def _behind_the_wall(self, checked: Checked) -> Checked:
        """The check that the reader's own words pass too, as a last one: no figure without a cited paragraph or arithmetic."""
        computed = [figure for figure in self.extract.figures if figure.status == "computed"]
        if checked.passes and unsupported(checked.text, [s.paragraph.text for s in checked.sources], computed):
            return replace(checked, faults=("figure",), unsupported=checked.unsupported + 1)
        return checked

    def _without_headings(self, text: str) -> str:
        """A sentence without the headings that the prompt puts behind a lead, which small models repeat."""
        for source in self._sources:
            for heading in source.paragraph.headings:
                text = re.sub(rf"[（(][“\"]?{re.escape(heading.strip())}[”\"]?[)）]", "", text)
        return text

    def _names(self, text: str, sources: Sequence[Source]) -> bool:
        """Whether the first sentence says of which place and time it speaks, as far as the reader's line does."""
        places = {place.name for place in self.checker.gazetteer.find(fold(text))}
        times = [mention.period for mention in spoken_periods(text)]
        for source in sources[:1]:
            if source.report.region in source.lead and source.report.region not in places:
                return False
            led = [mention.period for mention in spoken_periods(source.lead)]
            if led and not any(same_period(one, other) or one.label == other.label for one in led for other in times):
                return False
        return True

    def _show(self, checked: Checked, end: str) -> str:
        self.kept += 1
        self._said = checked.said
        self._covers += checked.covers
        self.figures += checked.figures
        tail = ""
        for line in self._agreeing(checked.text):
            arithmetic = _ARITHMETIC.search(line.words)
            tail += arithmetic.group() if arithmetic else ""
            self.figures += line.computed
            self._agreed.append(line)
        shown, at = "", 0
        for place, number in checked.marks:
            shown += checked.text[at:place] + (tail if place == len(checked.text) else "") + MARK.format(number)
            tail, at = ("" if place == len(checked.text) else tail), place
        return self._append(shown + checked.text[at:] + tail + (end or "。"))

    def _agreeing(self, text: str) -> list[Line]:
        """The program's own lines that a sentence has said in its way, with what was computed."""
        return [
            line
            for line in self.checker.material.own
            if line not in self._agreed
            and agrees(text, line.words, self.checker)
            and (not line.computed or any(_is_named(figure, text) for figure in line.computed))
        ]

    def _own_words(self, *sources: Source, opening: str | None = None) -> str:
        """Findings of one paragraph in the report's words; whose and when they are is said unless it has just been."""
        lead, number = sources[0].lead, sources[0].number
        for source in sources:
            self._verbatim.append(source)
            self._covers += source.shown
            self.figures += tuple(f for f in self.extract.figures if f.citation == number and f.text in source.words)
        if opening is None:
            opening = f"{lead}：" if lead and lead not in self.text else "报告还提到：" if self.text else ""
        words = "；".join(source.words for source in sources)
        return self._append(f"{opening}{words}{VERBATIM}{MARK.format(number)}。")

    def _append(self, part: str) -> str:
        self.text += part
        self.figures = tuple(dict.fromkeys(self.figures))
        return part

    def _stand_in(self, failed: Checked) -> Source | None:
        """The finding that a sentence which failed was about: the one whose words it shares most, unless it is told already."""
        own = pairs(failed.text)
        left = [s for s in self._sources if s not in self._owed and not self._is_covered(s)]
        best = max(left, key=lambda s: len(own & s.pairs), default=None)
        return best if best is not None and len(own & best.pairs) >= 0.4 * len(own) else None

    def _is_covered(self, source: Source) -> bool:
        if source in self._verbatim:
            return True
        wanted = self._wanted(source)
        if any(claim not in self._covers for claim in wanted):
            return False
        words = pairs(source.words)
        if wanted and len(words) <= A_FIGURE:
            return True
        share = len(words & pairs(self.text)) / len(words) if words else 1.0
        if len(self._sources) > 1 and self.checker.question.shape in ("explain", "list"):
            return bool(wanted) or share >= MENTIONED or self._is_summed_up(source, words)
        return share >= (MENTIONED if wanted else LEAST_KEPT)

    def _is_summed_up(self, source: Source, words: frozenset[str]) -> bool:
        """Whether a draft that sums up several findings has something of this one that no other has."""
        of_others = frozenset().union(*(pairs(other.words) for other in self._sources if other is not source))
        own = words - of_others
        return len(own & pairs(self.text)) >= max(3, SUMMED_UP * len(own))

    def _wanted(self, source: Source) -> list[Claim]:
        """The figures of a finding that must not be lost: those in the units asked for, where the question asks for any."""
        units = {unit for asked in self.checker.question.units for unit in asked}
        asked = [claim for claim in source.shown if claim.quantity.unit in units]
        return asked or list(source.shown)

    def _in_place_of_the_finding(self) -> Iterator[str]:
        """The draft where it says all that the finding says, or with the finding behind it where both are short enough."""
        (source,) = self._sources
        text = "".join(checked.text for checked in self._held)
        covers = [claim for checked in self._held for claim in checked.covers]
        whole = all(claim in covers for claim in self._wanted(source)) and self._keeps_the_words(source, text)
        room = LONG_ANSWER if self.checker.question.shape in ("list", "explain", "define") else SHORT_ANSWER
        if len(text) > max(room, len(self.extract.answer) + 10) or not (
            whole or len(text) + len(source.words) + len("原文：。。") <= room
        ):
            return
        for checked in self._held:
            yield self._show(checked, "。")
        if not whole:
            yield self._own_words(source, opening="原文：")

    def _keeps_the_words(self, source: Source, text: str) -> bool:
        """Whether a draft keeps the items of a list and most of the words; where a number is asked, its figures are enough."""
        if self.checker.question.shape in ("number", "rank", "when"):
            return True
        plain = squeeze(text)
        quoted = re.findall(r"“([^”]{2,24})”", re.sub(r"^[^:：]{0,20}[:：]", "", source.words))
        items = [item for item in _ITEM.split(source.words) if 2 <= len(item) <= 12] if "、" in source.words else []
        if any(squeeze(words) not in plain for words in quoted) or any(squeeze(i)[-2:] not in plain for i in items):
            return False
        words = pairs(source.words)
        return not words or len(words & pairs(text)) >= LEAST_KEPT * len(words)


def _says(checked: Checked, source: Source) -> bool:
    """Whether a sentence says what a finding says: its figures, or most of its words."""
    if source.shown:
        return all(claim in checked.covers for claim in source.shown)
    words = pairs(source.words)
    return len(words & pairs(checked.text)) >= LEAST_KEPT * len(words)


def _is_named(figure: Figure, text: str) -> bool:
    return any(q.unit == figure.unit and isclose(q.value, figure.value) for q in find_quantities(text))


def _without_lead(text: str, source: Source, checker: Checker) -> str:
    """A sentence without the words it opens with that the lead says: place, time and what the figure is of."""
    names = [source.report.region, *checker.gazetteer.names_of(source.report.region)]
    led = [mention.period for mention in spoken_periods(source.lead)]
    times = [text[m.start : m.end] for m in spoken_periods(text)[:1] if any(same_period(m.period, one) for one in led)]
    words = [*names, *times, *re.split(r"\d+年|过去五年|今后五年", source.lead)]
    opening = "|".join(re.escape(word) for word in sorted(filter(None, words), key=len, reverse=True))
    bare = re.sub(rf"^(?:[在将]?(?:{opening})(?:政府)?(?:的|在|计划|将|年|为|是)?[,，：]?)+", "", text)
    return text if not bare or bare[0] in "和与及、" else bare
