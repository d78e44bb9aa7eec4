"""Questions whether goals were met, asked of hand-made reports beside the seeds: real store, real model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Answer, Assistant, open_assistant
from assistant.types import Turn
from assistant.web.display.blocks import Grid
from assistant.web.display.text import text_blocks
from tests.homes import copied
from tests.panel.places import report

PLAN = "综合各方面因素，主要预期目标是：地区生产总值增长{}，固定资产投资增长8%，实际利用外资{}。"
REPORTS = (
    report(
        "邢台市",
        2023,
        "全年地区生产总值增长4.1%，固定资产投资增长7%，实际利用外资2亿美元。",
        PLAN.format("6%左右", "3亿美元")
        + "登记技术合同成交额80亿元。金融机构存贷款余额分别增长5%和16%。改造学校，新建幼儿园12所。",
    ),
    report(
        "邢台市",
        2024,
        "全年地区生产总值增长5.8%，固定资产投资下降2.5%，实际利用外资1.2亿美元。登记技术合同交易额90亿元。金融机构存贷款余额分别增长7.8%和13.5%。新建幼儿园15所，教育质量稳步提升。",
        PLAN.format("5.5%", "1亿美元"),
    ),
    report(
        "邢台市",
        2025,
        "全年地区生产总值增长5.1%，固定资产投资增长8.5%。特色产业产值达到1150亿元。改善教育条件，新建小学3所、中学2所，增加学位2100个。",
        PLAN.format("5%", "2亿美元"),
    ),
    report("沧州市", 2024, "全年地区生产总值增长3.9%。", PLAN.format("6%", "3亿美元")),
    report("沧州市", 2025, "全年地区生产总值增长4.4%。", PLAN.format("5%", "4亿美元")),
)


@pytest.fixture(scope="module")
def asked(seeded_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """Give an assistant that holds three reports of 邢台市 and two of 沧州市 beside the seeds."""
    home = copied(seeded_home, tmp_path_factory.mktemp("home") / "copy")
    files = tmp_path_factory.mktemp("files")
    for name, text in REPORTS:
        (files / name).write_text(text, "utf-8")
    assistant = open_assistant(home=home)
    assistant.ingest([files])
    yield assistant
    assistant.close()


def told(answer: Answer) -> str:
    assert answer.verdict == "answered", answer.answer
    assert answer.decided_by == "fulfilment"
    assert all(figure.status == "computed" or figure.citation for figure in answer.figures)
    return answer.answer


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (
            "邢台2023年GDP目标完成了吗",
            "目标6%左右〔1〕；实际5.8%〔2〕；接近，低0.2个百分点（6%减5.8%，由引用数据计算）",
        ),
        ("邢台市2024年gdp达标没", "目标5.5%〔1〕；实际5.1%〔2〕；未完成，低0.4个百分点（5.5%减5.1%，由引用数据计算）"),
        ("邢台2023年固投目标实现了没", "实际下降2.5%〔2〕；未完成，低10.5个百分点（8%加2.5%，由引用数据计算）"),
        ("邢台2023年外资比目标差多少", "未完成，少1.8亿美元（3亿美元减1.2亿美元，由引用数据计算）"),
    ],
)
def test_a_goal_and_its_result_with_the_arithmetic(asked: Assistant, question: str, words: str) -> None:
    assert words in told(asked.ask(question))


def test_the_years_of_a_place(asked: Assistant) -> None:
    text = told(asked.ask("邢台市这几年GDP目标和完成情况"))
    head, *lines = text.splitlines()
    assert head.startswith("邢台市能把目标和完成情况对上的有2年：1年接近、1年未完成。另有2年不能比：")
    assert [line[:8] for line in lines] == ["邢台市2022年", "邢台市2023年", "邢台市2024年", "邢台市2025年"]
    assert lines[0].endswith("实际4.1%〔1〕；没有收录2022年的报告")
    assert lines[-1].endswith("没有收录2026年的报告")


@pytest.mark.parametrize(
    "question", ["邢台2023年外资比目标多了多少", "2023年邢台固投完成了没有", "邢台23年GDP超额了吗"]
)
def test_a_goal_is_set_against_its_result_however_it_is_asked(asked: Assistant, question: str) -> None:
    assert "目标" in told(asked.ask(question))


def test_only_what_was_missed_where_that_is_asked(asked: Assistant) -> None:
    text = told(asked.ask("邢台市哪些年没完成GDP目标"))
    assert [line[:8] for line in text.splitlines()[1:]] == ["邢台市2023年", "邢台市2024年"]


def test_all_goals_of_a_year(asked: Assistant) -> None:
    text = told(asked.ask("邢台2023年哪些目标没完成"))
    assert text.startswith("邢台市能把目标和完成情况对上的指标有3项：1项接近、2项未完成。")


def test_the_places_that_missed(asked: Assistant) -> None:
    text = told(asked.ask("2024年哪些市没完成GDP目标"))
    assert "共查了2个地方，2个写明了2024年的目标和完成情况：未完成2个。" in text
    assert text.index("沧州市2024年") < text.index("邢台市2024年")


def test_whose_goals_is_asked_back_and_a_year_that_is_not_held_is_said(asked: Assistant) -> None:
    back = asked.ask("2024年的目标完成了吗")
    assert back.verdict == "needs_clarification"
    assert "邢台市2024年" in back.answer
    gone = asked.ask("邢台2021年的目标完成了吗")
    assert gone.verdict == "not_covered"
    assert gone.answer.startswith("没有收录邢台市2021年的报告")


def test_a_goal_against_the_result_of_the_year_before(asked: Assistant) -> None:
    text = told(asked.ask("邢台2024年外资目标比去年完成的高多少"))
    assert "2024年目标比2023年完成少2000万美元（1.2亿美元减1亿美元，由引用数据计算）" in text


def test_which_place_is_meant_is_asked_and_never_guessed(asked: Assistant) -> None:
    answer = asked.ask("2024年GDP目标是多少")
    assert answer.verdict == "needs_clarification"
    assert {"邢台市2024年", "沧州市2024年"} <= set(answer.answer.replace("。", "、").replace("：", "、").split("、"))


def test_the_best_year_is_that_of_the_results(asked: Assistant) -> None:
    answer = asked.ask("邢台哪一年GDP增速最高")
    assert answer.answer.startswith("最高的是2023年。")
    assert "5.8%" in answer.answer


def test_falls_are_falls_where_two_years_are_set_against_each_other(asked: Assistant) -> None:
    answer = asked.ask("邢台2024年固投增速比2023年高多少")
    assert "高11个百分点（8.5%加2.5%，由引用数据计算）" in answer.answer


def test_a_year_without_its_next_report_has_a_row_of_its_own(asked: Assistant) -> None:
    answer = asked.ask("邢台市这几年GDP目标和完成情况")
    (grid,) = [block for block in text_blocks(answer) if isinstance(block, Grid)]
    assert "".join(piece.text for piece in grid.rows[-1][-1]) == "没有收录2026年的报告"


def test_whether_it_was_met_is_asked_of_the_goal_before(asked: Assistant) -> None:
    text = told(asked.ask("完成了没有", (Turn("邢台2023年固投目标是多少"),)))
    assert "未完成，低10.5个百分点" in text


def test_a_result_that_is_told_in_other_words_is_set_against_its_goal(asked: Assistant) -> None:
    text = told(asked.ask("邢台2023年技术合同成交额超额了吗"))
    assert text.startswith("邢台市2023年")
    assert "技术合同成交额：目标80亿元〔1〕；实际90亿元〔2〕；完成，多10亿元" in text


def test_why_a_goal_was_missed_is_not_answered_with_how_far(asked: Assistant) -> None:
    answer = asked.ask("邢台2023年固投目标为什么没完成")
    assert answer.verdict == "not_covered"
    assert "没有查到说明原因的内容" in answer.answer


def test_a_matter_over_the_years_is_told_year_by_year(asked: Assistant) -> None:
    answer = asked.ask("邢台这几年教育上干了啥")
    assert answer.decided_by == "topic, years"
    assert answer.answer.index("新建幼儿园15所") < answer.answer.index("新建小学3所")


def test_of_two_that_are_told_in_one_word_none_is_taken_for_the_other(asked: Assistant) -> None:
    answer = asked.ask("邢台2023贷款增速达标没")
    assert "完成" not in answer.answer.replace("已完成", "")
    assert not answer.answer.startswith("不是")
