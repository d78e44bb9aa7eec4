from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant, Turn, open_assistant
from assistant.corpus.library import Library
from assistant.evaluation.gold import GoldSet, load_gold
from assistant.evaluation.metrics import Judged, judge

QUESTIONS = Path(__file__).resolve().parents[2] / "seeds" / "questions.jsonl"


@pytest.fixture(scope="session")
def assistant(seeded_home: Path) -> Iterator[Assistant]:
    """The whole assistant on the five seeds: real store, real model."""
    whole = open_assistant(home=seeded_home)
    yield whole
    whole.close()


@pytest.fixture(scope="session")
def library(seeded_home: Path) -> Iterator[Library]:
    with Library.open(seeded_home / "library.db") as held:
        yield held


@pytest.fixture(scope="session")
def gold() -> GoldSet:
    return load_gold([QUESTIONS])


@pytest.fixture(scope="session")
def judged(assistant: Assistant, gold: GoldSet) -> list[Judged]:
    """Every third gold question, answered for real and judged."""
    some = []
    for question in gold.questions[::3]:
        answer = assistant.ask(question.question, [Turn(earlier) for earlier in question.history])
        some.append(judge(question, answer, answer.seconds))
    return some
