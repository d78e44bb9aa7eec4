"""The only door to Chroma: an embedded store in a directory, and a server by URL.

Vectors are always passed in and cosine is the measure; Chroma's own embedding function, which downloads a model, stays off.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from embeddings.errors import IndexDamaged, ServerUnusable
from embeddings.index import ExactIndex, Hit, check_entries, merged, repeated

COLLECTION = "entries"
BATCH = 2000
"""Entries an upsert; below Chroma's own limit of 5461."""
SECONDS = 30.0
"""What a call to a server may take."""
SEARCHED = 256
"""Candidates that HNSW keeps (`ef_search`). With Chroma's 100, two of 60 queries over 3,000 vectors missed one of the top 10."""


class EmbeddedStore:
    """A Chroma store in a directory that belongs to this process alone: merely opening one writes to its files."""

    def __init__(self, directory: Path) -> None:
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False, is_persistent=True)
        self._client: Any = chromadb.PersistentClient(path=str(directory), settings=settings)

    def fill(self, ids: Sequence[str], groups: Sequence[str], vectors: np.ndarray) -> None:
        """Write all entries into an empty store and close it."""
        # One synchronisation, at the last entry: otherwise the rest stays in a log that each opening replays.
        hnsw: Any = {
            "space": "cosine",
            "ef_search": SEARCHED,
            "sync_threshold": max(2, len(ids)),
            "batch_size": max(2, min(100, len(ids))),
        }
        collection = self._client.create_collection(
            COLLECTION,
            embedding_function=None,
            configuration={"hnsw": hnsw},
        )
        _upsert(collection, ids, groups, vectors)
        self.close()

    def ids(self) -> list[str]:
        """List the ids of all entries."""
        held: list[str] = self._collection().get(include=[])["ids"]
        return held

    def __len__(self) -> int:
        return int(self._collection().count())

    def search(self, query: np.ndarray, k: int, groups: Collection[str] | None = None) -> list[Hit]:
        """Find the `k` nearest entries. Raises `IndexDamaged` where Chroma cannot answer."""
        try:
            return _search(self._collection(), query, k, groups)
        except Exception as error:  # Chroma's engine raises bare errors of its own making.
            raise IndexDamaged(f"向量索引查询失败：{error}") from error

    def close(self) -> None:
        """Release the files."""
        self._client.close()

    def _collection(self) -> Any:
        return self._client.get_collection(COLLECTION, embedding_function=None)


class ServerIndex:
    """A collection on a Chroma server, named after the manifest; another manifest is another collection.

    The server knows no login of ours: keep it on a private network. Every method raises `ServerUnusable` where it fails.
    """

    def __init__(self, url: str, manifest: Mapping[str, str]) -> None:
        import chromadb
        from chromadb.config import Settings

        address = urlsplit(url)
        secure = address.scheme == "https"
        self.name = f"entries-{hashlib.sha256(json.dumps(dict(manifest), sort_keys=True).encode()).hexdigest()[:24]}"
        self._url = url
        self._repeats = ExactIndex([], [], np.empty((0, 0), np.float32))
        with self._translated():
            self._client: Any = chromadb.HttpClient(
                host=address.hostname or "",
                port=address.port or (443 if secure else 80),
                ssl=secure,
                settings=Settings(anonymized_telemetry=False),
            )
            # Chroma waits for ever and leaves its connections open at `close`; its client offers no other way to say so.
            servers = (self._client._server, self._client._admin_client._server)
            self._sessions: list[Any] = [server._session for server in servers]
            for session in self._sessions:
                session.timeout = SECONDS
            self._collection: Any = self._client.get_or_create_collection(
                self.name,
                embedding_function=None,
                configuration={"hnsw": {"space": "cosine", "ef_search": SEARCHED}},
            )

    def sync(self, ids: Sequence[str], groups: Sequence[str], vectors: np.ndarray) -> None:
        """Make the index hold exactly these entries; one whose id is there already is taken to be the same.

        What is there many times stays in this process: see `embeddings.store`.
        """
        check_entries(ids, groups, vectors)
        again = repeated(vectors)
        distinct, rest = np.flatnonzero(~again).tolist(), np.flatnonzero(again).tolist()
        self._repeats = ExactIndex([ids[row] for row in rest], [groups[row] for row in rest], vectors[rest])
        ids, groups, vectors = [ids[row] for row in distinct], [groups[row] for row in distinct], vectors[distinct]
        with self._translated():
            present = set(self._collection.get(include=[])["ids"])
            gone = sorted(present.difference(ids))
            for start in range(0, len(gone), BATCH):
                self._collection.delete(ids=gone[start : start + BATCH])
            new = [row for row, entry in enumerate(ids) if entry not in present]
            _upsert(self._collection, [ids[row] for row in new], [groups[row] for row in new], vectors[new])
            count = self._collection.count()
        if count != len(ids):
            raise ServerUnusable(f"Chroma 服务收到 {len(ids)} 条向量，却只有 {count} 条。", "请稍后重新同步。")

    def search(self, query: np.ndarray, k: int, groups: Collection[str] | None = None) -> list[Hit]:
        """Find the `k` nearest entries."""
        with self._translated():
            found = _search(self._collection, query, k, groups)
        return merged(found, self._repeats.search(query, k, groups), k)

    def __len__(self) -> int:
        with self._translated():
            return int(self._collection.count()) + len(self._repeats)

    def close(self) -> None:
        """Release the connections."""
        self._client.close()
        for session in self._sessions:
            session.close()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # The client raises errors of chromadb, of httpx and bare ValueErrors alike.
            raise ServerUnusable(f"Chroma 服务（{self._url}）不能用：{error}") from error


def _upsert(collection: Any, ids: Sequence[str], groups: Sequence[str], vectors: np.ndarray) -> None:
    for start in range(0, len(ids), BATCH):
        part = slice(start, start + BATCH)
        metadatas = [{"group": group} for group in groups[part]]
        collection.upsert(ids=list(ids[part]), embeddings=vectors[part], metadatas=metadatas)


def _search(collection: Any, query: np.ndarray, k: int, groups: Collection[str] | None) -> list[Hit]:
    if k < 1 or (groups is not None and not groups):
        return []
    found = collection.query(
        query_embeddings=[np.asarray(query, np.float32)],
        n_results=k,
        where=None if groups is None else {"group": {"$in": sorted(set(groups))}},
        include=["distances"],
    )
    return [Hit(id, 1.0 - distance) for id, distance in zip(found["ids"][0], found["distances"][0], strict=True)]
