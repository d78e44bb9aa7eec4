"""The check of sentences whose writer has read whole passages and may choose its words freely.

Figures, places, times, roles, quotations, names and comparisons are held to the passages as before; ordinary words are free
(`grounding`). What two figures come to is worked out by the program.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, pairwise

from assistant.answering.compose import Line
from assistant.answering.writing import grounding, telling
from assistant.answering.writing.checking import Checker
from assistant.answering.writing.claims import Claim, pairs
from assistant.answering.writing.comparing import agrees, worked_out
from assistant.answering.writing.sources import Source
from assistant.answering.writing.telling import Said
from assistant.answering.writing.turning import bare
from assistant.language.hedges import OPENINGS, meanings, opened_by
from assistant.language.injection import addresses_a_model
from assistant.language.periods import find_periods
from assistant.language.quantities import Quantity, find_quantities, same_figure
from assistant.language.regions import Place
from assistant.language.ruleset import read_rules

SLACK = 0.05
FAR = 0.2
"""How much nearer the words beside a figure may be to another one elsewhere: the same thing is told of in several years."""
ALIKE = 3
"""Characters before a figure that stand alike in sentence and passage."""
SCOPING = meanings(OPENINGS)
"""What the hedges mean that open a sentence and hold for all of it."""


_RISES = read_rules("claims")["rises"].pattern
_FROM = re.compile(rf"[从由][^，。；]*?(?:{_RISES.pattern}|{read_rules('claims')['falls'].source})[^，。；]*?[到至]")
_REACH = 12
"""Characters in which the figure stands that something has come to."""


_LIGHT = pairs("计划提高到\n预计达到\n力争完成\n实现增长\n下降到\n增加到\n提升至\n目标为\n同比增长\n实际完成")


@dataclass(frozen=True)
class FreeChecker(Checker):
    """Holds freely written sentences against the passages that a model has read."""

    def _agreeing(self, text: str, claims: Sequence[Claim], said: Said, hinted: Sequence[int]) -> Line | None:
        """The program's own line, or what it makes of two figures that the sentence sets against each other."""
        line = super()._agreeing(text, claims, said, hinted)
        if line is not None:
            return line
        found = [self._held(claim, text, hinted, [])[0] for claim in claims]
        gaps = {claim.quantity.value for claim, held in zip(claims, found, strict=True) if held is None}
        named = {name for mention in self.lexicon.asked_in(text) for name in mention.names}
        read = [one for source in self._read(hinted) for one in source.claims if named & set(one.indicators)]
        told = dict.fromkeys([*(held[1] for held in found if held), *said.figures, *read])
        lines = (line for one, other in combinations(told, 2) for line in worked_out(one, other))
        return next((line for line in lines if agrees(text, line.words, self) and gaps <= _gaps(line)), None)

    def _behind_the_line(self, sources: tuple[Source, ...], hinted: Sequence[int]) -> tuple[Source, ...]:
        """The passages that the writer names, else those that hold the sentence: of ten passages a comparison stands on two."""
        numbers = set(hinted) or {source.number for source in sources}
        named = tuple(source for source in self.material.sources if source.number in numbers)
        return named or self.material.sources[:1]

    def _claims_nothing(self, quantity: Quantity, text: str) -> bool:
        named = self._is_part_of_a_name(quantity, text)
        return named or _counts_what_it_lists(quantity, text) or super()._claims_nothing(quantity, text)

    def _is_part_of_a_name(self, quantity: Quantity, text: str) -> bool:
        """Whether a number stands as it does in a passage that states no figure there: 三年行动, 3.0版, “四件套”."""
        around = bare(text[max(0, quantity.start - 2) : quantity.end + 2])
        return any(
            around in bare(source.text) and not any(same_figure(quantity, claim.quantity) for claim in source.claims)
            for source in self.material.sources
        )

    def _hedges_as(self, claim: Claim, text: str, held: Claim) -> bool:
        # 力争 and 预计 hold for a whole sentence, and a writer puts two of them into one: what stands before another figure is not this one's.
        figures = [q.end for q in find_quantities(text) if q.end <= claim.quantity.start]
        nearest = opened_by(text[max([0, *figures]) : claim.quantity.start])
        own = (claim.hedges - SCOPING) | nearest if figures else claim.hedges
        return held.hedges <= claim.hedges and own <= held.allowed | {"planned"}

    def _is_beside(self, claim: Claim, text: str, held: Claim, source: Source) -> bool:
        """Whether no other figure that is shown is nearer to the words beside a claim, and these have something of the statement."""
        if claim.indicators and not held.indicators and not pairs(held.subject) <= pairs(text):
            return False  # 对俄进出口总额 is not 进出口总额
        if not claim.about or _stands_alike(claim, text, held, source):
            return bool(claim.about) or super()._is_beside(claim, text, held, source)
        if claim.about <= _LIGHT:  # 2023年计划提高到98%: of what, the sentence before or the question has told
            return bool(pairs(held.subject) & pairs(self.question.text))
        own = _share(claim, held)
        alike = [one for s in self.material.sources for one in s.claims if one.quantity.unit == held.quantity.unit]
        in_sentence = max(_share(claim, one) for one in source.claims)
        nearest = max((_share(claim, one) for one in alike), default=0.0)
        is_told = any(_share(claim, one) for s in self._read([source.number]) for one in s.claims)
        return own >= in_sentence - SLACK and own >= nearest - FAR and (own > 0 or not is_told)

    def _faults_of_words(
        self,
        text: str,
        sources: Sequence[Source],
        said: Said,
        matched: Sequence[tuple[Claim, Source, Claim]],
        line: Line | None,
        hinted: Sequence[int],
    ) -> list[str]:
        """What is wrong with all that is no figure: the whole paragraphs cited may lend their words."""
        anchor = self._anchor([source.number for source in sources])
        read = self._read([*(source.number for source in sources), *hinted])
        names = [name for source in sources for name in self.gazetteer.names_of(source.report.region)]
        around = [one for one in dict.fromkeys(s.around for s in sources) if not addresses_a_model(one)]
        own = [line.words] if line else []
        named = "\n".join([*(s.text for s in read), *around, *names, *own])
        words = f"{named}\n{self.question.text}"
        told = [(claim, held) for claim, _, held in matched]
        written = {name for mention in self.lexicon.asked_in(words) for name in mention.names}
        strange = [m for m in self.lexicon.asked_in(text) if not written & set(m.names)]
        turned = ["direction"] if _runs_backwards(text) else []
        turned += ["indicator"] if strange or self._names_two_as_one(text) else []
        turned += ["year"] if _ends_in_another_year(text, read, anchor) else []
        faults = turned + telling.free_faults(text, read, words, self.question.text, said, told, self.gazetteer, anchor)
        scopes = tuple(dict.fromkeys(f"全{source.report.region[-1]}" for source in sources))
        known = grounding.Known(words, named, tuple(s.text for s in read), "\n".join([*around, *own]), scopes)
        return faults + grounding.faults(text, known, self.segmenter, self.lexicon)

    def _names_two_as_one(self, text: str) -> bool:
        """Whether one indicator is explained by another: 固定资产投资（GDP）."""
        mentions = self.lexicon.asked_in(text)
        return any(
            text[one.end : other.start] in ("（", "(") and not set(one.names) & set(other.names)
            for one, other in pairwise(mentions)
        )

    def _may_carry(self, place: Place, sources: Sequence[Source]) -> bool:
        """Only a report's own place: one that is only mentioned (对俄贸易) is not what the next sentence is about."""
        return any(place.name == source.report.region for source in sources)

    def _read(self, numbers: Sequence[int]) -> list[Source]:
        """All sentences of the paragraphs with these numbers."""
        return [source for source in self.material.sources if source.number in numbers]


