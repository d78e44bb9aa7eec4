"""Chinese and Arabic numerals read as exact numbers; what each character is worth stands in `rules/numerals.toml`."""

from __future__ import annotations

import re
from decimal import Decimal

from assistant.language.ruleset import read_table

_TABLE = read_table("numerals")
DIGITS: dict[str, int] = _TABLE["digits"]
PLACES: dict[str, int] = _TABLE["places"]
MYRIADS: dict[str, int] = _TABLE["myriads"]
MAGNITUDES: dict[str, int] = _TABLE["magnitudes"]
"""What stands behind Arabic numerals: 620亿."""
CHARACTERS = "".join(DIGITS) + "".join(PLACES) + "".join(MYRIADS) + "点半"
LONGEST = 24
"""Characters; a longer row of numerals is no number that anybody wrote."""
_LONGEST_ARABIC = 300
"""Characters; a longer row of digits is kept out of arithmetic."""

_PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?")


def read_chinese(text: str) -> Decimal | None:
    """Read 十二, 两千三百, 五点五, 一亿二千万, 二〇二四; None where it is no numeral.

    A row of bare digits (二〇二四) is read place by place, as years are written.
    """
    if not 0 < len(text) <= LONGEST or any(char not in CHARACTERS for char in text) or text[0] in "点万亿":
        return None
    if "点" in text:
        whole, _, fraction = text.partition("点")
        left = read_chinese(whole)
        if left is None or not fraction or any(char not in DIGITS for char in fraction):
            return None
        return left + Decimal("0." + "".join(str(DIGITS[char]) for char in fraction))
    if text == "半":
        return Decimal("0.5")
    if len(text) > 1 and all(char in DIGITS for char in text):
        return Decimal("".join(str(DIGITS[char]) for char in text))
    return _read_places(text)


def _read_places(text: str) -> Decimal | None:
    above, total, section, digit = 0, 0, 0, 0
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
        elif char in PLACES:
            section += (digit or 1) * PLACES[char]
            digit = 0
        elif char == "万":
            total = (total + section + digit) * MYRIADS[char]
            section = digit = 0
        elif char == "亿":
            # 一亿二千万 begins anew after 亿; 一万亿 multiplies what stands before it.
            above = (above + total + section + digit) * MYRIADS[char]
            total = section = digit = 0
        else:
            return None
    return Decimal(above + total + section + digit)


def read_number(text: str) -> Decimal | None:
    """Read `1,029.8`, `620`, 十二; None where it is no number."""
    plain = text.replace(",", "").replace("，", "")
    if not _PLAIN.fullmatch(plain):
        return read_chinese(text)
    return Decimal(plain) if len(plain) <= _LONGEST_ARABIC else None
