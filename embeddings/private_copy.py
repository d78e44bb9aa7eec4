"""A reader's own copy of a sealed directory, which goes when the reader goes."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import weakref
from pathlib import Path

from embeddings.durable import locked


class PrivateCopy:
    """Copies a directory to `root/reader-…/files`; removed on `remove()`, at exit, or by `sweep_copies` after a kill."""

    def __init__(self, root: Path, source: Path) -> None:
        with locked(root / "readers.lock"):
            home = Path(tempfile.mkdtemp(prefix="reader-", dir=root))
            # Not inheritable (PEP 446): a child that outlives this process does not keep the copy alive.
            descriptor = os.open(home / "alive", os.O_CREAT | os.O_RDWR)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        self.directory = home / "files"
        self._finalizer = weakref.finalize(self, _remove, home, descriptor, os.getpid())
        try:
            shutil.copytree(source, self.directory)
        except BaseException:
            self.remove()
            raise

    def remove(self) -> None:
        """Remove the copy; a second call does nothing."""
        self._finalizer()


def sweep_copies(root: Path) -> None:
    """Remove the copies whose readers were killed."""
    for home in stale_copies(root):
        shutil.rmtree(home, ignore_errors=True)


def stale_copies(root: Path) -> list[Path]:
    """Return the copies whose readers were killed."""
    found = []
    with locked(root / "readers.lock"):
        for home in root.glob("reader-*"):
            try:
                descriptor = os.open(home / "alive", os.O_CREAT | os.O_RDWR)
            except FileNotFoundError:  # Its reader is just removing it.
                continue
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                found.append(home)
            except BlockingIOError:
                pass  # Its reader lives.
            finally:
                os.close(descriptor)
    return found


def _remove(home: Path, descriptor: int, owner: int) -> None:
    # A forked child shares the lock and runs the same finalizers at its exit; the copy is not its own.
    if os.getpid() == owner:
        shutil.rmtree(home, ignore_errors=True)
        os.close(descriptor)
