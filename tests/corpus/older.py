"""Makes of a library's file one of an older version."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from assistant.corpus.database import SCHEMA

_UNDONE = {
    3: ("DROP TABLE fact", "DROP TABLE item", "ALTER TABLE report DROP COLUMN reading"),
    5: ("DROP TABLE correction",),
    6: ("ALTER TABLE report DROP COLUMN checksum",),
    7: ("DROP TABLE replacement",),
    8: (
        "DROP VIEW answering",
        "DROP TABLE review",
        "ALTER TABLE report DROP COLUMN occasion",
        "ALTER TABLE report DROP COLUMN speaker",
    ),
    9: (
        "ALTER TABLE paragraph DROP COLUMN pages",
        "ALTER TABLE paragraph DROP COLUMN doubtful",
        "ALTER TABLE report DROP COLUMN unread",
    ),
}
"""What takes each version's tables and columns away again; an index goes with its table."""


def as_version(path: Path, version: int) -> None:
    """Take away what newer versions have brought."""
    with closing(sqlite3.connect(path, isolation_level=None)) as older:
        for step in range(SCHEMA, version, -1):
            for statement in _UNDONE.get(step, ()):
                older.execute(statement)
        older.execute(f"PRAGMA user_version = {version}")
