from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.numerals import CHARACTERS, read_chinese, read_number

PLACES = ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十"))


def in_chinese(number: int) -> str:
    """Write a whole number as a Chinese would, 〇 aside: the other direction, to test the reading against."""
    for size, name in PLACES:
        if number >= size:
            above, rest = divmod(number, size)
            gap = "零" if 0 < rest < size // 10 else ""
            return in_chinese(above) + name + (gap + in_chinese(rest) if rest else "")
    return "零一二三四五六七八九"[number]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十二", 12),
        ("二十", 20),
        ("一百零五", 105),
        ("两千三百", 2300),
        ("一千零一", 1001),
        ("五点五", 5.5),
        ("零点八", 0.8),
        ("半", 0.5),
        ("二〇二四", 2024),
        ("一万二千", 12_000),
        ("一亿二千万", 120_000_000),
        ("三千五百亿", 350_000_000_000),
        ("一万亿", 1_000_000_000_000),
    ],
)
def test_chinese_numerals_are_read_as_they_are_said(text: str, value: float) -> None:
    assert read_chinese(text) == Decimal(str(value))


@pytest.mark.parametrize("text", ["", "abc", "点五", "万", "亿", "五点", "五点十", "五个", "5", "廿", "一" * 100])
def test_what_is_no_chinese_numeral_is_read_as_none(text: str) -> None:
    assert read_chinese(text) is None


@pytest.mark.parametrize(
    ("text", "value"), [("1,029.8", 1029.8), ("1，029.8", 1029.8), ("620", 620), ("0", 0), ("十二", 12)]
)
def test_numbers_are_read_with_or_without_separators(text: str, value: float) -> None:
    assert read_number(text) == Decimal(str(value))


@pytest.mark.parametrize("text", ["", "nan", "inf", "1e5", "1_000", " 5 ", "²", "5%", "1.2.3", "9" * 400])
def test_what_only_a_programming_language_takes_for_a_number_is_none(text: str) -> None:
    assert read_number(text) is None


@given(st.integers(0, 10**12 - 1))
def test_every_whole_number_written_in_chinese_is_read_back(number: int) -> None:
    assert read_chinese(in_chinese(number)) == number


@given(st.text(CHARACTERS, max_size=60))
def test_any_row_of_numerals_is_a_finite_number_or_none(text: str) -> None:
    value = read_chinese(text)
    assert value is None or (math.isfinite(value) and value >= 0)


@given(st.text(max_size=30))
def test_reading_a_number_never_raises(text: str) -> None:
    value = read_number(text)
    assert value is None or math.isfinite(value)
