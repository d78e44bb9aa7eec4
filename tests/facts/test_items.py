"""Lists, definitions, problems and openings."""

from __future__ import annotations

import pytest

from assistant.facts.items import read_items
from assistant.retrieval.shelf import Shelf
from assistant.types import Paragraph, Report, Role

REPORT = Report("0" * 16, "2025年甲区政府工作报告", "甲区", 2025)


def paragraphs(*texts: str, headings: tuple[str, ...] = (), role: Role | None = None) -> list[Paragraph]:
    return [Paragraph(f"p-1-{at}", REPORT.id, at, headings, text, None, role) for at, text in enumerate(texts)]


def items(found: list[Paragraph], kind: str = "list") -> list[tuple[str, str]]:
    """The heading and the words of each item."""
    texts = {paragraph.id: paragraph.text for paragraph in found}
    told = [item for item in read_items(found, REPORT) if item.kind == kind]
    return [(item.heading, texts[item.paragraph_id][item.start : item.end]) for item in told]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("重点办好3件实事：一是改造小区；二是新建学校；三是增加床位。", ["改造小区", "新建学校", "增加床位"]),
        ("做好以下三项工作。（1）促进就业。（2）提升教育。（3）改善医疗。", ["促进就业", "提升教育", "改善医疗"]),
        ("实施“三大战略”（创新驱动、开放引领、绿色发展）。", ["创新驱动", "开放引领", "绿色发展"]),
        (
            "做到“三个必须”：必须坚持稳字当头，防范风险。必须坚持改革开放。必须坚持人民至上。",
            ["必须坚持稳字当头，防范风险", "必须坚持改革开放", "必须坚持人民至上"],
        ),
        ("建成三个平台：①就业平台；②教育平台；③医疗平台。", ["就业平台", "教育平台", "医疗平台"]),
    ],
)
def test_a_list_that_is_announced_knows_its_items(text: str, words: list[str]) -> None:
    found = paragraphs(text)
    assert [told for _, told in items(found)] == words
    assert {item.announced for item in read_items(found, REPORT) if item.kind == "list"} == {3}


def test_a_list_goes_over_the_paragraphs_and_headings_that_follow() -> None:
    lead = Paragraph("p-1-0", REPORT.id, 0, ("二、安排",), "重点做好以下三项工作：")
    parts = [
        Paragraph(f"p-1-{n}", REPORT.id, n, ("二、安排", f"（{mark}）{words}"), f"（{mark}）{words}。建设5个项目。")
        for n, (mark, words) in enumerate([("一", "抓项目"), ("二", "抓产业"), ("三", "抓民生")], start=1)
    ]
    found = [item for item in read_items([lead, *parts], REPORT) if item.kind == "list"]
    assert [(item.paragraph_id, item.number, item.count, item.announced) for item in found] == [
        ("p-1-1", 1, 3, 3),
        ("p-1-2", 2, 3, 3),
        ("p-1-3", 3, 3, 3),
    ]
    assert {item.heading for item in found} == {"重点做好以下三项工作"}


@pytest.mark.parametrize(
    "text",
    [
        "坚持“四个自信”，推进“三农”工作。",
        "新建3个平台：就业平台、教育平台。",
        "今后五年经济社会发展的主要目标。",
        "引进5家企业，完成6个项目。",
    ],
)
def test_a_number_that_no_items_follow_announces_nothing(text: str) -> None:
    assert items(paragraphs(text, "（一）一。", "（二）二。")) == []


def test_problems_are_told_part_by_part() -> None:
    text = "同时，我们也清醒地看到，还存在一些问题和不足：一是经济总量不大；二是产业层次不高；三是民生短板较多。"
    assert [words for _, words in items(paragraphs(text, role="actual"), "problem")] == [
        "经济总量不大",
        "产业层次不高",
        "民生短板较多",
    ]


def test_a_glossary_entry_is_a_definition() -> None:
    found = [Paragraph("p-1-0", REPORT.id, 0, ("名词解释", "“三减”"), "1.“三减”:是指减少化肥、农药、除草剂的使用。")]
    assert ("“三减”", "是指减少化肥、农药、除草剂的使用。") in items(found, "definition")


def test_the_seeds_know_what_they_announce(shelf: Shelf) -> None:
    announced = {
        (report.region, item.announced)
        for report in shelf.reports.values()
        for item in shelf.library.items(report.id)
        if item.kind == "list" and item.announced and item.announced >= 5
    }
    assert {("松北区", 7), ("呼兰区", 6), ("道里区", 5)} <= announced


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (  # own words for it, and no 问题 before the colon
            "回顾一年，我们也清醒认识到：经济恢复的基础还不牢固；产业层级不高，创新能力不强。我们将直面挑战，加以解决。",
            ["经济恢复的基础还不牢固", "产业层级不高，创新能力不强"],
        ),
        (  # 主要是 without a colon
            "我们也清醒地看到，工作中还存在不少困难和问题，主要是，要素保障能力不强；县域经济存在短板。",
            ["要素保障能力不强", "县域经济存在短板"],
        ),
        (  # one sentence tells them all
            "同时，前进道路上还面临不少困难和挑战。经济回升基础不稳固，有效需求不足，民生改善还需加力，等等。我们将直面问题。",
            ["经济回升基础不稳固，有效需求不足，民生改善还需加力，等等"],
        ),
        (  # the sentence that owns up to them goes on with them
            "我们清醒认识到发展中还存在不少问题和挑战，经济持续回升向好的基础还不够稳固，有效需求不足，部分企业生产经营面临压力；产业发展缺乏大项目支撑。",
            ["经济持续回升向好的基础还不够稳固，有效需求不足，部分企业生产经营面临压力", "产业发展缺乏大项目支撑"],
        ),
    ],
)
def test_problems_are_told_under_other_words(text: str, expected: list[str]) -> None:
    assert [words for _, words in items(paragraphs(text, role="actual"), "problem")] == expected


def test_what_a_paragraph_must_do_is_no_problem() -> None:
    assert items(paragraphs("我们充分认识到：必须坚持改革；必须坚持开放。", role="actual"), "problem") == []


def test_a_list_may_open_the_paragraphs_after_the_colon_that_leads_to_it() -> None:
    lead = "一年来，我们主要做了以下工作："
    told = items(paragraphs(lead, "一是稳增长。", "二是抓创新。", "三是惠民生。", role="actual"), "list")
    assert [words for _, words in told] == ["稳增长", "抓创新", "惠民生"]
