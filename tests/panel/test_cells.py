"""Which figure stands in which cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.panel.cells import Cell
from tests.panel.places import panel_of, report, series, table

GOALS = "综合各方面因素，主要预期目标是：地区生产总值增长{}，固定资产投资增长8%。"


def shown(cell: Cell) -> str:
    return cell.told.figure if cell.told else cell.state


def cells(folder: Path, *reports: tuple[str, str], indicator: str = "GDP", kind: str = "change") -> dict[str, str]:
    """Each cell that is told or could be, by place, year and role."""
    told = series(table(panel_of(folder, *reports), indicator), kind)
    pairs = [(f"{pair.place}{pair.year}", pair.goal, pair.result) for pair in told.pairs]
    return {
        f"{name}{role}": shown(cell)
        for name, goal, result in pairs
        for role, cell in (("目标", goal), ("完成", result))
    }


def test_a_goal_is_of_its_own_year_and_a_result_of_the_year_before_the_report(tmp_path: Path) -> None:
    told = cells(
        tmp_path,
        report("甲山市", 2024, "全年地区生产总值增长5.2%。", GOALS.format("5.5%左右")),
        report("甲山市", 2025, "全年地区生产总值增长5.3%。", GOALS.format("5%以上")),
    )
    assert told["甲山市2024目标"] == "5.5%左右"
    assert told["甲山市2024完成"] == "5.3%"
    assert told["甲山市2023完成"] == "5.2%"
    assert told["甲山市2025目标"] == "5%以上"


def test_a_report_that_says_nothing_and_one_that_is_not_there_are_two_things(tmp_path: Path) -> None:
    told = cells(
        tmp_path,
        report("甲山市", 2024, "全年经济平稳运行。", GOALS.format("5.5%")),
        report("甲山市", 2025, "全年消费恢复。", GOALS.format("5%")),
    )
    assert told["甲山市2024完成"] == "not_told"
    assert told["甲山市2025完成"] == "not_held"


@pytest.mark.parametrize(
    ("review", "figure"),
    [
        ("1—11月地区生产总值增长5.6%。全年地区生产总值增长5.3%。", "5.3%"),
        ("地区生产总值突破900亿元。全年地区生产总值达到918亿元，增长5.3%。", "5.3%"),
        ("高新区建设提速，地区生产总值增长12%。全年全市地区生产总值增长5.3%。", "5.3%"),
        ("县域经济壮大，地区生产总值增长9%。全市地区生产总值增长5.3%。", "5.3%"),
        ("地区生产总值年均增长7%。2024年地区生产总值增长5.3%。", "5.3%"),
        ("地区生产总值增长5.3%，比全省高0.4个百分点。", "5.3%"),
        ("地区生产总值918亿元，比上年增长5.3%。", "5.3%"),
        ("全省地区生产总值增长5%。全市地区生产总值增长5.3%。", "5.3%"),
    ],
)
def test_the_cell_has_the_whole_year_of_the_place_itself(tmp_path: Path, review: str, figure: str) -> None:
    told = cells(tmp_path, report("甲山市", 2025, review, GOALS.format("5%")))
    assert told["甲山市2024完成"] == figure


def test_months_stand_in_where_no_year_is_told_and_say_so(tmp_path: Path) -> None:
    panel = panel_of(tmp_path, report("甲山市", 2025, "1—11月，地区生产总值增长5.6%。", GOALS.format("5%")))
    pair = next(one for one in series(table(panel, "GDP"), "change").pairs if one.year == 2024)
    assert pair.result.is_partial
    assert shown(pair.result) == "5.6%"


def test_two_sources_that_differ_stand_side_by_side(tmp_path: Path) -> None:
    panel = panel_of(
        tmp_path,
        report("甲山市", 2025, "全年地区生产总值918亿元，增长5.3%。", GOALS.format("5%")),
        report("甲山市", 2026, "地区生产总值由2024年的931.4亿元增加到980亿元。", GOALS.format("5%")),
    )
    pair = next(one for one in series(table(panel, "GDP"), "level").pairs if one.year == 2024)
    assert shown(pair.result) == "918亿元"
    assert [one.figure for one in pair.result.others] == ["931.4亿元"]


def test_what_was_passed_and_how_much_it_is_do_not_contradict_each_other(tmp_path: Path) -> None:
    review = "全年地区生产总值918.2亿元。地区生产总值突破900亿元。地区生产总值达到918亿元左右。"
    panel = panel_of(tmp_path, report("甲山市", 2025, review, GOALS.format("5%")))
    pair = next(one for one in series(table(panel, "GDP"), "level").pairs if one.year == 2024)
    assert (shown(pair.result), pair.result.others) == ("918.2亿元", ())


def test_growth_and_amount_are_two_series(tmp_path: Path) -> None:
    panel = panel_of(tmp_path, report("甲山市", 2025, "全年地区生产总值918亿元，增长5.3%。", GOALS.format("5%")))
    told = table(panel, "GDP")
    assert [(one.kind, one.unit) for one in told.series] == [("change", "%"), ("level", "元")]


def test_a_place_that_was_renamed_is_one_row_under_its_newest_name(tmp_path: Path) -> None:
    told = cells(
        tmp_path,
        report("保定市徐水县", 2014, "全年地区生产总值增长9%。", GOALS.format("10%")),
        report("保定市徐水区", 2016, "全年地区生产总值增长8%。", GOALS.format("8%")),
    )
    assert told["徐水区2014目标"] == "10%"
    assert not any(name.startswith("徐水县") for name in told)


def test_units_of_ten_thousand_and_of_a_hundred_million_are_compared_in_one(tmp_path: Path) -> None:
    panel = panel_of(
        tmp_path,
        report("甲山市", 2024, "全年一般公共预算收入9亿元。", "主要预期目标是：一般公共预算收入达到95000万元。"),
        report("甲山市", 2025, "全年一般公共预算收入9.6亿元。", GOALS.format("5%")),
    )
    pair = next(one for one in series(table(panel, "财政收入"), "level", "一般公共").pairs if one.year == 2024)
    assert pair.verdict.words == "完成，多0.1亿元（9.6亿元减9.5亿元）"
