"""Objects of which each is one line of JSON, for whatever reads them line by line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_LINE_BREAKS = {ord(mark): f"\\u{ord(mark):04x}" for mark in "\x85\u2028\u2029"}
"""Characters that JSON leaves as they are and many readers take for the end of a line."""


def as_json_line(content: Mapping[str, Any]) -> str:
    """Write one object as one line, without its end, and Chinese characters as they are. Raises `ValueError` for NaN."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False).translate(_LINE_BREAKS)
