"""Softmax heads that read intent, role, measure and kind of answer from a question's wording and its vector.

Each head is a multinomial logistic regression over the n-grams of the masked wording and the vector that the dense search
computes anyway. `assistant.training` makes the weights from `seeds/asked`; here they are only used.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from io import BytesIO
from typing import Literal, cast

import numpy as np

from assistant.language.lexicon import Lexicon
from assistant.language.regions import Gazetteer
from assistant.query.masking import masked, ngrams
from assistant.types import Role

Intent = Literal["value", "comparison", "list", "topic", "passage", "check", "library"]
Wants = Literal["number", "names", "text", "yesno"]
AskedMeasure = Literal["growth", "amount", "share", "rank"]

SLOTS = ("intent", "role", "measure", "wants", "matter")
GRAM, RULE, VECTOR = 0.3, 1.5, 6.0
"""Scales that put n-grams, rules and vector on one footing for the one penalty of the regression: a rule's word is worth more than a run."""
REMEMBERED = 512
"""Questions of which the reading is kept."""
SURE_OF_KIND = 0.6
"""From which probability growth or amount is taken as told: 「GDP目标是多少」 tells neither."""
SURE = 0.6
"""From which probability a role is taken as told: below it, both roles are looked for."""
SURE_OF_INTENT = 0.5
OFF_TOPIC = 0.5
"""From which probability a question is taken to be about something else than reports."""


@dataclass(frozen=True)
class Asked:
    """Probabilities of what a question asks for, by slot and value; the value "" of role and measure means: not told."""

    of: Mapping[str, Mapping[str, float]]

    def probability(self, slot: str, value: str) -> float:
        """Return how likely a value of a slot is, 0 to 1."""
        return self.of[slot].get(value, 0.0)

    def settled(self, slot: str, value: str) -> Asked:
        """The same reading with one slot known for certain."""
        return Asked({**self.of, slot: {value: 1.0}})

    @property
    def intent(self) -> Intent:
        return cast(Intent, self._likeliest("intent"))

    @property
    def wants(self) -> Wants:
        return cast(Wants, self._likeliest("wants"))

    @property
    def role(self) -> Role | None:
        """Goal or result, where the wording tells surely enough."""
        roles: tuple[Role, ...] = ("target", "actual")
        return next((role for role in roles if self.probability("role", role) >= SURE), None)

    @property
    def measure(self) -> AskedMeasure | None:
        value = self._likeliest("measure")
        return cast(AskedMeasure, value) if value and self.probability("measure", value) >= SURE_OF_KIND else None

    @property
    def is_off_topic(self) -> bool:
        """Whether what is asked is surely no matter of a report: tomorrow's weather, a poem, somebody's own flat."""
        return self.probability("matter", "other") >= OFF_TOPIC

    @property
    def is_unsure(self) -> bool:
        """Whether no intent is likelier than all others together."""
        return max(self.of["intent"].values()) < SURE_OF_INTENT

    def _likeliest(self, slot: str) -> str:
        return max(self.of[slot], key=self.of[slot].__getitem__)


NOTHING_ASKED = Asked(
    {
        "intent": {"passage": 1.0},
        "role": {"": 1.0},
        "measure": {"": 1.0},
        "wants": {"text": 1.0},
        "matter": {"reports": 1.0},
    }
)
"""What a question asks of which no wording was read."""


def scale_of(gram: str) -> float:
    """Return what an n-gram or a rule counts in the regression."""
    return RULE if gram.startswith("<") else GRAM


@dataclass(frozen=True)
class Heads:
    """The learned weights: one column an n-gram of the vocabulary, then one a dimension of the vector, then the bias."""

    vocabulary: Mapping[str, int]
    mean: np.ndarray = field(repr=False)
    """Mean vector of the training questions, (d,)."""
    weights: Mapping[str, np.ndarray] = field(repr=False)
    """For each slot (classes, n-grams + d + 1) float32."""
    classes: Mapping[str, tuple[str, ...]]

    def read(self, wording: str, vector: np.ndarray) -> Asked:
        """Return what is asked, from a masked wording and the question's vector, (d,) float32."""
        known = sorted(gram for gram in ngrams(wording) if gram in self.vocabulary)
        columns, scales = [self.vocabulary[gram] for gram in known], np.array([scale_of(gram) for gram in known])
        dense = VECTOR * (vector - self.mean)
        return Asked({slot: self._softmax(slot, columns, scales, dense) for slot in SLOTS})

    def _softmax(self, slot: str, columns: list[int], scales: np.ndarray, dense: np.ndarray) -> dict[str, float]:
        weights, size = self.weights[slot], len(self.vocabulary)
        logits = weights[:, columns] @ scales + weights[:, size:-1] @ dense + weights[:, -1]
        powers = np.exp(logits - logits.max())
        return {name: float(share) for name, share in zip(self.classes[slot], powers / powers.sum(), strict=True)}


@cache
def load_heads() -> Heads:
    """Load the weights that come with the package."""
    folder = resources.files("assistant.query").joinpath("weights")
    manifest = json.loads(folder.joinpath("heads.json").read_text("utf-8"))
    with np.load(BytesIO(folder.joinpath("heads.npz").read_bytes()), allow_pickle=False) as arrays:
        vocabulary = {gram: at for at, gram in enumerate(arrays["vocabulary"].tolist())}
        weights = {slot: arrays[slot].astype(np.float32) for slot in SLOTS}
        mean = arrays["mean"].astype(np.float32)
    classes = {slot: tuple(manifest["classes"][slot]) for slot in SLOTS}
    return Heads(vocabulary, mean, weights, classes)


class Wording:
    """Reads what questions ask for; remembers the last ones, since a question is read in several places."""

    def __init__(self, encode: Callable[[str], np.ndarray], lexicon: Lexicon, heads: Heads | None = None) -> None:
        """`encode` gives the vector that the heads were trained on: that of the bundled model."""
        self._encode = encode
        self._lexicon = lexicon
        self._heads = heads or load_heads()
        self._read = lru_cache(maxsize=REMEMBERED)(self._read_anew)

    def read(self, text: str, gazetteer: Gazetteer) -> Asked:
        """Return what a whole question asks for; the gazetteer tells which of its words are places."""
        return self._read(text, masked(text, gazetteer, self._lexicon))

    def _read_anew(self, text: str, wording: str) -> Asked:
        return self._heads.read(wording, self._encode(text))
