from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.retrieval.asking import PEOPLE
from assistant.retrieval.question import Question, Understanding


def labels(question: Question) -> list[str]:
    return [period.label for period in question.periods]


def test_place_time_indicator_and_role_are_understood(understanding: Understanding) -> None:
    question = understanding.read("松北区2025年GDP目标是多少")
    assert question.subject_regions == ("松北区",)
    assert labels(question) == ["2025年"]
    assert question.indicators == (("地区生产总值",),)
    assert (question.role, question.shape) == ("target", "number")


@pytest.mark.parametrize(
    "text",
    [
        "松北２０２５年ＧＤＰ目标是多少？",
        "新区25年生产总值目标是多少",
        "松被区2025年地区生产总值目标",
        "哈尔滨新区2025年GDP计划多少",
    ],
)
def test_other_words_for_the_same_question_are_understood_alike(understanding: Understanding, text: str) -> None:
    question = understanding.read(text)
    assert question.subject_regions == ("松北区",)
    assert labels(question) == ["2025年"]
    assert question.indicators == (("地区生产总值",),)
    assert question.role == "target"


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("南岗2021年GDP完成了多少", "actual"),
        ("南岗2021年GDP实际增长多少", "actual"),
        ("今后五年要做什么", "target"),
        ("松北计划建几条路", "target"),
        ("松北力争引进几户企业", "target"),
        ("松北2025年GDP", None),
    ],
)
def test_a_goal_and_a_result_are_told_apart(understanding: Understanding, text: str, role: str | None) -> None:
    assert understanding.read(text).role == role


@pytest.mark.parametrize(
    ("text", "label"),
    [("今年GDP目标", "2025年"), ("去年完成多少", "2024年"), ("前年完成多少", "2023年"), ("明年计划", "2026年")],
)
def test_this_year_and_last_year_are_counted_from_today(understanding: Understanding, text: str, label: str) -> None:
    assert labels(understanding.read(text)) == [label]


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("松北区2025年GDP目标是多少", "number"),
        ("新区今年要建几条路", "number"),
        ("呼兰区要抓好哪些工作", "list"),
        ("为什么要提高低保标准", "explain"),
        ("怎么推进老旧小区改造", "explain"),
        ("什么是政区合一", "define"),
        ("“四个体系”指的是什么", "define"),
        ("松北区区长是谁", "who"),
        ("报告是哪天作的", "when"),
        ("南岗区经济总量在全市排第几", "rank"),
    ],
)
def test_the_shape_of_what_is_asked_is_seen(understanding: Understanding, text: str, shape: str) -> None:
    assert understanding.read(text).shape == shape


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("松北GDP增速目标", "growth"),
        ("松北GDP增长几个点", "growth"),
        ("松北GDP总量是多少亿元", "amount"),
        ("松北GDP占全市的比重是多少", "share"),
        ("松北GDP目标", None),
    ],
)
def test_a_growth_an_amount_and_a_share_are_told_apart(
    understanding: Understanding, text: str, measure: str | None
) -> None:
    assert understanding.read(text).measure == measure


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("投资多少亿元", "元"),
        ("改造老旧小区多少平方米", "平方米"),
        ("修了多少公里路", "公里"),
        ("有多少人参加", "人"),
        ("新增多少户企业", "户"),
        ("提高几个百分点", "个百分点"),
    ],
)
def test_the_unit_that_is_asked_for_is_known(understanding: Understanding, text: str, unit: str) -> None:
    assert any(unit in family for family in understanding.read(text).units)


def test_the_year_of_a_report_that_is_named_is_not_only_a_time(understanding: Understanding) -> None:
    assert understanding.read("2022年那份报告怎么说").report_years == (2022,)
    assert understanding.read("2022年GDP目标").report_years == ()


def test_a_place_that_is_not_held_is_kept_as_the_subject(understanding: Understanding) -> None:
    question = understanding.read("香坊区2025年GDP目标是多少")
    assert question.subject_regions == ("香坊区",)
    assert not question.places[0].known


def test_a_place_that_a_thing_is_handed_to_is_part_of_the_thing(understanding: Understanding) -> None:
    assert understanding.read("呼兰把哪个园区托管给松北").subject_regions == ("呼兰区",)


def test_abbreviations_stand_for_the_words_of_the_reports(understanding: Understanding) -> None:
    (term,) = [term for term in understanding.read("去年旧改做得怎么样").terms if term.word == "旧改"]
    assert "老旧小区" in term.variants


@pytest.mark.parametrize("text", ["哪个区的GDP目标最高", "GDP目标最低的是谁"])
def test_a_question_for_the_greatest_is_seen(understanding: Understanding, text: str) -> None:
    assert understanding.read(text).superlative


def test_a_question_is_read_the_same_twice(understanding: Understanding) -> None:
    text = "南岗2022年社零目标比道里2023年的高多少"
    assert understanding.read(text) == understanding.read(text)


@settings(max_examples=60)
@given(
    st.text(
        st.one_of(st.sampled_from("松北道里区2024年目标完成多少哪些，、？GDP社零比和的"), st.characters()), max_size=40
    )
)
def test_any_text_can_be_read(understanding: Understanding, text: str) -> None:
    assert understanding.read(text).text == text.strip()


def test_people_are_counted_in_people_though_none_follows_the_number(understanding: Understanding) -> None:
    assert understanding.read("松北区年末常住总人口多少万").units == (PEOPLE,)
    assert "元" in understanding.read("松北区城镇居民收入多少万").units[0]
