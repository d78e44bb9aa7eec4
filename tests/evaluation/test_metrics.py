from __future__ import annotations

import json
import math
import re
import unicodedata
from dataclasses import replace
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.gold import GoldQuestion, Quote
from assistant.evaluation.metrics import (
    AGGREGATES,
    METRICS,
    Judged,
    answer_right,
    citation_precision,
    citation_recall,
    hedge_kept,
    judge,
    mrr_at,
    ndcg_at,
    numeric_match,
    recall_at,
    refusal,
    refusal_f1,
    refusal_precision,
    refusal_recall,
    region_right,
    rejection_rate,
    role_right,
    unsupported_number_rate,
    unsupported_numbers,
    why_wrong,
    year_right,
)
from assistant.types import Answer, Citation, Figure, ReportRef, Retrieved

SONGBEI = ReportRef("8ed70c806e0b4433", "2025年哈尔滨市松北区政府工作报告", "松北区", 2025)
XINQU = ReportRef("d568fee18e1fd444", "2023年哈尔滨新区重点工作", "松北区", 2023)
DAOLI = ReportRef("276b0a1e48539e6e", "2023年经济社会发展主要任务", "道里区", 2023)


def _answer(text: str = "", **fields: Any) -> Answer:
    return Answer("问", fields.pop("verdict", "answered"), text, **fields)


def _gold(answer: str = "", **fields: Any) -> GoldQuestion:
    return GoldQuestion("1", "问", answer=answer, **fields)


def _cites(*paragraphs: str, report: ReportRef = SONGBEI) -> tuple[Citation, ...]:
    return tuple(Citation(n, report, (), text, text, f"p-{n}") for n, text in enumerate(paragraphs, 1))


def _figure(text: str, **fields: Any) -> Figure:
    known: dict[str, Any] = {"hedge": None, "role": None, "period": None, "citation": 1, "status": "verified"}
    return Figure(text, 0.0, "", indicator=None, **known | fields)


def _retrieved(*texts: str) -> tuple[Retrieved, ...]:
    return tuple(Retrieved(n, 1 / n, f"p-{n}", text, SONGBEI) for n, text in enumerate(texts, 1))


# The answers of the assistant


def _squeezed(text: str) -> str:
    return re.sub(r"\s|〔\d+〕", "", unicodedata.normalize("NFKC", text))


def _is_right(gold: dict[str, Any], answer: Answer) -> bool:
    """The rule of `seeds/questions.md`, written down a second time and straight from the JSON."""
    text = _squeezed(answer.answer)

    def held(wanted: str) -> bool:
        wanted = _squeezed(wanted)
        places = [found.start() for found in re.finditer(re.escape(wanted), text)]
        return any(
            not (wanted[0].isdigit() and text[place - 1 : place].strip("0123456789.") == "" and place)
            for place in places
        )

    if any(held(wrong) for wrong in gold["must_not_include"]):
        return False
    if gold["kind"] == "unanswerable":
        return answer.verdict == "not_covered"
    choices = [wanted if isinstance(wanted, list) else [wanted] for wanted in gold["must_include"]]
    said = all(any(held(variant) for variant in choice) for choice in choices)
    return said and len(text) <= (90 if gold["kind"] in ("target", "actual", "fact") else 320)


def test_real_answers_get_the_marks_that_the_rule_gives(judged: list[Judged]) -> None:
    lines = (resources.files("seeds") / "questions.jsonl").read_text("utf-8").splitlines()
    known = {line["id"]: line for line in map(json.loads, lines)}
    for one in judged:
        line = known[one.gold.id]
        assert one.scores["answer_right"] == _is_right(line, one.answer), one.gold.id
        assert (why_wrong(one.gold, one.answer) == "") == _is_right(line, one.answer)
        if line["kind"] != "unanswerable":
            quotes = [_squeezed(evidence["quote"]) for evidence in line["evidence"]]
            cited = [_squeezed(citation.paragraph) for citation in one.answer.citations]
            found = [_squeezed(passage.text) for passage in one.answer.retrieved]
            recall = [any(quote in paragraph for paragraph in cited) for quote in quotes]
            assert one.scores["citation_recall"] == pytest.approx(sum(recall) / len(recall))
            for k in (1, 5, 10):
                within = all(any(quote in text for text in found[:k]) for quote in quotes)
                assert one.scores[f"recall@{k}"] == within, (one.gold.id, k)


