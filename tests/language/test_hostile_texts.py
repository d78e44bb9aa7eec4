"""Texts that are long and alike: time must grow with the length and not with its square."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

import pytest

from assistant.language.folding import fold, squeeze
from assistant.language.lexicon import Lexicon
from assistant.language.numerals import read_chinese, read_number
from assistant.language.periods import find_periods, read_year
from assistant.language.quantities import find_quantities
from assistant.language.regions import Gazetteer, county_name, short_name
from assistant.language.sentences import clauses, semicolon_parts, sentences
from assistant.language.words import carries_content

LENGTH = 10_000
LONGEST = 0.5
"""Seconds of processor time; a pattern that backtracks takes tens of them."""

REPEATED = (
    *"1,.%亿万十百千一五〇年月元区市族自治新松北到—~-至第翻成倍分之点半余多近约力“”「（(。；;\n 　aA+个百",
    *(
        "1,",
        "1.5",
        "123,",
        "1,234,",
        "1%",
        "5年",
        "十五",
        "2024年",
        "2024—",
        "1月—",
        "1—",
        "五分之",
        "百分之五点",
        "一点",
        "松北",
        "松被区",
        "自治",
    ),
    *(
        "“”",
        "“1”",
        "万亿",
        "百万",
        "力争",
        "5%左右",
        "增长5%规模",
        "GDP",
        "生产总值",
        "1+",
        "1到",
        "1亿到",
        " 亿",
        "1 ",
        "数十",
        "两位数",
    ),
)


@pytest.fixture(scope="module")
def readings(lexicon: Lexicon, gazetteer: Gazetteer) -> dict[str, Callable[[str], object]]:
    functions: tuple[Callable[[str], object], ...] = (
        fold,
        squeeze,
        read_chinese,
        read_number,
        read_year,
        find_periods,
        find_quantities,
    )
    functions += (
        sentences,
        clauses,
        short_name,
        county_name,
        carries_content,
        lexicon.written_in,
        lexicon.asked_in,
        gazetteer.find,
    )
    named = {function.__qualname__: function for function in functions}
    return named | {"semicolon_parts": lambda text: semicolon_parts(text, 0, len(text))}


@pytest.mark.parametrize("piece", REPEATED)
def test_a_long_row_of_the_same_is_read_at_once(readings: dict[str, Callable[[str], object]], piece: str) -> None:
    text = (piece * LENGTH)[:LENGTH]
    slow = {}
    gc.disable()  # what other tests have left on the heap is not this text's cost
    try:
        for name, read in readings.items():
            started = time.thread_time()
            read(text)
            taken = time.thread_time() - started
            if taken > LONGEST:
                slow[name] = round(taken, 2)
    finally:
        gc.enable()
    assert not slow
