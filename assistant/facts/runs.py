"""Figures in a row, and what their sentence has told before them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.facts.phrases import RULES
from assistant.language.quantities import UNITS, Quantity
from assistant.language.sentences import Span

Spans = tuple[Span, ...]

COUNTED = frozenset((*UNITS["count"], *UNITS["people"]))
"""Units of things, of which 10个以上 is how many there are and no threshold."""
THRESHOLD = re.compile(r"(?:及?以上|及?以下|以内|内)(?:的)?(?=[\u4e00-\u9fff]{2})")
_AFTER = re.compile(r"(?:左右|以上|以内|以下|上下|之内|之多|以外|的)*")


@dataclass(frozen=True, slots=True)
class Run:
    """Figures in a row that share what stands before the first: 分别增长4.3%、5.7%."""

    figures: tuple[Quantity, ...]
    left: Span
    """From the figure or name before, or from the start of the clause, to the first figure."""
    right: Span
    """From the last figure, its hedges left out, to the next one or the end of the clause."""
    ends: bool = True
    """Whether no other figure of the clause follows."""
    linked: bool = False
    """Whether 的 links it with what follows: 总投资9.64亿元的10条道路."""


@dataclass
class Told:
    """What the sentence has told so far, for figures that leave out what they are of."""

    sentence: Span = (0, 0)
    group: list[Spans] = field(default_factory=list)
    """The subjects of the last figures in a row, each its own."""
    last: Spans = ()
    before: list[Spans] = field(default_factory=list)
    """The subjects of the clause before this one."""
    here: list[Spans] = field(default_factory=list)
    """Those of this clause so far."""
    with_part: list[Spans] = field(default_factory=list)
    """Those of the clause before and, where it told a part, of the whole before it: 总收入581亿元，其中地方收入355亿元，分别增长16%和18%."""
    recent: list[Spans] = field(default_factory=list)
    """All subjects since the last semicolon, each once, in their order."""
    measured: Spans = ()
    """What the last figure was of, where it was measured of what went before: of 第三产业，增加值674亿元 the growth is 增加值's."""
    cut: int = -1
    """Where a name was cut before what the next figure measures of it."""
    topic: Spans = ()
    """What the clauses without a figure are about: 出台贴息政策，支持项目684个."""
    action: Spans = ()
    """What was said to be done in a row that goes on: 新增智慧养老院30家、家庭养老床位1万张."""

    def tell(self, subjects: Sequence[Spans], carried: Spans = ()) -> None:
        """Keep the subjects of a run; `carried` is what the next figure is of where that is less."""
        told = [subject for subject in subjects if subject]
        if told:
            self.group = told
            self.last = carried or told[-1]
            self.here += [carried] if carried and len(told) == 1 else told
            self.recent = [*(one for one in self.recent if one not in told), *told]

    def turn(self, *, is_part: bool = False) -> None:
        """Go on to the next clause; `is_part` where this one has told a part of what the one before told."""
        if self.here:
            self.with_part = [*(self.before if is_part else ()), *self.here]
            self.before, self.here = self.here, []


def runs_of(text: str, figures: Sequence[Quantity]) -> list[tuple[Quantity, ...]]:
    """Gather the figures of a clause with nothing but 、 and 和 between them; 项目259个、10亿元以上项目 are two rows."""
    rows: list[list[Quantity]] = []
    for figure in figures:
        between = text[rows[-1][-1].end : figure.start] if rows else ""
        bare = RULES["joined"].pattern.sub("", _AFTER.sub("", between, count=1)).strip(" \n约近超")
        other = bool(rows) and rows[-1][-1].unit != figure.unit and THRESHOLD.match(text, figure.end) is not None
        other = other and figure.unit not in COUNTED
        if rows and not bare and not between.startswith("的") and not other:
            rows[-1].append(figure)
        else:
            rows.append([figure])
    return [tuple(row) for row in rows]


def behind(text: str, at: int) -> int:
    """Where the hedges behind a figure that ends at `at` end."""
    found = re.compile(r"(?:左右|及?以上|以内|以下|上下|之内|之多|以外)?(?:(?<=[元亿])(?:新?台阶|大关|关口))?").match(
        text, at
    )
    return found.end() if found else at