def test_every_metric_of_every_real_answer_is_within_its_bounds(judged: list[Judged]) -> None:
    for one in judged:
        assert set(one.scores) == set(METRICS)
        shares = {name: score for name, score in one.scores.items() if name not in ("unsupported_numbers", "seconds")}
        assert all(score is None or 0 <= score <= 1 for score in shares.values()), (one.gold.id, shares)


def test_every_metric_and_aggregate_is_explained_in_chinese() -> None:
    for known in (METRICS, AGGREGATES):
        for name, one in known.items():
            assert one.name == name
            assert one.title
            assert one.meaning.endswith("。")
            assert one.score.__doc__ or "@" in name, name


# Right or not


def test_a_figure_is_not_found_in_the_tail_of_another() -> None:
    question = _gold(must_include=(("5%",),))
    assert answer_right(question, _answer("增长5%")) == 1
    assert answer_right(question, _answer("增长６.５％")) == 0
    assert answer_right(question, _answer("增长15%")) == 0


def test_marks_white_space_and_width_do_not_matter() -> None:
    assert answer_right(_gold(must_include=(("620 亿",),)), _answer("６２０亿〔1〕元")) == 1


@pytest.mark.parametrize(("kind", "longest"), [("target", 90), ("fact", 90), ("list", 320), ("explain", 320)])
def test_half_a_report_is_not_an_answer(kind: str, longest: int) -> None:
    question = _gold(kind=kind, must_include=(("五",),))
    assert answer_right(question, _answer("五" * longest + "〔1〕")) == 1
    assert answer_right(question, _answer("五" * (longest + 1))) == 0
    assert "超过" in why_wrong(question, _answer("五" * (longest + 1)))


def test_a_tempting_string_is_wrong_whatever_else_is_said() -> None:
    question = _gold(must_include=(("5.5%", "百分之五点五"),), must_not_include=("6.5%",))
    assert answer_right(question, _answer("百分之五点五")) == 1
    assert answer_right(question, _answer("5.5%，上年6.5%")) == 0
    assert why_wrong(question, _answer("没说")) == "缺少“5.5%”或“百分之五点五”"


def test_an_unanswerable_question_is_right_when_it_is_refused() -> None:
    question = _gold(kind="unanswerable", must_not_include=("6%",))
    assert answer_right(question, _answer("没有收录", verdict="not_covered")) == 1
    assert answer_right(question, _answer("没有收录，大约6%", verdict="not_covered")) == 0
    assert answer_right(question, _answer("增长5%")) == 0


def test_what_nobody_said_how_to_judge_is_not_judged() -> None:
    assert answer_right(_gold("一段话"), _answer("另一段话")) is None


