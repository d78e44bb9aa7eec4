"""The judge: from the features of candidates to the likeliest one, and to the probability that it answers.

Two sets of gradient-boosted trees: one ranks the candidates of a question, the other says of the first whether it answers, by
its features and by how it stands out. `assistant.training` makes both from observed candidates (scikit-learn's histogram
gradient boosting) and writes them as plain arrays; here they are only walked. The threshold that divides an answer from a
refusal is set there too, on questions about places that the trees have not seen.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from io import BytesIO
from typing import Literal

import numpy as np

from assistant.answering.features import Candidate

Kind = Literal["figures", "sentences"]
ARRAYS = ("feature", "threshold", "left", "right", "value")
FIRST = 0.4
"""Share of the least confidence that the first candidate's own probability must have: below it half of 59 answers were wrong."""
BESIDE = 4
"""Candidates whose probabilities tell how the first stands out."""


@dataclass(frozen=True)
class Trees:
    """Trees over named features. All arrays are (trees, nodes)."""

    feature: np.ndarray = field(repr=False)
    threshold: np.ndarray = field(repr=False)
    left: np.ndarray = field(repr=False)
    right: np.ndarray = field(repr=False)
    value: np.ndarray = field(repr=False)
    """Of a leaf: what it adds to the log-odds. A leaf is its own left and right."""
    base: float
    depth: int

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """Return for each row of features, (n, features), its probability, (n,)."""
        trees = np.arange(len(self.feature))
        at = np.zeros((len(features), len(trees)), int)
        for _ in range(self.depth):
            wanted = self.feature[trees, at]
            goes_left = np.take_along_axis(features, wanted, 1) <= self.threshold[trees, at]
            at = np.where(goes_left, self.left[trees, at], self.right[trees, at])
        odds = self.base + self.value[trees, at].sum(1)
        return np.asarray(1 / (1 + np.exp(-odds)))


@dataclass(frozen=True)
class Judge:
    """Ranks the candidates of one kind, and says how surely the first of them answers."""

    ranks: Trees
    answers: Trees
    least: float
    """Confidence from which the first candidate answers."""

    def judged(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Return the candidates with their probabilities, likeliest first."""
        if not candidates:
            return []
        chances = self.ranks.probabilities(np.stack([candidate.features for candidate in candidates]))
        rated = [replace(c, probability=float(p)) for c, p in zip(candidates, chances, strict=True)]
        return sorted(rated, key=lambda candidate: -candidate.probability)

    def confidence(self, judged: Sequence[Candidate]) -> float:
        """Return the probability that the first of the judged candidates answers, 0 where there is none or it is unlikely itself."""
        if not judged or judged[0].probability < FIRST * self.least:
            return 0.0
        row = standing(judged[0].features, [candidate.probability for candidate in judged])
        return float(self.answers.probabilities(row[None])[0])


def standing(features: np.ndarray, chances: Sequence[float]) -> np.ndarray:
    """The features of the first candidate, and the probabilities of the first `BESIDE`, likeliest first."""
    first = sorted(chances, reverse=True)[:BESIDE]
    return np.concatenate([features, first, np.zeros(BESIDE - len(first))]).astype(np.float32)


_ONE = np.zeros((1, 1), int)
_NO_TREES = Trees(_ONE, np.zeros((1, 1)), _ONE, _ONE, np.zeros((1, 1)), base=0.0, depth=0)
UNTRAINED = Judge(_NO_TREES, _NO_TREES, least=0.0)
"""Finds every candidate as likely as not, so that candidates can be observed before there are trees."""


@cache
def load_judge(kind: Kind) -> Judge:
    """Load the judge of figures or of sentences that comes with the package."""
    folder = resources.files("assistant.answering").joinpath("weights")
    if not folder.joinpath(f"{kind}.npz").is_file():
        return UNTRAINED
    manifest = json.loads(folder.joinpath("judge.json").read_text("utf-8"))[kind]
    with np.load(BytesIO(folder.joinpath(f"{kind}.npz").read_bytes()), allow_pickle=False) as arrays:
        ranks, answers = (
            Trees(**{name: arrays[f"{part}_{name}"] for name in ARRAYS}, **manifest[part])
            for part in ("ranks", "answers")
        )
    return Judge(ranks, answers, manifest["least"])
