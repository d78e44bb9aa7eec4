from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.sentences import clauses, semicolon_parts, sentences

TEXTS = st.text(
    st.one_of(st.sampled_from("增长完成5.5%，,；;。！？!?:：“”「」（）()1029、\n 　左右"), st.characters()),
    max_size=120,
)


def in_sentences(text: str) -> list[str]:
    return [text[slice(*span)] for span in sentences(text)]


def in_clauses(text: str) -> list[str]:
    return [text[slice(*span)] for span in clauses(text)]


def test_a_sentence_keeps_its_end_mark_and_the_closing_quotation_mark() -> None:
    assert in_sentences("他说：“好。”然后走了！真的？是") == ["他说：“好。”", "然后走了！", "真的？", "是"]


def test_a_line_break_ends_a_sentence_and_a_decimal_point_does_not() -> None:
    assert in_sentences("增长5.5%\n完成620亿元") == ["增长5.5%", "完成620亿元"]


def test_figures_whose_separators_were_lost_stand_in_clauses_of_their_own() -> None:
    text = "地区生产总值增长5.5%规模以上工业增加值增长6%社会消费品零售总额增长5%固定资产投资增长12%"
    assert in_clauses(text) == [
        "地区生产总值增长5.5%",
        "规模以上工业增加值增长6%",
        "社会消费品零售总额增长5%",
        "固定资产投资增长12%",
    ]


@pytest.mark.parametrize(
    "text", ["增长6%左右", "达到99%以上", "由5%提高到6%", "占6.5%的企业", "增长5%和6%", "比上年的5%高"]
)
def test_words_that_belong_to_a_percentage_are_not_cut_from_it(text: str) -> None:
    assert in_clauses(text) == [text]


def test_a_hedge_stays_with_the_percentage_that_runs_into_the_next_statement() -> None:
    assert in_clauses("增长6%左右规模以上工业增加值增长6.5%左右") == ["增长6%左右", "规模以上工业增加值增长6.5%左右"]


@pytest.mark.parametrize("text", ["完成1,029.8亿元", "完成1，029.8亿元", "“一园,两区”建设", "新区(含松北,利民)"])
def test_a_comma_in_a_number_a_quotation_or_a_bracket_ends_no_clause(text: str) -> None:
    assert in_clauses(text) == [text]


def test_a_year_list_is_cut_at_its_commas() -> None:
    assert in_clauses("增长5%,6家企业") == ["增长5%,", "6家企业"]


def test_half_and_full_width_marks_cut_alike() -> None:
    assert [len(part) for part in in_clauses("甲，乙；丙：丁")] == [len(part) for part in in_clauses("甲,乙;丙:丁")]


def test_semicolons_divide_a_sentence_into_its_items() -> None:
    text = "问题是：一是甲；二是乙;三是丙。"
    assert [text[slice(*span)] for span in semicolon_parts(text, 0, len(text))] == [
        "问题是：一是甲；",
        "二是乙;",
        "三是丙。",
    ]


def test_clauses_of_a_part_are_counted_from_the_start_of_the_text() -> None:
    text = "前文。增长5%,完成6个。后文"
    start, end = text.index("增"), text.index("后")
    assert [text[slice(*span)] for span in clauses(text, start, end)] == ["增长5%,", "完成6个。"]


@given(TEXTS)
def test_spans_are_in_order_apart_from_each_other_and_lose_nothing_but_white_space(text: str) -> None:
    for spans in (sentences(text), clauses(text), semicolon_parts(text, 0, len(text))):
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert all(one[1] <= two[0] for one, two in itertools.pairwise(spans))
        assert "".join("".join(text[slice(*span)].split()) for span in spans) == "".join(text.split())