# Figures


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("12000亿元", "1.2万亿元"),
        ("1.2万亿", "12,000亿元"),
        ("620亿", "约620亿元"),
        ("3万人", "30000人"),
        ("5%", "百分之五"),
        ("三成", "30%"),
        ("一半", "50%"),
        ("四分之一", "25%"),
        ("翻一番", "增长1倍"),
        ("翻一番", "达到2倍"),
        ("翻两番", "是原来的4倍"),
        ("增长1.2倍", "增长120%"),
        ("5%—6%", "5%～6%"),
        ("5个百分点", "5个点"),
        ("1,029.8万元", "1029.8万元"),
        ("15亩", "1公顷"),
        ("2平方公里", "200万平方米"),
        ("27公里", "27000米"),
        ("3户", "3家"),
        ("26名", "26人"),
        ("3732", "3732个"),
        ("５．５％", "5.5%"),
    ],
)
def test_a_figure_is_the_same_however_it_is_written(reference: str, said: str) -> None:
    assert numeric_match(_gold(reference), _answer(said)) == 1


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("5%", "500亿"),
        ("5%", "5个百分点"),
        ("5%", "6.5%"),
        ("5%", "15%"),
        ("620亿元", "620万元"),
        ("620亿元", "260亿元"),
        ("5%—6%", "5%"),
        ("5%—6%", "5%—7%"),
        ("翻一番", "翻两番"),
        ("增长1倍", "达到1倍"),
        ("100元", "100美元"),
        ("3户", "3人"),
        ("1,029.8万元", "29.8万元"),
        ("5%", ""),
    ],
)
def test_another_figure_is_another_figure(reference: str, said: str) -> None:
    assert numeric_match(_gold(reference), _answer(said)) == 0


def test_each_figure_of_the_reference_counts_and_years_are_none() -> None:
    assert numeric_match(_gold("2021年由64户增长至81户"), _answer("2022年有81家")) == 0.5
    assert numeric_match(_gold("2021年12月28日，高洪旗"), _answer("高洪旗")) is None
    assert numeric_match(_gold("没有5%", kind="unanswerable"), _answer("没有")) is None


@given(st.integers(1, 10**7), st.sampled_from(("元", "户", "人", "%", "亩", "公里", "个百分点")))
def test_a_figure_matches_itself_in_any_magnitude_and_not_its_neighbour(number: int, unit: str) -> None:
    reference = _gold(f"完成{number}万{unit}")
    for same in (f"{number}0000{unit}", f"{number * 10000:,}{unit}", f"{number}万{unit}"):
        assert numeric_match(reference, _answer(f"共{same}")) == 1
    assert numeric_match(reference, _answer(f"共{number + 1}万{unit}")) == 0


@given(st.lists(st.sampled_from(("5%", "620亿元", "3户", "27公里", "82个")), min_size=1, max_size=5), st.randoms())
def test_the_order_of_figures_does_not_matter_and_one_more_never_hurts(figures: list[str], random: Any) -> None:
    reference = _gold("，".join(figures))
    shuffled = random.sample(figures, len(figures))
    assert numeric_match(reference, _answer("，".join(shuffled))) == 1
    scores = [numeric_match(reference, _answer("，".join(shuffled[:count]))) or 0 for count in range(len(figures) + 1)]
    assert scores == sorted(scores)


@pytest.mark.parametrize(
    ("reference", "said", "kept"),
    [
        ("增长6%左右", "增长6%左右", 1),
        ("增长6%左右", "约增长约6%", 1),
        ("增长6%左右", "增长6%", 0),
        ("增长6%左右", "增长6%以上", 0),
        ("3户以上", "不少于3家", 1),
        ("4.3%以内", "不超过4.3%", 1),
        ("4.3%以内", "4.3%以上", 0),
        ("预计完成约620亿元", "预计完成620亿元左右", 1),
        ("预计完成约620亿元", "完成620亿元左右", 0),
        ("力争100项", "全年力争实现自主创新案例，达到100项", 1),
        ("力争100项", "全年实现100项", 0),
        ("增长6%左右", "增长7%左右", 1),
        ("增长6%左右", "3户", None),
        ("增长6%", "增长6%左右", None),
        ("增长6%左右，完成620亿元以上", "增长6%左右，完成620亿元", 0.5),
    ],
)
def test_a_hedge_may_change_its_word_but_not_its_meaning(reference: str, said: str, kept: float | None) -> None:
    assert hedge_kept(_gold(reference), _answer(said)) == kept


