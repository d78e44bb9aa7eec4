from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from assistant.corpus.cleaning import clean
from assistant.corpus.readers import read_text

SEEDS = sorted((Path(__file__).resolve().parents[2] / "seeds").glob("*.txt"))
FURNITURE = re.compile(
    r"注册 \| 登录|筛选地域|0/0|打印本页|扫一扫在手机|责任编辑|网站标识码|ICP备|主办单位|关联稿件|记笔记|导出笔记|字体大小|发布日期|信息来源|无障碍浏览"
)
ABOVE = "网站首页\n您当前的位置：首页>>政务公开\n2025-01-20 09:00:00\n字体大小：大 中 小\n"
BELOW = "\n（责任编辑：张三）\n分享到：\n上一篇：\n某县2024年政府工作报告\n相关文章\n01-02\n某市2023年政府工作报告\n版权所有"
REPORT = (
    "各位代表：\n现在，我代表区人民政府向大会报告工作，请予审议。\n一、2024年工作回顾\n"
    "全年实现地区生产总值620亿元，增长5%。\n二、2025年工作安排\n地区生产总值增长5.5%。扫一扫就能办成事。\n各位代表！让我们共同奋斗！"
)


def sentences(text: str) -> list[str]:
    return [
        re.sub(r"\s", "", part)
        for part in re.split(r"[。！？\n]", text)
        if len(re.findall("[\u4e00-\u9fff]", part)) >= 10
    ]


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.name[:3])
def test_no_sentence_of_a_seed_is_lost_and_no_furniture_stays(seed: Path) -> None:
    text = read_text(seed)
    kept = re.sub(r"\s", "", "".join(clean(text)))
    lost = [sentence for sentence in sentences(text) if sentence not in kept]
    assert [
        sentence
        for sentence in lost
        if not FURNITURE.search(sentence) and "网站" not in sentence and "信息中心" not in sentence
    ] == []
    assert FURNITURE.search("\n".join(clean(text))) is None


def test_a_page_around_a_report_changes_nothing_of_it() -> None:
    assert clean(ABOVE + REPORT + BELOW) == clean(REPORT) == REPORT.split("\n")


def test_a_sentence_that_speaks_of_page_things_stays() -> None:
    for sentence in (
        "推广扫一扫办事，群众满意度达到98%。",
        "来源：各级财政投入共计3亿元。",
        "强化版权保护，登录国家平台的企业达到50户。",
    ):
        assert sentence in clean(REPORT.replace("地区生产总值增长5.5%。", sentence + "\n"))


def test_written_out_line_breaks_and_entities_become_lines() -> None:
    assert clean(r"各位代表：\r\n一、2023年工作回顾\r\n&nbsp;\r\n全县生产总值增长6%。") == [
        "各位代表：",
        "一、2023年工作回顾",
        "全县生产总值增长6%。",
    ]


def test_a_report_on_one_line_gets_its_lines_back() -> None:
    body = "我们扎实推进各项工作，经济运行稳中有进。" * 160
    lines = clean(
        f"各位代表： 现在，我代表市人民政府报告工作。 一、2023年工作回顾 {body} 二、2024年主要任务 今年要抓好落实。"
    )
    assert lines[0] == "各位代表："
    assert "一、2023年工作回顾" in lines
    assert lines[-2:] == ["二、2024年主要任务", "今年要抓好落实。"]


def test_a_sentence_broken_by_a_link_is_joined_and_headings_are_not() -> None:
    text = "各位代表：\n一、工作回顾\n认真落实《\n教育法\n》，办学条件持续改善。\n二、工作安排\n继续努力，\n再创佳绩。"
    assert clean(text)[2] == "认真落实《教育法》，办学条件持续改善。"
    assert clean(text)[-2:] == ["二、工作安排", "继续努力，再创佳绩。"]


def test_hard_wrapped_lines_of_a_page_become_paragraphs() -> None:
    paragraph = (
        "全年地区生产总值增长百分之五点五规模以上工业增加值增长百分之六社会消费品零售总额增长百分之七，" * 3
        + "圆满收官。"
    )
    wrapped = "\n".join(paragraph[at : at + 30] for at in range(0, len(paragraph), 30))
    assert clean(f"一、工作回顾\n{wrapped}\n- 1 -\n{wrapped}\n{wrapped}\n{wrapped}") == [
        "一、工作回顾",
        *[paragraph] * 4,
    ]


def test_lost_spaces_and_indents_go_and_characters_of_the_report_stay() -> None:
    lines = clean("各位代表：\n区长?? 王春雨\n\u3000\u3000地区生产总值(GDP)增长５%左右，完成620亿元。")
    assert lines == ["各位代表：", "区长 王春雨", "地区生产总值(GDP)增长５%左右，完成620亿元。"]


def test_a_site_s_summary_of_the_opening_is_dropped() -> None:
    opening = "现在，我代表区人民政府向大会报告工作，请予审议，并请各位政协委员和列席会议的同志提出宝贵意见。"
    text = f"内容摘要：\n各位代表：{opening}......\n各位代表：\n{opening}\n一、工作回顾\n成绩显著。"
    assert clean(text) == ["各位代表：", opening, "一、工作回顾", "成绩显著。"]


def test_nothing_comes_of_nothing() -> None:
    assert clean("") == []
    assert clean(" \n\u3000\n") == []


def test_where_blank_lines_part_paragraphs_a_sentence_in_pieces_is_joined() -> None:
    filler = "".join(
        f"\n\n{n}年来我们坚持稳中求进工作总基调，统筹推进各项事业，" * 1
        + "经济社会发展取得了新的显著成就，" * 3
        + "人民满意。"
        for n in range(1, 9)
    )
    pieces = "我们第一届全国人民代表大会第一次会议，在听了刘少奇同志\n关于宪法草案的报告\n并进行了三天的讨论以后，通过了宪法。"
    assert clean(f"各位代表：\n\n{pieces}{filler}")[1] == pieces.replace("\n", "")


def test_a_long_run_of_blanks_costs_no_more_than_its_length() -> None:
    text = "各位代表：" + " " * 60_000 + "GDP 增长5%。" + "扎实推进各项工作。" * 400
    began = time.process_time()
    assert "".join(clean(text)).replace(" ", "") == text.replace(" ", "")
    assert time.process_time() - began < 2
