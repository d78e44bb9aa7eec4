"""The embedded index on disk, in generations: built aside by a child, checked by a second, made current by one rename.

Chroma's files do not survive a kill while it writes, and merely opening them writes. So nobody writes to a generation
once it is sealed: a reader works on a private copy, whose checksums it compares before Chroma touches a byte of it.

    root/CURRENT                 name of the generation in force
    root/generation-…/           record.json (manifest, sizes, SHA-256) and store/ (Chroma's files)
    root/building-…/             one being built; whatever is found when nobody builds is rubbish
    root/reader-…/               a reader's private copy, with a lock on it for as long as the reader lives
"""

from __future__ import annotations

import fcntl
import json
import shutil
import tempfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from embeddings.builder import RECORD, spool
from embeddings.child import run_module
from embeddings.durable import checksums, locked, replace_text
from embeddings.errors import EmbeddingError, IndexDamaged, IndexMismatch, IndexMissing
from embeddings.index import Hit, check_entries
from embeddings.private_copy import PrivateCopy, stale_copies, sweep_copies


class GenerationIndex:
    """The current generation, opened for search; satisfies `VectorIndex`. Close it, or let it be collected."""

    def __init__(self, copy: PrivateCopy, name: str) -> None:
        from embeddings.store import Store

        self.name = name
        """Name of the generation; an answer comes from one."""
        self._copy = copy
        self._store = Store(copy.directory)
        self._count = len(self._store)

    def search(self, query: np.ndarray, k: int, groups: Collection[str] | None = None) -> list[Hit]:
        """Find the `k` nearest entries. Raises `IndexDamaged` where Chroma cannot answer."""
        return self._store.search(query, k, groups)

    def ids(self) -> list[str]:
        """List the ids of all entries."""
        return self._store.ids()

    def __len__(self) -> int:
        return self._count

    def close(self) -> None:
        """Release the files and remove the private copy."""
        self._store.close()
        self._copy.remove()


def build_generation(
    root: Path, manifest: Mapping[str, str], ids: Sequence[str], groups: Sequence[str], vectors: np.ndarray
) -> Path:
    """Build a generation from all entries, check it and make it current; gives its directory.

    `vectors` is (n, d) float32. Until it succeeds the generation before stays in force, whatever is killed. One build at
    a time; a second one waits. Raises `ValueError` on entries that do not match, `IndexDamaged` where a child failed.
    """
    check_entries(ids, groups, vectors)
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The children inherit the lock: should this process be killed, the next build waits until they have ended.
        with locked(root / "build.lock") as descriptor:
            for rubbish in root.glob("building-*"):
                shutil.rmtree(rubbish)
            part = Path(tempfile.mkdtemp(prefix="building-", dir=root))
            try:
                spool(part, dict(manifest), list(ids), list(groups), vectors)
                for step in ("build", "check"):
                    _run_step(step, part, descriptor)
                return _make_current(root, part)
            finally:
                shutil.rmtree(part, ignore_errors=True)
    except OSError as error:
        raise IndexDamaged(f"向量索引写不进磁盘：{error.strerror}。", f"请检查目录 {root} 和磁盘空间。") from error


def open_generation(root: Path, manifest: Mapping[str, str]) -> GenerationIndex:
    """Open the current generation for search.

    Raises `IndexMissing` where there is none, `IndexMismatch` where it was built under another manifest and
    `IndexDamaged` where a file is not what was built, in that order; Chroma never sees a damaged file.
    """
    while True:
        name = _current(root)
        try:
            return _open(root, root / name, manifest)
        except IndexDamaged:
            # A build may have put another one in its place between the two reads, and removed this one.
            if _current(root) == name:
                raise


def entry_count(root: Path) -> int:
    """Return how many entries the current generation has by its record; 0 where none can be read."""
    try:
        return int(json.loads((root / _current(root) / RECORD).read_text("utf-8"))["count"])
    except (EmbeddingError, OSError, ValueError, KeyError, TypeError):
        return 0


