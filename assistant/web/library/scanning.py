"""The hook for a malware scanner: a command of the administrator's that is given the path of each file that was sent."""

from __future__ import annotations

import logging
import shlex
import subprocess
from pathlib import Path

from assistant.errors import UnreadableFile

_PATIENCE = 120.0
log = logging.getLogger(__name__)


def scan(command: str, path: Path, name: str) -> None:
    """Run the command with the path behind it; raises `UnreadableFile` unless it ends with 0.

    A scanner that cannot be run, or does not come to an end within two minutes, has not let the file through.
    """
    if not command:
        return
    try:
        done = subprocess.run(
            [*shlex.split(command), str(path)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        log.error("The scanner of uploads could not be run: %s", error)
        raise UnreadableFile(
            f"《{name}》没有收录：安全扫描程序没有运行成功。", "请检查设置 upload_scanner。"
        ) from error
    if done.returncode:
        log.warning("The scanner refused an upload (%s): %s", done.returncode, done.stdout[-500:])
        raise UnreadableFile(f"《{name}》没有通过安全扫描，没有收录。", "请确认文件的来源。")
