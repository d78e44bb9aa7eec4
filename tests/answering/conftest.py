from __future__ import annotations

from pathlib import Path

import pytest

from assistant import Assistant
from assistant.evaluation.gold import load_gold
from assistant.evaluation.run import Evaluation, evaluate

QUESTIONS = Path(__file__).resolve().parents[2] / "seeds" / "questions.jsonl"


@pytest.fixture(scope="session")
def evaluation(assistant: Assistant) -> Evaluation:
    """All gold questions asked once."""
    return evaluate(assistant, load_gold([QUESTIONS]))
