"""The two things that are read out of a report: a figure with all that is said of it, and an item of its outline."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from assistant.language.sentences import Span
from assistant.types import Period, Role

Measure = Literal["level", "change", "share", "rate", "rank", "comparison"]
"""An amount or a count; by how much something has changed; a part of a whole; a percentage that is a level (失业率, 投入强度);
a place in an order; what is set against another time or place (比2017年高4.7个百分点)."""

Aggregate = Literal["average", "cumulative"]
"""An average per year (年均), or a sum over several years (五年累计)."""

ItemKind = Literal["list", "heading", "definition", "opening", "problem"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of a report, or a goal in words in the place of one, with what it says."""

    report_id: str
    paragraph_id: str
    ordinal: int
    """Place among the facts of its paragraph, from 0."""
    start: int
    end: int
    """`paragraph.text[start:end]` is the figure as it is written, without its hedges; the words where `value` is None."""
    clause: Span
    sentence: Span
    subject: str | None
    """What it is a figure of, in the report's own words, pieces that stand apart joined with ` · ` (改造 · 老旧管道). None where
    it cannot be told safely."""
    subject_spans: tuple[Span, ...]
    """Where those words stand in the paragraph."""
    indicator: str | None
    """Name of the indicator in `aliases.toml`, where the subject is one."""
    place: str | None
    """Another place than the report's own, as it is written (全国, 全市); None for its own."""
    period: Period | None
    role: Role | None
    measure: Measure
    value: Decimal | None
    """Exact, in the base of `unit` (620亿元 is 62000000000); the lower end of a range. None for a goal in words."""
    upper: Decimal | None
    """Upper end of a range."""
    unit: str
    """Normalised, without a magnitude: 元, %, 个百分点, 户; 位 for a rank; empty where the text gives none."""
    hedges: tuple[str, ...]
    """左右, 以上, 力争 …, as they are written."""
    direction: int
    """1 for a rise or more, -1 for a fall or less, 0 where neither is said."""
    aggregate: Aggregate | None
    of: str | None
    """The whole of a share or of a part (其中), or what a comparison is made with."""
    beside: tuple[int, ...] = ()
    """Ordinals of the other facts of the paragraph that speak of the same subject in the same sentence: an amount and its growth."""

    @property
    def id(self) -> str:
        return f"{self.paragraph_id}-f{self.ordinal}"


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list, a definition, the words that open a report, or a problem that it names."""

    report_id: str
    paragraph_id: str
    """The paragraph in which it begins."""
    kind: ItemKind
    start: int
    end: int
    """`paragraph.text[start:end]` are its words, without the mark in front of them."""
    heading: str
    """What it is an item of: 重点做好以下七项工作; the term of a definition; empty for an opening."""
    number: int
    """Place in its list, from 1."""
    count: int
    """How many items the list has."""
    announced: int | None = None
    """How many the report says it has, where it says so."""
    list_id: str = ""
    """The same for all items of a list: the id of the paragraph that announces it, and where in it."""
