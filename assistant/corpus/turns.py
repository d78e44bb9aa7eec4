"""Locks beside the library that the kernel drops when their owner dies, however it dies: who writes, and who uses it at all."""

from __future__ import annotations

import logging
import os
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
        raise LibraryError("数据目录不能写入。", "检查该目录的权限和磁盘空间。", lock.parent) from error
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


def use(lock: Path, *, read_only: bool = False) -> int | None:
    """Say that this process uses the library, for as long as the descriptor that this returns is open.

    None where there is no lock and none can be made: then nobody can put another library in its place. Raises
    `LibraryError` while somebody does.
    """
    import fcntl

    try:
        descriptor = os.open(lock, os.O_RDONLY) if read_only else _opened(lock)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise LibraryError("正在从备份恢复资料库。", "等恢复完成后再试。") from error
    return descriptor


@contextmanager
def unused(lock: Path) -> Iterator[None]:
    """Run the block while no process uses the library; raises `LibraryError` where one does."""
    import fcntl

    descriptor = _writable(lock)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LibraryError(
                "资料库正在使用，现在不能换掉。", "先停下 zhengwen serve 和其他正在运行的 zhengwen 命令，再试一次。"
            ) from error
        yield
    finally:
        os.close(descriptor)


@contextmanager
def at_work(lock: Path) -> Iterator[None]:
    """Run the block beside others that do so under the same lock, once nobody looks at what they leave there.

    Raises `LibraryError` where the file cannot be written.
    """
    import fcntl

    descriptor = _writable(lock)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def at_rest(lock: Path) -> Iterator[bool]:
    """Tell whether nobody is `at_work` under a lock; where that is so, nobody begins before the block ends."""
    import fcntl

    try:
        descriptor = _opened(lock)
    except OSError:
        yield True  # nobody can write here
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_at_rest = True
        except BlockingIOError:
            is_at_rest = False
        yield is_at_rest
    finally:
        os.close(descriptor)


def _writable(lock: Path) -> int:
    try:
        return _opened(lock)
    except OSError as error:
        raise LibraryError("数据目录不能写入。", "检查该目录的权限和磁盘空间。", lock.parent) from error


def _opened(lock: Path) -> int:
    return os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
