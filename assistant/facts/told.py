"""A fact together with the report and the paragraph that it stands in, and how its figure is written there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from assistant.facts.fact import Fact
from assistant.language.hedges import AFTER, OPENING, meanings
from assistant.language.roles import ROLES
from assistant.types import Paragraph, Period, Report, Role

_EXPECTED = re.compile(r"[^,，。;；:：\d]{0,6}(?P<hedge>预计)")
"""Opens a sentence of which all is expected: 初步预计，全市地区生产总值…；固定资产投资…."""


_OPENS_A_ROW = ROLES["said of a row"].pattern


@dataclass(frozen=True, slots=True)
class Told:
    """A fact with the report and the paragraph that it stands in."""

    report: Report
    paragraph: Paragraph
    fact: Fact

    @property
    def indicator(self) -> str:
        """Name of the indicator that it is a figure of."""
        return self.fact.indicator or ""

    @property
    def period(self) -> Period | None:
        return self.fact.period

    @property
    def role(self) -> Role | None:
        return self.fact.role

    @property
    def sentence(self) -> str:
        """The sentence that it stands in, verbatim."""
        return self.paragraph.text[slice(*self.fact.sentence)]

    @property
    def is_doubtful(self) -> bool:
        """Whether the figure was recognised in a picture and has to be compared with it."""
        return bool(self.paragraph.doubtful_in(self.fact.start, self.fact.end))

    @property
    def hedges(self) -> tuple[str, ...]:
        """The hedges at the figure, 力争 of its clause, 预计 of its row up to a semicolon where that opens a clause, or of its sentence.

        In 研发强度预计2.85%，投资增长0.9% it is the first figure's alone.
        """
        text, fact = self.paragraph.text, self.fact
        row = max(fact.sentence[0], *(text.rfind(mark, 0, fact.start) + 1 for mark in "；;"))
        expected = [
            found.group()
            for found in OPENING.finditer(text, row, fact.start)
            if meanings([found.group()]) == {"expected"}
            and (found.start() >= fact.clause[0] or _OPENS_A_ROW.search(text[row : found.start()]))
        ]
        # Of a result 努力 and 确保 are no hedges: 在全市人民共同努力下.
        own = expected if fact.role == "actual" else [*expected, *OPENING.findall(text[fact.clause[0] : fact.start])]
        whole = _EXPECTED.match(text, fact.sentence[0])
        return tuple(dict.fromkeys((*fact.hedges, *([whole["hedge"]] if whole else []), *own)))

    @property
    def signed(self) -> Decimal | None:
        """The value, below zero where something has fallen: 下降2% is -2."""
        value = self.fact.value
        return -value if value is not None and self.fact.direction < 0 and self.fact.measure == "change" else value

    @property
    def figure(self) -> str:
        """The figure by itself as one would quote it: 力争5.5%左右, 下降2%; the words of a goal without a number."""
        fact = self.fact
        written = self.paragraph.text[fact.start : fact.end]
        if fact.value is None:
            return written
        behind = [hedge for hedge in self.hedges if AFTER.fullmatch(hedge) and hedge not in written]
        before = [hedge for hedge in self.hedges if not AFTER.fullmatch(hedge) and hedge not in written]
        fallen = ["下降"] if fact.measure == "change" and fact.direction < 0 else []
        # 预计下降超过3%: what is hoped or expected stands before the fall, how much about it behind.
        hoped, much = ([one for one in before if bool(OPENING.fullmatch(one)) is first] for first in (True, False))
        return "".join((*hoped, *fallen, *much, written, *behind))
