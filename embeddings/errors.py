"""What can go wrong with models, vectors and indexes; each says in Chinese what is wrong and what to do about it."""

from __future__ import annotations


class EmbeddingError(Exception):
    """Base of every error that this package raises on purpose; `str(error)` is fit to be shown."""

    hint: str = ""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        if hint is not None:
            self.hint = hint


class ModelMissing(EmbeddingError):
    """The model, or the package that brings it, is not on this machine."""


class ModelDamaged(EmbeddingError):
    """The model's files are not the ones that they should be, or cannot be loaded."""


class IndexMissing(EmbeddingError):
    """No index has been built yet."""

    hint = "请运行 zhengwen ingest 建立索引。"


class IndexDamaged(EmbeddingError):
    """An index on disk cannot be trusted or used."""

    hint = "请运行 zhengwen ingest 重建索引，已收录的报告不受影响。"


class IndexMismatch(EmbeddingError):
    """An index was built under another manifest: another model, other passage rules, another catalogue."""

    hint = "请运行 zhengwen ingest 按现在的设置重建索引。"


class ServerUnusable(EmbeddingError):
    """The Chroma server does not answer, or answers with an error."""

    hint = "请检查 Chroma 服务是否已启动、地址是否正确。"
