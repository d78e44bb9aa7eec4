"""A GGUF file as a language model: keeps llama.cpp's server alive in a child process and speaks to it as to any service."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import secrets
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from importlib.util import find_spec
from pathlib import Path

from pydantic import SecretStr

from assistant.errors import LanguageModelError
from assistant.llm.chat import Connection, connect_local
from assistant.llm.demo import ModelFile

_log = logging.getLogger(__name__)

MAGIC = b"GGUF"
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0
"""Seconds before a child that died is started again; doubled each time that it dies young."""
YOUNG = 60.0
"""Seconds; one that lived longer died of something else than its start."""
MOST_THREADS = 16


def local_file(path: Path) -> ModelFile:
    """Take a GGUF file of the user's own. Raises `LanguageModelError` where it is missing or of another kind."""
    path = path.expanduser().absolute()
    try:
        with path.open("rb") as file:
            magic = file.read(len(MAGIC))
    except OSError as error:
        raise LanguageModelError(f"语言模型的文件打不开：{error.strerror}。", "请检查设置 llm 里的路径。") from error
    if magic != MAGIC:
        raise LanguageModelError("语言模型的文件不是 GGUF 格式。", "请检查设置 llm 里的路径。")
    return ModelFile(f"gguf:{path.stem}", path)


class LocalBackend:
    """Starts the child on a thread of its own, and again whenever it dies."""

    at_once = 1  # two at a time would each be half as fast

    def __init__(self, file: ModelFile, seconds: float) -> None:
        if find_spec("xllamacpp") is None or find_spec("langchain_openai") is None:
            raise LanguageModelError("没有安装运行本地语言模型的软件包。", "请运行 pip install 'zhengwen[local-llm]'")
        self.name = file.name
        self._file = file
        self._seconds = seconds
        self._lock = threading.Lock()
        self._current: Future[Connection] = Future()
        self._child: subprocess.Popen[str] | None = None
        self._closing = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="language-model-child", daemon=True)
        self._keeper.start()

    def connection(self) -> Future[Connection]:
        with self._lock:
            return self._current

    def close(self) -> None:
        with self._lock:
            self._closing.set()
            if self._child is not None:
                self._child.kill()  # it keeps nothing that it could lose
        self._keeper.join(2)

    def _keep(self) -> None:
        # All on one thread, from start to end: on Linux the child dies with the thread that started it.
        pause = FIRST_PAUSE
        while not self._closing.is_set():
            began = time.monotonic()
            try:
                self._run()
            except LanguageModelError as error:
                self._settle(error)
            except Exception as error:  # noqa: BLE001  # the keeper outlives whatever happens to a child
                _log.warning("the language model's process was lost: %s", type(error).__name__)
                self._settle(_not_started())
            self._renew(even_if_failed=False)
            pause = FIRST_PAUSE if time.monotonic() - began > YOUNG else min(pause * 2, LONGEST_PAUSE)
            # Whoever asks in this pause is told why it failed, and need not wait.
            self._closing.wait(pause)
            self._renew(even_if_failed=True)
        self._settle(LanguageModelError("语言模型已经关闭。"))

    def _run(self) -> None:
        """Start a child, make it known once it can be asked, and return when it has ended."""
        child = self._start(self._file.ready())
        if child is None:
            return
        key = SecretStr(secrets.token_urlsafe(24))
        # A child that is gone before it was told what to serve breaks the pipe, once more when the pipe is closed.
        with contextlib.suppress(BrokenPipeError), child:
            try:
                if address := self._ask_to_serve(child, key):
                    self._settle(connect_local(f"{address}/v1", key, self._seconds))
                    child.wait()
            finally:
                child.kill()
        if not self._closing.is_set():
            _log.warning("the language model's process ended with code %s", child.returncode)
            self._settle(_not_started())

    def _renew(self, *, even_if_failed: bool) -> None:
        with self._lock:
            if self._current.done() and (even_if_failed or self._current.exception() is None):
                self._current = Future()

    def _start(self, path: Path) -> subprocess.Popen[str] | None:
        package_home = str(Path(__file__).parents[2])
        places = os.pathsep.join(filter(None, [package_home, os.environ.get("PYTHONPATH")]))
        # A thread that waits must sleep: two that spin for a processor others use write 1 to 3 tokens a second instead of 18.
        quiet = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "0", "PYTHONPATH": places, "PYTHONUTF8": "1"}
        command = [sys.executable, "-P", "-m", "assistant.llm.gguf_child"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        with self._lock:
            if self._closing.is_set():
                return None
            self._path = path
            self._child = subprocess.Popen(command, env={**os.environ, **quiet}, text=True, **pipes)  # type: ignore[call-overload]
            return self._child

    def _ask_to_serve(self, child: subprocess.Popen[str], key: SecretStr) -> str:
        """Tell the child what to serve, over its input where nobody else can read it; return the address, or nothing."""
        assert child.stdin is not None
        assert child.stdout is not None
        writing, reading = threads()
        wanted = {"path": str(self._path), "key": key.get_secret_value(), "writing": writing, "reading": reading}
        child.stdin.write(json.dumps(wanted) + "\n")
        child.stdin.flush()
        return child.stdout.readline().strip()

    def _settle(self, outcome: Connection | LanguageModelError) -> None:
        with self._lock:
            if self._current.done():
                return
            if isinstance(outcome, LanguageModelError):
                self._current.set_exception(outcome)
            else:
                self._current.set_result(outcome)


def _not_started() -> LanguageModelError:
    return LanguageModelError("语言模型启动不了。", "内存可能不够，或者文件已经损坏。")


def threads() -> tuple[int, int]:
    """Choose how many threads write and how many read a prompt: half of the processors, and all of them.

    Measured with the demonstration model on two of them: writing waits for memory and a second thread adds nothing (18
    against 17 tokens a second); reading computes, 61 to 65 tokens a second against 37, and loses nothing on a busy machine.
    """
    counted = min(os.cpu_count() or 1, MOST_THREADS)
    return max(1, counted // 2), counted
