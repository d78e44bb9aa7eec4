"""Each fault by one clear example on a seed, beside its honest twin."""

from __future__ import annotations

import pytest

from assistant import Assistant
from assistant.answering.writing.checking import Checked, Said
from assistant.answering.writing.drafting import sentences_of
from tests.answering.writing.red_team import Case, cases

GDP, DONE, PAIR, SIDES = "sb25-072", "sb25-003", "sb25-014", "cmp-004"


@pytest.fixture(scope="module")
def by_id(assistant: Assistant) -> dict[str, Case]:
    return {case.id: case for case in cases(assistant)}


def check(case: Case, text: str) -> Checked:
    (sentence,) = sentences_of([text])
    return case.checker.check(sentence.text, Said(), sentence.numbers)


@pytest.mark.parametrize(
    ("identity", "honest", "altered", "fault"),
    [
        (GDP, "松北区2025年地区生产总值预期目标为增长5.5%", "松北区2025年地区生产总值预期目标为增长6.5%", "figure"),
        (GDP, "松北区2025年GDP目标为增长5.5%", "松北区2025年GDP目标为增长5.5个百分点", "figure"),
        (GDP, "松北区计划2025年GDP增长5.5%", "松北区计划2024年GDP增长5.5%", "year"),
        (GDP, "松北区计划2025年GDP增长5.5%", "道里区计划2025年GDP增长5.5%", "place"),
        (GDP, "松北区计划2025年GDP增长5.5%", "哈尔滨市计划2025年GDP增长5.5%", "place"),
        (GDP, "松北区计划2025年GDP增长5.5%", "松北区2025年GDP实现了增长5.5%", "role"),
        (GDP, "松北区计划2025年GDP增长5.5%", "松北区计划2025年GDP下降5.5%", "direction"),
        (GDP, "松北区计划2025年GDP增长5.5%", "松北区计划2025年固定资产投资增长5.5%", "indicator"),
        (GDP, "松北区计划2025年GDP增长5.5%", "松北区计划2025年GDP年均增长5.5%", "hedge"),
        (DONE, "松北区2024年GDP预计完成620亿元", "松北区2024年GDP完成620亿元", "hedge"),
        (DONE, "松北区2024年GDP预计达到620亿元", "松北区2024年GDP目标预计达到620亿元", "role"),
        ("ng22-008", "南岗区2022年城镇登记失业率目标为不超过4.3%", "南岗区2022年城镇登记失业率目标为4.3%以上", "hedge"),
        ("ng22-024", "南岗区计划2022年规上企业户数达到85户以上", "南岗区计划2022年规上企业户数达到85户以内", "hedge"),
        (PAIR, "松北区2024年43户企业完成技改项目47个", "松北区2024年47户企业完成技改项目43个", "figure"),
        ("sb25-050", "松北区2024年改造市政道路30条、老旧管道125公里", "松北区2024年改造老旧管道30条", "indicator"),
        ("hl22-031", "呼兰区过去五年刑事警情下降23%，治安警情下降34%", "呼兰区过去五年刑事警情下降34%，治安警情下降23%", "indicator"),
        (SIDES, "南岗区2022年比道里区2023年高3个百分点，目标不同", "南岗区2022年目标比道里区2023年低3个百分点", "comparison"),
        ("sb25-025", "松北区2024年就地转化科技成果477项，占全市的44%", "松北区2024年就地转化科技成果477项，占全省的44%", "denial"),
        ("sb23-046", "松北区2023年计划稳步推进人事制度改革", "松北区2023年计划稳步完成人事制度改革", "denial"),
        ("ng22-050", "南岗区2021年投资发展后劲不足", "南岗区2021年投资发展后劲足", "denial"),
        ("sb25-093", "松北区2025年计划推动哈工程松北校区建设", "松北区2025年计划不推动哈工程松北校区建设", "denial"),
        ("sb25-093", "松北区2025年计划推动哈工程松北校区建设", "松北区2025年计划推动哈工程松北校区拆除", "invented"),
        ("sb25-093", "松北区2025年计划推动哈工程松北校区建设", "松北区2025年计划率先推动哈工程松北校区建设", "wording"),
        ("sb25-108", "松北区2025年计划叫响“才聚松北·智汇新区”品牌", "松北区2025年计划叫响“才聚松北”工程品牌", "invented"),
        ("hl22-019", "呼兰区过去五年落实“免减退补延融”惠企政策", "呼兰区过去五年落实“免减退补延”惠企政策", "quote"),
        ("sb25-032", "松北区2024年“智能机器人岛”一期开工建设", "松北区2024年“中国星谷”一期开工建设", "quote"),
        ("sb25-120", "松北区2025年抓实“八五”普法", "松北区2025年抓实“八五”普法，居全市第三", "number"),
        (GDP, "松北区计划2025年GDP增长5.5%", "The GDP of Songbei will grow by 5.5%", "language"),
    ],
)  # fmt: skip
def test_an_honest_sentence_passes_and_its_altered_twin_does_not(
    by_id: dict[str, Case], identity: str, honest: str, altered: str, fault: str
) -> None:
    case = by_id[identity]
    assert fault not in check(case, honest).faults
    assert fault in check(case, altered).faults


def test_what_is_said_once_need_not_be_said_again(by_id: dict[str, Case]) -> None:
    case = by_id["cmp-018"]
    first = check(case, "松北区2023年一般公共预算收入预期目标为增长10%")
    assert first.passes
    assert case.checker.check("2025年为增长6%", first.said).passes
    assert not case.checker.check("2024年为增长6%", first.said).passes


def test_each_citation_stands_behind_the_clause_that_it_holds(by_id: dict[str, Case]) -> None:
    checked = check(by_id[SIDES], "南岗区2022年社会消费品零售总额目标为增长10%，而道里区2023年为增长7%[2][1]")
    assert checked.passes
    assert [(checked.text[:place][-3:], number) for place, number in checked.marks] == [("10%", 1), ("长7%", 2)]


def test_the_marks_of_the_model_are_hints_only(by_id: dict[str, Case]) -> None:
    checked = check(by_id[SIDES], "道里区2023年社会消费品零售总额目标为增长7%[1]")
    assert checked.passes
    assert [number for _, number in checked.marks] == [2]


def test_a_computed_difference_is_known_with_its_hedge(by_id: dict[str, Case]) -> None:
    case = by_id["cmp-006"]
    assert check(case, "松北区2025年的GDP目标比2023年低约1个百分点").passes
    assert not check(case, "松北区2025年的GDP目标比2023年低1个百分点").passes
    assert not check(case, "松北区2025年的GDP目标比2023年低约2个百分点").passes


def test_a_number_may_count_the_names_that_the_sentence_lists(by_id: dict[str, Case]) -> None:
    case = by_id["dl23-019"]
    assert check(case, "道里区2023年计划开展“大学生落户一件事”和“退休一件事”两项改革试点").passes
    assert not check(case, "道里区2023年计划开展“大学生落户一件事”和“退休一件事”三项改革试点").passes


def test_a_sentence_about_nothing_that_was_found_is_invented(by_id: dict[str, Case]) -> None:
    for text in ("群众满意度明显提升", "预计全年将解决1200名群众的就业问题", "将建设三条地铁线路"):
        assert not check(by_id[GDP], text).passes
