"""What stands beside a figure and says what it is of, which way it goes, and by what it is counted."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.language.folding import fold
from assistant.language.periods import find_periods
from assistant.language.quantities import Quantity, find_quantities

_DOWN = re.compile(r"下降|降低|减少|回落|下滑|负增长|压减|缩减|降幅")
_UP = re.compile(r"增长|增加|提高|上升|增速|增幅|提升|扩大|新增")
_MARK = re.compile(r"[,，;；。:：!！?？]")
_STOP = re.compile(r"[;；。:：!！?？]")
_IN_ORDER = re.compile(r"(?P<items>[^,，]+?)分别(?P<verb>[^,，、]*)$")
_COUNTED = re.compile(r"(?!左右|以上|以内|以下)[\u3400-\u9fff]{2}")
_MEASURES = {
    "a year": re.compile(r"(?:(?<!\d)年均|每年)[^,，;；]*$"),
    "a head": re.compile(r"[人户]均[^,，;；]*$"),
    "in all": re.compile(r"总投[资入][^,，;；、]*$"),
}
_JOINED = re.compile(r"[和与及、]")
_LIGHT = frozenset("的了是为和与及在将对等中上下有个其并以也还等")


def about(text: str, quantities: Sequence[Quantity], at: int) -> frozenset[str]:
    """The pairs of characters that stand beside a figure and are its own. 「甲、乙分别为…和…」 is read in order."""
    start = max([0, *(m.end() for m in _STOP.finditer(text, 0, quantities[0].start))])
    in_order = _IN_ORDER.search(text, start, quantities[0].start)
    if in_order is None:
        return pairs(_segment(text, quantities, at))
    items = re.split(r"[、和与及]", in_order["items"])
    if len(items) != len(quantities):
        return pairs(_segment(text, quantities, at))
    # 刑事、治安、两抢警情分别下降: the end of the last item may belong to all of them.
    return pairs(f"{items[at]}\n{items[-1][-2:]}\n{in_order['verb']}")


def _segment(text: str, quantities: Sequence[Quantity], at: int) -> str:
    """The words around a figure that are its own: since the figure or clause before, up to the end of its clause."""
    quantity = quantities[at]
    earlier = [q.end for q in quantities[:at]]
    start = max([*earlier, *(m.end() for m in _MARK.finditer(text, 0, quantity.start)), 0])
    stop = _MARK.search(text, quantity.end)
    end = min([q.start for q in quantities[at + 1 :]] + [stop.start() if stop else len(text)])
    before, behind = text[start : quantity.start], text[quantity.end : end]
    if behind.startswith("、"):
        behind = ""  # 市政道路30条、老旧管道125公里: the next item stands behind
    if (
        earlier
        and start == earlier[-1]
        and _COUNTED.match(before)
        and _JOINED.search(before)
        and _COUNTED.match(behind)
    ):
        return behind  # 创建10个示范村和3个示范乡镇: what is counted stands behind each figure
    if not pairs(before):
        # 城镇新增就业，7.5万人: what is counted stands in the clause before.
        before = text[max([*earlier, 0]) : quantity.start]
    if not pairs(before) and earlier:
        # 彩化景观20处、8.6万平方米: one thing is counted twice.
        before = _segment(text, quantities, at - 1)
    return before + "\n" + behind


def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a text's words, without figures, times, marks and words of no weight."""
    bare = list(fold(text))
    for mention in find_periods(text):
        bare[mention.start : mention.end] = "\n" * (mention.end - mention.start)
    for quantity in find_quantities(text):
        bare[quantity.start : quantity.end] = "\n" * (quantity.end - quantity.start)
    runs = re.split(r"[^\u3400-\u9fffA-Za-z]+", "".join("\n" if c in _LIGHT else c for c in bare))
    return frozenset(run[i : i + 2] for run in runs for i in range(len(run) - 1))


def direction(text: str, quantity: Quantity) -> int:
    """Return -1 where the words before a figure, or else behind it, tell of a fall, 1 of a rise, 0 of neither."""
    start = max([m.end() for m in _MARK.finditer(text, 0, quantity.start)] + [0])
    before = fold(text[max(start, quantity.start - 14) : quantity.start])
    after = fold(text[quantity.end : quantity.end + 4])
    down, up = _last(_DOWN, before), _last(_UP, before)
    if down < 0 and up < 0:
        down, up = _last(_DOWN, after), _last(_UP, after)
    return 0 if down == up else -1 if down > up else 1


def measures(text: str, quantity: Quantity) -> frozenset[str]:
    """年均 and 人均 say as much of a figure as a hedge does: 年均增长4% is not 增长4%."""
    return frozenset(meaning for meaning, word in _MEASURES.items() if word.search(text, 0, quantity.start))


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max([m.start() for m in pattern.finditer(text)], default=-1)
