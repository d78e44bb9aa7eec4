from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.regions import Gazetteer, Place, county_name, divisions, short_name
from assistant.types import Report


def named(gazetteer: Gazetteer, text: str) -> list[tuple[str, bool]]:
    return [(place.name, place.known) for place in gazetteer.find(text)]


@pytest.mark.parametrize("text", ["松北区GDP", "松北GDP", "哈尔滨新区GDP", "新区GDP", "请问新区的GDP"])
def test_all_names_of_a_place_mean_that_place(gazetteer: Gazetteer, text: str) -> None:
    assert named(gazetteer, text) == [("松北区", True)]


@pytest.mark.parametrize(
    ("text", "region"),
    [("松被区GDP", "松北区"), ("道理区GDP", "道里区"), ("呼蓝区GDP", "呼兰区"), ("南港区GDP", "南岗区")],
)
def test_one_wrong_character_is_forgiven_and_said(gazetteer: Gazetteer, text: str, region: str) -> None:
    assert gazetteer.find(text) == [Place(0, 3, region, True, corrected=True)]


def test_a_typing_error_on_each_side_of_a_comparison_is_forgiven(gazetteer: Gazetteer) -> None:
    assert named(gazetteer, "松比区和道理区谁高") == [("松北区", True), ("道里区", True)]


@pytest.mark.parametrize("name", ["道外区", "香坊区", "平房区", "阿城区", "雄安新区", "浦东新区", "哈尔滨市", "北京市"])
def test_a_real_place_that_is_not_held_is_a_stranger_and_no_typing_error(gazetteer: Gazetteer, name: str) -> None:
    assert named(gazetteer, f"{name}2025年GDP目标") == [(name, False)]


def test_a_neighbour_is_known_by_its_short_name(gazetteer: Gazetteer) -> None:
    assert named(gazetteer, "香坊的GDP目标") == [("香坊区", False)]


@pytest.mark.parametrize("text", ["高新区GDP", "哈尔滨高新区GDP", "自贸区建设", "中国式现代化", "长安街", "松北市GDP"])
def test_other_zones_and_words_are_not_taken_for_a_place_that_is_held(gazetteer: Gazetteer, text: str) -> None:
    assert [place for place in gazetteer.find(text) if place.known] == []


def test_several_places_come_in_the_order_of_the_question(gazetteer: Gazetteer) -> None:
    assert named(gazetteer, "南岗比道里和香坊区高多少") == [("南岗区", True), ("道里区", True), ("香坊区", False)]


def test_a_typing_error_is_not_looked_for_where_a_place_is_named(gazetteer: Gazetteer) -> None:
    assert named(gazetteer, "道里区和松被区") == [("道里区", True)]


def test_a_place_lies_where_it_says(gazetteer: Gazetteer) -> None:
    text = "请问哈尔滨新区和道里的GDP"
    assert [text[place.start : place.end] for place in gazetteer.find(text)] == ["哈尔滨新区", "道里"]


@pytest.mark.parametrize(
    ("region", "short"),
    [
        ("松北区", "松北"),
        ("保定市徐水区", "徐水"),
        ("易县", "易县"),
        ("北京市", "北京"),
        ("香港特别行政区", "香港"),
        ("滨海新区", "滨海"),
    ],
)
def test_a_short_name_leaves_out_the_kind_of_place(region: str, short: str) -> None:
    assert short_name(region) == short


def test_a_county_is_known_without_its_prefecture() -> None:
    assert county_name("保定市徐水区") == "徐水区"
    assert county_name("松北区") == "松北区"


def test_the_names_of_a_region_are_those_of_the_catalogue(gazetteer: Gazetteer) -> None:
    assert set(gazetteer.names_of("松北区")) == {"松北区", "松北", "哈尔滨新区", "新区"}


def test_an_empty_catalogue_knows_the_country_and_holds_nothing() -> None:
    assert named(Gazetteer([]), "松北区和道里区的GDP") == [("松北区", False), ("道里区", False)]


def test_a_report_of_the_country_answers_to_its_names() -> None:
    country = Gazetteer([Report("0" * 16, "2025年政府工作报告", "全国", 2025)])
    assert named(country, "全国GDP目标") == named(country, "国务院报告") == [("全国", True)]


def test_the_table_of_divisions_has_provinces_prefectures_and_counties() -> None:
    rows = divisions()
    assert len({province for province, _, _ in rows}) >= 31
    assert any(prefecture == "哈尔滨市" and {"松北区", "香坊区"} <= set(counties) for _, prefecture, counties in rows)


@given(st.text(st.one_of(st.sampled_from("松北道里南岗呼兰新区市县的和被高"), st.characters()), max_size=40))
def test_places_lie_in_order_in_the_text_whatever_it_is(text: str) -> None:
    end = 0
    for place in Gazetteer([Report("0" * 16, "报告", "松北区", 2025, aliases=("新区",))]).find(text) if text else ():
        assert end <= place.start < place.end <= len(text)
        end = place.end
