from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.language.lexicon import Lexicon, load_lexicon


def written(lexicon: Lexicon, text: str) -> list[tuple[str, ...]]:
    return [mention.names for mention in lexicon.written_in(text)]


@pytest.mark.parametrize("name", ["规上工业增加值", "规模以上工业增加值", "规模工业增加值"])
def test_output_above_a_size_is_never_that_of_all_industry(lexicon: Lexicon, name: str) -> None:
    assert written(lexicon, f"{name}增长6%") == [("规模以上工业增加值",)]
    assert written(lexicon, "工业增加值增长5%") == [("工业增加值",)]


@pytest.mark.parametrize("name", ["GDP", "gdp", "ＧＤＰ", "地区生产总值", "生产总值"])
def test_gdp_is_the_regional_product_in_any_letters(lexicon: Lexicon, name: str) -> None:
    assert written(lexicon, f"全区{name}增长6%") == [("地区生产总值",)]


@pytest.mark.parametrize("name", ["一般公共预算收入", "公共财政预算收入", "地方一般公共预算收入"])
def test_names_of_one_revenue_from_different_years_mean_the_same(lexicon: Lexicon, name: str) -> None:
    assert written(lexicon, name) == [("一般公共预算收入",)]


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("社零", "社会消费品零售总额"),
        ("固投", "固定资产投资"),
        ("规上工业", "规模以上工业增加值"),
        ("财政收入", "一般公共预算收入"),
    ],
)
def test_abbreviations_count_in_questions(lexicon: Lexicon, asked: str, name: str) -> None:
    (mention,) = lexicon.asked_in(f"今年{asked}目标是多少")
    assert name in mention.names


def test_a_word_that_may_mean_two_indicators_names_both(lexicon: Lexicon) -> None:
    (mention,) = lexicon.asked_in("失业率是多少")
    assert set(mention.names) == {"城镇登记失业率", "城镇调查失业率"}


def test_firms_above_a_size_are_no_indicator_of_their_output(lexicon: Lexicon) -> None:
    assert lexicon.asked_in("规上工业企业有多少户") == []


def test_a_mention_lies_where_it_says(lexicon: Lexicon) -> None:
    text = "全区ＧＤＰ增长6%，固定资产投资增长7%"
    assert [text[m.start : m.end] for m in lexicon.written_in(text)] == ["ＧＤＰ", "固定资产投资"]


def test_synonyms_know_each_other_in_both_directions(lexicon: Lexicon) -> None:
    assert "老旧小区改造" in lexicon.synonyms["旧改"]
    assert "旧改" in lexicon.synonyms["老旧小区改造"]
    assert all(words[0] == word for word, words in lexicon.synonyms.items())


def test_a_file_of_ones_own_adds_to_what_is_known(tmp_path: Path) -> None:
    own = tmp_path / "aliases.toml"
    own.write_text(
        '[[indicator]]\nname = "地区生产总值"\nasked = ["大盘"]\n[[synonym]]\nwords = ["口袋公园", "小公园"]\n', "utf-8"
    )
    lexicon = load_lexicon(own)
    assert [mention.names for mention in lexicon.asked_in("大盘多少")] == [("地区生产总值",)]
    assert written(lexicon, "GDP") == [("地区生产总值",)]
    assert lexicon.synonyms["小公园"] == ("小公园", "口袋公园")


def test_a_missing_file_of_ones_own_changes_nothing(lexicon: Lexicon, tmp_path: Path) -> None:
    assert load_lexicon(tmp_path / "aliases.toml").indicators == lexicon.indicators


@pytest.mark.parametrize(
    "content",
    [
        b"[[indicator]\n",
        b"\xff\xfe",
        b'indicator = "GDP"\n',
        b'[[indicator]]\nwritten = ["GDP"]\n',
        b'[[indicator]]\nname = "GDP"\nwritten = "GDP"\n',
        b'[[synonym]]\nwords = "GDP"\n',
        b'[[synonym]]\nwords = [""]\n',
        b"[[synonym]]\nwords = [1]\n",
        b"[[synonym]]\n",
    ],
)
def test_a_file_of_ones_own_that_is_wrong_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    own = tmp_path / "aliases.toml"
    own.write_bytes(content)
    with pytest.raises(SettingsError, match=r"aliases\.toml"):
        load_lexicon(own)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("城里和农村居民收入哪边涨得猛", ["城镇居民人均可支配收入", "农村居民人均可支配收入"]),
        ("城里人和乡下人的收入谁高", ["城镇居民人均可支配收入", "农村居民人均可支配收入"]),
        ("GDP、工业、投资、消费目标", ["地区生产总值", "规模以上工业增加值", "固定资产投资", "社会消费品零售总额"]),
        ("GDP和投资环境", ["地区生产总值"]),
        ("工业投资和社零", ["社会消费品零售总额"]),
    ],
)
def test_a_row_of_indicators_shares_its_words(lexicon: Lexicon, text: str, names: list[str]) -> None:
    assert [mention.names[0] for mention in lexicon.asked_in(text)] == names
