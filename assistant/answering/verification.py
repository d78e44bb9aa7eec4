"""The check that no figure reaches a reader without a passage that holds it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from math import isclose

from assistant.language.periods import find_periods
from assistant.language.quantities import Quantity, find_quantities, same_figure
from assistant.types import Figure


def unsupported(text: str, paragraphs: Sequence[str], computed: Iterable[Figure] = ()) -> list[str]:
    """Return the figures of a text that no paragraph holds and no arithmetic gave, as they are written.

    A figure is held by value and unit, with digit boundaries, never by overlap of characters: 5% is not held by 6.5%.
    Years and dates are none; whether they are the right ones is seen to where statements are chosen.
    """
    held = [quantity for paragraph in paragraphs for quantity in find_quantities(paragraph)]
    sums = [(figure.unit, figure.value) for figure in computed]
    return [
        quantity.text
        for quantity in find_quantities(_without_periods(text))
        if not any(same_figure(quantity, other) for other in held) and not _is_computed(quantity, sums)
    ]


def _is_computed(quantity: Quantity, sums: Sequence[tuple[str, float]]) -> bool:
    return any(quantity.unit == unit and isclose(float(quantity.value), value, rel_tol=1e-9) for unit, value in sums)


def _without_periods(text: str) -> str:
    """The text with years, spans and dates blanked, so that none is taken for a figure."""
    characters = list(text)
    for mention in find_periods(text):
        characters[mention.start : mention.end] = [" "] * (mention.end - mention.start)
    return re.sub(r"\d{1,2}月\d{1,2}日", " ", "".join(characters))
