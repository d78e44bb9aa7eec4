from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.language.quantities import Quantity, find_quantities, same_figure

HAN = st.text(st.sampled_from("区政府推进建设发展工业农业民生保障改革开放招商引资群众服务"), min_size=1, max_size=12)
FIGURES = st.sampled_from(
    [
        ("5.5%", 5.5, "%"),
        ("６．５％", 6.5, "%"),
        ("620亿元", 6.2e10, "元"),
        ("1,029.8亿元", 1.0298e11, "元"),
        ("1.2万亿元", 1.2e12, "元"),
        ("0.5个百分点", 0.5, "个百分点"),
        ("82万平方米", 820_000, "平方米"),
        ("300户", 300, "户"),
        ("十二个", 12, "个"),
        ("百分之五点五", 5.5, "%"),
        ("1.5倍", 1.5, "倍"),
        ("翻一番", 1, "番"),
        ("620 亿元", 6.2e10, "元"),
    ]
)


def one(text: str) -> Quantity:
    found = find_quantities(text)
    assert len(found) == 1, (text, found)
    return found[0]


def is_held(figure: str, text: str) -> bool:
    return any(same_figure(one(figure), quantity) for quantity in find_quantities(text))


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("增长5.5%", 5.5, "%"),
        ("增长百分之五", 5, "%"),
        ("增长百分之五点五", 5.5, "%"),
        ("增长百分之5.5", 5.5, "%"),
        ("增长百分之零点五", 0.5, "%"),
        ("占三分之一", 33.3333333333, "%"),
        ("占七成", 70, "%"),
        ("占3成", 30, "%"),
        ("占三成半", 35, "%"),
        ("提高0.5个点", 0.5, "个百分点"),
        ("提高2个百分点", 2, "个百分点"),
        ("降到千分之三", 3, "‰"),
        ("完成12000亿元", 1.2e12, "元"),
        ("完成1.2万亿元", 1.2e12, "元"),
        ("超1，029.8亿元", 1.0298e11, "元"),
        ("成交面积82万平方米", 820_000, "平方米"),
        ("成交面积82万㎡", 820_000, "平方米"),
        ("农田60万亩", 600_000, "亩"),
        ("出口3亿美元", 3e8, "美元"),
        ("翻一番", 1, "番"),
        ("翻番", 1, "番"),
        ("翻两番", 2, "番"),
        ("增长1.5倍", 1.5, "倍"),
        ("是原来的两倍", 2, "倍"),
        ("两千三百户", 2300, "户"),
        ("20余万人", 200_000, "人"),
    ],
)
def test_a_figure_is_read_in_the_base_of_its_unit(text: str, value: float, unit: str) -> None:
    quantity = one(text)
    assert float(quantity.value) == pytest.approx(value)
    assert quantity.unit == unit


@pytest.mark.parametrize("text", ["5%—6%", "5—6%", "5%至6%", "5%到6%", "5%~6%", "５％～６％"])
def test_a_range_is_one_figure_with_two_ends(text: str) -> None:
    quantity = one(text)
    assert (quantity.value, quantity.high, quantity.unit) == (Decimal(5), Decimal(6), "%")
    assert quantity.text == text


def test_a_magnitude_of_its_own_at_each_end_of_a_range_is_kept() -> None:
    quantity = one("3.5万到4万人")
    assert (quantity.value, quantity.high, quantity.unit) == (Decimal(35_000), Decimal(40_000), "人")


@pytest.mark.parametrize(
    ("text", "hedges"),
    [
        ("增长6%左右", {"左右"}),
        ("完成620亿元以上", {"以上"}),
        ("控制在4.3%以内", {"以内"}),
        ("力争增长5%", {"力争"}),
        ("预计完成620亿元", {"预计"}),
        ("不低于8%", {"不低于"}),
        ("确保增长6%以上", {"确保", "以上"}),
        ("近300户", {"近"}),
        ("增长6%", set()),
    ],
)
def test_hedges_are_kept_with_their_figure(text: str, hedges: set[str]) -> None:
    assert set(one(text).hedges) == hedges


def test_the_hedge_of_one_clause_is_not_that_of_the_next() -> None:
    first, second = find_quantities("力争增长5%,完成3个")
    assert first.hedges == ("力争",)
    assert second.hedges == ()


@pytest.mark.parametrize(
    "text",
    [
        "2024年",
        "２０２４年",
        "2024 年",
        "12月31日",
        "第3个",
        "第十九次会议",
        "1+3+19+N",
        "“1+2+5”现代产业体系",
        "“1123”区域发展战略",
        "“125”培养体系",
        "几十个",
        "数百家",
        "两位数增长",
        "五位一体",
        "一批",
        "二期工程",
        "十九大精神",
        "成立以来",
        "",
    ],
)
def test_years_dates_ordinals_code_names_and_vague_numbers_are_no_figures(text: str) -> None:
    assert find_quantities(text) == []


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        ("5%", "增长6.5%"),
        ("5%", "增长15%"),
        ("5%", "提高5个百分点"),
        ("20亿元", "完成620亿元"),
        ("620万元", "完成620亿元"),
        ("5%", "5%—6%"),
    ],
)
def test_a_figure_is_not_found_in_another_that_holds_its_characters(figure: str, text: str) -> None:
    assert not is_held(figure, text)


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        ("12000亿", "共1.2万亿"),
        ("1.2万亿元", "共12,000亿元"),
        ("5.5%", "增长百分之五点五"),
        ("5.5%", "增长５．５％左右"),
        ("620 亿元", "完成620亿元"),
    ],
)
def test_the_same_figure_is_found_however_it_is_written(figure: str, text: str) -> None:
    assert is_held(figure, text)


@given(
    st.text(
        st.one_of(
            st.sampled_from("0123456789.,%一二三十百千万亿年月元个倍番成分之点余多到—-~至+ “”第约"), st.characters()
        ),
        max_size=80,
    )
)
@example("5成立")
@example("9" * 400 + "亿元")
def test_figures_lie_where_they_say_and_apart_from_each_other(text: str) -> None:
    end = 0
    for quantity in find_quantities(text):
        assert text[quantity.start : quantity.end] == quantity.text != ""
        assert quantity.start >= end
        assert not math.isnan(quantity.value)
        assert same_figure(quantity, quantity)
        end = quantity.end


@given(HAN, FIGURES, HAN)
def test_a_figure_is_found_between_any_words(before: str, figure: tuple[str, float, str], after: str) -> None:
    text, value, unit = figure
    found = [q for q in find_quantities(before + text + "，" + after) if q.start == len(before)]
    assert [(q.text, q.unit) for q in found] == [(text, unit)]
    assert float(found[0].value) == pytest.approx(value)
