from __future__ import annotations

import pytest

from assistant.language.run_in import is_run_in, parts

TEXT = "持续增进民生福祉。就业更加充分。新增就业3.6万人，失业率控制在5%以内。教育更加优质。新建学校5所。特教、职教融合发展。"


def told(text: str) -> list[tuple[str, list[str]]]:
    return [
        (text[slice(*part.heading)] if part.heading else "", [text[slice(*span)] for span in part.sentences])
        for part in parts(text)
    ]


def test_a_short_sentence_heads_what_follows_up_to_the_next() -> None:
    assert told(TEXT)[1:] == [("教育更加优质。", ["新建学校5所。", "特教、职教融合发展。"])]


def test_of_two_short_sentences_the_second_says_something() -> None:
    # 就业更加充分 right after a heading may be one itself: nothing in its form tells.
    assert told(TEXT)[0] == ("持续增进民生福祉。", ["就业更加充分。", "新增就业3.6万人，失业率控制在5%以内。"])


def test_a_deed_among_headings_that_say_how_things_are_is_a_sentence_of_the_one_before() -> None:
    text = "教育加快发展。新建学校5所。开办首家专门学校。医疗持续加强。改造医院2家。文化更加繁荣。办戏400场。平安不断提升。发案少了一成。"
    assert told(text)[0] == ("教育加快发展。", ["新建学校5所。", "开办首家专门学校。"])
    assert [heading for heading, _ in told(text)] == [
        "教育加快发展。",
        "医疗持续加强。",
        "文化更加繁荣。",
        "平安不断提升。",
    ]


def test_where_headings_say_what_is_to_be_done_one_more_of_the_kind_is_one() -> None:
    text = "办好人民教育。新建学校5所。建设体育强市。办赛20场。提升文化实力。办戏400场。优化养老服务。建中心3个。"
    assert [heading for heading, _ in told(text)] == [
        "办好人民教育。",
        "建设体育强市。",
        "提升文化实力。",
        "优化养老服务。",
    ]


def test_what_stands_before_the_first_heading_has_none() -> None:
    assert told("一年来，各项工作取得新的成绩。交通更加便捷。高速公路建成通车，新增里程30公里。")[0][0] == ""


@pytest.mark.parametrize(
    "text", ["新建学校5所。", "道路通了，桥也通了。", "这一句话说得太长所以它不能是段落里的小标题。"]
)
def test_a_figure_a_second_clause_or_length_make_no_heading(text: str) -> None:
    assert not is_run_in(text)
