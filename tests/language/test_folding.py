from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.folding import fold, squeeze

ANY_TEXT = st.text(st.characters(), max_size=200)  # lone surrogates too


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("５．５％", "5.5%"),
        ("ＧＤＰ", "GDP"),
        ("（一）", "(一)"),
        ("，；：？！", ",;:?!"),
        ("２０２１－２０２５", "2021-2025"),
        ("二○二四", "二〇二四"),
    ],
)
def test_full_width_forms_are_folded_to_one_form(wide: str, narrow: str) -> None:
    assert fold(wide) == narrow


def test_sentence_ends_and_chinese_quotation_marks_stay_as_they_are() -> None:
    assert fold("“甲”、《乙》。「丙」") == "“甲”、《乙》。「丙」"


def test_every_character_of_unicode_folds_to_one_character() -> None:
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    assert len(fold(everything)) == len(everything)


@given(ANY_TEXT)
def test_folding_keeps_the_length_and_is_done_once(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


@given(ANY_TEXT)
def test_squeezed_text_has_no_white_space_and_does_not_change_again(text: str) -> None:
    squeezed = squeeze(text)
    assert not any(char.isspace() for char in squeezed)
    assert squeeze(squeezed) == squeezed