def test_a_goal_is_no_result() -> None:
    goal = _gold("5.5%", kind="target")
    assert role_right(goal, _answer(figures=(_figure("5.5%", role="target"),))) == 1
    assert role_right(goal, _answer(figures=(_figure("5.5%", role="actual"),))) == 0
    assert role_right(goal, _answer(figures=(_figure("5.5%", role="actual"), _figure("6%", role="target")))) == 0
    assert role_right(goal, _answer(figures=(_figure("5.5%"),))) is None
    assert role_right(_gold("5.5%"), _answer(figures=(_figure("5.5%", role="actual"),))) is None


@pytest.mark.parametrize(
    ("period", "right"),
    [("2025年", 1), ("2024年", 0), ("今后五年", 1), ("过去五年", 0), ("2021—2025年", 1), ("2025年1—11月", 1)],
)
def test_the_year_is_that_of_the_figure(period: str, right: float) -> None:
    answer = _answer("2024年", figures=(_figure("5.5%", period=period),), citations=_cites("5.5%"))
    assert year_right(_gold("5.5%", year=2025), answer) == right


def test_without_a_figure_the_years_in_the_text_tell() -> None:
    assert year_right(_gold("高洪旗", year=2022), _answer("南岗区2022年：高洪旗")) == 1
    assert year_right(_gold("高洪旗", year=2022), _answer("南岗区2021年：高洪旗")) == 0
    assert year_right(_gold("高洪旗", year=2022), _answer("高洪旗")) is None
    assert year_right(_gold("高洪旗"), _answer("2022年")) is None
    assert year_right(_gold("高洪旗", year=2022), _answer("没有2022年", verdict="not_covered")) is None


# Places and citations


@pytest.mark.parametrize(
    ("district", "report", "right"),
    [
        ("松北区", SONGBEI, 1),
        ("松北", SONGBEI, 1),
        ("哈尔滨市松北区", SONGBEI, 1),
        ("哈尔滨新区", XINQU, 1),
        ("松北区", XINQU, 1),
        ("道里区", SONGBEI, 0),
        ("松北区", DAOLI, 0),
        ("哈尔滨市", SONGBEI, 0),
    ],
)
def test_a_place_is_known_by_its_short_name(district: str, report: ReportRef, right: float) -> None:
    answer = _answer(citations=_cites("文", report=report))
    assert region_right(_gold(district=district), answer) == right


def test_one_citation_of_another_place_is_wrong_and_none_says_nothing() -> None:
    mixed = _cites("文") + _cites("文", report=DAOLI)
    assert region_right(_gold(district="松北区"), _answer(citations=mixed)) == 0
    assert region_right(_gold(district="松北区"), _answer()) is None
    assert region_right(_gold(), _answer(citations=mixed)) is None


def test_citations_are_measured_by_the_quotes_that_they_hold() -> None:
    question = _gold(evidence=(Quote("增长 5.5%"), Quote("增长6%")))
    answer = _answer(citations=_cites("主要目标:增长５.５％。", "别的", "又是别的", "增长5.5%"))
    assert citation_recall(question, answer) == 0.5
    assert citation_precision(question, answer) == 0.5
    assert citation_recall(question, _answer()) == 0
    assert citation_precision(question, _answer()) is None
    assert citation_recall(_gold(), answer) is None
    assert citation_recall(replace(question, relevant={"p-1": 1}), answer) is None


quotes = st.lists(st.sampled_from("甲乙丙丁"), min_size=1, max_size=4, unique=True)
texts = st.lists(st.text("甲乙丙丁戊", max_size=4), max_size=8)


@given(quotes, texts, st.randoms())
def test_the_order_of_citations_does_not_matter_and_one_more_never_costs_recall(
    wanted: list[str], cited: list[str], random: Any
) -> None:
    question = _gold(evidence=tuple(Quote(quote) for quote in wanted))
    answer = _answer(citations=_cites(*cited))
    shuffled = _answer(citations=_cites(*random.sample(cited, len(cited))))
    more = _answer(citations=_cites(*cited, "甲"))
    assert citation_recall(question, answer) == citation_recall(question, shuffled)
    assert citation_precision(question, answer) == citation_precision(question, shuffled)
    assert (citation_recall(question, answer) or 0) <= (citation_recall(question, more) or 0)


