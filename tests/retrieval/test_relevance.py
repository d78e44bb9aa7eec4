from __future__ import annotations

import pytest

from assistant.retrieval.question import Term
from assistant.retrieval.relevance import Weights, bare_text, match, weigh
from assistant.retrieval.shelf import Shelf

TERM = Term("旧改", ("旧改", "老旧小区改造"))


def test_a_word_is_matched_whole_in_any_of_its_variants() -> None:
    assert match(TERM, bare_text("旧改提速")) == 1
    assert match(TERM, bare_text("实施老旧小区改造")) >= 0.9


def test_quotation_marks_white_space_and_letters_do_not_hide_a_word() -> None:
    assert match(Term("小巨人企业", ("小巨人企业",)), bare_text("专精特新“小巨人” 企业")) == 1
    assert match(Term("gdp", ("gdp",)), bare_text("ＧＤＰ增长")) == 1


def test_a_part_of_a_word_counts_for_less_than_the_word() -> None:
    part = match(Term("老旧小区改造", ("老旧小区改造",)), bare_text("老旧小区"))
    assert 0 < part < 1


@pytest.mark.parametrize("text", ["", "冰雪旅游"])
def test_a_text_without_the_word_does_not_match(text: str) -> None:
    assert match(Term("老旧小区改造", ("老旧小区改造",)), bare_text(text)) == 0


def test_a_number_is_not_matched_by_a_part_of_it() -> None:
    assert match(Term("1123", ("1123",)), bare_text("112个")) == 0


def test_coverage_is_the_weighted_share_of_the_words_between_nothing_and_all() -> None:
    one, two = Term("冰雪", ("冰雪",)), Term("旅游", ("旅游",))
    weights = Weights({"冰雪": 0.6, "旅游": 0.2})
    assert weights.coverage((one, two), "冰雪旅游") == pytest.approx(1)
    assert weights.coverage((one, two), "冰雪大世界") == pytest.approx(0.75)
    assert weights.coverage((one, two), "") == 0
    assert weights.coverage((), "冰雪") == 0


def test_rare_words_weigh_more_than_common_ones(shelf: Shelf) -> None:
    rare, common = Term("冰雪大世界", ("冰雪大世界",)), Term("建设", ("建设",))
    weights = weigh((rare, common), shelf.library).of_term
    assert 1 >= weights["冰雪大世界"] > weights["建设"] > 0
