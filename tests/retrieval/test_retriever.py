from __future__ import annotations

import pytest

from assistant.retrieval.question import Understanding
from assistant.retrieval.retriever import Retriever
from assistant.retrieval.shelf import Shelf
from assistant.types import Evidence


def ids_of(shelf: Shelf, region: str) -> list[str]:
    return [report.id for report in shelf.of_region(region)]


def found(
    retriever: Retriever, understanding: Understanding, text: str, ids: list[str] | None = None
) -> list[Evidence]:
    return retriever.retrieve(understanding.read(text), ids, 10)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("松北区2025年GDP目标是多少", "地区生产总值增长5.5%"),
        ("松北区2024年GDP完成多少", "地区生产总值预计完成620亿元"),
        ("松北区2023年GDP目标", "地区生产总值增长6.5%左右"),
        ("道里区2023年财政收入目标", "公共财政预算收入计划完成23.9亿元"),
        ("南岗区2021年GDP", "实现1029.8亿元"),
    ],
)
def test_the_passage_of_the_right_place_and_time_comes_among_the_first(
    retriever: Retriever, understanding: Understanding, text: str, words: str
) -> None:
    assert any(words in item.passage.text for item in found(retriever, understanding, text)[:3])


def test_nothing_comes_from_a_report_outside_the_scope(
    retriever: Retriever, understanding: Understanding, shelf: Shelf
) -> None:
    ids = ids_of(shelf, "道里区")
    evidence = found(retriever, understanding, "松北区2025年GDP目标是多少", ids)
    assert evidence
    assert {item.report.id for item in evidence} == set(ids)


def test_an_empty_scope_finds_nothing(retriever: Retriever, understanding: Understanding) -> None:
    assert found(retriever, understanding, "松北区GDP", []) == []


def test_evidence_is_ranked_from_one_and_says_where_it_was_seen(
    retriever: Retriever, understanding: Understanding
) -> None:
    evidence = found(retriever, understanding, "老旧小区改造多少万平方米")
    assert [item.rank for item in evidence] == list(range(1, len(evidence) + 1))
    assert [item.score for item in evidence] == sorted((item.score for item in evidence), reverse=True)
    assert all(item.dense is not None or item.lexical is not None for item in evidence)
    assert any(item.dense is not None and item.lexical is not None for item in evidence)
    assert len({item.passage.id for item in evidence}) == len(evidence)


def test_a_passage_is_a_piece_of_its_paragraph_and_its_report(
    retriever: Retriever, understanding: Understanding
) -> None:
    for item in found(retriever, understanding, "松北区招商引资"):
        assert item.paragraph.text[item.passage.start : item.passage.end] == item.passage.text
        assert item.passage.report_id == item.paragraph.report_id == item.report.id


def test_no_more_comes_than_was_asked_for(retriever: Retriever, understanding: Understanding) -> None:
    assert len(retriever.retrieve(understanding.read("松北区GDP目标"), None, 3)) == 3


def test_the_same_question_finds_the_same_passages(retriever: Retriever, understanding: Understanding) -> None:
    text = "呼兰区今后五年的目标"
    assert found(retriever, understanding, text) == found(retriever, understanding, text)


@pytest.mark.parametrize("text", ["？", "abc", "的", "2025年", "' OR 1=1 --", '"松北" AND *', "NEAR(a b)"])
def test_words_of_no_content_and_words_of_a_query_language_break_nothing(
    retriever: Retriever, understanding: Understanding, text: str
) -> None:
    assert len(found(retriever, understanding, text)) <= 10
