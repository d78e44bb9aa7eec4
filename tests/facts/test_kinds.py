"""Kinds of statements that were told wrongly when tables of many places were read by people."""

from __future__ import annotations

import pytest

from assistant.facts.fact import Fact
from assistant.types import Paragraph, Period, Report, Role
from tests.facts.stating import told_in

LAST, FIVE, NOW = Period("2024年", 2024, 2024), Period("过去五年", 2020, 2024), Period("2025年", 2025, 2025)


def facts(text: str, period: Period = LAST, role: Role = "actual", delivered: str | None = None) -> dict[str, Fact]:
    """What a paragraph of a city's report of 2025 states, by the figure as it is written."""
    report = Report("0" * 16, "2025年甲山市政府工作报告", "甲山市", 2025, delivered=delivered)
    paragraph = Paragraph("0" * 16 + "-1-1", report.id, 1, (), text, period, role)
    return {told.paragraph.text[told.fact.start : told.fact.end]: told.fact for told in told_in(report, [paragraph])}


@pytest.mark.parametrize(
    ("text", "period", "figure", "year"),
    [
        ("地区生产总值由2019年的918亿元增加到1280亿元，年均增长7.9%。", FIVE, "1280亿元", 2024),
        ("地区生产总值由918亿元增加到1280亿元，年均增长7.9%。", FIVE, "918亿元", 2019),
        ("占全省的比重由16.9%提高到17.3%。", LAST, "16.9%", 2023),
        ("1—11月，地区生产总值增长5.6%。", LAST, "5.6%", 2024),
        ("上半年地区生产总值下降0.8%，预计全年增长4%左右。", LAST, "4%", 2024),
        ("固定资产投资增长5%，进出口总额与上年持平，城镇登记失业率3%。", LAST, "3%", 2024),
        ("过去一年，地区生产总值增长5.6%。", LAST, "5.6%", 2024),
        ("一年来，全省上下顶压前行，地区生产总值增长5.6%。", FIVE, "5.6%", 2024),
        ("现代服务业占比由五年前的17%提升到25%。", FIVE, "17%", 2019),
        ("落实中国制造2030行动纲要，高新技术企业增长88%。", LAST, "88%", 2024),
        ("耕地连续17年“占补平衡”，粮库扩容110万吨。", LAST, "110万吨", 2024),
        ("“十四五”末地区生产总值迈上3000亿元台阶、2027年突破3500亿元。", NOW, "3500亿元", 2027),
        ("新建项目一季度开工率达30%、二季度达60%。", NOW, "60%", 2025),
    ],
)
def test_whose_year_a_figure_is_of(text: str, period: Period, figure: str, year: int) -> None:
    told = facts(text, period)[figure].period
    assert told is not None
    assert told.last == year


def test_of_several_years_a_ceiling_is_of_each_and_not_of_the_last() -> None:
    assert facts("城镇登记失业率控制在3.4%以内。", FIVE)["3.4%"].period == FIVE


def test_a_sum_over_years_stays_one_beside_its_growth_and_what_a_year_tells_is_of_the_last() -> None:
    summed = facts("外贸进出口总额累计完成512亿美元，年均增长21.4%。", FIVE)["512亿美元"]
    assert (summed.period, summed.aggregate) == (FIVE, "cumulative")
    told = facts("地区生产总值6.66万亿元，农业总产值349亿元，同比增长3%，城镇新增就业5万人。", FIVE)
    assert [(told[f].period.last, told[f].aggregate) for f in ("6.66万亿元", "349亿元", "3%")] == [(2024, None)] * 3  # type: ignore[union-attr]
    assert (told["5万人"].period, told["5万人"].aggregate) == (FIVE, "cumulative")


def test_in_a_section_on_a_year_and_on_five_a_plain_growth_of_an_indicator_is_of_the_year() -> None:
    report = Report("0" * 16, "2025年甲山市政府工作报告", "甲山市", 2025)
    text = "固定资产投资5224亿元，增长6.6%。实际利用外资比“十三五”增长18%。城乡居民收入增长45%。"
    headings = ("一、“十四五”时期和2024年工作回顾",)
    paragraph = Paragraph("0" * 16 + "-1-1", report.id, 1, headings, text, FIVE, "actual")
    told = {text[one.fact.start : one.fact.end]: one.fact for one in told_in(report, [paragraph])}
    assert [told[f].aggregate for f in ("5224亿元", "6.6%", "18%", "45%")] == [None, None, "cumulative", "cumulative"]


def test_a_goal_for_several_years_adds_up_only_where_it_says_so() -> None:
    text = "培育形成2个千亿级产业集群，新增城镇就业5万人。"
    told = facts(text, Period("今后五年", 2025, 2029), "target")
    assert [told[figure].aggregate for figure in ("2个", "5万人")] == [None, "cumulative"]


