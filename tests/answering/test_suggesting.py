"""Questions that are offered, tried on the five seed reports."""

from __future__ import annotations

import json
import re
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.answering.offering.suggesting import MOST_CHOICES, MOST_NEXT
from assistant.answering.understood import rephrased
from assistant.errors import LibraryError, QuestionError
from assistant.retrieval.question import Understanding
from assistant.types import Answer

GOLD = Path(__file__).resolve().parents[2] / "seeds" / "questions.jsonl"
ASKED = (
    "松北区2025年GDP目标是多少",
    "道里区2023年一般公共预算收入目标是多少",
    "松北区2024年GDP完成多少",
    "2021年全年南岗社零增长了多少？",
    "今后五年南岗工业增加值年均增长目标",
    "松北和道里2023年GDP目标谁高",
    "松北区2025年GDP目标比2023年的是高了还是低了?",
    "松北区2025年怎么抓招商引资",
    "哪个区的GDP目标最高",
    "呼兰过去五年化解了多少政府债务",
)


def offered(assistant: Assistant, question: str) -> Iterator[str]:
    answer = assistant.ask(question)
    yield from assistant.next_questions(answer)
    for aspect in assistant.aspects(answer.standalone or question):
        yield from (choice.question for choice in aspect.choices)


def choices(assistant: Assistant, question: str) -> dict[str, tuple[str, dict[str, str]]]:
    return {a.kind: (a.value, {c.label: c.question for c in a.choices}) for a in assistant.aspects(question)}


def test_every_question_that_is_offered_has_an_answer(assistant: Assistant) -> None:
    questions = {question for asked in ASKED for question in offered(assistant, asked)}
    assert len(questions) >= 40
    assert [question for question in questions if assistant.ask(question).verdict != "answered"] == []


@pytest.mark.slow
def test_after_every_gold_question_what_is_offered_has_an_answer(assistant: Assistant) -> None:
    golden = [json.loads(line)["question"] for line in GOLD.read_text("utf-8").splitlines()]
    questions = {question for asked in golden for question in offered(assistant, asked)}
    assert len(questions) >= 150
    assert [question for question in questions if assistant.ask(question).verdict != "answered"] == []


