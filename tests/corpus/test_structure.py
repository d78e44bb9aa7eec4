from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from assistant.corpus.catalogue import recognise
from assistant.corpus.cleaning import clean
from assistant.corpus.passages import LONGEST
from assistant.corpus.readers import read_text
from assistant.corpus.structure import RULES_VERSION, build_paragraphs, build_passages
from assistant.types import Paragraph, Passage, Report

FOLDER = Path(__file__).resolve().parents[2] / "seeds"
SEEDS = {path.name[:3]: path for path in sorted(FOLDER.glob("*.txt"))}
REPORT = Report(id="0" * 16, title="2025年甲市乙区政府工作报告", region="乙区", report_year=2025, parent="甲市")


Cut = dict[str, tuple[Report, tuple[Paragraph, ...], tuple[Passage, ...]]]


@pytest.fixture(scope="module")
def cut() -> Cut:
    shelf = {}
    for key, path in SEEDS.items():
        lines = clean(read_text(path))
        report = recognise(path, lines).report
        paragraphs = build_paragraphs(lines, report.id)
        shelf[key] = report, paragraphs, build_passages(paragraphs, report)
    return shelf


def holding(paragraphs: tuple[Paragraph, ...], words: str) -> Paragraph:
    found = [paragraph for paragraph in paragraphs if words in paragraph.text]
    assert len(found) == 1, words
    return found[0]


def test_every_gold_quote_stands_in_one_paragraph_and_nearly_all_in_one_passage(cut: Cut) -> None:
    lines = (FOLDER / "questions.jsonl").read_text("utf-8").splitlines()
    quotes = [(e["file"], e["quote"]) for line in lines for e in json.loads(line)["evidence"]]
    assert len(quotes) > 100
    for file, quote in quotes:
        holding(cut[file][1], quote)
    whole = sum(any(quote in passage.text for passage in cut[file][2]) for file, quote in quotes)
    assert whole >= 0.99 * len(quotes)


def test_passages_are_exact_pieces_that_cover_their_paragraph_in_order(cut: Cut) -> None:
    for _, paragraphs, passages in cut.values():
        texts = {paragraph.id: paragraph.text for paragraph in paragraphs}
        for paragraph in paragraphs:
            own = [passage for passage in passages if passage.paragraph_id == paragraph.id]
            assert "".join("".join(passage.text.split()) for passage in own) == "".join(paragraph.text.split())
            assert all(one.end <= two.start for one, two in itertools.pairwise(own))
        for passage in passages:
            assert texts[passage.paragraph_id][passage.start : passage.end] == passage.text
            assert 0 < len(passage.text) <= LONGEST


def test_ids_come_from_report_rules_and_place(cut: Cut) -> None:
    report, paragraphs, passages = cut["000"]
    assert [paragraph.id for paragraph in paragraphs] == [
        f"{report.id}-{RULES_VERSION}-{n}" for n in range(len(paragraphs))
    ]
    assert passages[0].id == f"{paragraphs[0].id}-0"
    assert len({passage.id for passage in passages}) == len(passages)


def test_the_heading_path_goes_from_chapter_to_lead_sentence(cut: Cut) -> None:
    paragraphs = cut["000"][1]
    assert holding(paragraphs, "117个省市重点项目").headings == (
        "一、2024年工作回顾",
        "(一)经济向好结构向优的发展步伐更加稳健",
        "项目建设投资见效",
    )
    assert holding(paragraphs, "充分发挥市场化招商体制优势").headings == (
        "二、2025年工作安排",
        "(一)聚焦项目为王,加速集聚产业振兴新动能",
        "一是加大招商引资力度",
    )
    assert holding(paragraphs, "在肯定成绩的同时").headings == ("一、2024年工作回顾",)


def test_headings_without_a_number_are_found(cut: Cut) -> None:
    paragraphs = cut["004"][1]
    assert holding(paragraphs, "1029.8亿元").headings == ("过去五年和2021年工作回顾", "——经济发展韧劲增强")
    plan = "今后五年工作总体思路、主要目标及2022年工作重点"
    assert holding(paragraphs, "2022年经济社会发展主要预期目标是").headings == (plan,)
    assert holding(paragraphs, "抢抓国家实施乡村振兴战略机遇").headings[:2] == (
        plan,
        "一、聚焦经济发展,跳起摸高赢得发展主动权",
    )


def test_who_gave_the_report_and_when_is_a_paragraph_under_the_title(cut: Cut) -> None:
    caption = cut["004"][1][0]
    assert caption.headings == ("南岗区2022年政府工作报告",)
    assert "——2021年12月28日在南岗区第十七届人民代表大会第一次会议上" in caption.text
    assert caption.text.endswith("南岗区人民政府区长高洪旗")


def test_each_of_the_sixty_items_is_a_paragraph_under_its_lead(cut: Cut) -> None:
    paragraphs = cut["001"][1]
    for number in range(1, 61):
        assert f"({number})" in holding(paragraphs, f"({number})").text
    assert sum("实现新突破" in paragraph.headings[-1] for paragraph in paragraphs) == 60
    assert holding(paragraphs, "(8)全年谋划储备项目30个").headings[-1] == "——在招商引资上实现新突破"


