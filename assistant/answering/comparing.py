"""Whether a sentence that sets places or times against each other says what the program has worked out."""

from __future__ import annotations

import re
from typing import Protocol

from assistant.language.folding import fold
from assistant.language.lexicon import Lexicon
from assistant.language.periods import find_periods
from assistant.language.regions import Gazetteer

_MORE, _LESS = "高多大快", "低少小慢"
_SIZE = f"[{_MORE}{_LESS}]"
_OVER = re.compile(
    rf"(?P<than>(?<![同相])比(?!上年|去年|上一年|同期|重|例|如|较|对)|(?<!比)较(?!上年|去年|上一年|同期|大|多|高|好|快|强))"
    rf"(?P<right>[^,，。;；:：]{{1,40}}?)(?<![提扩增减降加])(?P<size>{_SIZE})"
    rf"|(?P<size2>{_SIZE})于(?P<right2>[^,，。;；:：]{{1,40}})"
)
_MOST = re.compile(rf"最(?P<size>{_SIZE})")
_SAME = re.compile(r"相同|一样|持平|一致(?!认|好)")
_GAP = re.compile(r"相差|差距|差额")


class Reads(Protocol):
    """What is needed to read sides out of words."""

    @property
    def lexicon(self) -> Lexicon: ...
    @property
    def gazetteer(self) -> Gazetteer: ...


def compares(text: str) -> bool:
    """Whether a sentence sets sides against each other."""
    folded = fold(text)
    return any(pattern.search(folded) for pattern in (_OVER, _MOST, _SAME, _GAP))


def agrees(text: str, words: str, reads: Reads) -> bool:
    """Whether a sentence comes to the same as `words` of the program: the same sides, set against each other the same way."""
    said, told = fold(text), fold(words)
    most, worked_out = _MOST.search(said), _MOST.search(told)
    if most or worked_out:
        return bool(most and worked_out) and _same_most(said, told, reads)
    if _SAME.search(said) or _SAME.search(told):
        return bool(_SAME.search(said) and _SAME.search(told))
    over, held = _OVER.search(said), _OVER.search(told)
    if held is None:
        return False
    sides = _sides(told, held, reads)
    if over is None:  # 两者相差3个百分点
        return bool(_GAP.search(said)) and _tokens(said, reads) <= sides[0] | sides[1]
    left, right = _sides(said, over, reads)
    alike = (
        (_greater(over) == _greater(held), sides)
        if left & (sides[0] - sides[1]) or right & (sides[1] - sides[0])
        else (_greater(over) != _greater(held), (sides[1], sides[0]))
    )
    same_way, (first, second) = alike
    told_apart = bool(left & (first - second)) or bool(right & (second - first))
    return same_way and told_apart and left <= first and right <= second


def _same_most(said: str, told: str, reads: Reads) -> bool:
    one, other = _MOST.search(said), _MOST.search(told)
    if one is None or other is None or one["size"] not in (_MORE if other["size"] in _MORE else _LESS):
        return False
    return _tokens(told, reads) == _tokens(said, reads)


def _greater(match: re.Match[str]) -> bool:
    return (match["size"] or match["size2"]) in _MORE


def _sides(text: str, match: re.Match[str], reads: Reads) -> tuple[frozenset[str], frozenset[str]]:
    """What is named before the comparison and in what it is compared with."""
    right = match["right"] or match["right2"]
    return _tokens(text[: match.start()], reads), _tokens(right, reads)


def _tokens(text: str, reads: Reads) -> frozenset[str]:
    """The places, times and indicators that words name."""
    places = {place.name for place in reads.gazetteer.find(text)}
    times = {mention.period.label for mention in find_periods(text)}
    names = {mention.names[0] for mention in reads.lexicon.asked_in(text)}
    return frozenset(places | times | names)
