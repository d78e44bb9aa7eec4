"""Places in an order: 居全市第二, 位列全国首位, 进入前10强."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.facts.phrases import RULES
from assistant.language.numerals import read_number
from assistant.language.quantities import Quantity
from assistant.language.sentences import Span

RANK_UNIT = "位"
_NEAR = 12
"""Characters before a rank in which a word must say that it is one."""
_SCOPE = re.compile(
    r"(全国|全省|全市|全区|全县|全球|世界|(?<=居)[\u4e00-\u9fff]{2,8}|(?<=列)[\u4e00-\u9fff]{2,8}|(?<=在)[\u4e00-\u9fff]{2,8}(?=中|排|位))(?:排名|位|居|列|中|前列|的)*$"
)


@dataclass(frozen=True, slots=True)
class Rank:
    """A place in an order, as a figure, with where what is said of it ends and among whom it is."""

    figure: Quantity
    said_from: int
    """Where 居, 位列 or the scope begins: before it stands what is ranked."""
    among: str | None


def find_ranks(text: str, span: Span, after: int) -> Iterator[Rank]:
    """Find the ranks in `text[slice(*span)]`; what is said of each begins behind `after`."""
    for match in RULES["rank"].pattern.finditer(text, *span):
        start, end = match.span("figure")
        left = text[max(span[0], start - _NEAR) : start]
        value = read_number(match["place"] or match["top"] or match["top2"] or "一")
        if value is None or not RULES["ranked"].pattern.search(left):
            continue
        said = RULES["ranked"].pattern.search(text, max(after, span[0]), start)
        scope = _SCOPE.search(left)
        figure = Quantity(start, end, text[start:end], value, RANK_UNIT)
        yield Rank(figure, said.start() if said else start, scope[1] if scope else None)


def rows_of(text: str, ranks: Iterable[Rank]) -> list[list[Rank]]:
    """Gather the ranks with nothing but 、 and 和 between them: 分别居第2位、第5位."""
    rows: list[list[Rank]] = []
    for rank in ranks:
        between = text[rows[-1][-1].figure.end : rank.figure.start] if rows else ""
        if between in ("、", "和"):
            rows[-1].append(rank)
        else:
            rows.append([rank])
    return rows
