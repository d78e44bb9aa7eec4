"""Chinese and Arabic numerals read as numbers."""

from __future__ import annotations

import math
import re

DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "四": 4, "五": 5}
DIGITS |= {"六": 6, "七": 7, "八": 8, "九": 9}
DIGITS |= {"Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4, "Ⅴ": 5}  # 水质达到Ⅳ类标准
UNITS = {"十": 10, "百": 100, "千": 1000}
MYRIADS = {"万": 10**4, "亿": 10**8}
CHARACTERS = "".join(DIGITS) + "".join(UNITS) + "".join(MYRIADS) + "点半"
LONGEST = 24
"""Characters; a longer row of numerals is no number that anybody wrote."""

_PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?")


def read_chinese(text: str) -> float | None:
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
        return left + sum(DIGITS[char] / 10 ** (place + 1) for place, char in enumerate(fraction))
    if text == "半":
        return 0.5
    if len(text) > 1 and all(char in DIGITS for char in text):
        return float("".join(str(DIGITS[char]) for char in text))
    return _read_places(text)


def _read_places(text: str) -> float | None:
    above, total, section, digit = 0, 0, 0, 0
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
        elif char in UNITS:
            section += (digit or 1) * UNITS[char]
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
    return float(above + total + section + digit)


def read_number(text: str) -> float | None:
    """Read `1,029.8`, `620`, 十二; None where it is no number."""
    plain = text.replace(",", "").replace("，", "")
    if not _PLAIN.fullmatch(plain):
        return read_chinese(text)
    value = float(plain)
    return value if math.isfinite(value) else None
