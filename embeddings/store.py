"""A whole store in a directory: Chroma's graph for what differs, exact search for what is there many times.

Entries that are all but equal make HNSW lose its way: its links then lead from one of them to the next and nowhere else. With 500
equal ones among 1,500 entries it no longer found other entries by their own vectors.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np

from embeddings.chroma import EmbeddedStore
from embeddings.index import ExactIndex, Hit, merged, repeated

_REPEATS = "repeats.npz"


class Store:
    """Satisfies `VectorIndex`; the directory belongs to this process alone, as an `EmbeddedStore`'s does."""

    def __init__(self, directory: Path) -> None:
        self._distinct = EmbeddedStore(directory)
        self._repeated_ids: list[str] = []
        self._repeats = ExactIndex([], [], np.empty((0, 0), np.float32))
        if (directory / _REPEATS).exists():  # a store of an older version has Chroma's files alone
            with np.load(directory / _REPEATS, allow_pickle=False) as kept:
                self._repeated_ids = kept["ids"].tolist()
                self._repeats = ExactIndex(self._repeated_ids, kept["groups"].tolist(), kept["vectors"])

    def search(self, query: np.ndarray, k: int, groups: Collection[str] | None = None) -> list[Hit]:
        """Find the `k` nearest entries. Raises `IndexDamaged` where Chroma cannot answer."""
        return merged(self._distinct.search(query, k, groups), self._repeats.search(query, k, groups), k)

    def ids(self) -> list[str]:
        """List the ids of all entries."""
        return [*self._distinct.ids(), *self._repeated_ids]

    def __len__(self) -> int:
        return len(self._distinct) + len(self._repeats)

    def close(self) -> None:
        """Release the files."""
        self._distinct.close()


def write_store(directory: Path, ids: Sequence[str], groups: Sequence[str], vectors: np.ndarray) -> None:
    """Write all entries into an empty directory."""
    again = repeated(vectors)
    distinct, rest = np.flatnonzero(~again).tolist(), np.flatnonzero(again).tolist()
    EmbeddedStore(directory).fill([ids[row] for row in distinct], [groups[row] for row in distinct], vectors[distinct])
    ids_again, groups_again = ([names[row] for row in rest] for names in (ids, groups))
    np.savez(
        directory / _REPEATS, ids=np.array(ids_again, str), groups=np.array(groups_again, str), vectors=vectors[rest]
    )
