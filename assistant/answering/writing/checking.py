"""The check of each sentence that a model has written, before anybody sees it.

A sentence passes where everything in it is held by a passage that the reader found: each figure with its unit, hedge, direction,
indicator, place, time and role; each place and time; each quoted span word by word; and nearly all of its words. Where it stands is
decided here and not by the marks that the model has set: a model is an untrusted writer, the program makes the citations.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from assistant.answering.compose import Line
from assistant.answering.writing import telling, wording
from assistant.answering.writing.claims import Claim, carried, claimed, pairs, spoken_periods
from assistant.answering.writing.comparing import agrees, compares
from assistant.answering.writing.sources import Material, Source
from assistant.answering.writing.telling import Said as Said
from assistant.facts.meaning import this_year
from assistant.language.folding import fold
from assistant.language.hedges import meanings
from assistant.language.injection import addresses_a_model
from assistant.language.lexicon import Lexicon
from assistant.language.quantities import Quantity, same_figure
from assistant.language.regions import Gazetteer, Place
from assistant.language.words import Segmenter
from assistant.retrieval.question import Question
from assistant.types import Figure

LEAST_HELD = 0.6
"""Share of a sentence's pairs of characters that must stand in its passages."""
LEAST_BESIDE = 0.25
"""Share of the pairs beside a figure that must stand beside it in the passage, where no indicator tells."""
_SLACK = 0.05


@dataclass(frozen=True)
class Checked:
    """A sentence with what it stands on, or with what is wrong with it."""

    text: str
    sources: tuple[Source, ...] = ()
    figures: tuple[Figure, ...] = ()
    marks: tuple[tuple[int, int], ...] = ()
    """(place, number) of each citation: behind the clause that it holds where several hold the sentence, else at its end."""
    covers: tuple[Claim, ...] = ()
    """The statements of the sources that it repeats."""
    faults: tuple[str, ...] = ()
    unsupported: int = 0
    """Figures that no passage holds as the sentence has them."""
    said: Said = field(default_factory=Said)
    worked_out: Line | None = None
    """What the program makes of the figures that the sentence sets against each other, where the reader has said nothing of it."""

    @property
    def passes(self) -> bool:
        return not self.faults


