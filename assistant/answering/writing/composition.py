"""An answer as it grows out of checked sentences, with the passage's own words where one failed or something was left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import isclose

from assistant.answering.compose import MARK, Line
from assistant.answering.verification import unsupported
from assistant.answering.writing import manner
from assistant.answering.writing.checking import Checked, Checker, Said
from assistant.answering.writing.claims import pairs
from assistant.answering.writing.comparing import ARITHMETIC, agrees, compares
from assistant.answering.writing.completeness import Completeness
from assistant.answering.writing.drafting import Sentence
from assistant.answering.writing.sources import Source
from assistant.language.folding import squeeze
from assistant.language.quantities import find_quantities
from assistant.types import Answer, Figure

VERBATIM = "〔原文〕"
"""Stands before the citation of words that are the report's own, because the model's did not pass or had left them out."""
SHORT_ANSWER = 90
LONG_ANSWER = 320
"""Characters that an answer for one fact, and one that lists or explains, may have, marks not counted."""
POINTED = 0.6
"""Length of a draft, beside its finding's, up to which it answers and the finding may stand behind it; else all is said twice."""
TO_THE_POINT = 0.5
"""Completeness, beside the best finding's, from which a finding that a draft has left out is said in its own words."""


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
    _agreed: list[Line] = field(default_factory=list)
    _completeness: Completeness = field(init=False)

    def __post_init__(self) -> None:
        self._completeness = Completeness(self.checker.question, self._sources)

    @property
    def _sources(self) -> tuple[Source, ...]:
        return self.checker.material.sources

    @property
    def _in_one_piece(self) -> bool:
        return len(self._sources) == 1 and not self.checker.material.own

    @property
    def _is_prose(self) -> bool:
        return self.checker.question.shape in ("list", "explain", "define")

    @property
    def is_given_up(self) -> bool:
        """Whether nothing of the draft will be shown, however it goes on."""
        return self._failed and not self.kept

    def add(self, sentence: Sentence) -> Iterator[str]:
        """Check a sentence and yield what of it, or in its place, is to be shown."""
        if manner.declines(sentence):
            self._failed = True  # the reader has found it: the extract wins
            return
        before = self.text + "".join(checked.text for checked in self._held)
        if squeeze(sentence.text) in squeeze(before) or manner.announces(sentence.text):
            return
        checked = self._checked(sentence, before)
        self.unsupported += checked.unsupported
        if not checked.passes and not before:
            self._failed = True  # what begins badly is patchwork at best: the extract reads better
        elif self._in_one_piece:
            self._failed |= not checked.passes
            self._held.append(checked)
            self._said = checked.said if checked.passes else self._said
        elif checked.passes:
            yield self._show(checked, sentence.end)
        elif stand_in := self._stand_in(checked):
            self.replaced += 1
            yield self._own_words(stand_in)

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
            if source.finding.coverage >= least and not self._completeness.is_covered(source, self.text):
                left.setdefault(source.number, []).append(source)
        opening = "报告还提到："
        for sources in left.values():
            is_led = manner.is_led(sources[0], self._said, self.text)
            yield self._own_words(*sources, opening=opening if is_led else None)
            opening = "" if is_led else opening
        for line in self.checker.material.own:
            if line not in self._agreed:
                self.figures += line.computed
                yield self._append("\n" + line.words)

    def _checked(self, sentence: Sentence, before: str) -> Checked:
        """The check of a sentence, of what it says and of how it reads behind what stands `before` it."""
        names = [name for s in self._sources for name in self.checker.gazetteer.names_of(s.report.region)]
        text = manner.without_echo(sentence.text, self.checker.question.text, names)
        text = manner.without_joint(manner.tidied(text, self._sources), before)
        checked = self._behind_the_wall(self._best(replace(sentence, text=text)))
        # Figures of several places and times are told in like words; a plan is not.
        twice = self._is_prose and manner.stutters(checked.text, before, self.extract.answer)
        if checked.passes and (twice or self._half_compares(checked.text)):
            return replace(checked, faults=("repeated",))
        return checked

    def _half_compares(self, text: str) -> bool:
        """Whether a sentence sets sides against each other without what was worked out, so that it would have to be said again."""
        return compares(text, [source.text for source in self._sources]) and not self._agreeing(text)

    def _best(self, sentence: Sentence) -> Checked:
        """The sentence as it is, or with whose and when it is in front, or without, where that was all that was wrong with it."""
        gazetteer, text = self.checker.gazetteer, sentence.text
        goes_on = bool(self.kept or self._held)
        checked = self.checker.check(text, self._said, sentence.numbers)
        if goes_on:
            for source in checked.sources[:1]:
                shorter = manner.without_joint(manner.without_lead(text, source, gazetteer), self.text)
                if shorter != text and manner.is_led(source, self._said, self.text):
                    again = self.checker.check(shorter, self._said, sentence.numbers)
                    checked = again if again.passes else checked
            return checked
        among = checked.sources or [s for s in self._sources if s.number in sentence.numbers] or self._sources[:1]
        for source in among[:1] if checked.passes else among:
            place, time = manner.names_what_the_lead_does(text, source, gazetteer)
            if checked.passes and place and time:
                return checked
            told = "".join(re.findall(r"\d+年|过去五年|今后五年", source.lead))
            tries = [f"{source.lead}：{manner.without_lead(text, source, gazetteer)}"]
            if place and told:
                tries.insert(0, f"{told}，{text}")  # the place stands where it has to: 南岗区和呼兰区都…
            for led in tries:
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

    def _show(self, checked: Checked, end: str) -> str:
        self.kept += 1
        self._said = checked.said
        self._completeness.told(checked)
        self.figures += checked.figures
        tail = ""
        for line in self._agreeing(checked.text):
            arithmetic = ARITHMETIC.search(line.words)
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
        number = sources[0].number
        for source in sources:
            self._completeness.told_verbatim(source)
            self.figures += tuple(f for f in self.extract.figures if f.citation == number and f.text in source.words)
        if opening is None:
            opening = "" if manner.is_led(sources[0], self._said, self.text) else f"{sources[0].lead}："
        words = "；".join(source.words for source in sources)
        return self._append(f"{opening}{words}{VERBATIM}{MARK.format(number)}。")

    def _append(self, part: str) -> str:
        self.text += part
        self.figures = tuple(dict.fromkeys(self.figures))
        return part

    def _stand_in(self, failed: Checked) -> Source | None:
        """The finding that a sentence which failed was about: the one whose words it shares most, unless it is told already."""
        own = pairs(failed.text)
        left = [s for s in self._sources if not self._completeness.is_covered(s, self.text)]
        best = max(left, key=lambda s: len(own & s.pairs), default=None)
        return best if best is not None and len(own & best.pairs) >= 0.4 * len(own) else None

    def _in_place_of_the_finding(self) -> Iterator[str]:
        """The draft where it says all that the finding says, or what it says first with the finding behind it."""
        (source,) = self._sources
        for held in (self._held, self._held[:1]):
            text = "".join(checked.text for checked in held)
            covers = [claim for checked in held for claim in checked.covers]
            whole = self._completeness.stands_for(source, text, covers)
            room = LONG_ANSWER if self._is_prose else SHORT_ANSWER
            points_out = len(text) <= POINTED * len(source.words) and len(text) + len(source.words) <= room
            if len(text) <= max(room, len(self.extract.answer) + 10) and (whole or points_out):
                for checked in held:
                    yield self._show(checked, "。")
                if not whole:
                    yield self._own_words(source, opening="原文：")
                return


def _is_named(figure: Figure, text: str) -> bool:
    return any(q.unit == figure.unit and isclose(float(q.value), figure.value) for q in find_quantities(text))
