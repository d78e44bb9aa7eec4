"""What hedges mean: 左右 may become 约, but neither may be dropped or become 以上. The words stand in `rules/hedges.toml`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.language.ruleset import read_table, words_pattern

if TYPE_CHECKING:
    from assistant.language.quantities import Quantity

_ROWS = read_table("hedges")["rule"]


def _all(place: str) -> str:
    return words_pattern([word for row in _ROWS for word in row.get(place, ())])


HEDGES: dict[str, tuple[str, ...]] = {row["name"]: tuple(row["words"]) for row in _ROWS}
"""Hedges that say the same, by what they mean."""
INSIDE = _all("inside")
"""Source of a pattern for hedges between a number and its unit: 300多家."""
_MEANING = {word: meaning for meaning, words in HEDGES.items() for word in words}
_NO_HEDGE = r"(?<![签条公合预节制集大特最附])"
"""新签约150个 is not 约150个."""
BEFORE = re.compile(rf"(?P<hedge>{_NO_HEDGE}(?:{_all('before')}))(?:达|到|至|了|为)?$")
AFTER = re.compile(rf"(?:{_all('after')})|(?<=倍)多")
OPENINGS = tuple(word for row in _ROWS for word in row.get("opening", ()))
"""Hedges that open a sentence and hold for all of it: 力争, 预计."""
OPENING = re.compile(_all("opening").replace("拟", "(?<!虚)(?<!模)拟(?!定)"))


def meanings(hedges: Sequence[str]) -> frozenset[str]:
    """Return what hedges mean, by the groups of `HEDGES`; one that is in no group means itself."""
    return frozenset(_MEANING.get(hedge, hedge) for hedge in hedges)


def hedged(quantity: Quantity, text: str) -> frozenset[str]:
    """Return what the hedges of a quantity mean, with those that open its sentence: 力争、预计、拟 hold for all of it."""
    return meanings(quantity.hedges) | opened_by(text[: quantity.start])


def opened_by(text: str) -> frozenset[str]:
    """Return what the hedges mean that open the sentence at the end of a text, and hold for what follows in it."""
    return meanings(opening_hedges(text))


def opening_hedges(text: str) -> list[str]:
    """Return the hedges that open the sentence at the end of a text."""
    start = max(text.rfind(mark) for mark in "。；;\n") + 1
    return OPENING.findall(text[start:])
