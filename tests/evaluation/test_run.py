"""Evaluating the real assistant on the five seeds."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant, open_assistant
from assistant.evaluation.files import trec_run
from assistant.evaluation.gold import load_gold
from assistant.evaluation.judged import Judged
from assistant.evaluation.provenance import sha256_of, what_ran
from assistant.evaluation.questions import GoldQuestion, GoldSet
from assistant.evaluation.run import Evaluation, evaluate
from assistant.settings import load_settings

GOLD = Path(__file__).resolve().parents[2] / "seeds" / "questions.jsonl"


@pytest.fixture(scope="module")
def assistant(seeded_home: Path) -> Iterator[Assistant]:
    whole = open_assistant(home=seeded_home)
    yield whole
    whole.close()


def without_times(evaluation: Evaluation) -> tuple[list[Judged], dict[str, Any]]:
    judged = [
        replace(
            one,
            seconds=0.0,
            answer=replace(one.answer, seconds=0.0),
            scores={name: score for name, score in one.scores.items() if name != "seconds"},
        )
        for one in evaluation.judged
    ]
    card = dict(evaluation.scorecard)
    for section in ("by_kind", "by_report", "by_tag"):
        card[section] = {name: _timeless(figures) for name, figures in card[section].items()}
    return judged, card | {"overall": _timeless(card["overall"])}


def _timeless(figures: dict[str, Any]) -> dict[str, Any]:
    return {name: figure for name, figure in figures.items() if not name.endswith("seconds")}


def test_two_runs_differ_in_nothing_but_their_times(assistant: Assistant) -> None:
    gold = load_gold([GOLD])
    few = GoldSet(gold.questions[::24])
    first, second = evaluate(assistant, few), evaluate(assistant, few)
    assert without_times(first) == without_times(second)
    assert trec_run(first.judged) == trec_run(second.judged)


def test_the_limit_takes_the_first_questions_in_their_order(assistant: Assistant) -> None:
    gold = load_gold([GOLD])
    evaluation = evaluate(assistant, gold, limit=3)
    assert [one.gold for one in evaluation.judged] == list(gold.questions[:3])
    assert evaluation.scorecard["what"]["questions"] == 3


def test_progress_begins_at_nothing_and_ends_with_all(assistant: Assistant) -> None:
    seen: list[tuple[str, int, int]] = []
    evaluate(assistant, load_gold([GOLD]), lambda *step: seen.append(step), limit=2)
    assert [step[1:] for step in seen if step[0] == "回答测试题"] == [(0, 2), (1, 2), (2, 2)]
    assert seen[-1][1] == seen[-1][2]


def test_a_follow_up_is_asked_with_its_history(assistant: Assistant) -> None:
    follow_up = GoldQuestion(
        "f", "那2024年完成多少？", ("松北区2025年GDP目标是多少",), "actual", must_include=(("620亿元",),)
    )
    assert evaluate(assistant, GoldSet((follow_up,))).scorecard["overall"]["answer_right"]["value"] == 1.0


def test_a_question_that_cannot_be_asked_is_judged_by_what_a_user_would_be_told(assistant: Assistant) -> None:
    endless = GoldQuestion("long", "长" * 501, must_include=(("5.5%",),))
    (judged,) = evaluate(assistant, GoldSet((endless,))).judged
    assert (judged.answer.verdict, judged.scores["answer_right"]) == ("needs_clarification", 0.0)
    assert "太长" in judged.answer.answer


def test_no_question_at_all_gives_an_empty_scorecard(assistant: Assistant) -> None:
    evaluation = evaluate(assistant, GoldSet(()))
    assert (evaluation.judged, evaluation.scorecard["overall"]) == ((), {})


def test_the_scorecard_says_what_ran(assistant: Assistant, seeded_home: Path) -> None:
    settings = load_settings(home=seeded_home)
    what = what_ran(settings, [GOLD])
    assert what["settings"] == settings.fingerprint == assistant.ask("松北区2025年GDP目标是多少").settings
    assert what["gold"] == [{"file": "questions.jsonl", "sha256": hashlib.sha256(GOLD.read_bytes()).hexdigest()}]
    assert what["corpus"]["reports"] == 5
    assert what["embedding_model"]["setting"] == "bundled"
    assert what["embedding_model"]["identity"][0].startswith("multilingual-e5-small@")
    assert what["llm"] == "none"
    assert re.fullmatch(r"[0-9a-f]{12}", what["prompts"])
    assert str(Path.home()) not in str(what)
    assert evaluate(assistant, GoldSet(()), what=what).scorecard["what"] == {**what, "questions": 0}


def test_the_hash_of_a_folder_changes_with_each_file_in_it(tmp_path: Path) -> None:
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text("a", "utf-8")
    before = sha256_of(tmp_path)
    (tmp_path / "qrels" / "test.tsv").write_text("b", "utf-8")
    assert sha256_of(tmp_path) != before
