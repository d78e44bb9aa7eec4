from __future__ import annotations

from pathlib import Path

import pytest

from assistant.language.lexicon import Lexicon
from assistant.retrieval.retriever import Retriever
from assistant.retrieval.shelf import Shelf


@pytest.fixture(scope="session")
def retriever(seeded_home: Path, shelf: Shelf, lexicon: Lexicon) -> Retriever:
    """Real vectors and the real model; the exact search, since the store has tests of its own."""
    from embeddings import ExactIndex, open_encoder

    encoder = open_encoder("bundled", seeded_home / "models")
    return Retriever(shelf, encoder, ExactIndex(*shelf.library.vectors()), lexicon)
