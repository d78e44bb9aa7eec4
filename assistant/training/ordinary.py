"""Which nouns every report uses, so that a writer may use them too: those that stand in one of seven of many reports."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from assistant.language.words import Segmenter

LEAST = 0.15
"""Share of the reports that must have a word for it to tell none from another."""
_NAMES = ("nr", "ns", "nt")
"""Parts of speech of people, places and bodies: 成渝 stands in many reports, and is a name all the same."""
_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")


def train_ordinary(texts: Iterable[str], segmenter: Segmenter) -> tuple[list[str], int]:
    """Return the nouns, and words of no known kind, that at least `LEAST` of the texts have, and how many texts there were."""
    seen: Counter[str] = Counter()
    count = 0
    for text in texts:
        seen.update({word for run in _HAN.findall(text) for word in segmenter.cut(run) if len(word) > 1})
        count += 1
    common = [word for word, n in seen.items() if n >= LEAST * count and segmenter.may_name(word)]
    return sorted(word for word in common if segmenter.part_of_speech(word) not in _NAMES), count


def save_ordinary(words: list[str], count: int, folder: Path) -> None:
    """Write the words, and how many reports they were counted in."""
    whole = {"reports": count, "share": LEAST, "words": words}
    (folder / "ordinary.json").write_text(json.dumps(whole, ensure_ascii=False, indent=0) + "\n", "utf-8")
