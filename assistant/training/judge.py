"""Training of the judge: gradient-boosted trees over observed candidates, and the threshold, by cross-validation over places."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answering.feature_names import DECREASING, INCREASING
from assistant.answering.judge import ARRAYS, BESIDE, Judge, Trees, standing
from assistant.training.observing import Observed
from assistant.training.questions import AskedQuestion, folds

FOLDS = 5
ABOUT = 0.005
"""Share of the questions that is no difference between two thresholds."""
RANKING = {"max_iter": 160, "learning_rate": 0.06, "max_leaf_nodes": 12}
ANSWERING = {
    "max_iter": 120,
    "learning_rate": 0.05,
    "max_leaf_nodes": 8,
    "l2_regularization": 1.0,
    "min_samples_leaf": 60,
}
"""Best of a few tried in cross-validation; more trees gained nothing."""


def train_judge(
    observed: Observed, questions: Sequence[AskedQuestion], names: Sequence[str], shown: int = 1
) -> tuple[Judge, dict[str, Any]]:
    """Return the judge, and how its first choice does on questions about places that the trees have not seen.

    An answer is right where one of the `shown` likeliest candidates is.
    """
    count = len(questions)
    places = np.array(folds(questions, FOLDS))
    signs = [(name in INCREASING) - (name in DECREASING) for name in names]
    features = observed.features.astype(np.float32)
    chances = _unseen(features, observed.right, places[observed.question % count], RANKING, signs)
    asked = np.unique(observed.question)
    rows = [np.flatnonzero(observed.question == at) for at in asked]
    ranked = [at[np.argsort(-chances[at], kind="stable")] for at in rows]
    stands = np.stack([standing(features[at[0]], list(chances[at])) for at in ranked])
    right = np.array([observed.right[at[:shown]].any() for at in ranked])
    of_first = [*signs, 1, *[0] * (BESIDE - 1)]
    sure = _unseen(stands, right, places[asked % count], ANSWERING, of_first)
    counted = [at < count and questions[at].intent != "check" for at in asked]
    firsts = [(at, float(s), bool(r)) for at, s, r, c in zip(asked, sure, right, counted, strict=True) if c]
    answered = [(chance, ok) for at, chance, ok in firsts if not questions[at].refusal]
    refused = [chance for at, chance, _ in firsts if questions[at].refusal]
    least, scores = _threshold(answered, refused)
    judge = Judge(_fitted(features, observed.right, RANKING, signs), _fitted(stands, right, ANSWERING, of_first), least)
    return judge, {"least": least, **scores}


def save_judge(judges: dict[str, tuple[Judge, dict[str, Any]]], manifest: dict[str, Any], folder: Path) -> None:
    """Write the trees of each kind as plain arrays, and one manifest."""
    whole: dict[str, Any] = dict(manifest)
    for kind, (judge, scores) in judges.items():
        parts = {"ranks": judge.ranks, "answers": judge.answers}
        arrays: dict[str, Any] = {f"{part}_{n}": getattr(trees, n) for part, trees in parts.items() for n in ARRAYS}
        np.savez_compressed(folder / f"{kind}.npz", **arrays)
        whole[kind] = {part: {"base": trees.base, "depth": trees.depth} for part, trees in parts.items()} | scores
    (folder / "judge.json").write_text(json.dumps(whole, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _unseen(
    features: np.ndarray,
    right: np.ndarray,
    fold: np.ndarray,
    settings: dict[str, Any],
    signs: Sequence[int] | None = None,
) -> np.ndarray:
    """For each row what trees say that have seen none of its place."""
    said = np.zeros(len(features))
    for one in range(FOLDS):
        trees = _fitted(features[fold != one], right[fold != one], settings, signs)
        said[fold == one] = trees.probabilities(features[fold == one])
    return said


def _threshold(answered: list[tuple[float, bool]], refused: list[float]) -> tuple[float, dict[str, float]]:
    """The confidence from which most questions are served rightly: answered with the right words, or refused where none are held.

    Of thresholds that serve as many within `ABOUT`, the middle one: which is best of them is chance.
    """
    steps = np.round(np.arange(0.02, 0.6, 0.01), 2)
    right = [
        sum(ok and chance >= step for chance, ok in answered) + sum(chance < step for chance in refused)
        for step in steps
    ]
    enough = max(right) - ABOUT * (len(answered) + len(refused))
    least = round(float(np.median([step for step, served in zip(steps, right, strict=True) if served >= enough])), 2)
    false = sum(chance < least for chance, _ in answered)
    true = sum(chance < least for chance in refused)
    return least, {
        "shown is right": round(float(np.mean([ok for _, ok in answered])), 4),
        "answered rightly": round(float(np.mean([ok and chance >= least for chance, ok in answered])), 4),
        "refusal precision": round(true / max(1, true + false), 4),
        "refusal recall": round(true / max(1, len(refused)), 4),
    }


def _fitted(
    features: np.ndarray, right: np.ndarray, settings: dict[str, Any], signs: Sequence[int] | None = None
) -> Trees:
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(**settings, random_state=0, early_stopping=False, monotonic_cst=signs)
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
    return Trees(feature, threshold, left, child, value, float(model._baseline_prediction.ravel()[0]), depth)
