from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from assistant.query.heads import SLOTS, Asked, Wording, load_heads
from assistant.retrieval.shelf import Shelf
from assistant.training import questions

LEAST = {"intent": 0.88, "role": 0.76, "measure": 0.86, "wants": 0.88, "matter": 0.97}
"""Accuracy on questions about places that the heads were not trained on; a little under what was measured."""


def _manifest() -> dict[str, object]:
    file = resources.files("assistant.query").joinpath("weights", "heads.json")
    manifest: dict[str, object] = json.loads(file.read_text("utf-8"))
    return manifest


def test_the_weights_were_made_from_the_questions_that_are_here() -> None:
    assert _manifest()["data"] == questions.digest(questions.packaged()), "run `python -m assistant.training`"


@pytest.mark.parametrize("slot", SLOTS)
def test_heads_read_questions_about_places_they_have_not_seen(slot: str) -> None:
    accuracy = _manifest()["accuracy"]
    assert isinstance(accuracy, dict)
    assert accuracy[slot] >= LEAST[slot]


LEAST_KEPT = {"intent": 0.905, "role": 0.81, "wants": 0.87}
"""On 288 questions on eight cities, written by others and in no training file."""


@pytest.mark.parametrize("slot", LEAST_KEPT)
def test_heads_read_questions_that_no_weight_was_made_from(slot: str, wording: Wording, shelf: Shelf) -> None:
    rows = [json.loads(line) for line in (Path(__file__).parent / "kept.jsonl").read_text("utf-8").splitlines()]
    read = [wording.read(row["question"], shelf.gazetteer).of[slot] for row in rows]
    right = sum(max(of, key=of.__getitem__) == row[slot] for of, row in zip(read, rows, strict=True))
    assert right / len(rows) >= LEAST_KEPT[slot]


def test_probabilities_of_each_slot_add_up_to_one() -> None:
    asked = load_heads().read("^PTI目标是多少?$", np.zeros(384, np.float32))
    for slot in SLOTS:
        assert sum(asked.of[slot].values()) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    ("question", "intent", "wants"),
    [
        ("松北区2025年固定资产投资目标是多少", "value", "number"),
        ("麻烦帮我看下呼兰修了多少公里路", "value", "number"),
        ("南岗和道里哪个的社零目标高", "comparison", None),
        ("道里2023年有哪些重点项目", "list", "names"),
        ("总结一下松北的报告", "topic", "text"),
        ("松北2024年是不是完成了620亿", "check", "yesno"),
        ("你能做什么", "library", None),
    ],
)
def test_intent_and_kind_of_answer(
    question: str, intent: str, wants: str | None, wording: Wording, shelf: Shelf
) -> None:
    asked = wording.read(question, shelf.gazetteer)
    assert asked.intent == intent
    assert wants in (None, asked.wants)


def test_a_role_is_told_only_where_the_wording_is_sure() -> None:
    def role(target: float, actual: float) -> str | None:
        return Asked({"role": {"target": target, "actual": actual, "": 1 - target - actual}}).role

    assert role(0.9, 0.05) == "target"
    assert role(0.1, 0.85) == "actual"
    assert role(0.5, 0.4) is None
