from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.retrieval.question import Understanding
from assistant.retrieval.sides import MOST_SIDES, split_sides


def sides(understanding: Understanding, text: str) -> list[tuple[str, str]]:
    """Place and time of each side."""
    split = split_sides(understanding.read(text), understanding)
    return [("、".join(side.subject_regions), "、".join(period.label for period in side.periods)) for side in split]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("南岗2022年社零目标比道里2023年的高多少", [("南岗区", "2022年"), ("道里区", "2023年")]),
        ("松北区和道里区2023年GDP目标分别是多少", [("松北区", "2023年"), ("道里区", "2023年")]),
        ("2023年松北和道里的GDP目标哪个高", [("松北区", "2023年"), ("道里区", "2023年")]),
        ("松北2025年GDP目标比2023年的低多少", [("松北区", "2025年"), ("松北区", "2023年")]),
        ("道里区、南岗区、呼兰区的固投目标", [("道里区", ""), ("南岗区", ""), ("呼兰区", "")]),
        ("松北区和香坊区2025年的GDP目标", [("松北区", "2025年"), ("香坊区", "2025年")]),
    ],
)
def test_each_side_has_its_own_place_and_time(
    understanding: Understanding, text: str, expected: list[tuple[str, str]]
) -> None:
    assert sides(understanding, text) == expected


@pytest.mark.parametrize(
    "text", ["松北区2025年GDP目标是多少", "GDP目标是多少", "什么是政区合一", "南岗区2021年1—11月固定资产投资增长多少"]
)
def test_a_question_about_one_thing_stays_whole(understanding: Understanding, text: str) -> None:
    question = understanding.read(text)
    assert split_sides(question, understanding) == (question,)


def test_what_is_asked_of_one_side_is_asked_of_the_other(understanding: Understanding) -> None:
    split = split_sides(understanding.read("南岗2022年社零目标比道里2023年的高多少"), understanding)
    assert {side.indicators for side in split} == {(("社会消费品零售总额",),)}
    assert {side.role for side in split} == {"target"}
    assert {side.shape for side in split} == {"number"}


def test_a_side_keeps_its_own_word_for_goal_or_result(understanding: Understanding) -> None:
    result, goal = split_sides(understanding.read("南岗2021年GDP完成多少，2022年目标是多少"), understanding)
    assert (result.role, goal.role) == ("actual", "target")
    assert result.indicators == goal.indicators == (("地区生产总值",),)


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            [
                "松北",
                "道里区",
                "南岗",
                "2022年",
                "2023年",
                "今后五年",
                "GDP",
                "社零",
                "目标",
                "比",
                "和",
                "的",
                "，",
                "高多少",
                "分别",
            ]
        ),
        max_size=14,
    )
)
def test_no_wording_breaks_the_split_or_makes_it_endless(understanding: Understanding, words: list[str]) -> None:
    split = split_sides(understanding.read("".join(words)), understanding)
    assert 1 <= len(split) <= MOST_SIDES
