"""Text to vectors, and near vectors found again; strings, ids, vectors and scores are all it knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from embeddings.errors import (
    EmbeddingError,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    ModelDamaged,
    ModelMissing,
    ServerUnusable,
)

if TYPE_CHECKING:
    from embeddings.bundled import is_converted
    from embeddings.chroma import ServerIndex
    from embeddings.encoder import Encoder, open_encoder
    from embeddings.generation import (
        build_generation,
        check_generation,
        discard_generations,
        entry_count,
        leftovers,
        open_generation,
    )
    from embeddings.index import ExactIndex, Hit, VectorIndex

__all__ = [
    "EmbeddingError",
    "Encoder",
    "ExactIndex",
    "Hit",
    "IndexDamaged",
    "IndexMismatch",
    "IndexMissing",
    "ModelDamaged",
    "ModelMissing",
    "ServerIndex",
    "ServerUnusable",
    "VectorIndex",
    "build_generation",
    "check_generation",
    "discard_generations",
    "entry_count",
    "is_converted",
    "leftovers",
    "open_encoder",
    "open_generation",
]

_HOME = {
    "Encoder": "encoder",
    "ExactIndex": "index",
    "Hit": "index",
    "ServerIndex": "chroma",
    "VectorIndex": "index",
    "build_generation": "generation",
    "check_generation": "generation",
    "discard_generations": "generation",
    "entry_count": "generation",
    "is_converted": "bundled",
    "leftovers": "generation",
    "open_encoder": "encoder",
    "open_generation": "generation",
}


def __getattr__(name: str) -> object:
    # Looked up at first use, so that importing the package costs nothing (PEP 562).
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"embeddings.{_HOME[name]}"), name)
