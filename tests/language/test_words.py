from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.lexicon import Lexicon
from assistant.language.words import Segmenter, carries_content


@pytest.fixture(scope="module")
def segmenter(lexicon: Lexicon) -> Segmenter:
    own = {word for indicator in lexicon.indicators.values() for word in indicator.written}
    return Segmenter(own | set(lexicon.synonyms))


@pytest.mark.parametrize("word", ["一般公共预算收入", "老旧小区改造", "夜经济"])
def test_the_words_of_the_genre_stay_whole(segmenter: Segmenter, word: str) -> None:
    assert word in segmenter.cut(f"去年{word}怎么样")


@given(st.text(max_size=60))
def test_cutting_loses_no_character(segmenter: Segmenter, text: str) -> None:
    assert "".join(segmenter.cut(text)) == text


@pytest.mark.parametrize("word", ["多少", "请问", "什么", "的", "报告", "?", "。", " ", ""])
def test_words_that_only_ask_carry_no_content(word: str) -> None:
    assert not carries_content(word)


@pytest.mark.parametrize("word", ["GDP", "招商引资", "拆违", "冰雪", "1123"])
def test_words_that_say_what_is_asked_carry_content(word: str) -> None:
    assert carries_content(word)
