from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.errors import LanguageModelError
from assistant.llm.gguf import LocalBackend, local_file, threads
from assistant.llm.model import LanguageModel, Message
from assistant.llm.opening import open_language_model
from assistant.settings import Settings

QUESTION = [
    Message("system", "只根据资料用一句话回答，没有就说资料中没有提到。"),
    Message("user", "资料：2025年地区生产总值预期增长5.5%。问题：2025年GDP目标是多少？"),
]
STARTING = 60.0
"""Seconds that the small model may take to be loaded on a busy machine."""


@pytest.fixture
def model(small_gguf: Path) -> Iterator[LanguageModel]:
    opened = open_language_model(Settings(llm=f"gguf:{small_gguf}", llm_patience=STARTING))
    assert opened is not None
    yield opened
    opened.close()


def _child(model: LanguageModel) -> subprocess.Popen[str]:
    child = model._backend._child  # type: ignore[attr-defined]  # the process is what these tests are about
    assert isinstance(child, subprocess.Popen)
    return child


def _wait(what: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if what():
            return True
        time.sleep(0.05)
    return what()


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_real_model_answers_is_started_again_when_killed_and_ends_with_its_parent(model: LanguageModel) -> None:
    assert model.name == "gguf:qwen2.5-coder-0.5b-instruct-q4_k_m"
    completion = model.complete(QUESTION, longest=60)
    assert "5.5%" in "".join(completion)
    assert completion.usage.prompt_tokens
    assert completion.usage.completion_tokens

    first = _child(model)
    first.kill()
    assert _wait(lambda: _child(model).pid != first.pid, 10)
    assert "5.5%" in "".join(model.complete(QUESTION, longest=60))

    running = model.complete([Message("user", "从一数到一千，写成汉字。")], longest=1000)
    assert next(piece for piece in running if piece)
    started = time.monotonic()
    second = _child(model)
    model.close()
    assert time.monotonic() - started < 10
    assert second.poll() is not None


def test_a_reader_who_stops_sets_the_one_place_free(model: LanguageModel) -> None:
    running = model.complete([Message("user", "从一数到一千，写成汉字。")], longest=1000)
    assert next(piece for piece in running if piece)
    running.close()
    started = time.monotonic()
    assert "5.5%" in "".join(model.complete(QUESTION, longest=60))
    assert time.monotonic() - started < 60


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc: `make test` on Linux runs it")
def test_the_child_dies_when_its_parent_is_killed(small_gguf: Path) -> None:
    program = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from assistant.llm.gguf import LocalBackend, local_file\n"
        "backend = LocalBackend(local_file(Path(sys.argv[1])), 60)\n"
        "backend.connection().result(60)\n"
        "print(backend._child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    command = [sys.executable, "-c", program, str(small_gguf)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert _runs(pid)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        assert _wait(lambda: not _runs(pid), 5)


def test_an_ask_before_the_model_is_ready_waits_no_longer_than_patience(small_gguf: Path) -> None:
    opened = open_language_model(Settings(llm=f"gguf:{small_gguf}", llm_patience=0.2))
    assert opened is not None
    started = time.monotonic()
    with pytest.raises(LanguageModelError, match="还没有准备好"):
        list(opened.complete(QUESTION, longest=10))
    assert time.monotonic() - started < 10
    opened.close()


def test_a_file_that_only_begins_like_a_model_is_told_and_not_tried_without_pause(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp", reason="`pip install '.[dev]' -c constraints.txt` and this runs")
    path = tmp_path / "secret-place" / "broken.gguf"
    path.parent.mkdir()
    path.write_bytes(b"GGUF" + os.urandom(1000))
    opened = open_language_model(Settings(llm=f"gguf:{path}", llm_patience=STARTING))
    assert opened is not None
    with pytest.raises(LanguageModelError, match="启动不了") as refused:
        list(opened.complete(QUESTION, longest=10))
    assert "secret-place" not in f"{refused.value} {refused.value.hint} {opened.name}"
    opened.close()


def test_a_file_that_is_missing_or_no_model_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(LanguageModelError, match="打不开"):
        local_file(tmp_path / "none.gguf")
    with pytest.raises(LanguageModelError, match="打不开"):
        local_file(tmp_path)
    (tmp_path / "text.gguf").write_text("no model", "utf-8")
    with pytest.raises(LanguageModelError, match="不是 GGUF"):
        open_language_model(Settings(llm=f"gguf:{tmp_path / 'text.gguf'}"))


def test_the_extra_that_runs_models_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.llm.gguf.find_spec", lambda name: None)
    (tmp_path / "a.gguf").write_bytes(b"GGUF")
    with pytest.raises(LanguageModelError) as missing:
        LocalBackend(local_file(tmp_path / "a.gguf"), 1)
    assert "pip install 'zhengwen[local-llm]'" in missing.value.hint


@pytest.mark.parametrize(("counted", "chosen"), [(None, (1, 1)), (1, (1, 1)), (2, (1, 2)), (8, (4, 8)), (64, (8, 16))])
def test_half_of_the_processors_write_and_all_of_them_read(
    monkeypatch: pytest.MonkeyPatch, counted: int | None, chosen: tuple[int, int]
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: counted)
    assert threads() == chosen