@pytest.mark.parametrize(
    ("text", "figure", "indicator"),
    [
        (
            "城镇居民人均可支配收入23030元，农民人均纯收入8067元，分别增长10.9%和13.4%。",
            "10.9%",
            "城镇居民人均可支配收入",
        ),
        (
            "公共财政预算总收入581亿元，其中地方公共财政预算收入355亿元，分别增长15.8%和18.1%。",
            "18.1%",
            "一般公共预算收入",
        ),
        ("公共财政预算总收入581亿元，其中地方公共财政预算收入355亿元，分别增长15.8%和18.1%。", "15.8%", None),
        ("人均生产总值超过全国平均水平，去年达到63689元。", "63689元", "人均地区生产总值"),
        ("县域生产总值达到1.6万亿元。", "1.6万亿元", None),
        ("经济增长5%左右。", "5%", "地区生产总值"),
        ("民营经济增长8%。", "8%", None),
        ("全社会研发投入占地区生产总值比重达到3%左右。", "3%", "研发经费投入强度"),
        ("全社会研发经费投入增长12%。", "12%", "研发经费投入"),
        ("全社会研发投入强度达到4%。", "4%", "研发经费投入强度"),
        ("第三产业快速增长，实现增加值673.9亿元，增长12.7%。", "12.7%", "第三产业增加值"),
        ("粮食种植面积320万亩，产量稳定在27亿斤。", "27亿斤", "粮食产量"),
        ("农村居民人均纯收入增长9%。", "9%", "农村居民人均可支配收入"),
    ],
)
def test_what_a_figure_is_of(text: str, figure: str, indicator: str | None) -> None:
    assert facts(text)[figure].indicator == indicator


@pytest.mark.parametrize(
    ("text", "figure", "measure"),
    [
        ("地区生产总值增长5.2%、约4.4万亿元。", "4.4万亿元", "level"),
        ("占全省比重由16.9%提高到17.3%。", "17.3%", "share"),
        ("增加1万个错时共享停车位。", "1万个", "level"),
        ("优良天数增加19天。", "19天", "change"),
        ("三次产业结构为6.8:54.8:38.4。", "54.8", "share"),
        ("规模化工程服务人口达到40%以上。", "40%", "share"),
        ("年均浓度下降9.1%。", "9.1%", "change"),
        ("政府事权精简了52.5%。", "52.5%", "change"),
        ("服务质量排名全国前10。", "前10", "rank"),
    ],
)
def test_what_kind_a_figure_is(text: str, figure: str, measure: str) -> None:
    assert facts(text)[figure].measure == measure


@pytest.mark.parametrize(
    "text", ["高新区建设提速，地区生产总值增长12%。", "生产建设兵团综合实力增强，生产总值增长6.9%。"]
)
def test_a_zones_figures_are_not_the_places(text: str) -> None:
    (told,) = facts(text).values()
    assert told.place


def test_a_place_in_the_name_of_what_is_counted_is_no_place_of_the_figure() -> None:
    told = facts("创建国家特色小镇2个、全国文明村镇6个，全国经营主体增长5%。")
    assert [told[figure].place for figure in ("2个", "6个", "5%")] == [None, None, "全国"]


def test_ranks_in_a_row_are_given_to_those_told_in_a_row() -> None:
    text = "研发投入强度4%、发明专利82件，分别居全省第2位、第5位。"
    told = facts(text)
    assert [told[rank].subject for rank in ("第2位", "第5位")] == ["研发投入强度", "发明专利"]


def test_next_year_of_a_report_given_in_december_is_the_year_that_it_plans_for() -> None:
    told = facts("明年全市预期目标是：地区生产总值增长6%。", NOW, "target")["6%"]
    assert told.period == NOW


@pytest.mark.parametrize(
    ("text", "role", "figure", "hedges"),
    [
        ("在全市人民共同努力下，地区生产总值增长5%。", "actual", "5%", ()),
        ("力争外贸进出口增长8%，地区生产总值增长5%。", "target", "5%", ()),
        ("力争地区生产总值增长5%。", "target", "5%", ("力争",)),
        ("力争经过3年努力，进出口突破500亿元，出口5亿元。", "target", "500亿元", ("力争", "突破")),
        ("力争经过3年努力，进出口突破500亿元，出口5亿元。", "target", "5亿元", ()),
        ("预计，地区生产总值增长5%；固定资产投资增长8%。", "actual", "8%", ("预计",)),
        ("地区生产总值增长5%；预计财政收入增长8%。", "actual", "5%", ()),
    ],
)
def test_a_hedge_holds_for_what_it_stands_before(text: str, role: Role, figure: str, hedges: tuple[str, ...]) -> None:
    report = Report("0" * 16, "2025年甲山市政府工作报告", "甲山市", 2025)
    paragraph = Paragraph("0" * 16 + "-1-1", report.id, 1, (), text, NOW if role == "target" else LAST, role)
    told = {one.paragraph.text[one.fact.start : one.fact.end]: one for one in told_in(report, [paragraph])}
    assert told[figure].hedges == hedges
