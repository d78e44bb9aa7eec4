"""Looks at the index against the library, and at the embedding model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from assistant.corpus.library import Library
from assistant.corpus.structure import RULES_VERSION
from assistant.errors import IndexMismatch
from assistant.keeping.finding import Finding
from assistant.settings import BUNDLED_MODEL, Settings
from embeddings import (
    EmbeddingError,
    IndexMissing,
    ServerIndex,
    ServerUnusable,
    build_generation,
    check_generation,
    is_converted,
    open_encoder,
)

_AREA = "向量索引"
_MODEL = "向量模型"


def index_findings(settings: Settings, home: Path, library: Library) -> Iterator[Finding]:
    """Compare the index with the library; a server's is made to agree with it whenever it is opened."""
    identities = library.embedding_identities()
    if not identities:
        return
    try:
        ids, groups, vectors = library.vectors()
    except (IndexMismatch, ValueError) as error:
        yield Finding("wrong", _AREA, f"资料库里的向量不一致：{error}", "运行任何提问命令，向量会按当前模型补齐。")
        return
    manifest = {
        "embedding": next(iter(identities)),
        "dimension": str(vectors.shape[1]),
        "passage rules": RULES_VERSION,
        "catalogue": library.state(),
    }
    try:
        if settings.chroma_url is not None:
            yield _server(ServerIndex(settings.chroma_url, manifest), len(ids))
            return
        check_generation(home / "index", manifest)
    except ServerUnusable as error:
        yield Finding("wrong", _AREA, str(error), error.hint)
        return
    except EmbeddingError as error:
        yield Finding(
            "note" if isinstance(error, IndexMissing) else "wrong",
            _AREA,
            str(error),
            "运行 zhengwen doctor --fix 由资料库重新生成；在此之前照常回答。",
            lambda: build_generation(home / "index", manifest, ids, groups, vectors),
        )
        return
    yield Finding("good", _AREA, f"{len(ids)}条，与资料库一致")


def _server(index: ServerIndex, expected: int) -> Finding:
    with closing(index):
        if len(index) == expected:
            return Finding("good", _AREA, f"Chroma 服务上有{expected}条，与资料库一致")
        return Finding(
            "note", _AREA, f"Chroma 服务上有{len(index)}条，资料库有{expected}条。", "下一次提问时自动补齐。"
        )


def model_findings(settings: Settings, home: Path) -> Iterator[Finding]:
    """Look at the embedding model's files, without loading it."""
    try:
        encoder = open_encoder(settings.embedding_model, home / "models")
        made = settings.embedding_model != BUNDLED_MODEL or is_converted(home / "models")
    except EmbeddingError as error:
        yield Finding("wrong", _MODEL, str(error), error.hint)
        return
    said = "" if made else "，还没有转成标准格式（收录时自动转）"
    yield Finding("good", _MODEL, f"{settings.embedding_model}（{encoder.identity}）{said}")
