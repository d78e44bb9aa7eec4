"""What became of a goal: arithmetic on two figures, with what their hedges allow."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.panel.places import panel_of, report, series, table


def verdict(folder: Path, goal: str, result: str, indicator: str = "GDP", kind: str = "change") -> tuple[str, str]:
    panel = panel_of(
        folder,
        report("甲山市", 2024, "全年各项事业进步。", f"主要预期目标是：{goal}。"),
        report("甲山市", 2025, f"全年{result}。", "主要预期目标是：粮食产量增长1%。"),
    )
    told = series(table(panel, indicator), kind)
    pair = next(pair for pair in told.pairs if pair.year == 2024)
    return pair.verdict.outcome, pair.verdict.words


@pytest.mark.parametrize(
    ("goal", "result", "outcome", "words"),
    [
        ("5.5%左右", "5.3%", "close", "接近，低0.2个百分点（5.5%减5.3%）"),
        ("5.5%左右", "5.8%", "met", "完成，高0.3个百分点（5.8%减5.5%）"),
        ("5.5%左右", "4.8%", "missed", "未完成，低0.7个百分点（5.5%减4.8%）"),
        ("5.5%", "5.3%", "missed", "未完成，低0.2个百分点（5.5%减5.3%）"),
        ("5.5%", "5.5%", "met", "完成，与目标持平（5.5%）"),
        ("6%以上", "6%", "met", "完成，与目标持平（6%）"),
        ("6%-6.5%", "6.1%", "met", "完成，高0.1个百分点（6.1%减6%）"),
        ("6%-6.5%", "5.9%", "missed", "未完成，低0.1个百分点（6%减5.9%）"),
        ("6%", "5.5%以上", "unclear", "不能确定：完成情况只说5.5%以上"),
        ("6%", "6.2%以上", "met", "完成，高0.2个百分点（6.2%减6%）"),
        ("6%以上", "6%左右", "unclear", "不能确定：完成情况只说6%左右"),
    ],
)
def test_growth_is_set_against_the_least_that_was_wanted(
    tmp_path: Path, goal: str, result: str, outcome: str, words: str
) -> None:
    assert verdict(tmp_path, f"地区生产总值增长{goal}", f"地区生产总值增长{result}") == (outcome, words)


@pytest.mark.parametrize(
    ("result", "outcome", "words"),
    [
        ("跨上500亿元台阶", "unclear", "不能确定：完成情况只说跨过500亿元"),
        ("达到500亿元", "missed", "未完成，少20亿元（520亿元减500亿元）"),
    ],
)
def test_what_was_passed_does_not_tell_how_far(tmp_path: Path, result: str, outcome: str, words: str) -> None:
    told = verdict(tmp_path, "地区生产总值达到520亿元", f"地区生产总值{result}", kind="level")
    assert told == (outcome, words)


@pytest.mark.parametrize(
    ("goal", "result", "outcome"),
    [
        ("居民消费价格涨幅控制在3%左右", "居民消费价格上涨2.1%", "met"),
        ("居民消费价格涨幅控制在3%以内", "居民消费价格上涨3.4%", "missed"),
        ("居民消费价格涨幅3%左右", "居民消费价格上涨3.2%", "close"),
    ],
)
def test_of_a_ceiling_less_is_better(tmp_path: Path, goal: str, result: str, outcome: str) -> None:
    assert verdict(tmp_path, goal, result, "物价")[0] == outcome


@pytest.mark.parametrize(
    ("goal", "result", "outcome"),
    [
        ("单位GDP能耗下降3%", "单位GDP能耗下降3.4%", "met"),
        ("单位GDP能耗下降3%", "单位GDP能耗下降2.4%", "missed"),
        ("单位GDP能耗下降3%", "单位GDP能耗上升0.4%", "missed"),
        ("单位GDP能耗下降2.5%左右", "单位GDP能耗降幅超过3%", "met"),
    ],
)
def test_what_should_fall_is_met_by_falling_further(tmp_path: Path, goal: str, result: str, outcome: str) -> None:
    assert verdict(tmp_path, goal, result, "单位GDP能耗")[0] == outcome


def test_growth_that_was_wanted_and_a_fall_that_came(tmp_path: Path) -> None:
    told = verdict(tmp_path, "固定资产投资增长5%", "固定资产投资下降2.5%", "固投")
    assert told == ("missed", "未完成，低7.5个百分点（5%加2.5%）")


def test_weights_are_compared_in_the_unit_of_the_goal(tmp_path: Path) -> None:
    outcome, words = verdict(tmp_path, "粮食产量515万吨以上", "粮食产量108.6亿斤", "粮食产量", "level")
    assert (outcome, words) == ("met", "完成，多28万吨（543万吨减515万吨）")


def test_how_long_something_lasted_is_no_amount_of_it(tmp_path: Path) -> None:
    told = verdict(tmp_path, "粮食产量110万吨", "粮食产量连续7年稳定在120万吨以上", "粮食产量", "level")
    assert told == ("met", "完成，多10万吨（120万吨减110万吨）")


def test_months_are_not_set_against_a_year(tmp_path: Path) -> None:
    outcome, words = verdict(tmp_path, "地区生产总值增长6%", "工作有序推进。1—11月地区生产总值增长5.6%")
    assert outcome == "partial"
    assert "1—11月" in words


def test_a_goal_in_words_is_told_from_the_result_only_where_growth_was_wanted(tmp_path: Path) -> None:
    assert verdict(tmp_path, "固定资产投资实现正增长", "固定资产投资增长2.1%", "固投")[0] == "met"


def test_an_amount_and_a_growth_are_never_compared(tmp_path: Path) -> None:
    panel = panel_of(
        tmp_path,
        report("甲山市", 2024, "全年各项事业进步。", "主要预期目标是：进出口总额增长10%。"),
        report("甲山市", 2025, "全年进出口总额155亿元。", "主要预期目标是：粮食产量增长1%。"),
    )
    outcomes = {
        (one.kind, pair.verdict.outcome)
        for one in table(panel, "进出口").series
        for pair in one.pairs
        if pair.year == 2024
    }
    assert outcomes == {("change", "not_told"), ("level", "not_told")}
