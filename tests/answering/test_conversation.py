from __future__ import annotations

import pytest

from assistant.answering.conversation import whole_question
from assistant.retrieval.question import Question, Understanding

FIRST = "松北区2025年GDP目标是多少"


def made_whole(understanding: Understanding, *questions: str) -> Question:
    *history, last = questions
    return understanding.read(whole_question(last, history, understanding))


def taken(question: Question) -> tuple[tuple[str, ...], list[str], tuple[tuple[str, ...], ...], str | None]:
    return question.subject_regions, [period.label for period in question.periods], question.indicators, question.role


GDP, RETAIL = (("地区生产总值",),), (("社会消费品零售总额",),)


@pytest.mark.parametrize(
    ("follower", "expected"),
    [
        ("那道里区呢?", (("道里区",), ["2025年"], GDP, "target")),
        ("2023年呢", (("松北区",), ["2023年"], GDP, "target")),
        ("社零呢", (("松北区",), ["2025年"], RETAIL, "target")),
        ("那社零目标呢？", (("松北区",), ["2025年"], RETAIL, "target")),
        ("道里区2023年呢", (("道里区",), ["2023年"], GDP, "target")),
        ("香坊区呢", (("香坊区",), ["2025年"], GDP, "target")),
        ("那2024年实际完成了多少", (("松北区",), ["2024年"], GDP, "actual")),
    ],
)
def test_a_follow_up_takes_what_it_leaves_out_from_before(
    understanding: Understanding, follower: str, expected: tuple[object, ...]
) -> None:
    assert taken(made_whole(understanding, FIRST, follower)) == expected


def test_follow_ups_go_on_from_follow_ups(understanding: Understanding) -> None:
    last = made_whole(understanding, FIRST, "社零呢", "那道里区2023年呢")
    assert taken(last) == (("道里区",), ["2023年"], RETAIL, "target")


def test_a_question_that_is_whole_stands_by_itself(understanding: Understanding) -> None:
    text = "南岗区2021年固定资产投资增长多少"
    assert whole_question(text, [FIRST], understanding) == text


def test_a_first_question_is_taken_as_it_is(understanding: Understanding) -> None:
    assert whole_question("呢", [], understanding) == "呢"
