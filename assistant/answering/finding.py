"""What the reader found: words of a paragraph that answer, with the sentence they stand in."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.facts.fact import Fact
from assistant.language.sentences import Span
from assistant.types import Paragraph, Report

_AROUND = "。！!；;，,、：: \n"
"""Marks around the words of a point that are not missed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Words of one paragraph that answer a question or one side of it."""

    report: Report
    paragraph: Paragraph
    shown: Span
    """Characters of the paragraph that the answer prints."""
    quote: Span
    """The sentence or sentences that the citation quotes; they hold `shown`."""
    coverage: float = 1.0
    """How much of the question's content the sentence and its headings hold, 0 to 1."""
    lead: str = ""
    """What the answer prints before the words: whose and when they are."""
    said: str = ""
    """The heading that is printed in the place of the words, where the words stand under it; else empty."""
    is_point: bool = False
    """A point or an item is its whole sentence: where less is printed, …… says so. Of a value its clause is enough."""

    @property
    def text(self) -> str:
        return self.paragraph.text[slice(*self.shown)]

    @property
    def cuts(self) -> tuple[bool, bool]:
        """Whether words before and after those printed are left out of a point."""
        text = self.paragraph.text
        before, after = text[self.quote[0] : self.shown[0]], text[self.shown[1] : self.quote[1]]
        return self.is_point and bool(before.strip(_AROUND)), self.is_point and bool(after.strip(_AROUND))

    def holds(self, fact: Fact) -> bool:
        """Whether a figure of the paragraph stands in the words that are printed."""
        return fact.value is not None and self.shown[0] <= fact.start and fact.end <= self.shown[1]

    def lies_in(self, other: Finding) -> bool:
        """Whether another finding prints all that this one prints."""
        inside = other.shown[0] <= self.shown[0] and self.shown[1] <= other.shown[1]
        return self.paragraph.id == other.paragraph.id and other.said in ("", self.said) and inside

    @property
    def quoted(self) -> str:
        return self.paragraph.text[slice(*self.quote)]
