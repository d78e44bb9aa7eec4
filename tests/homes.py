"""The home of the five seed reports, made once a run, and copies of it that a test may change."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest


def folder_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The temporary folder that all processes of this run share: pytest-xdist gives each its own in it."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def copied(home: Path, to: Path) -> Path:
    """Copy a home without what a process at work has in it; its 233 MB of models, which nobody changes, are shared."""
    shutil.copytree(home, to, ignore=shutil.ignore_patterns("models", "reader-*", "audit*", "evaluations"))
    (to / "models").symlink_to((home / "models").resolve())
    return to