@dataclass(frozen=True)
class Checker:
    """Holds the sentences of one draft against what one answer stands on."""

    material: Material
    question: Question
    lexicon: Lexicon
    gazetteer: Gazetteer
    segmenter: Segmenter

    @cached_property
    def common(self) -> frozenset[str]:
        """The indicators that all findings are about."""
        named = [{n for claim in source.shown for n in claim.indicators} for source in self.material.sources]
        return frozenset(set.intersection(*named)) if named else frozenset()

    def check(self, text: str, said: Said, hinted: Sequence[int] = ()) -> Checked:
        """Check one sentence without marks; `hinted` are the numbers that the model gave, which only decide between equals."""
        faults: list[str] = []
        if not wording.is_chinese(text):
            return Checked(text, faults=("language",))
        anchor = self._anchor(hinted)
        claims = [carried(c, said.period, said.region) for c in claimed(text, self.lexicon, self.gazetteer, anchor)]
        line = None
        if compares(text, [source.text for source in self.material.sources]):
            line = self._agreeing(text, claims, said, hinted)
            faults += [] if line else ["comparison"]
        computed = line.computed if line else ()
        matched: list[tuple[Claim, Source, Claim]] = []
        unsupported = 0
        for claim in claims:
            if any(_is_computed(claim, figure) for figure in computed) or self._claims_nothing(claim.quantity, text):
                continue
            found, why = self._held(claim, text, hinted, [told for _, _, told in matched])
            if found is None:
                faults += why
                unsupported += 1
            else:
                matched.append((claim, *found))
        sources = self._standing_on(text, matched, hinted)
        is_own = line is not None and line in self.material.own
        if is_own:
            sources = self._behind_the_line(sources, hinted)
        if not sources:
            return Checked(text, faults=tuple(dict.fromkeys([*faults, "invented"])), unsupported=unsupported)
        faults += self._faults_of_words(text, sources, said, matched, line, hinted)
        return Checked(
            text,
            sources,
            tuple(self.figure_of(claim, source, held) for claim, source, held in matched),
            _marks(text, sources, matched),
            tuple(held for _, _, held in matched),
            tuple(dict.fromkeys(faults)),
            unsupported,
            replace(
                self.now_said(text, said, sources, anchor),
                figures=(*said.figures, *(held for _, _, held in matched)),
            ),
            line if not is_own else None,
        )

    def _agreeing(self, text: str, claims: Sequence[Claim], said: Said, hinted: Sequence[int]) -> Line | None:
        """The program's own line that comes to what a comparing sentence says, if there is one."""
        return next((line for line in self.material.own if agrees(text, line.words, self)), None)

    def _behind_the_line(self, sources: tuple[Source, ...], hinted: Sequence[int]) -> tuple[Source, ...]:
        """What the program's own line stands on that a sentence has said: all findings."""
        return self.material.sources

    def _claims_nothing(self, quantity: Quantity, text: str) -> bool:
        """Whether a number of a sentence is no figure that a passage would have to state."""
        return _counts_its_items(quantity, text)

    def _anchor(self, hinted: Sequence[int]) -> tuple[int, int] | None:
        among = [s for s in self.material.sources if s.number in hinted] or self.material.sources
        anchors = {(s.report.report_year, this_year(s.report, s.paragraph.role)) for s in among}
        return anchors.pop() if len(anchors) == 1 else None

    def _held(
        self, claim: Claim, text: str, hinted: Sequence[int], told: Sequence[Claim]
    ) -> tuple[tuple[Source, Claim] | None, list[str]]:
        """The statement that holds a figure in every respect, or in which respects the nearest does not.

        A sentence repeats a statement once: 4个街道整合为4个 is not held by 4个街道整合为2个.
        """
        ordered = sorted(self.material.sources, key=lambda source: source.number not in hinted)
        nearest = ["figure"]
        for source in ordered:
            for held in source.claims:
                if same_figure(claim.quantity, held.quantity) and not any(held is other for other in told):
                    why = self._differences(claim, text, held, source)
                    if not why:
                        return (source, held), []
                    if nearest == ["figure"] or len(why) < len(nearest):
                        nearest = why
        return None, nearest

    def _differences(self, claim: Claim, text: str, held: Claim, source: Source) -> list[str]:
        why = [] if self._hedges_as(claim, text, held) else ["hedge"]
        # A rise of 8.5 % that is called a goal of 8.5 % may be taken for a share.
        left_out = claim.direction == 0 and (held.direction < 0 or (held.direction > 0 and held.quantity.unit == "%"))
        if claim.direction * held.direction < 0 or left_out:
            why.append("direction")
        if claim.periods and held.periods and not telling.share_a_time(claim.periods, held.periods):
            why.append("year")
        if claim.region and not telling.is_of(claim.region, source, self.gazetteer):
            why.append("place")
        if claim.indicators and held.indicators:
            if not set(claim.indicators) & set(held.indicators):
                why.append("indicator")
        elif not self._is_beside(claim, text, held, source):
            why.append("indicator")
        return why

    def _hedges_as(self, claim: Claim, text: str, held: Claim) -> bool:
        """Whether a claim is hedged as the statement is."""
        return held.hedges <= claim.hedges and claim.hedges <= held.allowed | {"planned"}

    def _is_beside(self, claim: Claim, text: str, held: Claim, source: Source) -> bool:
        """Whether the words beside a figure are those that stand beside it in the passage, rather than beside another."""
        about = claim.about
        if not about:
            asked = {name for names in self.question.indicators for name in names}
            return not held.indicators or bool(asked & set(held.indicators))
        share = len(about & held.about) / len(about)
        best = max(len(about & rival.about) / len(about) for rival in source.claims)
        known = pairs(self.question.text)
        return share >= best - _SLACK and (
            share >= LEAST_BESIDE or len(about & (held.about | known)) / len(about) >= 0.5
        )

    def _standing_on(
        self, text: str, matched: Sequence[tuple[Claim, Source, Claim]], hinted: Sequence[int]
    ) -> tuple[Source, ...]:
        """The fewest sources that hold the sentence: those of its figures, else the one that holds most of its words."""
        chosen = list(dict.fromkeys(source for _, source, _ in matched))
        own = pairs(text) - pairs(self.question.text)
        while own:
            held = frozenset().union(*(source.pairs for source in chosen))
            if len(own & held) >= 0.85 * len(own):
                break
            rest = [s for s in self.material.sources if s not in chosen]
            if not rest:
                break
            best = max(rest, key=lambda s: (len(own & s.pairs - held) + 0.5 * (s.number in hinted), -s.number))
            if len(own & best.pairs - held) < max(2, 0.15 * len(own)):
                break
            chosen.append(best)
        if not chosen and self.material.sources and not own:
            chosen = [next((s for s in self.material.sources if s.number in hinted), self.material.sources[0])]
        numbers = {source.number for source in chosen}
        return tuple(source for source in self.material.sources if source.number in numbers)

    def _faults_of_words(
        self,
        text: str,
        sources: Sequence[Source],
        said: Said,
        matched: Sequence[tuple[Claim, Source, Claim]],
        line: Line | None,
        hinted: Sequence[int],
    ) -> list[str]:
        """What is wrong with all that is no figure; `line` is what the program says of the same comparison."""
        names = [name for s in sources for name in self.gazetteer.names_of(s.report.region)]
        headings = [s.around for s in sources if not addresses_a_model(s.around)]
        known = "\n".join([*(s.text for s in sources), *headings, self.question.text, *names])
        anchor = self._anchor([s.number for s in sources])
        told = [(claim, held) for claim, _, held in matched]
        faults = telling.faults(text, sources, said, told, self.gazetteer, anchor)
        own = pairs(text)
        held = frozenset().union(*(s.pairs for s in sources), pairs(known))
        if line is None and own and len(own & held) < LEAST_HELD * len(own):
            faults.append("invented")
        passages = [s.text for s in sources]
        return faults + wording.faults(text, known, passages, self.segmenter, self.lexicon, line is not None)

    def figure_of(self, claim: Claim, source: Source, held: Claim) -> Figure:
        """Make the figure of an answer of what a sentence claims and the statement that holds it."""
        quantity = claim.quantity
        return Figure(
            text=quantity.text,
            value=float(quantity.value),
            unit=quantity.unit,
            hedge=quantity.hedge or held.quantity.hedge,
            indicator=held.indicators[0] if held.indicators else None,
            role=held.role,
            period=held.periods[0].label if held.periods else None,
            citation=source.number,
            status="verified",
        )

    def _may_carry(self, place: Place, sources: Sequence[Source]) -> bool:
        """Whether the sentences that follow may be of a place that one names."""
        return True

    def now_said(self, text: str, said: Said, sources: Sequence[Source], anchor: tuple[int, int] | None) -> Said:
        """What has been told once a sentence has been said behind others; `anchor` as in `claimed`."""
        periods, places = spoken_periods(text, anchor), self.gazetteer.find(fold(text))
        return replace(
            said,
            period=periods[-1].period if periods else said.period,
            region=next((place.name for place in reversed(places) if self._may_carry(place, sources)), said.region),
            roles=said.roles | telling.roles_told(text),
        )


