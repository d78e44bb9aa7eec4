from __future__ import annotations

from assistant.answering.writing.grounding import ordinary
from assistant.language.lexicon import Lexicon
from assistant.language.words import Segmenter, words_of
from assistant.training.ordinary import train_ordinary


def test_nouns_that_many_reports_have_are_ordinary_and_names_are_none(lexicon: Lexicon) -> None:
    common = "全市企业在成渝地区建设项目，发展产业。"
    texts = [common] * 19 + [common + "推进滨海大桥和脐橙基地。"]
    words, count = train_ordinary(texts, Segmenter(words_of(lexicon)))
    assert count == 20
    assert {"企业", "产业"} <= set(words)
    assert not {"成渝", "大桥", "脐橙", "推进"} & set(words)


def test_what_is_ordinary_was_counted_in_many_reports() -> None:
    assert {"企业", "项目", "民生", "产业"} <= ordinary()
    assert not {"成渝", "哈尔滨", "松北区", "百度", "南航", "海鸥"} & ordinary()
