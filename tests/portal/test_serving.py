"""How the service bears more than it can do, ends, and runs as several processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from assistant.access.auditing import faults
from assistant.types import Answer, Report, Turn
from assistant.web.server import room as lobby
from assistant.web.server.room import Room
from tests.ports import free_port

if TYPE_CHECKING:
    from assistant import Assistant

GDP = "松北区2025年GDP目标是多少"


class Slow:
    """An assistant that answers when it is told to, and counts who has left."""

    def __init__(self, real: Assistant) -> None:
        self._answer = real.ask(GDP)
        self.go = threading.Event()
        self.begun = threading.Semaphore(0)
        self.left = threading.Event()

    def reports(self) -> tuple[Report, ...]:
        return ()

    def stream(self, question: str, history: Sequence[Turn] = (), stopped: Any = None) -> Iterator[str | Answer]:
        self.begun.release()
        while not self.go.wait(0.05):
            if stopped.is_set():
                self.left.set()
                return
        yield self._answer.answer
        yield replace(self._answer, question=question)


def test_beyond_what_can_wait_a_question_is_sent_away_at_once_and_none_before_is_lost(
    served: Callable[..., AbstractContextManager[str]], assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lobby, "_BURST", 600.0)  # a busy machine takes longer than a burst to open 120 connections
    slow = Slow(assistant)
    unlimited = httpx.Limits(max_connections=None)
    with (
        served(by=slow, sign_in=None, portal={}) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=120, limits=unlimited) as client,
        ThreadPoolExecutor(120) as users,
    ):

        def ask(_: int) -> httpx.Response:
            return client.post("/api/ask", json={"question": GDP})

        waiting = [users.submit(ask, number) for number in range(120)]
        until = time.monotonic() + 90
        while "asks_in_flight 120.0" not in client.get("/metrics").text:
            assert time.monotonic() < until
            time.sleep(0.1)
        refused = [ask(number) for number in range(5)]
        slow.go.set()
        assert [one.result().status_code for one in waiting] == [200] * 120
    assert [reply.status_code for reply in refused] == [503] * 5
    assert {reply.json()["error"]["code"] for reply in refused} == {"busy"}
    assert all(reply.headers["retry-after"] for reply in refused)


def test_a_burst_is_taken_in_and_a_queue_that_lasts_is_cut_short() -> None:
    now = [0.0]
    room = Room(at_once=2, clock=lambda: now[0])

    def come(seconds: float, wanted: int, done: int) -> int:
        """So many people at even distances while so many are answered; return how many were let in."""
        let_in = 0
        for number in range(wanted):
            now[0] += seconds / wanted
            room.in_flight -= min(done * (number + 1) // wanted - done * number // wanted, room.in_flight)
            if room.has_place():
                room.in_flight += 1
                let_in += 1
        return let_in

    for _ in range(100):
        room.took(0.1)  # two at once and a tenth of a second each: 20 a second
    assert come(0.5, 100, 10) == 100
    assert come(4, 80, 80) == 80  # as many as are answered; the queue stays
    come(10, 1000, 200)  # five times what can be done
    assert room.in_flight <= 25  # whoever is let in now waits little more than a second
    come(2, 10, 40)
    assert come(0.5, 100, 10) == 100  # the queue has passed


def test_a_long_answer_makes_the_queue_short() -> None:
    now = [0.0]
    room = Room(at_once=8, clock=lambda: now[0])
    for _ in range(100):
        room.took(20)
    room.in_flight = 17
    assert room.has_place()
    now[0] = 6
    assert not room.has_place()


def test_whoever_leaves_stops_the_work(
    served: Callable[..., AbstractContextManager[str]], assistant: Assistant
) -> None:
    slow = Slow(assistant)
    with served(by=slow, sign_in=None, portal={}) as address:
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{address}/api/ask", json={"question": GDP}, trust_env=False, timeout=1.5)
        assert slow.left.wait(60)


def test_what_was_asked_before_the_end_is_answered(
    served: Callable[..., AbstractContextManager[str]], assistant: Assistant
) -> None:
    slow = Slow(assistant)
    with ThreadPoolExecutor(1) as user:
        with served(by=slow, sign_in=None, portal={}) as address:
            asked = user.submit(
                lambda: httpx.post(f"{address}/api/ask", json={"question": GDP}, trust_env=False, timeout=90)
            )
            assert slow.begun.acquire(timeout=60)
            threading.Timer(1.0, slow.go.set).start()
        assert asked.result().json()["verdict"] == "answered"


@pytest.mark.slow
def test_several_processes_share_an_address_and_one_that_dies_is_started_again(seeded_home: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "assistant", "serve", "--port", str(port), "--workers", "2"]
    process = subprocess.Popen(command, env={**os.environ, "ZHENGWEN_HOME": str(seeded_home)})
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as client:
            _until_ready(client)
            for _ in range(10):
                assert client.post("/api/ask", json={"question": GDP}).json()["verdict"] == "answered"
            assert client.get("/").status_code == 404
            first = _workers(process.pid)
            assert len(first) == 2
            os.kill(min(first), signal.SIGKILL)
            until = time.monotonic() + 60
            while len(_workers(process.pid) - {min(first)}) < 2 and time.monotonic() < until:
                time.sleep(0.1)
            assert len(_workers(process.pid) - {min(first)}) == 2
            _until_ready(client)
            assert client.post("/api/ask", json={"question": GDP}).json()["verdict"] == "answered"
            counted = client.get("/metrics").text
            assert 'zhengwen_answers_total{verdict="answered",way="open"}' in counted
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert faults(seeded_home) == []


def _workers(pid: int) -> set[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()}


def _until_ready(client: httpx.Client) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            if client.get("/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.3)
    raise AssertionError("not ready")