# Ranking


@given(quotes, texts)
def test_ranking_metrics_are_shares_and_recall_grows_with_k(wanted: list[str], found: list[str]) -> None:
    question = _gold(evidence=tuple(Quote(quote) for quote in wanted))
    answer = _answer(retrieved=_retrieved(*found))
    recalls = [recall_at(k)(question, answer) or 0 for k in range(1, 10)]
    assert recalls == sorted(recalls)
    for metric in (mrr_at(10), ndcg_at(10)):
        assert 0 <= (metric(question, answer) or 0) <= 1 + 1e-12


@given(quotes, st.permutations(["甲", "乙", "丙", "丁", "戊", "己"]), st.integers(0, 4))
def test_evidence_that_moves_up_never_lowers_a_score(wanted: list[str], found: list[str], place: int) -> None:
    question = _gold(evidence=tuple(Quote(quote) for quote in wanted))
    upper, lower = found[place], found[place + 1]
    if upper in wanted or lower not in wanted:
        return
    better = [*found[:place], lower, upper, *found[place + 2 :]]
    for metric in (recall_at(1), recall_at(3), mrr_at(10), ndcg_at(10)):
        before = metric(question, _answer(retrieved=_retrieved(*found)))
        after = metric(question, _answer(retrieved=_retrieved(*better)))
        assert before is not None
        assert after is not None
        assert before <= after + 1e-12
    assert (ndcg_at(10)(question, _answer(retrieved=_retrieved(*better))) or 0) > (
        ndcg_at(10)(question, _answer(retrieved=_retrieved(*found))) or 0
    )


@given(quotes, texts, st.randoms())
def test_the_order_of_the_quotes_does_not_matter(wanted: list[str], found: list[str], random: Any) -> None:
    answer = _answer(retrieved=_retrieved(*found))
    shuffled = random.sample(wanted, len(wanted))
    for metric in (recall_at(3), mrr_at(10), ndcg_at(10)):
        one, other = (metric(_gold(evidence=tuple(map(Quote, order))), answer) for order in (wanted, shuffled))
        assert one == pytest.approx(other)


def test_ranking_agrees_with_a_calculation_by_hand() -> None:
    question = _gold(evidence=(Quote("甲"), Quote("乙")))
    answer = _answer(retrieved=_retrieved("丙", "甲", "丁", "乙"))
    assert [recall_at(k)(question, answer) for k in (1, 2, 4)] == [0, 0, 1]
    assert mrr_at(10)(question, answer) == 0.5
    by_hand = (1 / math.log2(3) + 1 / math.log2(5)) / (1 + 1 / math.log2(3))
    assert ndcg_at(10)(question, answer) == pytest.approx(by_hand)
    assert mrr_at(1)(question, answer) == 0
    both_at_once = _answer(retrieved=_retrieved("甲乙"))
    assert ndcg_at(10)(question, both_at_once) == 1


def test_grades_of_documents_count_as_trec_eval_counts_them() -> None:
    question = _gold(relevant={"p-1": 1, "p-3": 3, "p-9": 2, "p-2": 0})
    answer = _answer(retrieved=_retrieved("a", "b", "c"))
    assert recall_at(10)(question, answer) == pytest.approx(2 / 3)
    assert recall_at(1)(question, answer) == pytest.approx(1 / 3)
    ideal = 3 + 2 / math.log2(3) + 1 / 2
    assert ndcg_at(10)(question, answer) == pytest.approx((1 + 3 / 2) / ideal)


def test_the_cut_is_kept_where_more_is_relevant_than_fits() -> None:
    question = _gold(evidence=tuple(Quote(mark) for mark in "甲乙丙丁"))
    assert ndcg_at(2)(question, _answer(retrieved=_retrieved("甲", "乙"))) == pytest.approx(1)


