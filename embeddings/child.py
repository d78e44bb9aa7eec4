"""Runs a module of this package in a child process, for work that must not slow down or bring down its parent."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def run_module(module: str, *arguments: str, keep_open: tuple[int, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run `python -m module arguments` to its end; the child holds the descriptors in `keep_open` as long as it lives."""
    package_home = str(Path(__file__).parents[1])
    path = os.pathsep.join(filter(None, [package_home, os.environ.get("PYTHONPATH")]))
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        pass_fds=keep_open,
        check=False,
    )
