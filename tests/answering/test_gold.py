"""What must hold for every answer to the gold questions, and how good they must be on the whole."""

from __future__ import annotations

import re

import pytest

from assistant.answering.compose import plain
from assistant.answering.verification import unsupported
from assistant.evaluation.run import Evaluation
from assistant.language.folding import squeeze
from assistant.types import Answer


@pytest.fixture(scope="module")
def answers(evaluation: Evaluation) -> list[Answer]:
    return [judged.answer for judged in evaluation.judged]


@pytest.mark.parametrize(
    ("figure", "least"),
    [
        ("answer_right", 0.965),
        ("refusal_recall", 0.98),
        ("refusal_precision", 0.94),
        ("citation_recall", 0.96),
        ("citation_precision", 0.95),
        ("recall@1", 0.82),
        ("recall@5", 0.97),
    ],
)
def test_the_answers_are_good_enough(evaluation: Evaluation, figure: str, least: float) -> None:
    assert evaluation.scorecard["overall"][figure]["value"] >= least


def test_no_figure_of_any_answer_lacks_a_cited_passage(answers: list[Answer]) -> None:
    for answer in answers:
        if answer.verdict == "answered":
            computed = [figure for figure in answer.figures if figure.status == "computed"]
            missing = unsupported(plain(answer.answer), [citation.paragraph for citation in answer.citations], computed)
            assert missing == [], answer.question


def test_every_verified_figure_stands_in_the_paragraph_it_names(answers: list[Answer]) -> None:
    for answer in answers:
        paragraphs = {citation.number: citation.paragraph for citation in answer.citations}
        for figure in answer.figures:
            if figure.status == "verified":
                assert figure.citation is not None
                assert figure.text in paragraphs[figure.citation], answer.question
            else:
                assert figure.citation is None
                assert figure.text in answer.answer


def test_every_quote_is_a_verbatim_part_of_its_paragraph(answers: list[Answer]) -> None:
    for citation in (citation for answer in answers for citation in answer.citations):
        assert citation.quote
        assert citation.quote in citation.paragraph


def test_every_mark_has_a_citation_and_every_citation_a_mark(answers: list[Answer]) -> None:
    for answer in answers:
        marks = {int(number) for number in re.findall(r"〔(\d+)〕", answer.answer)}
        assert marks == {citation.number for citation in answer.citations}, answer.question
        assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))


def test_what_is_cited_is_an_answer_and_what_is_refused_cites_nothing(answers: list[Answer]) -> None:
    for answer in answers:
        assert (answer.verdict == "answered") == bool(answer.citations), answer.question
        assert answer.answer


def test_the_words_of_an_answer_that_are_quoted_stand_in_what_is_cited(answers: list[Answer]) -> None:
    for answer in answers:
        cited = squeeze("".join(citation.paragraph for citation in answer.citations))
        for words in re.findall(r"(?:^|[：；])([^：；\n]+)〔\d+〕", answer.answer, re.MULTILINE):
            assert squeeze(words).strip("…")[-8:] in cited, (answer.question, words)


def test_no_place_is_cited_that_was_not_asked_about(evaluation: Evaluation) -> None:
    for graded in evaluation.judged:
        named = [place for place in ("松北", "道里", "南岗", "呼兰") if place in graded.gold.question]
        if named and not graded.gold.history:
            regions = {citation.report.region[:2] for citation in graded.answer.citations}
            assert regions <= set(named), graded.gold.question


def test_what_was_retrieved_is_ranked_and_begins_with_what_is_cited(answers: list[Answer]) -> None:
    for answer in answers:
        assert [item.rank for item in answer.retrieved] == list(range(1, len(answer.retrieved) + 1))
        assert {citation.paragraph_id for citation in answer.citations} <= {
            item.paragraph_id for item in answer.retrieved
        }
