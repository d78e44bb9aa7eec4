from __future__ import annotations

import pytest

from assistant.language.lexicon import Lexicon
from assistant.query.masking import LONGEST, masked, ngrams
from assistant.retrieval.shelf import Shelf


@pytest.mark.parametrize(
    ("question", "wording"),
    [
        ("松北区2025年GDP目标是多少？", "^PTI目标是多少?$"),
        ("呼兰 22年 社零 涨了几个点", "^P_T_I_涨了几个点$"),
        ("有没有过5.5%，是真的吗??", "^有没有过N%_是真的吗?$"),
    ],
)
def test_what_a_question_is_about_becomes_marks(question: str, wording: str, shelf: Shelf, lexicon: Lexicon) -> None:
    assert masked(question, shelf.gazetteer, lexicon) == wording


def test_ngrams_are_all_runs_up_to_the_longest() -> None:
    assert ngrams("abc") == {"a", "b", "c", "ab", "bc", "abc"}
    assert max(map(len, ngrams("abcdefgh"))) == LONGEST


def test_a_rule_that_is_met_is_a_feature_of_its_own() -> None:
    assert "<goal asked>" in ngrams("^P力争I多少$")
    assert "<goal asked>" not in ngrams("^PI多少$")
