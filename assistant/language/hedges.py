"""What hedges mean: 左右 may become 约, but neither may be dropped or become 以上."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.language.quantities import Quantity

HEDGES = {
    "about": ("左右", "上下", "约", "大约", "约为", "近"),
    "at least": ("以上", "不低于", "不少于", "至少", "之多", "超", "超过", "突破", "逾", "余", "多", "高于", "以外"),
    "at most": ("以内", "之内", "不超过", "不高于", "以下", "低于"),
    "some": ("几",),
    "expected": ("预计", "有望"),
    "striven for": ("力争", "争取", "努力"),
    "assured": ("确保",),
    "planned": ("拟",),
}
"""Hedges that say the same, by what they mean."""
_MEANING = {word: meaning for meaning, words in HEDGES.items() for word in words}
_NO_HEDGE = re.compile(r"[签条公合预节制]约$")  # 新签约150个 is not 约150个
_OPENING = re.compile(r"预计|有望|力争|争取|努力|确保|拟(?=[^定])")


def meanings(hedges: Sequence[str]) -> frozenset[str]:
    """Return what hedges mean, by the groups of `HEDGES`; one that is in no group means itself."""
    return frozenset(_MEANING.get(hedge, hedge) for hedge in hedges)


def hedged(quantity: Quantity, text: str) -> frozenset[str]:
    """Return what the hedges of a quantity mean, with those that open its sentence: 力争、预计、拟 hold for all of it."""
    hedges = quantity.hedges
    if _NO_HEDGE.search(text, 0, quantity.start):
        hedges = tuple(hedge for hedge in hedges if hedge != "约")
    return meanings(hedges) | opened_by(text[: quantity.start])


def opened_by(text: str) -> frozenset[str]:
    """Return what the hedges mean that open the sentence at the end of a text, and hold for what follows in it."""
    start = max(text.rfind(mark) for mark in "。；;\n") + 1
    return meanings(_OPENING.findall(text[start:]))
