from __future__ import annotations

import pytest

from assistant.answering.writing.drafting import LONGEST_SENTENCE, Sentence, cleaned, sentences_of


def cut(*pieces: str) -> list[Sentence]:
    return list(sentences_of(pieces))


def test_a_mark_before_and_one_behind_the_full_stop_belong_to_their_sentence() -> None:
    assert cut("增长5.5%[1]。完成620亿元。[2]达到6%。【3】") == [
        Sentence("增长5.5%", (1,), "。", opens_line=True),
        Sentence("完成620亿元", (2,), "。"),
        Sentence("达到6%", (3,), "。"),
    ]


def test_bullets_and_labels_are_told_from_sentences() -> None:
    lead, label, one, other, bold = cut(
        "松北区安排了三件事[1]。\n**计划：**\n- 造林2万亩[1]。同时护林[2]。\n**1. 治水**[3]\n"
    )
    assert (lead.opens_line, lead.is_item, lead.is_label) == (True, False, False)
    assert (label.text, label.is_label, label.is_item) == ("计划", True, False)
    assert (one.text, one.is_item, one.numbers) == ("造林2万亩", True, (1,))
    assert (other.opens_line, other.is_item) == (False, False)
    assert (bold.text, bold.is_item) == ("治水", True)


def test_several_marks_and_marks_in_other_brackets_are_read() -> None:
    (one,) = cut("目标为6%[1][2]〔3〕。")
    (other,) = cut("目标为6%[1，2]。")
    assert (one.text, one.numbers) == ("目标为6%", (1, 2, 3))
    assert (other.text, other.numbers) == ("目标为6%", (1, 2))


def test_however_a_draft_is_cut_into_pieces_its_sentences_are_the_same() -> None:
    draft = "松北区2025年目标为5.5%。[1] 同时，完成620.5亿元[2]；\n**其中**，门票收入增加20%。"
    whole = cut(draft)
    assert len(whole) == 3
    assert all(cut(*(draft[at : at + size] for at in range(0, len(draft), size))) == whole for size in range(1, 9))


def test_a_point_in_a_number_ends_no_sentence_and_a_semicolon_does() -> None:
    assert [sentence.text for sentence in cut("增长5.5%；完成1,029.8亿元。")] == ["增长5.5%", "完成1,029.8亿元"]
    assert [sentence.end for sentence in cut("增长5.5%；完成620亿元。")] == ["；", "。"]


def test_a_sentence_that_does_not_end_is_cut() -> None:
    assert len(cut("增长" * LONGEST_SENTENCE)) >= 1


def test_what_holds_no_word_is_no_sentence() -> None:
    assert cut("。。\n\n---\n[1]\n") == []


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("- 增长5.5%", "增长5.5%"),
        ("1. 增长5.5%", "增长5.5%"),
        ("（1）增长5.5%", "增长5.5%"),
        ("**增长**5.5%", "增长5.5%"),
        ("### 增长5.5%", "增长5.5%"),
        ("根据资料，增长5.5%", "增长5.5%"),
        ("答案：增长5.5%", "增长5.5%"),
        ("增长 5.5 %", "增长5.5%"),
        ("<b>增长</b>5.5%", "增长5.5%"),
        ('<img src="https://evil.example">增长5.5%', "增长5.5%"),
        ("&lt;增长5.5%&gt;", "增长5.5%"),
        ("[增长5.5%](https://evil.example/x)", "增长5.5%"),
        ("增长5.5%，见https://evil.example/x", "增长5.5%，见"),
        ("增长5.5%<|im_end|>", "增长5.5%"),
        ("增长\u200b5.5%\U000e0041", "增长5.5%"),
    ],
)
def test_only_plain_words_are_left(raw: str, words: str) -> None:
    assert cleaned(raw) == words


@pytest.mark.parametrize("word", ["http", "evil.example", "<", "javascript:", "](", "\u202e", "```"])
def test_no_address_and_no_markup_comes_through(word: str) -> None:
    draft = (
        "![图](https://evil.example/x?a=1)。<script>alert(1)</script>。[看](javascript:alert(1))。www.evil.example/x。"
        "\u202e增长5.5%。```\n增长6%\n```\n<a href='http://evil.example'>增长</a>7%。HTTPS://EVIL.EXAMPLE/x。"
    )
    assert not [sentence.text for sentence in cut(draft) if word in sentence.text.lower()]
