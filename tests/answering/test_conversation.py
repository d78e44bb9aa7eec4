from __future__ import annotations

import pytest

from assistant import Assistant, Turn
from assistant.answering.about import is_greeting, is_thanks
from assistant.answering.conversation import standalone, whole_question
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


BUSINESS = "2025年松北区怎么优化营商环境"
PLACES = "道里区2023年固定资产投资增长目标是多少"


@pytest.mark.parametrize(
    ("earlier", "follower", "whole"),
    [
        (FIRST, "前年的呢", "松北区2023年GDP目标是多少"),
        (PLACES, "去年的呢", "道里区2022年固定资产投资增长目标是多少"),
        (FIRST, "跟2023年比呢", "松北区2025年GDP目标比松北区2023年的高还是低"),
        (FIRST, "2025年和2023年松北招商引资目标分别是多少", "2025年和2023年松北招商引资目标分别是多少"),
        (FIRST, "报告自己认了哪些不足", "松北区报告自己认了哪些不足"),
        (FIRST, "这个目标比南岗区2022年的高吗", "松北区2025年GDP目标比南岗区2022年的高还是低"),
        (FIRST, "完成了吗", "松北区2025年GDP完成了多少"),
        (FIRST, "它的社零目标呢", "松北区2025年社零目标是多少"),
        (FIRST, "那财政收入呢", "松北区2025年财政收入目标是多少"),
        (FIRST, "换成社零", "松北区2025年社零目标是多少"),
        (BUSINESS, "2023年的呢", "松北区2023年怎么优化营商环境"),
    ],
)
def test_a_follow_up_reads_as_the_question_it_stands_for(
    understanding: Understanding, earlier: str, follower: str, whole: str
) -> None:
    taken = understanding.read(whole_question(follower, [earlier], understanding))
    expected = understanding.read(whole)
    assert (taken.subject_regions, taken.periods, taken.indicators, taken.compares) == (
        expected.subject_regions,
        expected.periods,
        expected.indicators,
        expected.compares,
    )


def test_a_reason_asked_after_a_figure_is_not_answered_with_the_figure(assistant: Assistant) -> None:
    answer = assistant.ask("为什么？", [Turn(FIRST)])
    assert answer.verdict == "not_covered"
    assert "为什么" in answer.standalone


def test_a_new_subject_takes_place_and_year_along_and_may_be_of_another_year(understanding: Understanding) -> None:
    taken = standalone("老旧小区改造是怎么安排的", [FIRST], understanding)
    read = understanding.read(taken.text)
    assert (read.subject_regions, [one.label for one in read.periods], read.indicators) == (("松北区",), ["2025年"], ())
    assert understanding.read(taken.wider).periods == ()


def test_a_new_subject_of_which_the_year_spoken_of_tells_nothing_is_answered_of_the_year_that_does(
    assistant: Assistant,
) -> None:
    answer = assistant.ask("无证明新区建设是怎么安排的", [Turn("松北区2025年GDP目标是多少")])
    assert (answer.verdict, "2025" in answer.standalone) == ("answered", False)


def test_a_question_about_all_places_leaves_the_one_spoken_of_behind(understanding: Understanding) -> None:
    for text in ("2025年哪些省没完成GDP目标", "2025年各省GDP目标是多少"):
        assert whole_question(text, [FIRST], understanding) == text


def test_a_new_subject_with_its_own_place_leaves_all_behind(understanding: Understanding) -> None:
    text = "南岗区过去五年拆违多少"
    assert whole_question(text, [FIRST], understanding) == text


def test_last_year_counts_from_the_year_spoken_of_and_the_other_reading_is_offered(
    understanding: Understanding,
) -> None:
    taken = standalone("去年的呢", [PLACES], understanding)
    assert "2022年" in taken.text
    assert any("2024年" in other for other in taken.alternatives)  # asked in June 2025


@pytest.mark.parametrize("text", ["谢谢", "好的，谢谢！", "明白了", "您好"])
def test_who_gives_thanks_asks_nothing(text: str) -> None:
    assert is_thanks(text) or is_greeting(text)


@pytest.mark.parametrize("text", ["好的措施有哪些", "明白了，那2024年呢", "你好，松北区2025年GDP目标是多少"])
def test_a_polite_question_is_a_question(text: str) -> None:
    assert not is_thanks(text)
    assert not is_greeting(text)


def test_thanks_are_no_question_about_figures(assistant: Assistant) -> None:
    answer = assistant.ask("谢谢", [Turn(FIRST)])
    assert (answer.verdict, answer.figures, answer.standalone) == ("needs_clarification", (), "")


@pytest.mark.parametrize("text", ["第二个具体怎么做", "还有别的吗", "说详细点"])
def test_what_points_at_an_answer_is_beyond_the_rules(understanding: Understanding, text: str) -> None:
    assert not standalone(text, [BUSINESS], understanding).by_rule


def test_last_year_beside_this_year_is_the_year_before_this_one(understanding: Understanding) -> None:
    whole = made_whole(understanding, "松北区2023年新增了多少家高企", "今年计划增的家数比去年多还是少")
    assert [period.first for period in whole.periods] == [2025, 2024]


def test_a_follow_up_that_names_only_a_deed_keeps_the_thing(understanding: Understanding) -> None:
    whole = whole_question("那2025年计划再增加几家", ["松北区2023年新增了多少家高企"], understanding)
    assert "高企" in whole
    assert "2025年" in whole
