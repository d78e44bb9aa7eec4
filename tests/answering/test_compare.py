from __future__ import annotations

import re

import pytest

from assistant.answering.difference import difference
from assistant.facts.fact import Fact
from assistant.facts.reading import read_facts
from assistant.language.lexicon import load_lexicon
from assistant.language.periods import year_period
from assistant.types import Paragraph, Report


def figure(text: str, year: int | None = None) -> Fact:
    period = year_period(year) if year else None
    paragraph = Paragraph("p-1-0", "p", 0, (), f"地区生产总值为{text}。", period)
    (fact,) = read_facts(paragraph, Report("p", "甲区", "甲区", 2025), load_lexicon())
    return fact


@pytest.mark.parametrize(
    ("one", "other", "gap"),
    [
        ("10%", "7%", "3个百分点"),
        ("6.5%", "6%", "0.5个百分点"),
        ("0.3%", "0.1%", "0.2个百分点"),
        ("620亿元", "1029.8亿元", "409.8亿元"),
        ("300户", "500户", "200户"),
        ("1.2万亿元", "12亿元", "11988亿元"),
    ],
)
def test_a_difference_is_computed_in_its_unit_and_shows_its_arithmetic(one: str, other: str, gap: str) -> None:
    (line,) = difference([("甲区", figure(one)), ("乙区", figure(other))])
    (computed,) = line.computed
    assert (computed.text, computed.status, computed.citation) == (gap, "computed", None)
    assert gap in line.words
    assert "减" in line.words
    assert "计算" in line.words


def test_the_greater_side_is_named_as_the_greater() -> None:
    (higher,) = difference([("甲区", figure("10%")), ("乙区", figure("7%"))])
    (lower,) = difference([("甲区", figure("7%")), ("乙区", figure("10%"))])
    assert re.search("甲区?(?:的增速)?比乙区?高", higher.words)
    assert re.search("乙区?(?:的增速)?比甲区?高", lower.words)


def test_of_one_place_the_later_time_is_spoken_of() -> None:
    now, before = figure("5.5%", year=2025), figure("6.5%", year=2023)
    (line,) = difference([("2023年", before), ("2025年", now)], is_one_place=True)
    assert re.search("2025年?(?:的增速|的目标)?比2023年?低", line.words)


def test_equal_figures_have_no_difference() -> None:
    (line,) = difference([("甲区", figure("6%")), ("乙区", figure("6%"))])
    assert "相同" in line.words
    assert line.computed == ()


def test_figures_of_different_units_are_not_subtracted_and_it_is_said_why() -> None:
    (line,) = difference([("甲区", figure("10%")), ("乙区", figure("7亿元"))])
    assert "不直接相减" in line.words
    assert line.computed == ()


def test_the_difference_of_a_rounded_figure_is_a_rounded_figure() -> None:
    (line,) = difference([("甲区", figure("6.5%左右")), ("乙区", figure("6%"))])
    assert "约0.5个百分点" in line.words