def _is_computed(claim: Claim, figure: Figure) -> bool:
    """Whether a figure is one that the program has worked out, with its hedge."""
    same = claim.quantity.unit == figure.unit and abs(float(claim.quantity.value) - figure.value) < 1e-6
    return same and claim.hedges == meanings((figure.hedge or "").split())


def _counts_its_items(quantity: Quantity, text: str) -> bool:
    """Whether a number says how many names its sentence lists: “甲”和“乙”两个品牌."""
    if not re.match(r"[两二三四五六]", quantity.text):
        return False
    listed = re.search(r"((?:“[^”]+”[、和与及以]{0,2})+)$", text[: quantity.start])
    return bool(listed) and len(re.findall(r"“[^”]+”", listed[1] if listed else "")) == quantity.value


def _marks(
    text: str, sources: Sequence[Source], matched: Sequence[tuple[Claim, Source, Claim]]
) -> tuple[tuple[int, int], ...]:
    """Where each citation stands: after the last clause whose figures its passage holds, the others at the end."""
    numbers = dict.fromkeys(source.number for source in sources)
    ends: dict[int, int] = {}
    for claim, source, _ in matched:
        clause_end = re.search(r"[，；,;]|$", text[claim.quantity.end :])
        ends[source.number] = claim.quantity.end + (clause_end.start() if clause_end else 0)
    return tuple(sorted((ends.get(number, len(text)) if len(numbers) > 1 else len(text), number) for number in numbers))
