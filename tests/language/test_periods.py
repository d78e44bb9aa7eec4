from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.periods import NEXT_FIVE, PAST_FIVE, find_periods, read_year, year_period
from assistant.types import Period


def one(text: str, report_year: int | None = 2022, this_year: int | None = None) -> Period:
    found = find_periods(text, report_year, this_year)
    assert len(found) == 1, (text, found)
    return found[0].period


@pytest.mark.parametrize(
    "text", ["2024年", "２０２４年", "二〇二四年", "二○二四年", "二零二四年", "24年", "2024年度", "2024"]
)
def test_a_year_is_the_same_year_however_it_is_written(text: str) -> None:
    assert one(text) == year_period(2024)


@pytest.mark.parametrize("text", ["25年GDP目标", "松北25年要做什么", "25年的目标"])
def test_two_digits_before_the_word_for_year_are_a_year_of_this_century(text: str) -> None:
    assert one(text) == year_period(2025)


@pytest.mark.parametrize("text", ["23和24年哪年快", "23、24两年对比", "23年跟24年比", "2023、2024两年"])
def test_of_two_years_side_by_side_the_first_needs_no_word_for_year(text: str) -> None:
    assert [mention.period.label for mention in find_periods(text)] == ["2023年", "2024年"]


@pytest.mark.parametrize("text", ["五年来", "过去五年", "近五年", "这五年", "5年来", "本届政府"])
def test_the_five_years_before_a_report_end_with_the_year_before_it(text: str) -> None:
    assert one(text) == Period(PAST_FIVE, 2017, 2021)


@pytest.mark.parametrize("text", ["今后五年", "未来五年", "今后5年"])
def test_the_next_five_years_begin_with_the_year_of_the_report(text: str) -> None:
    assert one(text) == Period(NEXT_FIVE, 2022, 2026)


@pytest.mark.parametrize(
    "text", ["2021年1—11月", "2021年1-11月", "2021年1至11月", "2021年1月—11月", "2021年上半年", "2021年前三季度"]
)
def test_some_months_of_a_year_are_not_the_year(text: str) -> None:
    period = one(text)
    assert (period.first, period.last, period.partial) == (2021, 2021, True)


@pytest.mark.parametrize("text", ["到2026年", "至2026年", "到2026年底", "到2026年末"])
def test_a_goal_until_a_year_runs_from_the_year_of_the_report(text: str) -> None:
    period = one(text)
    assert (period.first, period.last, period.partial) == (2022, 2026, False)


@pytest.mark.parametrize("text", ["2021—2025年", "2021年至2025年", "2021-2025年", "“十四五”时期", "“十四五”期间"])
def test_a_span_of_years_has_both_its_ends(text: str) -> None:
    period = one(text)
    assert (period.first, period.last) == (2021, 2025)


@pytest.mark.parametrize(("text", "year"), [("前年", 2020), ("去年", 2021), ("今年", 2022), ("明年", 2023)])
def test_years_told_from_now_are_counted_from_the_anchor(text: str, year: int) -> None:
    assert one(text, report_year=2022) == year_period(year)


def test_this_year_in_a_report_given_in_december_is_the_year_it_was_given_in() -> None:
    assert one("今年", report_year=2022, this_year=2021) == year_period(2021)


def test_without_an_anchor_a_horizon_has_a_name_and_no_years() -> None:
    assert one("今后五年", report_year=None) == Period(NEXT_FIVE)


@pytest.mark.parametrize(
    "text",
    [
        "2024个",
        "2024家企业",
        "第五年",
        "五年规划",
        "五年行动",
        "25年来",
        "十五年来",
        "3—5年",
        "3年",
        "1123",
        "2020.5亿元",
        "9999年",
        "1.5%",
        "",
    ],
)
def test_counts_and_durations_are_no_periods(text: str) -> None:
    assert find_periods(text, 2022) == []


def test_several_periods_are_found_in_their_order() -> None:
    text = "五年来打基础，2021年收官，今后五年再出发"
    found = find_periods(text, 2022)
    assert [text[mention.start : mention.end] for mention in found] == ["五年来", "2021年", "今后五年"]


@pytest.mark.parametrize(
    ("text", "year"),
    [("2024", 2024), ("24", 2024), ("二〇二四", 2024), ("二四", 2024), ("²", None), ("1" * 50, None), ("", None)],
)
def test_a_year_is_read_or_refused(text: str, year: int | None) -> None:
    assert read_year(text) == year


@given(
    st.text(
        st.one_of(st.sampled_from("0123456789年月—-到至今去明前后五5来间十“”四近这二〇零上半季度"), st.characters()),
        max_size=60,
    )
)
def test_periods_lie_in_order_in_the_text_whatever_it_is(text: str) -> None:
    end = 0
    for mention in find_periods(text, 2022):
        assert end <= mention.start < mention.end <= len(text)
        end = mention.end


@given(st.integers(1949, 2099), st.text(st.sampled_from("区政府推进建设发展民生"), max_size=8))
def test_a_year_is_found_between_any_words(year: int, words: str) -> None:
    assert [mention.period for mention in find_periods(f"{words}{year}年{words}")] == [year_period(year)]
