from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant import Assistant, open_assistant
from assistant.corpus.library import Library
from assistant.language.lexicon import Lexicon, load_lexicon
from assistant.retrieval.question import Understanding
from assistant.retrieval.shelf import Shelf
from tests.benchmarks import gold

QUESTIONS = Path(__file__).resolve().parents[2] / "seeds" / "questions.jsonl"


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.fixture(scope="session")
def shelf(seeded_home: Path) -> Iterator[Shelf]:
    """The five seed reports."""
    with Library.open(seeded_home / "library.db") as library:
        yield Shelf.of(library)


@pytest.fixture(scope="session")
def understanding(shelf: Shelf, lexicon: Lexicon) -> Understanding:
    """Reads questions as if they were asked in June 2025."""
    return Understanding(shelf.gazetteer, lexicon, today=date(2025, 6, 1))


@pytest.fixture(scope="session")
def assistant(seeded_home: Path) -> Iterator[Assistant]:
    """The whole assistant on the five seeds: real store, real model."""
    whole = open_assistant(home=seeded_home)
    yield whole
    whole.close()


@pytest.fixture(scope="session")
def score(assistant: Assistant) -> gold.Score:
    """All gold questions asked once."""
    return gold.run(assistant, gold.load(QUESTIONS))
