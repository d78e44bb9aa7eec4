from __future__ import annotations

import pytest

from assistant.answering.statements import Statement, statements
from assistant.language.lexicon import Lexicon
from assistant.language.periods import NEXT_FIVE, PAST_FIVE, year_period
from assistant.retrieval.shelf import Shelf
from assistant.types import Paragraph, Period, Report, Role

REPORT = Report("0" * 16, "2025年甲区政府工作报告", "甲区", 2025)


@pytest.fixture(scope="module")
def told(shelf: Shelf, lexicon: Lexicon) -> dict[tuple[str, int], list[Statement]]:
    """All statements of each seed, by region and report year."""
    return {
        (report.region, report.report_year): [
            statement
            for paragraph in shelf.paragraphs(report.id)
            for statement in statements(paragraph, report, lexicon)
        ]
        for report in shelf.reports.values()
    }


def read(lexicon: Lexicon, text: str, period: Period | None = None, role: Role | None = None) -> list[Statement]:
    return statements(Paragraph("p-1-0", REPORT.id, 0, (), text, period, role), REPORT, lexicon)


def figure(statement: Statement) -> str:
    return statement.quantity.text if statement.quantity else ""


def figures(found: list[Statement]) -> list[tuple[tuple[str, ...], str]]:
    return [(statement.indicators, figure(statement)) for statement in found if statement.quantity]


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
    told: dict[tuple[str, int], list[Statement]],
    region: str,
    report_year: int,
    indicator: str,
    text: str,
    period: str,
    role: Role,
    partial: bool,
) -> None:
    found = [s for s in told[region, report_year] if indicator in s.indicators and figure(s) == text]
    read_as = [(s.period.label, s.period.partial, s.role) for s in found if s.period is not None]
    assert (period, partial, role) in read_as


def test_no_goal_of_another_indicator_becomes_the_goal_of_the_product(
    told: dict[tuple[str, int], list[Statement]],
) -> None:
    goals = [
        figure(s)
        for s in told["松北区", 2025]
        if s.quantity and "地区生产总值" in s.indicators and s.role == "target" and s.period == year_period(2025)
    ]
    assert goals == ["5.5%"]


def test_the_results_of_a_review_are_no_goals(told: dict[tuple[str, int], list[Statement]]) -> None:
    for (_, report_year), found in told.items():
        for statement in found:
            if statement.role == "target" and statement.period is not None and statement.period.last is not None:
                assert statement.period.last >= report_year, figure(statement)


def test_every_statement_lies_where_it_says(told: dict[tuple[str, int], list[Statement]]) -> None:
    for statement in (s for found in told.values() for s in found):
        clause = statement.paragraph.text[slice(*statement.clause)]
        assert figure(statement) in clause
        assert statement.sentence[0] <= statement.clause[0] < statement.clause[1] <= statement.sentence[1]


def test_statements_whose_separators_were_lost_are_told_apart(lexicon: Lexicon) -> None:
    text = "地区生产总值增长5.5%规模以上工业增加值增长6%社会消费品零售总额增长5%"
    assert figures(read(lexicon, text)) == [
        (("地区生产总值",), "5.5%"),
        (("规模以上工业增加值",), "6%"),
        (("社会消费品零售总额",), "5%"),
    ]


def test_a_clause_goes_on_with_the_indicator_before_it(lexicon: Lexicon) -> None:
    amount, growth = read(lexicon, "地区生产总值实现1029.8亿元,增长3.8%")
    assert amount.indicators == growth.indicators == ("地区生产总值",)
    assert (amount.measure, growth.measure) == ("amount", "growth")


def test_a_clause_about_something_else_does_not_go_on(lexicon: Lexicon) -> None:
    assert figures(read(lexicon, "地区生产总值增长5%,新建学校3所,绿化覆盖率提升2%")) == [(("地区生产总值",), "5%")]


def test_a_share_of_the_product_is_no_growth_of_it(lexicon: Lexicon) -> None:
    (statement,) = read(lexicon, "地区生产总值占全市的比重达到12%")
    assert statement.measure == "share"


def test_a_year_named_in_the_sentence_wins_over_that_of_the_heading(lexicon: Lexicon) -> None:
    (statement,) = read(lexicon, "2024年,地区生产总值完成620亿元", year_period(2025), "target")
    assert (statement.period, statement.role) == (year_period(2024), "actual")


def test_the_five_years_before_are_a_result(lexicon: Lexicon) -> None:
    (statement,) = read(lexicon, "五年来,地区生产总值年均增长2.9%", year_period(2025), "target")
    assert statement.period is not None
    assert (statement.period.label, statement.role) == (PAST_FIVE, "actual")
