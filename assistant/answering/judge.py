"""The judge: from the features of a candidate to the probability that it answers, by gradient-boosted trees.

`assistant.training` makes the trees from observed candidates (scikit-learn's histogram gradient boosting) and writes them as
plain arrays; here they are only walked. The threshold that divides an answer from a refusal is set there too, on questions
about places that the trees have not seen.
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


@dataclass(frozen=True)
class Judge:
    """Trees over the features of one kind of candidate. All arrays are (trees, nodes)."""

    feature: np.ndarray = field(repr=False)
    threshold: np.ndarray = field(repr=False)
    left: np.ndarray = field(repr=False)
    right: np.ndarray = field(repr=False)
    value: np.ndarray = field(repr=False)
    """Of a leaf: what it adds to the log-odds. A leaf is its own left and right."""
    base: float
    depth: int
    least: float
    """Probability from which a candidate answers."""

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """Return for each row of features, (n, features), the probability that the candidate answers, (n,)."""
        trees = np.arange(len(self.feature))
        at = np.zeros((len(features), len(trees)), int)
        for _ in range(self.depth):
            wanted = self.feature[trees, at]
            goes_left = np.take_along_axis(features, wanted, 1) <= self.threshold[trees, at]
            at = np.where(goes_left, self.left[trees, at], self.right[trees, at])
        odds = self.base + self.value[trees, at].sum(1)
        return np.asarray(1 / (1 + np.exp(-odds)))

    def judged(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Return the candidates with their probabilities, likeliest first."""
        if not candidates:
            return []
        chances = self.probabilities(np.stack([candidate.features for candidate in candidates]))
        rated = [replace(c, probability=float(p)) for c, p in zip(candidates, chances, strict=True)]
        return sorted(rated, key=lambda candidate: -candidate.probability)


_ONE = np.zeros((1, 1), int)
UNTRAINED = Judge(_ONE, np.zeros((1, 1)), _ONE, _ONE, np.zeros((1, 1)), base=0.0, depth=0, least=0.0)
"""Finds every candidate as likely as not, so that candidates can be observed before there are trees."""


@cache
def load_judge(kind: Kind) -> Judge:
    """Load the judge of figures or of sentences that comes with the package."""
    folder = resources.files("assistant.answering").joinpath("weights")
    if not folder.joinpath(f"{kind}.npz").is_file():
        return UNTRAINED
    manifest = json.loads(folder.joinpath("judge.json").read_text("utf-8"))[kind]
    with np.load(BytesIO(folder.joinpath(f"{kind}.npz").read_bytes()), allow_pickle=False) as arrays:
        trees = {name: arrays[name] for name in ("feature", "threshold", "left", "right", "value")}
    return Judge(**trees, base=manifest["base"], depth=manifest["depth"], least=manifest["least"])