def test_what_needs_nothing_found_has_no_rank() -> None:
    for metric in (recall_at(1), mrr_at(10), ndcg_at(10)):
        assert metric(_gold(kind="unanswerable", evidence=(Quote("甲"),)), _answer()) is None
        assert metric(_gold(), _answer(retrieved=_retrieved("甲"))) is None


# Refusals and safety


def test_figures_without_a_cited_passage_are_counted() -> None:
    answer = _answer("2025年增长5.5%，完成620亿元，占26%", citations=_cites("增长5.5%", "12%和14%"))
    assert unsupported_numbers(_gold(), answer) == 2
    computed = replace(_figure("26%", status="computed"), value=26.0, unit="%")
    assert unsupported_numbers(_gold(), replace(answer, figures=(computed,))) == 1
    assert unsupported_numbers(_gold(), _answer("增长5.5%")) == 1
    assert unsupported_numbers(_gold(), _answer("高洪旗")) == 0


def test_a_refusal_may_repeat_the_figure_that_it_was_asked_about() -> None:
    refused = Answer("松北区有500亿元吗", "not_covered", "没有找到500亿元这一数据")
    assert unsupported_numbers(_gold(), refused) == 0
    assert unsupported_numbers(_gold(), replace(refused, answer="没有，大约是300亿元")) == 1


def _refusals(*cases: tuple[bool, bool]) -> list[Judged]:
    """Judged answers: (whether the question is unanswerable, whether it is refused)."""
    return [
        judge(
            _gold(kind="unanswerable" if trap else "fact"), _answer(verdict="not_covered" if said else "answered"), 0.1
        )
        for trap, said in cases
    ]


def test_refusals_agree_with_a_calculation_by_hand() -> None:
    many = _refusals((True, True), (True, True), (True, False), (False, True), (False, False), (False, False))
    assert [one.scores["refusal"] for one in many] == [1, 1, 0, 0, 1, 1]
    assert refusal_precision(many) == pytest.approx(2 / 3)
    assert refusal_recall(many) == pytest.approx(2 / 3)
    assert refusal_f1(many) == pytest.approx(2 / 3)
    assert rejection_rate(many) == 0.5
    assert refusal(_gold(relevant={"a": 1}), _answer()) is None


def test_rates_that_do_not_apply_are_absent() -> None:
    answered = _refusals((False, False))
    assert (refusal_precision(answered), refusal_recall(answered), refusal_f1(answered)) == (None, None, None)
    assert rejection_rate(answered) == 0
    assert unsupported_number_rate(answered) is None
    assert [aggregate.score([]) for aggregate in AGGREGATES.values()] == [None] * len(AGGREGATES)
    for aggregate in AGGREGATES.values():
        with pytest.raises(ValueError, match="no values"):
            aggregate.interval([])


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=12), st.randoms())
def test_rates_are_shares_f1_is_the_harmonic_mean_and_order_does_not_matter(
    cases: list[tuple[bool, bool]], random: Any
) -> None:
    many = _refusals(*cases)
    shuffled = random.sample(many, len(many))
    for name in ("refusal_precision", "refusal_recall", "refusal_f1", "rejection_rate", "unsupported_number_rate"):
        value = AGGREGATES[name].score(many)
        assert value is None or 0 <= value <= 1
        assert value == AGGREGATES[name].score(shuffled)
    precision, recall = refusal_precision(many), refusal_recall(many)
    if precision and recall:
        assert refusal_f1(many) == pytest.approx(2 * precision * recall / (precision + recall))


def test_an_interval_of_an_aggregate_holds_its_value(judged: list[Judged]) -> None:
    for aggregate in AGGREGATES.values():
        value = aggregate.score(judged)
        assert value is not None
        low, high = aggregate.interval(judged)
        assert low <= value <= high
