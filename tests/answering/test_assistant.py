"""The whole assistant on the five seeds, asked as people ask."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import Answer, Assistant, Turn, open_assistant
from tests.homes import copied


@pytest.mark.parametrize(
    ("question", "figure", "report_year"),
    [
        ("松北区2025年GDP目标是多少", "5.5%", 2025),
        ("松北区2023年GDP目标是多少", "6.5%", 2023),
        ("道里区2023年GDP目标是多少", "6%", 2023),
        ("南岗区2022年GDP目标是多少", "6%", 2022),
        ("呼兰区今后五年GDP目标是多少", "50%", 2022),
    ],
)
def test_the_gdp_goal_of_each_seed_is_answered_and_cited(
    assistant: Assistant, question: str, figure: str, report_year: int
) -> None:
    answer = assistant.ask(question)
    assert answer.verdict == "answered"
    assert [(f.text, f.indicator, f.role, f.status) for f in answer.figures] == [
        (figure, "地区生产总值", "target", "verified")
    ]
    (citation,) = answer.citations
    assert citation.report.report_year == report_year
    assert citation.report.region == question[:3]
    assert figure in citation.quote


def test_the_hedge_of_a_goal_is_kept(assistant: Assistant) -> None:
    answer = assistant.ask("道里区2023年GDP目标是多少")
    assert "6%左右" in answer.answer
    assert answer.figures[0].hedge == "左右"


@pytest.mark.parametrize(
    ("question", "said", "unsaid"),
    [
        ("松北区2024年GDP完成多少", "620亿元", "5.5%"),
        ("松北区2025年GDP目标是多少", "5.5%", "620亿元"),
        ("南岗区2021年GDP完成多少", "1029.8亿元", "6%左右"),
        ("南岗区2021年固定资产投资增长多少", "11.6%", "13.2%"),
        ("南岗区2021年1—11月固定资产投资增长多少", "13.2%", "11.6%"),
        ("松北区2025年规上工业增加值目标是多少", "6%", "5.5%"),
        ("松北区2025年社零目标是多少", "5%", "5.5%"),
        ("道里区2023年财政收入目标是多少", "23.9亿元", "%"),
    ],
)
def test_a_result_a_goal_and_a_part_of_a_year_are_not_mixed(
    assistant: Assistant, question: str, said: str, unsaid: str
) -> None:
    answer = assistant.ask(question)
    assert answer.verdict == "answered"
    assert said in answer.answer
    assert unsaid not in answer.answer


@pytest.mark.parametrize(
    "question",
    ["松被区2025年GDP目标是多少", "新区2025年GDP目标", "哈尔滨新区25年生产总值目标？", "松北２０２５年ＧＤＰ预期目标"],
)
def test_other_names_and_a_typing_error_get_the_same_answer(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).answer == assistant.ask("松北区2025年GDP目标是多少").answer


@pytest.mark.parametrize("region", ["香坊区", "道外区", "雄安新区", "北京市"])
def test_a_place_that_is_not_held_is_refused_and_what_is_held_is_said(assistant: Assistant, region: str) -> None:
    answer = assistant.ask(f"{region}2025年GDP目标是多少")
    assert answer.verdict == "not_covered"
    assert region in answer.answer
    assert all(held in answer.answer for held in ("松北区", "道里区", "南岗区", "呼兰区", "2023", "2025"))
    assert (answer.citations, answer.figures) == ((), ())


@pytest.mark.parametrize(
    ("question", "held"),
    [
        ("松北区2026年GDP目标是多少", "2025"),
        ("松北区2022年GDP目标是多少", "2023"),
        ("道里区2025年GDP目标是多少", "2023"),
    ],
)
def test_a_year_that_is_not_held_is_never_answered_from_another(assistant: Assistant, question: str, held: str) -> None:
    answer = assistant.ask(question)
    assert answer.verdict == "not_covered"
    assert question[3:8] in answer.answer
    assert held in answer.answer
    assert answer.figures == ()


@pytest.mark.parametrize(
    "question",
    [
        "道里区2023年GDP总量目标是多少亿元",
        "松北区2025年社零总额目标是多少亿元",
        "道里区2023年财政收入增速目标是多少",
        "松北区2025年工业增加值目标是多少",
        "松北区2025年失业率目标是多少",
        "松北区2025年GDP实际完成了多少",
        "呼兰区2022年GDP目标是多少",
    ],
)
def test_what_a_report_that_is_held_does_not_state_is_refused(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.verdict == "not_covered"
    assert answer.figures == ()
    assert answer.answer


def test_a_question_without_a_place_is_asked_back_with_the_choices(assistant: Assistant) -> None:
    answer = assistant.ask("GDP目标是多少")
    assert answer.verdict == "needs_clarification"
    assert {"松北区", "道里区", "南岗区"} <= {suggestion[:3] for suggestion in answer.suggestions}
    assert all(assistant.ask(suggestion).verdict == "answered" for suggestion in answer.suggestions)


def test_a_comparison_computes_the_difference_and_marks_it(assistant: Assistant) -> None:
    answer = assistant.ask("南岗2022年社零目标比道里2023年的高多少")
    assert answer.verdict == "answered"
    assert {(f.text, f.status) for f in answer.figures} == {
        ("10%", "verified"),
        ("7%", "verified"),
        ("3个百分点", "computed"),
    }
    assert {(c.report.region, c.report.report_year) for c in answer.citations} == {("南岗区", 2022), ("道里区", 2023)}
    assert "10%减7%" in answer.answer


def test_a_side_that_is_not_held_does_not_borrow_from_the_other(assistant: Assistant) -> None:
    answer = assistant.ask("松北区和香坊区2025年GDP目标分别是多少")
    assert {citation.report.region for citation in answer.citations} <= {"松北区"}
    assert "香坊区" in answer.answer
    assert not any(figure.status == "computed" for figure in answer.figures)


@pytest.mark.parametrize(
    ("follower", "verdict", "said"),
    [
        ("2023年呢", "answered", "6.5%"),
        ("社零呢", "answered", "5%"),
        ("那道里区2023年呢", "answered", "6%"),
        ("香坊区呢", "not_covered", "香坊区"),
    ],
)
def test_a_follow_up_is_answered_in_its_conversation(
    assistant: Assistant, follower: str, verdict: str, said: str
) -> None:
    answer = assistant.ask(follower, [Turn("松北区2025年GDP目标是多少")])
    assert answer.question == follower
    assert answer.verdict == verdict
    assert said in answer.answer


def test_a_term_is_defined_in_the_words_of_the_glossary(assistant: Assistant) -> None:
    answer = assistant.ask("什么是政区合一")
    assert answer.verdict == "answered"
    assert "是指建立事权集中、管理统一的园区领导机制" in answer.answer


def test_who_gave_a_report_and_when_is_read_from_its_opening(assistant: Assistant) -> None:
    answer = assistant.ask("松北区2025年的政府工作报告是哪天作的")
    assert answer.verdict == "answered"
    assert "2024年12月30日" in answer.answer


def test_a_term_that_no_report_defines_is_not_made_up(assistant: Assistant) -> None:
    assert assistant.ask("什么是量子纠缠").verdict == "not_covered"


QUESTIONS = (
    "松北区2025年GDP目标是多少",
    "南岗2022年社零目标比道里2023年的高多少",
    "呼兰区要抓好哪些民生实事",
    "GDP目标是多少",
    "香坊区的GDP",
    "什么是政区合一",
)


def timeless(answer: Answer) -> Answer:
    return replace(answer, seconds=0.0)


def test_the_same_question_gets_the_same_answer(assistant: Assistant) -> None:
    for question in QUESTIONS:
        assert timeless(assistant.ask(question)) == timeless(assistant.ask(question))


def test_eight_threads_get_the_answers_that_one_gets(assistant: Assistant) -> None:
    alone = [timeless(assistant.ask(question)) for question in QUESTIONS]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(assistant.ask, QUESTIONS * 8))
    assert [timeless(answer) for answer in together] == alone * 8


def test_a_stream_ends_with_the_answer_that_its_parts_make(assistant: Assistant) -> None:
    *parts, answer = assistant.stream("松北区2025年GDP目标是多少")
    assert isinstance(answer, Answer)
    assert "".join(part for part in parts if isinstance(part, str)) == answer.answer


def test_an_answer_says_how_the_question_was_taken_and_who_wrote_it(assistant: Assistant) -> None:
    answer = assistant.ask("新区25年GDP目标是多少")
    assert answer.understood == "松北区 · 2025年 · 地区生产总值 · 目标"
    assert answer.model == "reader"
    assert answer.settings
    assert answer.seconds > 0


def test_a_search_lists_passages_best_first(assistant: Assistant) -> None:
    found = assistant.search("松北区招商引资", limit=5)
    assert [item.rank for item in found] == [1, 2, 3, 4, 5]
    assert {item.report.region for item in found} == {"松北区"}


def test_the_catalogue_lists_the_five_seeds(assistant: Assistant) -> None:
    assert sorted((report.region, report.report_year) for report in assistant.reports()) == sorted(
        [("松北区", 2023), ("松北区", 2025), ("道里区", 2023), ("南岗区", 2022), ("呼兰区", 2022)]
    )


def test_a_report_added_by_another_process_is_answered_from_without_a_restart(
    seeded_home: Path, tmp_path: Path
) -> None:
    home = copied(seeded_home, tmp_path / "home")
    report = tmp_path / "2024年甲乙县政府工作报告.txt"
    body = (
        "我们坚持稳中求进工作总基调，扎实推进项目建设、产业升级、招商引资、乡村振兴、生态环境、就业和民生保障，深化改革开放，经济社会发展取得新成效，人民生活持续改善。"
        * 40
    )
    report.write_text(
        f"2024年甲乙县政府工作报告\n各位代表：\n现在，我代表甲乙县人民政府向大会报告工作，请予审议。\n一、2023年工作回顾\n{body}\n"
        "二、2024年工作安排\n2024年经济社会发展的主要预期目标是：地区生产总值增长7.25%。\n",
        encoding="utf-8",
    )
    question = "甲乙县2024年GDP目标是多少"
    with closing(open_assistant(home=home)) as running, closing(open_assistant(home=home)) as other:
        assert running.ask(question).verdict == "not_covered"
        assert [outcome.error for outcome in other.ingest([report], region="甲乙县", report_year=2024)] == [None]
        assert "7.25%" in running.ask(question).answer


@pytest.mark.parametrize(
    ("question", "holds", "lacks"),
    [
        (
            "道里区2023年安全生产怎么抓",
            "安全监管",
            "街道",
        ),  # the next sentences of the paragraph are about other things
        ("南岗区2022年怎么发展夜经济", "师大夜市步行街", "金融"),
        ("南岗区2022年怎么推进数字经济", "数字经济项目", "混合所有制"),  # 数字 is what is asked here, not how
        ("松北区2024年在科技创新上取得了哪些成绩", "科技成果477项", "还不够"),  # shortcomings are no achievements
        ("松北区2025年要在哪些方面保障民生", "松北区2025年", "松北区2024年"),  # a plan is not the review's headings
    ],
)
def test_an_explanation_keeps_to_what_is_asked(assistant: Assistant, question: str, holds: str, lacks: str) -> None:
    answer = assistant.ask(question)
    assert answer.verdict == "answered"
    assert holds in answer.answer
    assert lacks not in answer.answer


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("南岗区有多少个社区", None),  # the report counts 老年照护中心 and 社区用房, not 社区
        ("松北区2025年要新增多少就业", None),  # and 充分就业社区
        ("呼兰区过去五年修了多少公里路", "388公里"),  # not the 66公里 of pipes
        ("松北区2025年改造几个老旧小区", "8个"),
        ("呼兰区过去五年实施了多少扶贫项目", "114个"),
        ("南岗区过去五年有多少家幼儿园", "86所"),
        ("道里区2023年新增多少规上工业企业", "10户以上"),
        ("松北区2025年有几个城中村要改造", "3个"),
        ("道里区2023年专项债合计多少", "合计2.97亿元"),
    ],
)
def test_a_number_counts_the_thing_that_is_asked(assistant: Assistant, question: str, figure: str | None) -> None:
    answer = assistant.ask(question)
    assert (answer.verdict == "answered") == (figure is not None), answer.answer
    if figure:
        assert figure in answer.answer


@pytest.mark.parametrize("question", ["松北区2025年在人工智能方面有哪些部署"])
def test_what_is_most_of_the_question_must_be_spoken_of(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).verdict == "not_covered"


@pytest.mark.parametrize("words", ["松北区2023年和道里区2023年", "松北区和道里区2023年", "2023年松北区和2023年道里区"])
def test_two_places_may_be_compared_in_one_year(assistant: Assistant, words: str) -> None:
    answer = assistant.ask(f"{words}GDP目标差多少")
    assert "6.5%减6%" in answer.answer
    assert [citation.report.region for citation in answer.citations] == ["松北区", "道里区"]