def _ends_in_another_year(text: str, read: Sequence[Source], anchor: tuple[int, int] | None) -> bool:
    """Whether a sentence speaks of what is to be by a year (到2026年) that no passage has."""
    years = {m.period.last for m in find_periods(text, *(anchor or (None, None))) if m.period.label.startswith("到")}
    return any(year is not None and not any(str(year) in source.text for source in read) for year in years)


def _runs_backwards(text: str) -> bool:
    """Whether something rises from more to less, or falls from less to more: 从201家增加到66家."""
    for led in _FROM.finditer(text):
        inside = [q for q in find_quantities(text) if led.start() <= q.start and q.end <= led.end() + _REACH]
        if len(inside) >= 2 and inside[0].unit == inside[1].unit and inside[0].value != inside[1].value:
            return (inside[0].value < inside[1].value) != bool(_RISES.search(led.group()))
    return False


def _share(claim: Claim, held: Claim) -> float:
    """The share of the words beside a claim that stand beside a statement."""
    return len(claim.about & held.about) / len(claim.about)


def _gaps(line: Line) -> set[Decimal]:
    return {Decimal(str(figure.value)) for figure in line.computed}


def _counts_what_it_lists(quantity: Quantity, text: str) -> bool:
    """Whether a number says how many things stand in a row before it: 政务服务、助企纾困和信用建设三方面."""
    row = re.search(r"(?:[，：]|^|从|在|包括)([^，：。]*)$", text[: quantity.start])
    items = re.split(r"[、和与及]", row[1]) if row else []
    return 2 <= len(items) == quantity.value <= 10


def _stands_alike(claim: Claim, text: str, held: Claim, source: Source) -> bool:
    """Whether a figure stands behind the same characters as in the passage, in a sentence that has most of what it is of."""
    quantity, subject = claim.quantity, pairs(held.subject)
    around = bare(text[max(0, quantity.start - ALIKE) : quantity.end])
    return around in bare(source.text) and len(subject & pairs(text)) > len(subject) / 2
