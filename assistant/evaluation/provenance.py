"""What ran: everything that two scorecards must share, or that explains why they differ."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import assistant
from assistant.answering.writing.prompting import load_prompts
from assistant.corpus.library import Library
from assistant.llm.opening import shown_name
from assistant.settings import Settings

_PACKAGE = Path(assistant.__file__).resolve().parent


def what_ran(settings: Settings, gold_paths: Sequence[Path]) -> dict[str, Any]:
    """Describe settings, models, library, gold files, code and machine; nothing in it changes from one run to the next.

    The library of `settings.home` must exist. Raises `LibraryError` where it cannot be read.
    """
    with Library.open(settings.home.expanduser() / "library.db") as library:
        corpus = {"state": library.state(), "reports": len(library.reports())}
        vectors = sorted(library.embedding_identities())
    return {
        "settings": settings.fingerprint,
        "embedding_model": {"setting": settings.embedding_model, "identity": vectors},
        "llm": shown_name(settings.llm),
        "prompts": load_prompts().version,
        "corpus": corpus,
        "gold": [{"file": path.name, "sha256": sha256_of(path)} for path in gold_paths],
        "version": assistant.__version__,
        "commit": commit(),
        "machine": {
            "python": platform.python_version(),
            "cpus": os.cpu_count(),
            "platform": f"{platform.system()} {platform.machine()}",
        },
    }


def sha256_of(path: Path) -> str:
    """Hash a file, or the names and bytes of all files of a folder."""
    if path.is_file():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    whole = hashlib.sha256()
    for file in sorted(file for file in path.rglob("*") if file.is_file()):
        whole.update(f"{file.relative_to(path).as_posix()}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


def commit() -> str | None:
    """Name the commit of this very code, ending in `-dirty` where files were changed since; None where git does not hold it."""
    # An environment inside another project's checkout must not pass that project's commit off as ours.
    if _git("ls-files", "--error-unmatch", "__init__.py") is None:
        return None
    return _git("describe", "--always", "--dirty", "--abbrev=12", "--exclude=*")


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(_PACKAGE), *arguments], capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None  # no git here: the version number has to do
    return done.stdout.strip() if done.returncode == 0 else None
