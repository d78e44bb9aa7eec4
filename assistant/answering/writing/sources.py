"""The passages that a draft may stand on: what the reader found, numbered as the answer cites it, with what it states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.answering.compose import FactsOf, Line, as_words
from assistant.answering.finding import Finding
from assistant.answering.writing.claims import Claim, pairs, stated
from assistant.facts.fact import Fact
from assistant.language.injection import addresses_a_model
from assistant.types import Figure, Paragraph, Report, Role

_LONGEST_HEADING = 24


@dataclass(frozen=True)
class Source:
    """One finding, as a model is shown it and as its sentences are held against it."""

    number: int
    """The n of 〔n〕 and of [n]."""
    lead: str
    """Whose and when it is, and whether it is a goal, as the reader prints it."""
    finding: Finding
    claims: tuple[Claim, ...]
    """What the quoted sentence states of each of its figures."""
    shown: tuple[Claim, ...]
    """Those of them that stand in the words shown, which an answer must not lose."""

    @property
    def report(self) -> Report:
        return self.finding.report

    @property
    def paragraph(self) -> Paragraph:
        return self.finding.paragraph

    @property
    def role(self) -> Role | None:
        roles = {claim.role for claim in self.shown if claim.role}
        return roles.pop() if len(roles) == 1 else self.paragraph.role

    @property
    def words(self) -> str:
        """The passage's own words, as the reader prints them."""
        return as_words(self.finding.text)

    @cached_property
    def text(self) -> str:
        """All that a sentence may take from it: the quoted sentence, and where it stands."""
        return "\n".join((self.finding.quoted, self.finding.text))

    @cached_property
    def around(self) -> str:
        return "\n".join((self.lead, self.report.title, *self.paragraph.headings))

    @cached_property
    def pairs(self) -> frozenset[str]:
        return pairs(self.text) | pairs(self.around)


@dataclass(frozen=True)
class Material:
    """What an answer is written from: the sources, and the lines that the program itself has to say."""

    sources: tuple[Source, ...]
    own: tuple[Line, ...]
    """Comparisons with their arithmetic, and what was not found: said in the program's words or not at all."""

    @property
    def computed(self) -> tuple[Figure, ...]:
        return tuple(figure for line in self.own for figure in line.computed)

    def as_shown(self) -> str:
        """The passages as the prompt has them, a line each: [1] 松北区2025年计划（“一是全力扩大有效投资”）：…；…"""
        told: dict[tuple[int, str], list[Source]] = {}
        for source in self.sources:
            told.setdefault((source.number, source.lead), []).append(source)
        lines = [
            f"[{number}] {lead}{under(found[0].paragraph)}：{'；'.join(source.words for source in found)}"
            for (number, lead), found in told.items()
        ]
        return "\n".join([*lines, *(line.words for line in self.own)])


def under(paragraph: Paragraph) -> str:
    """The innermost heading of a paragraph as it stands behind a lead, where it is short and speaks to people."""
    heading = paragraph.headings[-1].strip() if paragraph.headings else ""
    shown = 0 < len(heading) <= _LONGEST_HEADING and not addresses_a_model(heading)
    return f"（“{heading}”）" if shown else ""


def material(lines: Sequence[Line], facts_of: FactsOf) -> Material:
    """Number the findings of the reader's lines as `compose` numbers them, with what their paragraphs state."""
    numbers: dict[str, int] = {}
    sources = []
    for line in lines:
        for finding in line.findings:
            number = numbers.setdefault(finding.paragraph.id, len(numbers) + 1)
            sources.append(source_of(number, line.lead, finding, facts_of(finding.paragraph.id)))
    return Material(tuple(sources), tuple(line for line in lines if line.words))


def source_of(number: int, lead: str, finding: Finding, facts: Sequence[Fact]) -> Source:
    """Make a source of a finding; `facts` are those of its paragraph."""
    around = (min(finding.quote[0], finding.shown[0]), max(finding.quote[1], finding.shown[1]))
    claims = stated(finding.paragraph, finding.report, around, facts)
    shown = stated(finding.paragraph, finding.report, finding.shown, [fact for fact in facts if finding.holds(fact)])
    return Source(number, lead, finding, tuple(claims), tuple(shown))
