"""Planted faults: each is put into real, right answers of the assistant and must move the metrics named here, and no other."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from assistant import Assistant
from assistant.answering.compose import plain
from assistant.corpus.library import Library
from assistant.evaluation.gold import GoldSet
from assistant.evaluation.metrics import (
    AGGREGATES,
    Judged,
    judge,
    refusal_precision,
    refusal_recall,
    rejection_rate,
    unsupported_number_rate,
)
from assistant.evaluation.numbers import find_numbers, same_number
from assistant.language.folding import squeeze
from assistant.types import Answer, Figure

Plant = Callable[[Judged], Answer | None]
"""Puts a fault into an answer; None where it has nothing that could be spoilt."""


def _planted(judged: list[Judged], plant: Plant) -> list[tuple[Judged, Judged]]:
    """Right answers beside the same with the fault."""
    right = [one for one in judged if one.scores["answer_right"] == 1]
    return [(one, judge(one.gold, spoilt, one.seconds)) for one in right if (spoilt := plant(one))]


def _moved(before: Judged, after: Judged) -> set[str]:
    return {name for name in before.scores if before.scores[name] != after.scores[name]}


def _moves_only(pairs: list[tuple[Judged, Judged]], expected: set[str], least: int) -> None:
    """Assert that the fault was planted often enough, and that each time exactly these metrics moved."""
    assert len(pairs) >= least
    wrong = {before.gold.id: _moved(before, after) for before, after in pairs if _moved(before, after) != expected}
    assert wrong == {}


def _reworded(answer: Answer, old: str, new: str) -> Answer:
    figures = tuple(replace(figure, text=figure.text.replace(old, new)) for figure in answer.figures)
    return replace(answer, answer=answer.answer.replace(old, new), figures=figures)


def _only_figure(one: Judged) -> Figure | None:
    """The figure of an answer that has just one, which is also the only one of the reference."""
    wanted, figures = find_numbers(one.gold.answer), one.answer.figures
    said = find_numbers(figures[0].text) if len(figures) == 1 else []
    return figures[0] if len(wanted) == 1 and any(same_number(wanted[0], number) for number in said) else None


def test_a_swapped_digit_moves_the_figure_its_support_and_the_verdict(judged: list[Judged]) -> None:
    def plant(one: Judged) -> Answer | None:
        figure = _only_figure(one)
        pair = re.search(r"(\d)(?!\1)([1-9])", figure.text) if figure else None
        if figure is None or pair is None:
            return None
        swapped = figure.text[: pair.start()] + pair[2] + pair[1] + figure.text[pair.end() :]
        return _reworded(one.answer, figure.text, swapped)

    _moves_only(_planted(judged, plant), {"answer_right", "numeric_match", "unsupported_numbers"}, least=5)


def test_a_dropped_hedge_moves_the_hedge_alone(judged: list[Judged]) -> None:
    hedges = r"左右|以上|以内|预计|力争|不低于|拟(?=申报|将)|(?<=[：:达重])[约超]|(?<=\d)余"

    def plant(one: Judged) -> Answer | None:
        if not one.scores["hedge_kept"]:
            return None
        bare = tuple(replace(figure, hedge=None) for figure in one.answer.figures)
        return replace(one.answer, answer=re.sub(hedges, "", one.answer.answer), figures=bare)

    _moves_only(_planted(judged, plant), {"hedge_kept"}, least=5)


def test_a_figure_given_for_a_target_where_it_is_a_result_or_the_other_way_round_moves_the_role_alone(
    judged: list[Judged],
) -> None:
    def plant(one: Judged) -> Answer | None:
        if one.scores["role_right"] is None:
            return None
        other = {"target": "actual", "actual": "target", None: None}
        figures = tuple(replace(figure, role=other[figure.role]) for figure in one.answer.figures)  # type: ignore[arg-type]
        return replace(one.answer, figures=figures)

    _moves_only(_planted(judged, plant), {"role_right"}, least=15)


def test_the_target_told_for_the_result_moves_all_that_speaks_of_the_figure(
    assistant: Assistant, gold: GoldSet
) -> None:
    """Asked what the past five years brought, the answer tells what is planned: no year was asked for, so none moves."""
    question = next(one for one in gold.questions if one.question == "南岗规上工业企业五年里从多少家涨到多少家?")
    right = assistant.ask(question.question)
    target = assistant.ask("2022年南岗规上企业要达到多少户")
    before = judge(question, right, 0)
    after = judge(question, replace(target, retrieved=right.retrieved, seconds=right.seconds), 0)
    assert before.scores["answer_right"] == 1
    assert _moved(before, after) == {
        "answer_right", "numeric_match", "role_right", "citation_recall", "citation_precision"
    }  # fmt: skip


def test_a_figure_said_of_the_year_before_moves_the_year_alone(judged: list[Judged]) -> None:
    def plant(one: Judged) -> Answer | None:
        year = one.gold.year
        strings = [word for choice in one.gold.must_include for word in choice]
        if year is None or one.scores["year_right"] != 1 or str(year) in "".join(strings):
            return None
        old, new = f"{year}年", f"{year - 1}年"
        figures = tuple(
            replace(figure, period=(figure.period or "").replace(old, new)) for figure in one.answer.figures
        )
        said = re.sub(rf"{year}年?", new, one.answer.answer)
        return replace(one.answer, answer=said, figures=figures) if said != one.answer.answer else None

    _moves_only(_planted(judged, plant), {"year_right"}, least=15)


def test_last_years_figure_moves_the_figure_its_year_and_its_citation(assistant: Assistant, gold: GoldSet) -> None:
    """Each figure is a real one and stands in a cited paragraph, so it is not unsupported: the year is what is wrong."""
    question = next(one for one in gold.questions if one.question == "新区2025GDP想涨几个点")
    right = assistant.ask(question.question)
    earlier = assistant.ask("松北区2023年GDP目标是多少")
    before = judge(question, right, 0)
    after = judge(question, replace(earlier, retrieved=right.retrieved, seconds=right.seconds), 0)
    assert before.scores["answer_right"] == 1
    assert _moved(before, after) == {
        "answer_right", "numeric_match", "year_right", "citation_recall", "citation_precision"
    }  # fmt: skip


def test_another_districts_figure_moves_the_region_too(assistant: Assistant, gold: GoldSet) -> None:
    question = next(one for one in gold.questions if one.question == "2022年南岗规上企业要达到多少户")
    right = assistant.ask(question.question)
    other = assistant.ask("呼兰2022年要新培育规上工业企业几户?")
    before = judge(question, right, 0)
    after = judge(question, replace(other, retrieved=right.retrieved, seconds=right.seconds), 0)
    assert before.scores["answer_right"] == 1
    assert _moved(before, after) == {
        "answer_right", "numeric_match", "region_right", "citation_recall", "citation_precision"
    }  # fmt: skip


def _cites_the_next_paragraph(one: Judged, library: Library) -> Answer | None:
    """The answer with its one citation moved on; None where the next paragraph says the same."""
    if len(one.answer.citations) != 1 or one.scores["citation_recall"] != 1:
        return None
    (citation,) = one.answer.citations
    here = library.paragraph(citation.paragraph_id)
    following = [paragraph for paragraph in library.paragraphs(here.report_id) if paragraph.ordinal == here.ordinal + 1]
    if not following or any(squeeze(e.quote) in squeeze(following[0].text) for e in one.gold.evidence):
        return None
    held = find_numbers(following[0].text)
    said = [number for figure in one.answer.figures for number in find_numbers(figure.text)]
    if any(same_number(number, other) for number in said for other in held):
        return None
    text, name = following[0].text, following[0].id
    moved = replace(citation, paragraph=text, paragraph_id=name, quote=text, headings=following[0].headings)
    return replace(one.answer, citations=(moved,))


def test_a_citation_moved_to_the_next_paragraph_moves_citations_and_support(
    judged: list[Judged], library: Library
) -> None:
    """The figures of the answer are no longer held by what it cites, which is what `unsupported_numbers` is for."""
    pairs = _planted(judged, lambda one: _cites_the_next_paragraph(one, library))
    with_figures = [pair for pair in pairs if pair[0].answer.figures]
    without = [pair for pair in pairs if not find_numbers(plain(pair[0].answer.answer))]
    _moves_only(with_figures, {"citation_recall", "citation_precision", "unsupported_numbers"}, least=8)
    _moves_only(without, {"citation_recall", "citation_precision"}, least=5)


def test_a_refusal_turned_into_a_cited_answer_moves_the_refusal_and_the_verdict(
    judged: list[Judged], assistant: Assistant
) -> None:
    answer = assistant.ask("松北区2025年GDP目标是多少")

    def plant(one: Judged) -> Answer | None:
        told = replace(answer, retrieved=one.answer.retrieved, seconds=one.answer.seconds)
        return told if one.gold.kind == "unanswerable" else None

    _moves_only(_planted(judged, plant), {"answer_right", "refusal"}, least=4)


def test_a_refusal_turned_into_a_made_up_figure_moves_the_unsupported_numbers_too(judged: list[Judged]) -> None:
    def plant(one: Judged) -> Answer | None:
        made_up = replace(one.answer, verdict="answered", answer="增长7.77%左右", citations=(), figures=())
        return made_up if one.gold.kind == "unanswerable" else None

    _moves_only(_planted(judged, plant), {"answer_right", "refusal", "unsupported_numbers"}, least=4)


def test_an_answer_turned_into_a_refusal_moves_the_rates(judged: list[Judged]) -> None:
    answered = next(one for one in judged if one.gold.kind == "target" and one.scores["answer_right"] == 1)
    refused = judge(
        answered.gold,
        replace(answered.answer, verdict="not_covered", answer="没有收录，不能作答。", citations=(), figures=()),
        answered.seconds,
    )
    after = [refused if one is answered else one for one in judged]
    assert {"answer_right", "refusal", "numeric_match", "citation_recall"} <= _moved(answered, refused)
    moved = {name for name, aggregate in AGGREGATES.items() if aggregate.score(judged) != aggregate.score(after)}
    assert moved == {"refusal_precision", "refusal_f1", "rejection_rate"}
    assert _number(refusal_precision(after)) < _number(refusal_precision(judged))
    assert _number(rejection_rate(after)) > _number(rejection_rate(judged))


def test_one_made_up_figure_among_all_answers_moves_the_headline_rate(judged: list[Judged]) -> None:
    assert unsupported_number_rate(judged) == 0
    one = next(one for one in judged if one.gold.kind == "target")
    spoilt = judge(one.gold, replace(one.answer, answer=f"{one.answer.answer}，占比43.21%"), one.seconds)
    after = [spoilt if other is one else other for other in judged]
    assert _number(unsupported_number_rate(after)) > 0
    assert refusal_recall(after) == refusal_recall(judged)


def _number(value: float | None) -> float:
    assert value is not None
    return value


@pytest.mark.parametrize("metric", ["recall@1", "recall@5", "recall@10", "mrr@10", "ndcg@10"])
def test_evidence_that_is_not_retrieved_moves_the_ranking_alone(judged: list[Judged], metric: str) -> None:
    def plant(one: Judged) -> Answer | None:
        return replace(one.answer, retrieved=()) if one.scores["recall@1"] == 1 else None

    expected = {"recall@1", "recall@5", "recall@10", "mrr@10", "ndcg@10"}
    pairs = _planted(judged, plant)
    _moves_only(pairs, expected, least=20)
    assert all(after.scores[metric] == 0 for _, after in pairs)
