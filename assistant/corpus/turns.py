"""One process at a time: a lock beside the library that the kernel drops when its owner dies, however it dies."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import LibraryError

_PATIENCE = 900.0
"""Seconds to wait for another process that is adding reports; a batch takes it a minute or two."""

logger = logging.getLogger(__name__)


@contextmanager
def alone(lock: Path, patience: float = _PATIENCE) -> Iterator[None]:
    """Run the block while no other process or thread runs one under the same lock file.

    Raises `LibraryError` when another has not finished after `patience` seconds, or the file cannot be written.
    """
    import fcntl

    deadline = time.monotonic() + patience
    try:
        file = lock.open("a")
    except OSError as error:
        raise LibraryError(f"数据目录不能写入：{lock.parent}", "检查该目录的权限和磁盘空间。") from error
    with file:
        waiting = False
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() > deadline:
                    raise LibraryError("另一个进程一直在导入报告。", "等它结束，或结束那个进程后再试。") from error
                if not waiting:
                    logger.info("another process holds %s; waiting for it", lock)
                waiting = True
                time.sleep(0.05)
        yield
