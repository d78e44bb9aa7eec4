"""The audit log of a data directory, read as a test wants it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from assistant.access.auditing import faults


def audited(home: Path) -> list[dict[str, Any]]:
    """Its lines in order, after it has been verified."""
    assert faults(home) == []
    files = sorted((home / "audit").glob("*.jsonl"))
    return [json.loads(row) for path in files for row in path.read_bytes().splitlines()]
