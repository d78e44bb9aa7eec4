"""Vectors of questions and of the words that may answer them, each computed once."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

REMEMBERED = 20_000
"""Texts whose vector is kept: 30 MB. A question brings at most 25 new ones, of 5 ms each."""


class Vectors:
    """Gives the vector of a text, (d,) float32, L2-normalised; the same text is encoded once."""

    def __init__(self, encode: Callable[[str], np.ndarray]) -> None:
        self.encode_query = lru_cache(maxsize=REMEMBERED)(encode)
