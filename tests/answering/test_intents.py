"""One module an intent: what each says on the five reports."""

from __future__ import annotations

import pytest

from assistant import Assistant


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("你好", "您好！"),
        ("谢谢", "不客气"),
        ("你能做什么", "查政府工作报告"),
        ("有哪些区", "松北区（2023、2025年）"),
        ("你这数据是哪来的，准不准", "逐个与所引段落核对过"),
    ],
)
def test_about_the_assistant(assistant: Assistant, question: str, said: str) -> None:
    answer = assistant.ask(question)
    assert said in answer.answer
    assert answer.decided_by == "about the library"
    assert not answer.citations


@pytest.mark.parametrize(
    ("question", "word", "figure"),
    [
        ("松北区2025年GDP目标是不是5.5%", "是的", "5.5%"),
        ("松北区2025年GDP目标是不是6%", "不是", "5.5%"),
        ("松北24年实际利用外资有没有过一亿美元", "不是", "6000万美元"),
        ("南岗2022年社零目标是10%对吧", "是的", "10%"),
        ("南岗在创新创业百强区评选里是不是全国排名第一位？", "不是", "第11位"),
    ],
)
def test_yes_or_no_comes_first_and_the_figure_with_it(
    assistant: Assistant, question: str, word: str, figure: str
) -> None:
    answer = assistant.ask(question)
    assert answer.answer.startswith(word)
    assert figure in answer.answer
    assert answer.citations


def test_that_it_was_planned_is_no_proof_that_it_was_done(assistant: Assistant) -> None:
    answer = assistant.ask("南岗2022年说要新认定高新技术企业300家，做到了没")
    assert not answer.answer.startswith("是")


def test_a_rank_claimed_beside_a_true_figure_is_not_confirmed_with_it(assistant: Assistant) -> None:
    answer = assistant.ask("听说松北2024年规上工业增加值占全市超过四分之一、排全市第三，对吗")
    assert not answer.answer.startswith("是")
    assert "超四分之一" in answer.answer


@pytest.mark.parametrize(
    ("question", "figures"),
    [
        ("松北区2024年进出口总额和新增市场主体各是多少", ("155亿元", "2.6万户")),
        ("松北区2024年新认定高新技术企业多少家，空气优良天数占比多少", ("478家",)),
    ],
)
def test_each_part_of_a_question_is_answered(assistant: Assistant, question: str, figures: tuple[str, ...]) -> None:
    answer = assistant.ask(question)
    assert [figure for figure in figures if figure not in answer.answer] == []
    assert len({citation.paragraph_id for citation in answer.citations}) == len(answer.citations)


def test_who_gave_a_report_and_when_are_told_together(assistant: Assistant) -> None:
    answer = assistant.ask("南岗2022年政府工作报告谁作的、哪天")
    assert "高洪旗" in answer.answer
    assert "2021年12月28日" in answer.answer


def test_an_overview_has_results_goals_and_the_parts_of_the_plan(assistant: Assistant) -> None:
    answer = assistant.ask("总结一下松北区2025年政府工作报告")
    assert answer.decided_by == "overview"
    for said in ("620亿元", "2025年主要目标", "增长5.5%", "聚焦对俄合作"):
        assert said in answer.answer


@pytest.mark.parametrize(
    ("question", "least"), [("松北区2024年房地产情况", 1), ("道里教育怎么样", 2), ("呼兰生态环境怎么样", 2)]
)
def test_a_matter_has_points_that_are_each_cited(assistant: Assistant, question: str, least: int) -> None:
    answer = assistant.ask(question)
    assert answer.verdict == "answered"
    assert answer.answer.count("〔") >= least


def test_like_is_compared_with_like_only(assistant: Assistant) -> None:
    unlike = assistant.ask("呼兰区和松北区哪个GDP目标高").answer
    assert "相差" not in unlike
    assert "50%" in unlike
    assert "5.5%" in unlike
    like = assistant.ask("松北区2025年和2023年的GDP目标分别是多少，有什么变化").answer
    assert "低约1个百分点（6.5%减5.5%" in like


@pytest.mark.parametrize(
    ("question", "decided", "said"),
    [
        ("香坊区2025年GDP目标是多少", "catalogue: place", "没有香坊区"),
        ("松北区2019年GDP目标是多少", "catalogue: time", "2019年"),
        ("松北区2025年地铁几号线开通", "not stated", "没有查到能直接回答的内容"),
        ("松北区2021年政府工作报告里，GDP目标定的多少", "catalogue: time", "没有收录松北区2021年的政府工作报告"),
        ("帮我写首夸松花江的诗", "off topic", "不像是政府工作报告里会写的事"),
    ],
)
def test_three_refusals_are_told_apart(assistant: Assistant, question: str, decided: str, said: str) -> None:
    answer = assistant.ask(question)
    assert (answer.verdict, answer.decided_by) == ("not_covered", decided)
    assert said in answer.answer


def test_this_year_is_that_of_the_newest_report(assistant: Assistant) -> None:
    assert "松北区2025年" in assistant.ask("松北今年GDP目标是多少").answer


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("松北2025年GDP", ["5.5%"]),
        ("松北2025年GDP、工业、投资、消费目标分别是多少", ["5.5%", "6%", "12%", "5%"]),
        ("松北区2025年招商引资目标", ["150个"]),
        ("松北区2025年招商引资目标是多少", ["150个", "260亿元", "1亿美元以上"]),
        ("南岗高新技术企业2022年要到多少家、五年后要到多少家", ["300家", "400家"]),
    ],
)
def test_indicators_are_known_by_what_stands_around_them(assistant: Assistant, question: str, said: list[str]) -> None:
    answer = assistant.ask(question).answer
    assert all(figure in answer for figure in said)


def test_a_figure_too_small_for_what_is_asked_is_no_answer(assistant: Assistant) -> None:
    assert assistant.ask("2024年松北一共接待了多少万游客?").verdict == "not_covered"
