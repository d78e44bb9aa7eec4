"""What a check-up says: one sentence a finding, how grave it is, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Level = Literal["good", "note", "wrong"]
"""As it should be; worth knowing; to be mended."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    level: Level
    area: str
    """What was looked at, in a word: 资料库, 向量索引."""
    sentence: str
    remedy: str = ""
    """What a person does about it."""
    mend: Callable[[], object] | None = None
    """Does it, where that is safe: it takes nothing away that cannot be made again."""
