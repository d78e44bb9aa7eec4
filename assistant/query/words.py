"""How much of what is asked a word of a question carries; the shares are learned (`assistant.training.words`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources

LEAST = 0.12
"""Share below which a word is taken to say nothing of what is asked about."""


@cache
def shares() -> Mapping[str, float]:
    """Return the words of asking with the share of weight that each keeps, 0 to 1."""
    file = resources.files("assistant.query").joinpath("weights", "words.json")
    found: dict[str, float] = json.loads(file.read_text("utf-8"))
    return found


def share_of(word: str) -> float:
    """Return the share of its weight that a word keeps; 1 for words beyond the list."""
    return shares().get(word.lower(), 1.0)
