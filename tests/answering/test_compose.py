from __future__ import annotations

import pytest

from assistant.answering.compose import FactsOf, Line, as_words, compose, plain
from assistant.answering.finding import Finding
from assistant.facts.reading import read_facts
from assistant.language.lexicon import Lexicon
from assistant.language.periods import year_period
from assistant.types import Figure, Paragraph, Report

REPORT = Report("0" * 16, "2025年甲区政府工作报告", "甲区", 2025)
FIRST = Paragraph(
    "p-1-0", REPORT.id, 0, ("二、目标",), "地区生产总值增长6%左右,力争更好。新建学校3所。", year_period(2025), "target"
)
SECOND = Paragraph("p-1-1", REPORT.id, 1, ("二、目标",), "社会消费品零售总额增长5%。", year_period(2025), "target")


@pytest.fixture(scope="module")
def facts_of(lexicon: Lexicon) -> FactsOf:
    stated = {paragraph.id: read_facts(paragraph, REPORT, lexicon) for paragraph in (FIRST, SECOND)}
    return stated.__getitem__


def finding(paragraph: Paragraph, shown: str, quote: str | None = None) -> Finding:
    start = paragraph.text.index(shown)
    whole = quote or shown
    left = paragraph.text.index(whole)
    return Finding(REPORT, paragraph, (start, start + len(shown)), (left, left + len(whole)))


def test_each_paragraph_has_one_number_and_one_citation(facts_of: FactsOf) -> None:
    one = finding(FIRST, "增长6%左右")
    again = finding(FIRST, "新建学校3所。")
    other = finding(SECOND, "增长5%")
    draft = compose([Line((one,), lead="甲"), Line((other,), lead="乙"), Line((again,))], facts_of)
    assert draft.text == "甲：增长6%左右〔1〕\n乙：增长5%〔2〕\n新建学校3所〔1〕"
    assert [(citation.number, citation.paragraph_id) for citation in draft.citations] == [(1, FIRST.id), (2, SECOND.id)]


def test_a_quote_is_a_verbatim_part_also_where_two_sentences_are_apart(facts_of: FactsOf) -> None:
    draft = compose([Line((finding(FIRST, "增长6%左右"), finding(FIRST, "新建学校3所。")))], facts_of)
    (citation,) = draft.citations
    assert citation.quote == FIRST.text[FIRST.text.index("增长") :]
    assert citation.paragraph == FIRST.text


def test_figures_carry_value_unit_hedge_indicator_role_time_and_citation(facts_of: FactsOf) -> None:
    shown = finding(FIRST, "增长6%左右", "地区生产总值增长6%左右,力争更好。")
    (figure,) = compose([Line((shown,))], facts_of).figures
    assert figure == Figure("6%", 6.0, "%", "左右", "地区生产总值", "target", "2025年", 1, "verified")


def test_a_figure_of_our_own_words_that_nothing_holds_never_reaches_the_reader(facts_of: FactsOf) -> None:
    shown = finding(SECOND, "增长5%", SECOND.text)
    draft = compose([Line((shown,)), Line(words="比上年提高9个百分点。")], facts_of)
    assert "9个百分点" not in draft.text
    assert plain(draft.text) == "社会消费品零售总额增长5%"


def test_a_figure_that_was_computed_is_kept_and_marked(facts_of: FactsOf) -> None:
    gap = Figure("1个百分点", 1.0, "个百分点", None, None, None, None, None, "computed")
    lines = [
        Line((finding(FIRST, "增长6%左右"),)),
        Line((finding(SECOND, "增长5%"),)),
        Line(words="相差1个百分点（6%减5%）。", computed=(gap,)),
    ]
    draft = compose(lines, facts_of)
    assert "相差1个百分点" in draft.text
    assert gap in draft.figures


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("增长5%。", "增长5%"),
        ("(12)新建学校3所；", "新建学校3所"),
        ("——经济更强。", "经济更强"),
        ("全区生产总值增长6%\n固定资产投资增长7%", "全区生产总值增长6%；固定资产投资增长7%"),
        ("加快建设。\n推进改革,", "加快建设。推进改革"),
        ("增长5.5%", "增长5.5%"),
    ],
)
def test_words_of_a_passage_are_trimmed_to_stand_in_a_sentence(words: str, shown: str) -> None:
    assert as_words(words) == shown


def test_plain_text_has_no_marks() -> None:
    assert plain("增长5%〔1〕；完成〔12〕") == "增长5%；完成"


def test_nothing_found_composes_to_nothing(facts_of: FactsOf) -> None:
    draft = compose([], facts_of)
    assert (draft.text, draft.citations, draft.figures) == ("", (), ())
