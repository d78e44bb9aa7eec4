from __future__ import annotations

from pathlib import Path

import pytest

from assistant import Assistant
from tests.benchmarks import gold

QUESTIONS = Path(__file__).resolve().parents[2] / "seeds" / "questions.jsonl"


@pytest.fixture(scope="session")
def score(assistant: Assistant) -> gold.Score:
    """All gold questions asked once."""
    return gold.run(assistant, gold.load(QUESTIONS))