def check_generation(root: Path, manifest: Mapping[str, str]) -> None:
    """Compare the current generation's files with its record, without opening them; raises as `open_generation` does."""
    generation = root / _current(root)
    if checksums(generation / "store") != _recorded(generation, manifest)["files"]:
        raise IndexDamaged("向量索引的文件不完整或被改动过（校验和不符）。")


def discard_generations(root: Path) -> None:
    """Remove what is built; readers keep their copies until they open another."""
    (root / "CURRENT").unlink(missing_ok=True)
    for generation in root.glob("generation-*"):
        shutil.rmtree(generation, ignore_errors=True)


def leftovers(root: Path) -> list[Path]:
    """Return what builds and readers left behind that were killed; nothing of a build that goes on."""
    if not root.is_dir():
        return []
    with (root / "build.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return [*root.glob("building-*"), *stale_copies(root)]
        except BlockingIOError:
            return stale_copies(root)


def _current(root: Path) -> str:
    try:
        name = (root / "CURRENT").read_text("utf-8").strip()
    except FileNotFoundError:
        raise IndexMissing("还没有建立向量索引。") from None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamaged(f"向量索引的 CURRENT 文件读不出来：{error}") from error
    if not name.startswith("generation-") or "/" in name:
        raise IndexDamaged("向量索引的 CURRENT 文件内容不对。")
    return name


def _open(root: Path, generation: Path, manifest: Mapping[str, str]) -> GenerationIndex:
    record = _recorded(generation, manifest)
    try:
        copy = PrivateCopy(root, generation / "store")
    except OSError as error:
        raise IndexDamaged(f"向量索引的文件读不出来：{error.strerror}。") from error
    try:
        if checksums(copy.directory) != record["files"]:
            raise IndexDamaged("向量索引的文件不完整或被改动过（校验和不符）。")
        index = GenerationIndex(copy, generation.name)
        if len(index) != record["count"]:
            raise IndexDamaged(f"向量索引应有 {record['count']} 条，实有 {len(index)} 条。")
        return index
    except EmbeddingError:
        copy.remove()
        raise
    except Exception as error:  # Chroma's engine raises bare errors of its own making.
        copy.remove()
        raise IndexDamaged(f"向量索引打不开：{error}") from error


def _recorded(generation: Path, manifest: Mapping[str, str]) -> dict[str, Any]:
    """Read a generation's record; raises `IndexDamaged` where it cannot be read and `IndexMismatch` under another manifest."""
    try:
        record = json.loads((generation / RECORD).read_text("utf-8"))
        built_under, _ = dict(record["manifest"]), dict(record["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged("向量索引的清单缺失或损坏。") from error
    differing = sorted(key for key in {*built_under, *manifest} if built_under.get(key) != manifest.get(key))
    if differing:
        key = differing[0]
        was, now = built_under.get(key), manifest.get(key)
        raise IndexMismatch(f"向量索引是在另一种设置下建立的：{key} 当时是 {was}，现在是 {now}。")
    return dict(record)


def _run_step(step: str, part: Path, descriptor: int) -> None:
    finished = run_module("embeddings.builder", step, str(part), keep_open=(descriptor,))
    if finished.returncode:
        last = (finished.stderr.strip().splitlines() or [f"退出码 {finished.returncode}"])[-1]
        raise IndexDamaged(f"向量索引没有建成（{step}）：{last}", "请再运行一次；此前的索引仍然有效。")


def _make_current(root: Path, part: Path) -> Path:
    for spooled in ("vectors.npy", "entries.json"):
        (part / spooled).unlink()
    generation = root / part.name.replace("building-", "generation-", 1)
    part.rename(generation)
    replace_text(root / "CURRENT", generation.name)
    # Readers have copies of their own, so the generations before can go at once.
    for old in root.glob("generation-*"):
        if old != generation:
            shutil.rmtree(old, ignore_errors=True)
    sweep_copies(root)
    return generation
