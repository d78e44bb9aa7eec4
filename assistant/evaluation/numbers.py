"""Figures of a reference answer met again in an answer: by value and unit, however they are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from assistant.language.periods import find_periods
from assistant.language.quantities import UNITS, Quantity, find_quantities, same_figure

_COUNTERS = frozenset(UNITS["count"]) - {"村", "镇", "街道", "门", "层", "期", "届", "步", "轮", "股"}
_ONE_UNIT = {"名": "人", "位": "人"}
_IN_BASE = {
    "公顷": ("平方米", Decimal(10_000)),
    "亩": ("平方米", Decimal(10_000) / 15),
    "平方公里": ("平方米", Decimal(1_000_000)),
    "公里": ("米", Decimal(1000)),
    "延长米": ("米", Decimal(1)),
    "吨": ("公斤", Decimal(1000)),
    "斤": ("公斤", Decimal("0.5")),
    "‰": ("%", Decimal("0.1")),
}
"""Units that are parts of one another; a mu is a fifteenth of a hectare."""
_GROWTH = re.compile(r"(?:增长|增加|提高|提升|扩大|上升|增|高|多)(?:了|约|近|超|超过)?$")


def find_numbers(text: str) -> list[Quantity]:
    """Return the quantities of a text that are no year, span or date, in units that can be compared."""
    blank = list(text)
    for mention in find_periods(text):
        blank[mention.start : mention.end] = " " * (mention.end - mention.start)
    bare = re.sub(r"\d{1,2}月\d{1,2}日", lambda date: " " * len(date.group()), "".join(blank))
    return [_in_base(quantity, bare) for quantity in find_quantities(bare)]


def _in_base(quantity: Quantity, text: str) -> Quantity:
    """Put a quantity into the base of its family: 亩 into 平方米, 翻一番 and 增长1倍 into 增长100%, 增至2倍 into 200%."""
    unit, value, high = _ONE_UNIT.get(quantity.unit, quantity.unit), quantity.value, quantity.high
    if unit == "番":
        return replace(quantity, unit="growth%", value=100 * (2**value - 1))
    if unit == "倍":
        grown = _GROWTH.search(text[max(0, quantity.start - 6) : quantity.start])
        growth = value if grown else value - 1
        return replace(quantity, unit="growth%", value=100 * growth, high=None if high is None else high * 100)
    if unit in _IN_BASE:
        unit, factor = _IN_BASE[unit]
        value, high = value * factor, None if high is None else high * factor
    return replace(quantity, unit=unit, value=value, high=high)


def same_number(wanted: Quantity, found: Quantity) -> bool:
    """Say whether two quantities of `find_numbers` are one: 12000亿 and 1.2万亿 are, 5% and 500亿 or 5个百分点 are not.

    Counters (户, 家, 个 …) stand for each other, as people mix them; a number that the reference gives no unit fits any.
    """
    if same_figure(wanted, found):
        return True
    if not wanted.unit or (wanted.unit in _COUNTERS and (not found.unit or found.unit in _COUNTERS)):
        return same_figure(replace(wanted, unit=""), replace(found, unit=""))
    if {wanted.unit, found.unit} == {"%", "growth%"}:  # 增长120% is 增长1.2倍
        return same_figure(replace(wanted, unit="%"), replace(found, unit="%"))
    return False


def counterparts(wanted: Quantity, said: Sequence[Quantity]) -> list[Quantity]:
    """Return what the answer says in place of a reference figure: the same figure, or where it is wrong those of its unit."""
    same = [quantity for quantity in said if same_number(wanted, quantity)]
    return same or [quantity for quantity in said if quantity.unit == wanted.unit]
