"""Whether a sentence that sets places or times against each other says what the program has worked out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from assistant.answering.compose import Line
from assistant.answering.writing.claims import Claim
from assistant.answering.writing.turning import bare
from assistant.language.folding import fold
from assistant.language.lexicon import Lexicon
from assistant.language.periods import find_periods
from assistant.language.regions import Gazetteer
from assistant.types import Figure

ARITHMETIC = re.compile(r"（[^（）]*由引用数据计算）")
"""The sum that a worked-out figure is followed by, as the answer writes it."""
_MORE = "高多大快超"
_SIZE = "[高多大快低少小慢]"
_FIGURE = r"(?:约|近)?(?:\d+(?:\.\d+)?(?!\d*年)|[一二三四五六七八九十百]+[分倍个家户])"
_OVER = re.compile(
    rf"(?P<than>(?<![同相占环])比(?!上年|去年|上一年|同期|重|例|如|较|对)|(?<!比)较(?!上年|去年|上一年|同期|大|多|高|好|快|强))"
    rf"(?P<right>[^,，。;；:：]{{1,40}}?)(?<![提扩增减降加])(?P<size>{_SIZE})"
    rf"|(?P<size3>[高多低少])出(?=约?\d)(?P<right3>)"
    rf"|(?P<size2>(?<!不){_SIZE}于|超过了?|超出)(?!{_FIGURE})(?P<right2>[^,，。;；:：]{{1,40}})"
)
_MOST = re.compile(rf"最(?P<size>{_SIZE})(?!限度|程度)")
_SAME = re.compile(r"相同|一样|持平|一致(?!认|好)")
_GAP = re.compile(r"相差|差距|差额")


class Reads(Protocol):
    """What is needed to read sides out of words."""

    @property
    def lexicon(self) -> Lexicon: ...
    @property
    def gazetteer(self) -> Gazetteer: ...
    @property
    def common(self) -> frozenset[str]:
        """What all sides are about, so that it tells none of them from another."""
        ...


def compares(text: str, passages: Sequence[str]) -> bool:
    """Whether a sentence sets sides against each other in words of its own, rather than in those of a passage."""
    folded, known = fold(text), "\n".join(map(bare, passages))
    for pattern, beside in ((_OVER, 0), (_MOST, 2), (_SAME, 2), (_GAP, 2)):
        for found in pattern.finditer(folded):
            if bare(folded[max(0, found.start() - beside) : found.end() + beside]) not in known:
                return True
    return False


def agrees(text: str, words: str, reads: Reads) -> bool:
    """Whether a sentence comes to the same as `words` of the program: the same sides, set against each other the same way."""
    said, told = fold(text), fold(words)
    most, worked_out = _MOST.search(said), _MOST.search(told)
    if most or worked_out:
        same_way = most and worked_out and (most["size"] in _MORE) == (worked_out["size"] in _MORE)
        return bool(same_way) and _tokens(said, reads) == _tokens(told, reads)
    if _SAME.search(said) or _SAME.search(told):
        return bool(_SAME.search(said) and _SAME.search(told))
    over, held = _OVER.search(said), _OVER.search(told)
    if held is None:
        return False
    sides = _sides(told, held, reads)
    if over is None:  # 两者相差3个百分点
        return bool(_GAP.search(said)) and _tokens(said, reads) <= sides[0] | sides[1]
    left, right = _sides(said, over, reads)
    first, second = sides if _greater(over) == _greater(held) else sides[::-1]
    told_apart = bool(left & (first - second)) or bool(right & (second - first))
    return told_apart and left <= first and right <= second


def worked_out(one: Claim, other: Claim) -> list[Line]:
    """Set two statements of a report against each other in the program's words, with the difference; empty where they are unlike.

    Alike are figures of one unit that are of one indicator, or of subjects that share most of their words.
    """
    first, second = one.quantity, other.quantity
    shared = len(one.about & other.about)
    is_one_thing = set(one.indicators) & set(other.indicators) or shared > min(len(one.about), len(other.about)) / 2
    if first.unit != second.unit or first.value == second.value or first.high or second.high or not is_one_thing:
        return []
    greater, lesser = (one, other) if first.value > second.value else (other, one)
    gap = greater.quantity.value - lesser.quantity.value
    unit = "个百分点" if first.unit == "%" else first.unit
    size, name = next(
        ((size, name) for size, name in ((10**8, "亿"), (10**4, "万")) if unit != "个百分点" and gap >= size), (1, "")
    )
    text = f"{(gap / size).normalize():f}{name}{unit}"
    sum_of = f"{greater.quantity.text}减{lesser.quantity.text}"
    figure = Figure(text, float(gap), unit, None, None, None, None, None, "computed")
    more = "高" if unit == "个百分点" else "多"
    words = f"{_name(greater)}比{_name(lesser)}{more}{text}（{sum_of}，由引用数据计算）"
    return [Line(words=words, computed=(figure,))]


def _name(claim: Claim) -> str:
    """Whose, when and what a statement is, as a comparison calls it."""
    period = claim.periods[0].label if claim.periods else ""
    return f"{claim.region or ''}{period}{claim.indicators[0] if claim.indicators else claim.subject}"


def _greater(match: re.Match[str]) -> bool:
    return (match["size"] or match["size2"] or match["size3"])[0] in _MORE


def _sides(text: str, match: re.Match[str], reads: Reads) -> tuple[frozenset[str], frozenset[str]]:
    """What is named before the comparison and in what it is compared with."""
    right, before = match["right"] or match["right2"], text[: match.start()]
    if not right:  # 南岗区高出3个百分点: set against what has been said before
        return _tokens(re.split("[,，]", before)[-1], reads), frozenset()
    return _tokens(before, reads), _tokens(right, reads)


def _tokens(text: str, reads: Reads) -> frozenset[str]:
    """The places, times and indicators that words name, without what all sides are about."""
    places = {place.name for place in reads.gazetteer.find(text)}
    times = {mention.period.label for mention in find_periods(text)}
    names = {mention.names[0] for mention in reads.lexicon.asked_in(text)}
    return frozenset(places | times | names) - reads.common
