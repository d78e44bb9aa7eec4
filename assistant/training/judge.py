"""Training of the judge: gradient-boosted trees over observed candidates, and the threshold, by cross-validation over places."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answering.features import DECREASING, INCREASING
from assistant.answering.judge import Judge
from assistant.training.observing import Observed
from assistant.training.questions import AskedQuestion, folds

FOLDS = 5
TREES, RATE, LEAVES = 160, 0.06, 12
"""Best of a few tried in cross-validation; more trees gained nothing."""


def train_judge(
    observed: Observed, questions: Sequence[AskedQuestion], names: Sequence[str]
) -> tuple[Judge, dict[str, Any]]:
    """Return the judge, and how its first choice does on questions about places that the trees have not seen."""
    count = len(questions)
    number = np.array(folds(questions, FOLDS))[observed.question % count]
    features = observed.features.astype(np.float32)
    unseen = np.zeros(len(features))
    for fold in range(FOLDS):
        judge = _fitted(features[number != fold], observed.right[number != fold], names)
        unseen[number == fold] = judge.probabilities(features[number == fold])
    asked = [int(at) for at in np.unique(observed.question) if at < count and questions[at].intent != "check"]
    firsts = [_first(observed, unseen, at) for at in asked]
    answered = [(chance, right) for at, chance, right in firsts if not questions[at].refusal]
    refused = [chance for at, chance, _ in firsts if questions[at].refusal]
    least, scores = _threshold(answered, refused)
    return _fitted(features, observed.right, names, least), {"least": least, **scores}


def save_judge(judges: dict[str, tuple[Judge, dict[str, Any]]], manifest: dict[str, Any], folder: Path) -> None:
    """Write the trees of each kind as plain arrays, and one manifest."""
    whole: dict[str, Any] = dict(manifest)
    for kind, (judge, scores) in judges.items():
        np.savez_compressed(
            folder / f"{kind}.npz",
            feature=judge.feature,
            threshold=judge.threshold,
            left=judge.left,
            right=judge.right,
            value=judge.value,
        )
        whole[kind] = {"base": judge.base, "depth": judge.depth, **scores}
    (folder / "judge.json").write_text(json.dumps(whole, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _first(observed: Observed, chances: np.ndarray, question: int) -> tuple[int, float, bool]:
    rows = np.flatnonzero(observed.question == question)
    best = rows[int(chances[rows].argmax())]
    return question, float(chances[best]), bool(observed.right[best])


def _threshold(answered: list[tuple[float, bool]], refused: list[float]) -> tuple[float, dict[str, float]]:
    """The probability from which most questions are served rightly: answered with the right words, or refused where none are held."""
    steps = np.round(np.arange(0.02, 0.6, 0.01), 2)
    right = [
        sum(ok and chance >= step for chance, ok in answered) + sum(chance < step for chance in refused)
        for step in steps
    ]
    least = float(steps[int(np.argmax(right))])
    false = sum(chance < least for chance, _ in answered)
    true = sum(chance < least for chance in refused)
    return least, {
        "first is right": round(float(np.mean([ok for _, ok in answered])), 4),
        "answered rightly": round(float(np.mean([ok and chance >= least for chance, ok in answered])), 4),
        "refusal precision": round(true / max(1, true + false), 4),
        "refusal recall": round(true / max(1, len(refused)), 4),
    }


def _fitted(features: np.ndarray, right: np.ndarray, names: Sequence[str], least: float = 0.0) -> Judge:
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(
        max_iter=TREES,
        learning_rate=RATE,
        max_leaf_nodes=LEAVES,
        random_state=0,
        early_stopping=False,
        monotonic_cst=[(name in INCREASING) - (name in DECREASING) for name in names],
    )
    model.fit(features, right)
    trees = [stage[0].nodes for stage in model._predictors]
    size = max(map(len, trees))
    shape = (len(trees), size)
    feature, left, child = np.zeros(shape, np.int16), np.zeros(shape, np.int16), np.zeros(shape, np.int16)
    threshold, value = np.full(shape, np.inf, np.float32), np.zeros(shape, np.float32)
    for at, nodes in enumerate(trees):
        places = np.arange(len(nodes))
        leaf = nodes["is_leaf"].astype(bool)
        feature[at, : len(nodes)] = np.where(leaf, 0, nodes["feature_idx"])
        threshold[at, : len(nodes)] = np.where(leaf, np.inf, nodes["num_threshold"])
        left[at, : len(nodes)] = np.where(leaf, places, nodes["left"])
        child[at, : len(nodes)] = np.where(leaf, places, nodes["right"])
        value[at, : len(nodes)] = np.where(leaf, nodes["value"], 0.0)
    depth = max(int(nodes["depth"].max()) for nodes in trees)
    return Judge(feature, threshold, left, child, value, float(model._baseline_prediction.ravel()[0]), depth, least)
