"""What the service says of itself on standard error: JSON lines, redacted like the audit log."""

from __future__ import annotations

import logging
import sys
import traceback
from datetime import datetime
from types import TracebackType

from assistant.access.redaction import redacted
from assistant.json_lines import as_json_line

_LONGEST = 2000
"""Characters of a message."""
_FRAMES = 12
"""Places of a traceback, the innermost of them."""

Raised = tuple[type[BaseException], BaseException, TracebackType | None]


class JsonLines(logging.Formatter):
    """One object a line. Of an error it keeps what it says and where it came from, no line of source and no value."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the record; whatever stands in it, it is one line and has no number or key that no record may hold."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redacted(record.getMessage(), _LONGEST),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line |= _told(record.exc_info)
        return as_json_line(line)


def _told(raised: Raised) -> dict[str, object]:
    errors: list[str] = []
    error: BaseException | None = raised[1]
    while error is not None and len(errors) < _FRAMES:
        errors.append(redacted(f"{type(error).__name__}: {error}", _LONGEST))
        error = error.__cause__ or error.__context__
    frames = traceback.extract_tb(raised[2])[-_FRAMES:]
    return {"errors": errors, "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]}


def write_json_lines() -> None:
    """Let all loggers of this process write such lines on standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
