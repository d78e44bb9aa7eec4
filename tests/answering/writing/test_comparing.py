from __future__ import annotations

from dataclasses import dataclass

import pytest

from assistant.answering.writing.comparing import agrees, compares
from assistant.language.lexicon import Lexicon
from assistant.language.regions import Gazetteer
from assistant.retrieval.shelf import Shelf

HIGHER = "比较：南岗区2022年高于道里区2023年，相差3个百分点（10%减7%，由引用数据计算）。"
MOST = "最高的是松北区2023年。"


@dataclass(frozen=True)
class Words:
    lexicon: Lexicon
    gazetteer: Gazetteer
    common: frozenset[str] = frozenset({"社会消费品零售总额", "地区生产总值"})


@pytest.fixture(scope="module")
def reads(lexicon: Lexicon, shelf: Shelf) -> Words:
    return Words(lexicon, shelf.gazetteer)


@pytest.mark.parametrize(
    "text",
    [
        "南岗区2022年比道里区2023年高3个百分点",
        "道里区2023年比南岗区2022年低3个百分点",
        "南岗区2022年的社零目标比道里区2023年高3个百分点",
        "南岗区2022年的目标超过了道里区2023年的目标",
        "道里区2023年低于南岗区2022年",
        "两者相差3个百分点",
        "道里区2023年的目标是7%，南岗区高出3个百分点",
    ],
)
def test_the_same_comparison_in_other_words_agrees(text: str, reads: Words) -> None:
    assert compares(text, [])
    assert agrees(text, HIGHER, reads)


@pytest.mark.parametrize(
    "text",
    [
        "南岗区2022年比道里区2023年低3个百分点",
        "道里区2023年比南岗区2022年高3个百分点",
        "南岗区2022年高于松北区2023年",
        "南岗区2023年高于道里区2023年",
        "南岗区2022年的固定资产投资目标比道里区2023年高3个百分点",
        "两地的目标相同",
        "道里区高出3个百分点",
        "南岗区2022年的目标最高",
    ],
)
def test_another_comparison_does_not(text: str, reads: Words) -> None:
    assert compares(text, [])
    assert not agrees(text, HIGHER, reads)


def test_the_greatest_is_the_one_that_was_worked_out(reads: Words) -> None:
    assert agrees("年度GDP增长目标最高的是松北区2023年", MOST, reads)
    assert not agrees("年度GDP增长目标最高的是松北区2025年", MOST, reads)
    assert not agrees("年度GDP增长目标最低的是松北区2023年", MOST, reads)


@pytest.mark.parametrize(
    "text", ["不低于3户", "超过1200次", "同比增长6%", "比重较大", "比上年增长3%", "占比过低", "超过四分之一"]
)
def test_hedges_and_growth_are_no_comparison_of_sides(text: str) -> None:
    assert not compares(text, [])


def test_a_comparison_in_the_passage_s_own_words_is_left_to_the_other_checks() -> None:
    assert not compares("增速高于全省平均水平", ["全年增速高于全省平均水平2个百分点。"])
    assert compares("增速低于全省平均水平", ["全年增速高于全省平均水平2个百分点。"])
