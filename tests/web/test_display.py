"""An answer as blocks: what the page, the bubble and programs show of it."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest

from assistant.types import Answer, Figure
from assistant.web.display.answer import display
from assistant.web.display.blocks import Check, Comparison, Grid, Headline, Listing, Piece, Prose
from tests.web.seed_assistant import SeedAssistant, compared, gdp_answer, sides


def one_line(line: str, *figures: Figure) -> Answer:
    answer = gdp_answer()
    return replace(answer, answer=line, figures=figures or answer.figures[:1])


def test_the_one_figure_stands_in_the_place_of_its_line() -> None:
    hedged = replace(gdp_answer().figures[0], hedge="左右")
    (head,) = display(one_line("松北区2025年地区生产总值预期目标：增长5.5%左右〔1〕", hedged)).blocks
    assert head == Headline(
        "增长", "5.5%", "左右", 1, "已与〔1〕的原文核对", ("松北区", "2025年", "地区生产总值"), "预期目标"
    )


def test_a_line_is_cut_into_runs_of_one_look() -> None:
    (block,) = display(one_line("增长5.5%，比上年低〔原文〕〔1〕〔7〕")).blocks
    assert block == Prose(
        (
            Piece("增长"),
            Piece("5.5%", "figure", note="已与〔1〕的原文核对"),
            Piece("，比上年低"),
            Piece("原文", "verbatim", note="这一句是报告原文"),
            Piece("〔1〕", "citation", 1),
            Piece("〔7〕"),  # no passage has this number
        )
    )


def test_what_enumerates_is_a_list_under_its_lead() -> None:
    lead, listing = display(one_line("松北区计划：一件〔1〕；两件〔1〕；三件〔1〕")).blocks
    assert lead == Prose((Piece("松北区计划"), Piece("：")))
    assert isinstance(listing, Listing)
    assert ["".join(piece.text for piece in item) for item in listing.items] == ["一件〔1〕", "两件〔1〕", "三件〔1〕"]


def test_what_is_told_of_a_matter_year_by_year_is_no_comparison() -> None:
    told = "松北区2023年已完成：建成学校〔1〕\n松北区2024年已完成：新建医院〔1〕；改造道路〔1〕；通公交〔1〕\n松北区2025年计划：建成车站〔1〕"
    blocks = display(replace(one_line(told), decided_by="topic, years")).blocks
    assert [type(block) for block in blocks] == [Prose, Prose, Listing, Prose]


def test_a_comparison_has_what_it_comes_to_before_its_table_and_shares_for_its_bars() -> None:
    first, table = display(compared("比较")).blocks
    assert isinstance(first, Prose)
    assert first.pieces[0].text.startswith("比较：")
    assert isinstance(table, Comparison)
    assert (table.caption, table.columns) == ("地区生产总值预期目标", ("地区", "时间", "报告表述"))
    assert [(side.lead, side.value, side.unit, side.share) for side in table.sides] == [
        (("松北区", "2025年"), 5.5, "%", 0.8462),
        (("松北区", "2023年"), 6.5, "%", 1.0),
    ]


def test_rows_of_different_units_have_no_bars() -> None:
    answer = sides("各区", ("甲区", 2025), ("乙区", 2025))
    other = replace(answer.figures[1], unit="元")
    (table,) = display(replace(answer, figures=(answer.figures[0], other))).blocks
    assert isinstance(table, Comparison)
    assert [side.share for side in table.sides] == [None, None]


def test_several_figures_are_checked_a_line_each_with_the_arithmetic_of_the_computed() -> None:
    checks = display(compared("比较")).checks
    assert checks.said == "2个数字已与原文核对，1个由引用数据算出，查看出处"
    assert checks.lines[0] == Check("5.5%", "与〔1〕的原文一致")
    assert checks.lines[-1] == Check("1个百分点", "由引用数据计算", "6.5%减5.5%")
    assert display(one_line("增长5.5%〔1〕")).checks.lines == ()


def test_a_passage_is_its_paragraph_with_the_words_relied_on_set_apart() -> None:
    answer = gdp_answer()
    for passage, citation in zip(display(answer).passages, answer.citations, strict=True):
        quote = "".join(piece.text for piece in passage.quote)
        assert quote == citation.quote
        assert passage.before + quote + passage.after == citation.paragraph
        assert [piece.text for piece in passage.quote if piece.look == "mark"] == [
            answer.figures[citation.number - 1].text
        ]
    lost = replace(answer, citations=(replace(answer.citations[0], quote="不在里面"),))
    (passage,) = display(lost).passages
    assert (passage.before, passage.quote, passage.after) == (answer.citations[0].paragraph, (), "")


@pytest.mark.parametrize(
    ("question", "verdict", "lead"),
    [
        ("香坊区2025年GDP目标是多少", "资料未收录", "资料里有，可以这样问："),
        ("GDP目标是多少", "请补充说明", "您是不是想问："),
        ("松北区2025年GDP目标是多少", "", "资料里有，可以这样问："),
    ],
)
def test_each_verdict_has_its_word_and_its_lead(question: str, verdict: str, lead: str) -> None:
    shown = display(SeedAssistant().ask(question))
    assert (shown.verdict, shown.lead) == (verdict, lead)
    assert json.loads(json.dumps(asdict(shown)))["verdict"] == verdict


def test_goals_beside_results_are_a_table_with_a_row_a_year() -> None:
    lines = (
        "甲山市能把目标和完成情况对上的有3年：2年完成、1年未完成。",
        "甲山市2023年地区生产总值：目标6%左右〔1〕；实际5.8%〔2〕；接近，低0.2个百分点（6%减5.8%，由引用数据计算）",
        "甲山市2024年地区生产总值：目标5%〔1〕；实际没有查到",
    )
    told = replace(gdp_answer(), answer="\n".join(lines), decided_by="fulfilment")
    first, grid = display(told).blocks
    assert isinstance(grid, Grid)
    assert grid.caption == "甲山市地区生产总值"
    rows = [["".join(piece.text for piece in cell) for cell in row] for row in grid.rows]
    assert rows == [
        ["2023年", "6%左右〔1〕", "5.8%〔2〕", "接近，低0.2个百分点（6%减5.8%）"],
        ["2024年", "5%〔1〕", "没有查到", ""],
    ]
    assert isinstance(first, Prose)
    assert "对上的有3年" in "".join(piece.text for piece in first.pieces)
