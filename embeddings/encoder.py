"""The encoder: text to vectors, with a sentence-transformers model that is already on this machine."""

from __future__ import annotations

import gc
import hashlib
import logging
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from langchain_core.embeddings import Embeddings

from embeddings import bundled, native
from embeddings.errors import ModelDamaged, ModelMissing

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BUNDLED = "bundled"
BATCH = 32
"""Passages a batch; on two cores 8, 16 and 64 were slower in bf16."""

logger = logging.getLogger(__name__)


class Encoder(Embeddings):
    """Embeds queries and passages, each with the model's own prompt; also a LangChain `Embeddings`.

    The model is loaded when the first vector needs it. Safe to use from several threads.
    """

    identity: str
    """Names the model and its exact files; two encoders with one identity give the same vectors."""

    def __init__(self, identity: str, folder: Callable[[], Path], *, is_bundled: bool = False) -> None:
        self.identity = identity
        self._folder = folder
        self._is_bundled = is_bundled
        self._lock = threading.RLock()
        self._model: SentenceTransformer | None = None
        self._engine: native.QueryEngine | None = None

    @property
    def dimension(self) -> int:
        """Length of a vector; loads a model that is not the bundled one."""
        if self._is_bundled:
            return bundled.DIMENSION
        return int(self._loaded().get_embedding_dimension() or len(self.encode_query("一")))

    def encode_query(self, text: str) -> np.ndarray:
        """Embed one question: (d,) float32, L2-normalised. Raises `ModelMissing` or `ModelDamaged`."""
        if self._is_bundled and native.runs_here():
            return self._query_engine().encode(_encodable(text))
        vector: np.ndarray = _normalised(self._loaded().encode_query([_encodable(text)], show_progress_bar=False))[0]
        return vector

    def encode_passages(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> np.ndarray:
        """Embed passages: (n, d) float32, L2-normalised, in the order given. Raises `ModelMissing` or `ModelDamaged`.

        `progress` receives how many of how many are done, first with 0 before the model is loaded.
        """
        report = progress or (lambda done, total: None)
        report(0, len(texts))
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        if not len(texts):
            return vectors
        model = self._loaded()
        prompt = next((name for name in ("document", "passage", "corpus") if model.prompts.get(name)), None)
        # Texts of like length share a batch, so that little of it is padding.
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]), reverse=True)
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            batch = [_encodable(texts[place]) for place in places]
            vectors[places] = _normalised(
                model.encode_document(batch, prompt_name=prompt, batch_size=BATCH, show_progress_bar=False)
            )
            report(start + len(places), len(texts))
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Embed one question the way LangChain asks for it."""
        vector: list[float] = self.encode_query(text).tolist()
        return vector

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed passages the way LangChain asks for it."""
        vectors: list[list[float]] = self.encode_passages(texts).tolist()
        return vectors

    def _query_engine(self) -> native.QueryEngine:
        with self._lock:
            if self._engine is None:
                self._engine = native.QueryEngine()
            return self._engine

    def _loaded(self) -> SentenceTransformer:
        with self._lock:
            if self._model is None:
                self._model = _load(self._folder, may_use_bf16=self._is_bundled)
            return self._model


def open_encoder(model: str, cache: Path) -> Encoder:
    """Open `bundled` or a sentence-transformers model by name or path; nothing is downloaded, torch is not imported yet.

    Raises `ModelMissing` where the model, or for `bundled` its package, is not on this machine.
    """
    if model == BUNDLED:
        bundled.packed_file()
        identity = f"{bundled.NAME}@{bundled.PACKED_SHA256[:12]}-{bundled.CONVERSION}"
        return Encoder(identity, partial(bundled.converted_beside, cache), is_bundled=True)
    folder = _local_folder(model)
    return Encoder(f"{folder.name if Path(model).is_dir() else model}@{_folder_digest(folder)}", lambda: folder)


def _local_folder(model: str) -> Path:
    if model.strip() and Path(model).expanduser().is_dir():
        return Path(model).expanduser().resolve()
    hint = "请写模型目录的完整路径，或先把模型放进本机的 Hugging Face 缓存；写 bundled 则使用内置模型。"
    try:
        from huggingface_hub import snapshot_download
    except ImportError as error:
        raise ModelMissing("没有安装 sentence-transformers。", "请运行 pip install sentence-transformers。") from error
    # sentence-transformers itself reads a bare name as one of its own organisation's.
    names = [model] if "/" in model else [f"sentence-transformers/{model}", model]
    for name in names:
        try:
            return Path(snapshot_download(name, local_files_only=True))
        except (OSError, ValueError) as error:
            logger.debug("%s is not in the local cache: %s", name, error)
    raise ModelMissing(f"本机没有向量模型 {model}。", hint)


def _folder_digest(folder: Path) -> str:
    """Identify a model by names, sizes and contents; of large files only 1 MB at either end, for speed."""
    digest, ends = hashlib.sha256(), 1 << 20
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()}\0{size}\0".encode())
        with path.open("rb") as file:
            digest.update(file.read(ends))
            file.seek(max(0, size - ends))
            digest.update(file.read(ends))
    return digest.hexdigest()[:12]


def _load(folder: Callable[[], Path], *, may_use_bf16: bool) -> SentenceTransformer:
    for name in ("HF_HUB_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
        os.environ.setdefault(name, "1")
    native.wait_without_spinning()
    with _without_collection(), ThreadPoolExecutor(1) as beside:
        # The import takes about 4 s on one core; a first conversion runs beside it on the other.
        ready = beside.submit(folder)
        try:
            import torch
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging as transformers_logging
        except ImportError as error:
            hint = "请运行 pip install sentence-transformers torch。"
            raise ModelMissing(f"向量模型需要的软件包没有装好：{error}。", hint) from error
        transformers_logging.disable_progress_bar()
        path = ready.result()
    has_bf16 = may_use_bf16 and not torch.cuda.is_available() and _processor_has_bf16(torch.cpu)
    dtype = torch.bfloat16 if has_bf16 else torch.float32
    try:
        with _without_collection():
            return SentenceTransformer(str(path), local_files_only=True, model_kwargs={"dtype": dtype})
    except Exception as error:  # A model folder can fail in as many ways as there are kinds of model.
        hint = "请确认它是完整的 sentence-transformers 模型目录。"
        raise ModelDamaged(f"向量模型 {path.name} 加载失败：{error}", hint) from error


@contextmanager
def _without_collection() -> Iterator[None]:
    # Half a million objects are made and none thrown away; looking for cycles among them takes 1.5 s of 8.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _processor_has_bf16(cpu: object) -> bool:
    # Without these instructions torch emulates bf16, several times slower than fp32. Measured on the bundled model:
    # 89 against 30 passages a second, cosine to fp32 at least 0.996.
    capabilities: Callable[[], dict[str, object]] = getattr(cpu, "get_capabilities", dict)
    found = capabilities()
    return bool(found.get("avx512_bf16") or found.get("amx_bf16"))


def _encodable(text: str) -> str:
    # A lone surrogate cannot be written as UTF-8, and the C engine ends a text at its first NUL.
    return text.encode("utf-8", "replace").decode().replace("\0", " ")


def _normalised(vectors: np.ndarray) -> np.ndarray:
    vectors = np.asarray(vectors, np.float32)
    lengths: np.ndarray = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: np.ndarray = vectors / np.maximum(lengths, 1e-12)
    return unit
