from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.corpus.library import Library
from assistant.evaluation.gold import GoldSet, load_gold
from assistant.evaluation.metrics import Judged
from assistant.evaluation.run import Evaluation

QUESTIONS = Path(__file__).resolve().parents[2] / "seeds" / "questions.jsonl"


@pytest.fixture(scope="session")
def library(seeded_home: Path) -> Iterator[Library]:
    with Library.open(seeded_home / "library.db") as held:
        yield held


@pytest.fixture(scope="session")
def gold() -> GoldSet:
    return load_gold([QUESTIONS])


@pytest.fixture(scope="session")
def judged(evaluation: Evaluation) -> list[Judged]:
    """Every third gold question, answered for real and judged."""
    return list(evaluation.judged[::3])
