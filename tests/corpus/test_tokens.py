from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.corpus.tokens import tokenize


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("GDP增长5.5%左右", ["gdp", "增长", "5.5", "5.5%", "左右"]),
        ("５．５％", ["5.5", "5.5%"]),
        ("完成1,234.5亿元", ["完成", "1234.5", "亿元"]),
        ("2024年,620亿元", ["2024", "年", "620", "亿元"]),
        ("2024,620亿元", ["2024", "620", "亿元"]),
        ("增长5①，120个", ["增长", "5", "1", "120", "个"]),
        ("5G和4A级", ["5", "5g", "和", "4", "4a", "级"]),
        ("松北区", ["松北", "北区"]),
        ("区", ["区"]),
        ("𠮷野家", ["𠮷野", "野家"]),
        ("5.5%规模以上", ["5.5", "5.5%", "规模", "模以", "以上"]),
        ("、。!?\n", []),
        ("", []),
    ],
)
def test_a_text_is_cut_into_whole_numbers_words_and_bigrams(text: str, tokens: list[str]) -> None:
    assert tokenize(text) == tokens


@given(st.text(alphabet=st.characters(codec=None)))
def test_no_text_breaks_the_tokenizer_and_no_token_holds_white_space(text: str) -> None:
    for token in tokenize(text):
        assert token
        assert not any(character.isspace() for character in token)


@given(st.integers(0, 10**12), st.integers(0, 999))
def test_thousands_separators_change_nothing(whole: int, share: int) -> None:
    assert tokenize(f"{whole:,}.{share}亿元") == tokenize(f"{whole}.{share}亿元")