@pytest.mark.parametrize("question", ASKED)
def test_next_questions_are_few_each_another_and_none_the_one_just_asked(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.verdict == "answered"
    following = assistant.next_questions(answer)
    assert 1 <= len(following) <= MOST_NEXT
    understood = [assistant.ask(each).understood for each in following]
    assert len({answer.understood, *understood}) == len(following) + 1


def test_the_review_another_place_and_another_indicator_follow_a_goal(assistant: Assistant) -> None:
    review, elsewhere, other = assistant.next_questions(assistant.ask("松北区2025年GDP目标是多少"))
    assert review == "松北区2024年地区生产总值达到了多少"
    assert elsewhere == "道里区2023年GDP目标是多少"
    assert re.fullmatch("松北区2025年(?!GDP|地区生产总值).+目标是多少", other)


def test_the_goal_follows_a_result(assistant: Assistant) -> None:
    following = assistant.next_questions(assistant.ask("松北区2024年GDP完成多少"))
    assert following[0] == "松北区2025年地区生产总值目标是多少"


def test_another_work_of_the_same_part_follows_a_question_about_a_work(assistant: Assistant) -> None:
    answer = assistant.ask("松北区2025年怎么抓招商引资")
    following = assistant.next_questions(answer)
    assert following[0].startswith("松北区2025年怎么")
    told = assistant.ask(following[0])
    assert told.citations[0].report == answer.citations[0].report
    assert told.citations[0].paragraph_id != answer.citations[0].paragraph_id


@pytest.mark.parametrize("question", ["香坊区2025年GDP目标是多少", "GDP目标是多少", "谢谢", "道里区2023年地铁修了几条"])
def test_nothing_follows_a_refusal_a_question_back_or_a_courtesy(assistant: Assistant, question: str) -> None:
    assert assistant.next_questions(assistant.ask(question)) == ()


def test_a_follow_up_is_gone_on_from_as_the_whole_question_that_it_was_taken_for(assistant: Assistant) -> None:
    whole = assistant.ask("道里区2023年GDP目标是多少")
    shortened = replace(whole, question="那道里区呢", standalone=whole.question)
    assert assistant.next_questions(shortened) == assistant.next_questions(whole)


@pytest.mark.parametrize("question", [*ASKED, "香坊区2025年GDP目标是多少", "GDP目标是多少", "2021年社零增速"])
def test_aspects_say_what_the_understood_line_says(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    aspects = assistant.aspects(answer.standalone or question)
    assert " · ".join(aspect.value for aspect in aspects) == answer.understood
    for aspect in aspects:
        assert len(aspect.choices) <= MOST_CHOICES
        assert len({choice.label for choice in aspect.choices}) == len(aspect.choices)
        assert question not in [choice.question for choice in aspect.choices]


def test_the_choices_of_a_plain_question_are_what_the_reports_state(assistant: Assistant) -> None:
    found = choices(assistant, "松北区2025年GDP目标是多少")
    assert list(found) == ["place", "time", "subject", "role"]
    assert found["place"][1]["道里区2023年"] == "道里区2023年GDP目标是多少"
    assert found["time"] == ("2025年", {"2023年": "松北区2023年GDP目标是多少"})
    assert found["subject"][1]["固定资产投资"] == "松北区2025年固定资产投资目标是多少"
    assert found["role"] == ("目标", {"2024年完成情况": "松北区2024年地区生产总值达到了多少"})


def test_a_place_with_a_report_of_the_very_year_is_named_without_it_and_comes_first(assistant: Assistant) -> None:
    places = choices(assistant, "道里区2023年固定资产投资目标是多少")["place"][1]
    assert next(iter(places.items())) == ("松北区", "松北区2023年固定资产投资目标是多少")


def test_each_side_of_a_comparison_may_be_asked_alone_and_another_indicator_of_both(assistant: Assistant) -> None:
    found = choices(assistant, "松北和道里2023年GDP目标谁高")
    assert found["place"][1] == {
        "松北区": "松北区2023年地区生产总值目标是多少",
        "道里区": "道里区2023年地区生产总值目标是多少",
    }
    assert found["subject"][1]["固定资产投资"] == "松北和道里2023年固定资产投资目标谁高"
    assert choices(assistant, "松北区2025年GDP目标比2023年的高还是低")["time"][1] == {
        "2025年": "松北区2025年地区生产总值目标是多少",
        "2023年": "松北区2023年地区生产总值目标是多少",
    }


def test_a_question_of_a_place_that_is_not_held_may_be_put_to_one_that_is(assistant: Assistant) -> None:
    assert choices(assistant, "香坊区2025年GDP目标是多少")["place"][1]["松北区"] == "松北区2025年GDP目标是多少"


def test_what_is_true_of_one_place_alone_is_not_asked_of_another(assistant: Assistant) -> None:
    assert choices(assistant, "呼兰第一人民医院跟哪家医院搞对口合作?")["place"] == ("呼兰区", {})


def test_a_question_keeps_its_words_only_where_they_fit_the_other_time(understanding: Understanding) -> None:
    def about(text: str, region: str) -> str | None:
        return rephrased(understanding.read(text), understanding, region, None)

    assert about("请问道里区2023年固投的预期增速是多少?", "松北区") == "松北区2023年固投的预期增速是多少?"
    assert about("哈尔滨全市2025年GDP目标是多少", "松北区") is None
    assert about("松北和道里2023年GDP目标谁高", "南岗区") is None
    assert about("各区的GDP目标", "南岗区") is None


def test_yearly_means_are_not_asked_of_a_single_year(assistant: Assistant) -> None:
    times = choices(assistant, "今后五年南岗固投年均增长目标")["time"][1]
    assert times == {"2022年": "南岗区2022年固定资产投资目标是多少"}


@pytest.mark.parametrize("question", ["", "？？", "字" * 501])
def test_what_is_no_question_is_refused_as_when_it_is_asked(assistant: Assistant, question: str) -> None:
    with pytest.raises(QuestionError):
        assistant.aspects(question)
    with pytest.raises(QuestionError):
        assistant.next_questions(Answer(question, "answered", ""))


def test_an_answer_that_this_library_never_gave_is_gone_on_from_all_the_same(assistant: Assistant) -> None:
    assert assistant.next_questions(Answer("松北区2099年GDP目标是多少", "answered", "假的〔9〕"))
    assert assistant.next_questions(Answer("<script>alert(1)</script>", "answered", "")) == ()


def test_going_on_is_quick(assistant: Assistant, record_property: Callable[[str, object], None]) -> None:
    answers = [assistant.ask(question) for question in ASKED]
    seconds = []
    for answer in answers * 2:
        started = time.perf_counter()
        assistant.next_questions(answer)
        seconds.append(time.perf_counter() - started)
    record_property("median_seconds", statistics.median(seconds))
    assert statistics.median(seconds) < 1  # 0.03 s on two quiet cores; a busy machine must not fail


def test_a_whole_report_comes_by_its_id_and_an_unknown_one_is_said_in_a_sentence(assistant: Assistant) -> None:
    for held in assistant.reports():
        report, paragraphs = assistant.report(held.id)
        assert report == held
        assert [paragraph.ordinal for paragraph in paragraphs] == list(range(len(paragraphs)))
    for unknown in ("0" * 16, "", "../../etc/passwd", "' OR 1=1"):
        with pytest.raises(LibraryError, match="没有这份报告") as refused:
            assistant.report(unknown)
        assert refused.value.hint
