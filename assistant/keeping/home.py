"""What lies in a data directory: what a backup takes along, what can be made again, and what says who may do what."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from assistant.access.audit import FOLDER as AUDIT
from assistant.access.audit import HEAD

LIBRARY = "library.db"
USE = "library.use"
"""Held by whoever uses the library; see `assistant.corpus.turns`."""
JOURNALS = ("library.db-wal", "library.db-shm")
"""Parts of the library while it is open, and after a kill; without them the last reports could be missing."""
ACCESS = frozenset({"keys.json", "session.key", AUDIT, HEAD})
"""What an older copy must not take the place of: a key that was revoked would count again, and a log would end earlier."""
ARRIVING = "restoring"
"""A backup that is being unpacked; rubbish whenever nobody restores."""
ARRIVED = "restored"
"""A backup that is unpacked and checked, and has yet to take its place."""
REPLACED = "replaced-"
"""How the folders begin in which a restore puts what was there before."""
KEPT = frozenset({LIBRARY, *JOURNALS, "aliases.toml", "zhengwen.toml", "evaluations", "originals", *ACCESS})
"""What cannot be made again. What else lies in the directory is not ours, or is made from this."""
_PRIVATE = ("index", "evaluations", "originals", "uploads", *sorted(ACCESS))


def loose(home: Path) -> list[Path]:
    """Return what others on this machine can read of reports, of readers' words and of keys."""
    if os.name != "posix" or not home.is_dir() or not home.stat().st_mode & 0o077:
        return []
    return [path for path in map(home.joinpath, (LIBRARY, *JOURNALS, *_PRIVATE)) if _mode(path) & 0o077]


def make_private(home: Path) -> None:
    """Take from others what `loose` finds; what is not ours stays as it is."""
    for path in loose(home):
        with suppress(OSError):
            path.chmod(_mode(path) & 0o700)


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777 if path.exists() else 0


def kept_names(home: Path) -> list[str]:
    """Return the names in the data directory of what cannot be made again, the library's journals first."""
    names = sorted(path.name for path in home.iterdir() if path.name in KEPT)
    return sorted(names, key=lambda name: name not in JOURNALS)
