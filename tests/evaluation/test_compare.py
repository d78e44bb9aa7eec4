"""Two evaluations side by side."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.evaluation.compare import NothingInCommon, compare
from assistant.evaluation.metrics import judge
from tests.evaluation.samples import answer, evaluation, question, refusal, refused, right, wrong


def test_an_evaluation_compared_with_itself_shows_no_difference() -> None:
    one = evaluation([right(1), wrong(2), refusal(3)])
    compared = compare(one, one)
    assert {found.difference for found in compared.differences} == {0.0}
    assert {found.p for found in compared.differences} <= {1.0, None}
    assert (compared.gained, compared.lost, compared.same_gold) == ((), (), True)


def test_what_flipped_is_listed_both_ways() -> None:
    compared = compare(
        evaluation([wrong(1), right(2), right(3), refusal(4)]), evaluation([right(1), wrong(2), right(3), refusal(4)])
    )
    assert [flip.gold.id for flip in compared.gained] == ["q 1"]
    assert [flip.gold.id for flip in compared.lost] == ["q 2"]
    assert "8.5%" in compared.gained[0].a.answer.answer
    assert "5.5%" in compared.gained[0].b.answer.answer


def test_right_and_wrong_is_tested_by_mcnemar_and_shares_by_the_bootstrap() -> None:
    before = [wrong(number) for number in range(6)] + [right(number) for number in range(6, 20)]
    compared = compare(evaluation(before), evaluation([right(number) for number in range(20)]))
    found = {difference.metric: difference for difference in compared.differences}
    right_ones = found["answer_right"]
    assert (right_ones.a, right_ones.b, right_ones.n, right_ones.test) == (0.7, 1.0, 20, "McNemar")
    assert right_ones.p == pytest.approx(2 / 2**6)
    assert right_ones.low <= 0.3 <= right_ones.high
    assert found["seconds"].test == "bootstrap"
    assert found["seconds"].difference == pytest.approx(0.0)
    assert found["ndcg@10"].p == 1.0


def test_an_aggregate_has_an_interval_over_the_pairs() -> None:
    before = [wrong(number) for number in range(6)] + [right(number) for number in range(6, 20)]
    compared = compare(evaluation(before), evaluation([right(number) for number in range(20)]))
    found = {difference.metric: difference for difference in compared.differences}
    rate = found["unsupported_number_rate"]
    assert (rate.a, rate.b, rate.p) == (0.3, 0.0, None)
    assert rate.low <= -0.3 <= rate.high <= 0
    assert found["p95_seconds"].difference == pytest.approx(-0.02)
    assert "refusal_recall" not in found


def test_a_metric_that_applies_on_one_side_only_is_compared_where_it_applies_on_both() -> None:
    gold = question(2)
    compared = compare(evaluation([right(1), right(2)]), evaluation([right(1), judge(gold, refused(gold), 0.1)]))
    found = {difference.metric: difference for difference in compared.differences}
    assert (found["answer_right"].n, found["citation_precision"].n) == (2, 1)


def test_of_different_gold_files_the_common_questions_are_compared_and_the_others_counted() -> None:
    changed = replace(question(3), must_include=(("8.5%",),))
    compared = compare(
        evaluation([right(1), right(2), right(3)]),
        evaluation([right(2), judge(changed, answer(changed), 0.1), right(4), right(5)]),
    )
    assert (compared.common, compared.only_a, compared.only_b, compared.changed) == (1, 1, 2, 1)
    assert not compared.same_gold
    assert {difference.n for difference in compared.differences} == {1}


def test_two_evaluations_without_a_common_question_are_not_compared() -> None:
    with pytest.raises(NothingInCommon) as raised:
        compare(evaluation([right(1)]), evaluation([right(2)]))
    assert "zhengwen eval" in raised.value.hint
