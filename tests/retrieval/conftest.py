from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.corpus.library import Library
from assistant.language.lexicon import Lexicon, load_lexicon
from assistant.retrieval.question import Understanding
from assistant.retrieval.retriever import Retriever
from assistant.retrieval.shelf import Shelf


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
def retriever(seeded_home: Path, shelf: Shelf, lexicon: Lexicon) -> Retriever:
    """Real vectors and the real model; the exact search, since the store has tests of its own."""
    from embeddings import ExactIndex, open_encoder

    encoder = open_encoder("bundled", seeded_home / "models")
    return Retriever(shelf, encoder, ExactIndex(*shelf.library.vectors()), lexicon)
