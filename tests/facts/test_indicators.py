from __future__ import annotations

import pytest

from assistant.facts.fact import Fact
from assistant.facts.reading import read_facts
from assistant.language.lexicon import Lexicon
from assistant.language.periods import NEXT_FIVE, PAST_FIVE, year_period
from assistant.retrieval.shelf import Shelf
from assistant.types import Paragraph, Period, Report, Role

REPORT = Report("0" * 16, "2025年甲区政府工作报告", "甲区", 2025)


@pytest.fixture(scope="module")
def told(shelf: Shelf) -> dict[tuple[str, int], list[tuple[str, Fact]]]:
    """All facts of each seed's indicators as the library holds them, with their figures, by region and report year."""
    return {
        (report.region, report.report_year): [
            (shelf.paragraph(fact.paragraph_id).text[fact.start : fact.end], fact)
            for facts in shelf.facts(report.id).values()
            for fact in facts
            if fact.indicator
        ]
        for report in shelf.reports.values()
    }


def read(lexicon: Lexicon, text: str, period: Period | None = None, role: Role | None = None) -> tuple[Fact, ...]:
    return read_facts(Paragraph("p-1-0", REPORT.id, 0, (), text, period, role), REPORT, lexicon)


def figures(text: str, found: tuple[Fact, ...]) -> list[tuple[str | None, str]]:
    return [(fact.indicator, text[fact.start : fact.end]) for fact in found]


@pytest.mark.parametrize(
    ("region", "report_year", "indicator", "text", "period", "role", "partial"),
    [
        ("松北区", 2025, "地区生产总值", "620亿元", "2024年", "actual", False),
        ("松北区", 2025, "地区生产总值", "5.5%", "2025年", "target", False),
        ("松北区", 2025, "社会消费品零售总额", "5%", "2025年", "target", False),
        ("松北区", 2023, "地区生产总值", "6.5%", "2023年", "target", False),
        ("道里区", 2023, "一般公共预算收入", "23.9亿元", "2023年", "target", False),
        ("南岗区", 2022, "地区生产总值", "1029.8亿元", "2021年", "actual", False),
        ("南岗区", 2022, "固定资产投资", "11.6%", "2021年", "actual", False),
        ("南岗区", 2022, "固定资产投资", "13.2%", "2021年1-11月", "actual", True),
        ("南岗区", 2022, "地区生产总值", "6%", "2022年", "target", False),
        ("呼兰区", 2022, "地区生产总值", "50%", NEXT_FIVE, "target", False),
    ],
)
def test_a_figure_of_a_seed_has_its_own_time_and_role(
    told: dict[tuple[str, int], list[tuple[str, Fact]]],
    region: str,
    report_year: int,
    indicator: str,
    text: str,
    period: str,
    role: Role,
    partial: bool,
) -> None:
    found = [f for figure, f in told[region, report_year] if f.indicator == indicator and figure == text]
    read_as = [(f.period.label, f.period.partial, f.role) for f in found if f.period is not None]
    assert (period, partial, role) in read_as


def test_no_goal_of_another_indicator_becomes_the_goal_of_the_product(
    told: dict[tuple[str, int], list[tuple[str, Fact]]],
) -> None:
    goals = [
        figure
        for figure, fact in told["松北区", 2025]
        if fact.indicator == "地区生产总值" and fact.role == "target" and fact.period == year_period(2025)
    ]
    assert goals == ["5.5%"]


def test_the_results_of_a_review_are_no_goals(told: dict[tuple[str, int], list[tuple[str, Fact]]]) -> None:
    for (_, report_year), found in told.items():
        for figure, fact in found:
            if fact.role == "target" and fact.period is not None and fact.period.last is not None:
                assert fact.period.last >= report_year, figure


def test_figures_whose_separators_were_lost_are_told_apart(lexicon: Lexicon) -> None:
    text = "地区生产总值增长5.5%规模以上工业增加值增长6%社会消费品零售总额增长5%"
    assert figures(text, read(lexicon, text)) == [
        ("地区生产总值", "5.5%"),
        ("规模以上工业增加值", "6%"),
        ("社会消费品零售总额", "5%"),
    ]


def test_a_clause_goes_on_with_the_indicator_before_it(lexicon: Lexicon) -> None:
    amount, growth = read(lexicon, "地区生产总值实现1029.8亿元,增长3.8%")
    assert amount.indicator == growth.indicator == "地区生产总值"
    assert (amount.measure, growth.measure) == ("level", "change")
    assert (amount.beside, growth.beside) == ((1,), (0,))


def test_a_clause_about_something_else_does_not_go_on(lexicon: Lexicon) -> None:
    text = "地区生产总值增长5%,新建学校3所,绿化覆盖率提升2%"
    assert figures(text, read(lexicon, text)) == [("地区生产总值", "5%"), (None, "3所"), (None, "2%")]


def test_a_share_of_the_product_is_no_growth_of_it(lexicon: Lexicon) -> None:
    (fact,) = read(lexicon, "地区生产总值占全市的比重达到12%")
    assert fact.measure == "share"


def test_a_year_named_in_the_sentence_wins_over_that_of_the_heading(lexicon: Lexicon) -> None:
    (fact,) = read(lexicon, "2024年,地区生产总值完成620亿元", year_period(2025), "target")
    assert (fact.period, fact.role) == (year_period(2024), "actual")


def test_the_five_years_before_are_a_result(lexicon: Lexicon) -> None:
    (fact,) = read(lexicon, "五年来,地区生产总值年均增长2.9%", year_period(2025), "target")
    assert fact.period is not None
    assert (fact.period.label, fact.role) == (PAST_FIVE, "actual")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("城乡居民收入比缩小至2.05。", [("城乡居民收入比", "2.05")]),
        ("城乡居民人均可支配收入比降低至2.36∶1。", [("城乡居民收入比", "2.36")]),
        ("城乡居民收入比2020年增长30%。", [("城乡居民收入", "30%")]),
    ],
)
def test_how_far_incomes_are_apart_is_no_income(lexicon: Lexicon, text: str, told: list[tuple[str, str]]) -> None:
    assert figures(text, read(lexicon, text)) == told
