"""Places by how many of their goals they have met: what is counted, what is not, and who has a rank."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.panel.panel import Panel
from assistant.panel.ranking import Standing, ranking_of
from assistant.web.api.ranking import ranking
from tests.panel.places import panel_of, report

PLAN = "综合各方面因素，主要预期目标是：地区生产总值增长{}，固定资产投资增长{}，社会消费品零售总额增长{}。"
REVIEW = "全年地区生产总值增长{}，固定资产投资增长{}，社会消费品零售总额增长{}。"


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Panel:
    """Of 甲山市 all goals were met, of 乙河市 two of three and one nearly, of 丙江市 one that can be compared."""
    goals = ("6%左右", "8%", "5%以上")
    results = {"甲山市": ("6.1%", "8%", "5.5%"), "乙河市": ("5.8%", "8.3%", "6%"), "丙江市": ("6.2%", "", "")}
    reports = []
    for place, (gdp, invested, sold) in results.items():
        reviewed = REVIEW.format(gdp, invested, sold) if invested else f"全年地区生产总值增长{gdp}。"
        reports += [
            report(place, 2024, "全年粮食产量稳定。", PLAN.format(*goals)),
            report(place, 2025, reviewed, PLAN.format(*goals)),
        ]
    silent = report("丁湖市", 2025, "全年地区生产总值增长5%。", "我们将努力工作。")
    return panel_of(tmp_path_factory.mktemp("ranked"), *reports, silent)


def standing(panel: Panel, place: str) -> Standing:
    return next(one for one in ranking_of(panel.goals(panel.select([]))) if one.place == place)


def test_what_was_met_is_divided_by_what_can_be_compared(panel: Panel) -> None:
    first, second, third = ranking(panel, [], [], []).ranking
    assert (first.place, first.rank, first.sum) == ("甲山市", 1, "3÷3=100%")
    assert (second.place, second.rank, second.sum, second.close) == ("乙河市", 2, "2÷3=67%", 1)
    assert (third.place, third.rank, third.sum) == ("丙江市", None, "1÷1=100%")
    assert [one.goals for one in (first, second, third)] == [6, 6, 6]


def test_a_place_without_goals_is_named_and_not_ranked(panel: Panel) -> None:
    assert ranking(panel, [], [], []).without == ("丁湖市",)


def test_only_what_is_chosen_is_counted(panel: Panel) -> None:
    told = ranking(panel, ["GDP"], ["乙河市", "甲山市"], [2024])
    assert {(one.place, one.compared, one.goals) for one in told.ranking} == {("甲山市", 1, 1), ("乙河市", 1, 1)}
    assert (told.indicators, told.years) == (("地区生产总值",), (2024,))
    nothing = ranking(panel, ["没有这个指标啊"], [], [])
    assert (nothing.ranking, [one.asked for one in nothing.unknown]) == ((), ["没有这个指标啊"])
    assert ranking(panel, [], ["没有这个市"], []).ranking == ()


def test_the_sum_is_that_of_the_cells(panel: Panel) -> None:
    table = panel.table(panel.select([name for name, _ in panel.indicators]))
    for place in ("甲山市", "乙河市", "丙江市"):
        pairs = [pair for one in table.series for pair in one.pairs if pair.place == place]
        tally = standing(panel, place).tally
        assert tally.met == sum(pair.goal.state == "told" and pair.verdict.outcome == "met" for pair in pairs)
        assert tally.goals == sum(pair.goal.state == "told" for pair in pairs)


def test_places_alike_share_a_rank(tmp_path: Path) -> None:
    goals, results = ("6%", "8%", "5%"), ("6%", "8%", "4%")
    reports = [
        one
        for place in ("甲山市", "乙河市")
        for one in (
            report(place, 2024, "全年粮食产量稳定。", PLAN.format(*goals)),
            report(place, 2025, REVIEW.format(*results), PLAN.format(*goals)),
        )
    ]
    assert [one.rank for one in ranking(panel_of(tmp_path, *reports), [], [], []).ranking] == [1, 1]
