from __future__ import annotations

import json
from importlib import resources

import numpy as np
import pytest

from assistant.answering.feature_names import FACT_FEATURES, SENTENCE_FEATURES
from assistant.answering.judge import load_judge
from assistant.training import observing, questions
from assistant.training.judge import RANKING, _fitted


def test_trees_as_arrays_say_what_the_library_that_made_them_says() -> None:
    from sklearn.ensemble import HistGradientBoostingClassifier

    random = np.random.default_rng(3)
    features = random.normal(size=(600, 5)).astype(np.float32)
    right = (features[:, 0] * features[:, 1] + 0.3 * features[:, 2] > 0).astype(bool)
    model = HistGradientBoostingClassifier(**RANKING, random_state=0, early_stopping=False).fit(features, right)
    ours = _fitted(features, right, RANKING).probabilities(features)
    assert ours == pytest.approx(model.predict_proba(features)[:, 1], abs=1e-5)


def test_the_judge_was_made_from_the_questions_that_are_here() -> None:
    file = resources.files("assistant.answering").joinpath("weights", "judge.json")
    assert json.loads(file.read_text("utf-8"))["data"] == questions.digest(questions.packaged())


def test_what_was_observed_has_the_features_that_are_computed() -> None:
    figures, sentences = observing.load(questions.packaged() / "observed.npz")
    assert figures.features.shape[1] == len(FACT_FEATURES)
    assert sentences.features.shape[1] == len(SENTENCE_FEATURES)
    assert 0 < load_judge("figures").least < 1


def test_questions_and_observations_are_many_and_have_both_answers() -> None:
    asked = questions.load(questions.packaged())
    assert len(asked) >= 3000
    assert len({question.district for question in asked}) >= 50
    assert sum(bool(question.refusal) for question in asked) >= len(asked) / 6
    figures, _ = observing.load(questions.packaged() / "observed.npz")
    assert 0 < figures.right.mean() < 0.5
