from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.verification import unsupported
from assistant.types import Figure

COMPUTED = Figure("3个百分点", 3.0, "个百分点", None, None, None, None, None, "computed")


@pytest.mark.parametrize(
    ("text", "paragraph"),
    [
        ("增长5%", "增长6.5%"),
        ("增长5%", "增长15%"),
        ("增长5.5%", "增长5.5个百分点"),
        ("完成62亿元", "完成620亿元"),
        ("完成620万元", "完成620亿元"),
        ("增长5%", "增长5%—6%"),
        ("增长百分之六", "增长5%"),
        ("翻两番", "翻一番"),
        ("建成3所", "建成3个"),
        ("增长5%", ""),
    ],
)
def test_a_figure_that_no_paragraph_holds_is_named(text: str, paragraph: str) -> None:
    assert len(unsupported(text, [paragraph])) == 1


@pytest.mark.parametrize(
    ("text", "paragraph"),
    [
        ("增长5.5%", "地区生产总值增长5.5%规模以上工业增加值增长6%"),
        ("完成1.2万亿元", "完成12000亿元"),
        ("增长百分之五点五", "增长５．５％左右"),
        ("增长5%—6%", "增长5%至6%"),
        ("收入翻一番", "居民收入翻番"),
        ("完成620 亿元", "预计完成620亿元"),
        ("没有数字", ""),
    ],
)
def test_a_figure_is_held_however_it_is_written(text: str, paragraph: str) -> None:
    assert unsupported(text, [paragraph]) == []


def test_figures_may_stand_in_different_paragraphs() -> None:
    assert unsupported("增长5%，完成620亿元，新建3所", ["增长5%", "完成620亿元"]) == ["3所"]


def test_years_and_dates_are_no_figures() -> None:
    assert unsupported("2025年12月30日，今后五年，2021年1—11月", ["没有年份"]) == []


def test_only_what_was_computed_may_stand_without_a_paragraph() -> None:
    assert unsupported("相差3个百分点", ["增长10%", "增长7%"], [COMPUTED]) == []
    assert unsupported("相差3%", ["增长10%", "增长7%"], [COMPUTED]) == ["3%"]
    assert unsupported("相差4个百分点", ["增长10%", "增长7%"], [COMPUTED]) == ["4个百分点"]


@given(st.text(st.one_of(st.sampled_from("增长5.5%，620亿元户个第年2024—约“”"), st.characters()), max_size=60))
def test_a_text_supports_itself(text: str) -> None:
    assert unsupported(text, [text, text.replace("年", "")]) == [] or "年" in text or "月" in text