def test_bare_target_lines_stay_together_under_their_heading(cut: Cut) -> None:
    targets = holding(cut["002"][1], "全区地区生产总值增长6.5%左右")
    assert targets.text.count("\n") == 7
    assert targets.text.endswith("城乡居民人均可支配收入与GDP增速同步")
    assert targets.headings == ("2023经济社会发展主要目标",)


def test_explanations_of_terms_are_paragraphs_of_their_own(cut: Cut) -> None:
    entry = holding(cut["001"][1], "2.“政区合一”:是指")
    assert entry.headings == ("名词解释", "“政区合一”")
    assert sum(paragraph.headings[0] == "名词解释" for paragraph in cut["001"][1]) == 8


ENTRIES = [
    f"{number}.“{term}”：推动产业发展的几项工作。"
    for number, term in enumerate(["一带", "双核", "三港", "四链", "五园"], 1)
]
PROJECTS = [
    f"{number}.{name}：总投资3亿元，年内开工。"
    for number, name in enumerate(["东站", "南桥", "西湖", "北港", "中心"], 1)
]


@pytest.mark.parametrize("title", [[], ["附注"], ["《政府工作报告》相关缩略语"]])
def test_explanations_are_known_by_their_title_and_without_one(title: list[str]) -> None:
    paragraphs = build_paragraphs(["三、加强自身建设", "坚持依法行政，建设法治政府。", *title, *ENTRIES], "r")
    assert [p.headings for p in paragraphs[-5:-3]] == [("名词解释", "“一带”"), ("名词解释", "“双核”")]
    assert paragraphs[0].headings == ("三、加强自身建设",)


def test_projects_that_end_a_report_are_no_explanations() -> None:
    paragraphs = build_paragraphs(["三、2025年重点项目", *PROJECTS], "r")
    assert not any("名词解释" in paragraph.headings for paragraph in paragraphs)


def test_a_long_paragraph_is_cut_at_its_ordinals_and_a_short_one_is_not() -> None:
    piece = "深入推进各项改革任务落地见效，" * 9 + "取得明显成效。"
    long = f"今年要抓好三件大事：一是抓项目。{piece}二是抓创新。{piece}三是抓民生。{piece}"
    paragraphs = build_paragraphs(["一、工作安排", long, "要做到：一是快。二是好。"], "r")
    assert [paragraph.headings[1:] for paragraph in paragraphs] == [
        ("今年要抓好三件大事", "一是抓项目"),
        ("今年要抓好三件大事", "二是抓创新"),
        ("今年要抓好三件大事", "三是抓民生"),
        (),
    ]
    assert "".join(paragraph.text for paragraph in paragraphs[:3]) == long


def test_a_heading_that_nothing_follows_is_kept_as_text() -> None:
    lines = ["一、工作安排", "（一）抓项目", "项目建设提速增效，完成投资10亿元。", "（二）抓创新，促转型"]
    assert build_paragraphs(lines, "r")[-1].text == "（二）抓创新，促转型"


def test_rows_of_a_table_stay_together() -> None:
    paragraphs = build_paragraphs(
        ["一、主要指标", "指标 | 目标", "地区生产总值 | 6%", "财政收入 | 5%", "圆满完成任务。"], "r"
    )
    assert paragraphs[0].text == "指标 | 目标\n地区生产总值 | 6%\n财政收入 | 5%"


def test_a_sentence_too_long_for_a_window_is_split_at_its_semicolons() -> None:
    text = "；".join(f"第{n}项重点工程完成投资{n}亿元并按期投入使用发挥效益" for n in range(1, 16)) + "。"
    paragraph = Paragraph("r-1-0", "r", 0, (), text)
    windows = [passage.text for passage in build_passages([paragraph], REPORT)]
    assert "".join(windows) == text
    assert all(window[-1] in "；。" for window in windows)


def test_what_is_indexed_names_place_year_and_headings_shortly() -> None:
    paragraph = Paragraph(
        "r-1-0", "r", 0, ("二、2025年工作安排", "（一）" + "聚焦项目建设" * 9, "一是招商"), "引进项目30个。"
    )
    (passage,) = build_passages([paragraph], REPORT)
    prefix = passage.indexed.removesuffix("引进项目30个。")
    assert prefix.startswith("乙区2025年 政府工作报告 › （一）聚焦项目建设")
    assert len(prefix) <= 64


def test_nothing_to_cut_gives_nothing() -> None:
    assert build_paragraphs([], "r") == ()
    assert build_passages([], REPORT) == ()


def test_each_part_of_a_long_table_stands_under_the_header() -> None:
    rows = [f"项目{at}号工程建设 | 年内开工建设并形成投资能力 | {at}亿元" for at in range(1, 60)]
    parts = build_paragraphs(["项目名称 | 建设内容 | 投资", *rows, "今年要抓好落实。"], "r")[:-1]
    assert len(parts) > 1
    assert all(part.text.startswith("项目名称 | 建设内容 | 投资\n项目") for part in parts)
    assert sum(part.text.count("号工程") for part in parts) == len(rows)
