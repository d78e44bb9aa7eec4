"""What of the findings an answer has told, and what it still owes."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from assistant.answering.writing.checking import Checked
from assistant.answering.writing.claims import Claim, pairs
from assistant.answering.writing.sources import Source
from assistant.language.folding import squeeze
from assistant.retrieval.question import Question

LEAST_KEPT = 0.6
"""Share of the words of a finding that a draft must keep to stand for it, where these are no single figure."""
MENTIONED = 0.3
"""The same where its figures are kept."""
SUMMED_UP = 0.1
"""The same, of the words that are a finding's alone, where a draft sums up several findings."""
A_FIGURE = 8
"""Pairs of characters of a finding that is hardly more than its figure: 增长6%."""
_ITEM = re.compile(r"[、，；]|以及|和")


@dataclass
class Completeness:
    """Keeps count of the findings that have been told."""

    question: Question
    sources: tuple[Source, ...]
    _claims: list[Claim] = field(default_factory=list)
    _verbatim: list[Source] = field(default_factory=list)

    def told(self, checked: Checked) -> None:
        """Count what a sentence has repeated."""
        self._claims += checked.covers

    def told_verbatim(self, source: Source) -> None:
        self._verbatim.append(source)
        self._claims += source.shown

    def is_covered(self, source: Source, text: str) -> bool:
        """Whether the answer so far, of which `text` is the whole text, stands for a finding."""
        if source in self._verbatim:
            return True
        wanted = self._wanted(source)
        if any(claim not in self._claims for claim in wanted):
            return False
        words = pairs(source.words)
        if wanted and len(words) <= A_FIGURE:
            return True
        share = len(words & pairs(text)) / len(words) if words else 1.0
        if len(self.sources) > 1 and self.question.shape in ("explain", "list"):
            return bool(wanted) or share >= MENTIONED or self._is_summed_up(source, words, text)
        return share >= (MENTIONED if wanted else LEAST_KEPT)

    def stands_for(self, source: Source, text: str, claims: Collection[Claim]) -> bool:
        """Whether a draft alone says what its one finding says: the figures wanted, the items of a list and most of the words."""
        if any(claim not in claims for claim in self._wanted(source)):
            return False
        if self.question.shape in ("number", "rank", "when"):
            return True  # where a number is asked, its figures are enough
        plain = squeeze(text)
        quoted = re.findall(r"“([^”]{2,24})”", re.sub(r"^[^:：]{0,20}[:：]", "", source.words))
        items = [item for item in _ITEM.split(source.words) if 2 <= len(item) <= 12] if "、" in source.words else []
        if any(squeeze(words) not in plain for words in quoted) or any(squeeze(i)[-2:] not in plain for i in items):
            return False
        words = pairs(source.words)
        return not words or len(words & pairs(text)) >= LEAST_KEPT * len(words)

    def _is_summed_up(self, source: Source, words: frozenset[str], text: str) -> bool:
        """Whether a draft that sums up several findings has something of this one that no other has."""
        of_others = frozenset().union(*(pairs(other.words) for other in self.sources if other is not source))
        own = words - of_others
        return len(own & pairs(text)) >= max(3, SUMMED_UP * len(own))

    def _wanted(self, source: Source) -> list[Claim]:
        """The figures of a finding that must not be lost: those in the units asked for, where the question asks for any."""
        units = {unit for asked in self.question.units for unit in asked}
        asked = [claim for claim in source.shown if claim.quantity.unit in units]
        return asked or list(source.shown)
