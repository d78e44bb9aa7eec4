"""Load on the API, on this machine alone: a steady stream, a burst, and five times what it can do. Ends by itself.

    python tests/benchmarks/load.py --home DIR [--workers N] [--seconds 60] [--out result.json]

Each request carries another gold question. Latency counts from when a request was due, so a queue that builds up is seen.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from statistics import quantiles

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Seen:
    """What came back: seconds by status; 0 stands for a connection that failed."""

    seconds: dict[int, list[float]] = field(default_factory=dict)

    def add(self, status: int, seconds: float) -> None:
        self.seconds.setdefault(status, []).append(seconds)

    def summary(self) -> dict[str, object]:
        refused = [s for status in (429, 503) for s in self.seconds.get(status, [])]
        counts = Counter({status: len(all_) for status, all_ in self.seconds.items()})
        return {"statuses": dict(counts), "answered": spread(self.seconds.get(200, [])), "refused": spread(refused)}


def spread(seconds: list[float]) -> dict[str, float]:
    if len(seconds) < 2:
        return {}
    cut = quantiles(seconds, n=100, method="inclusive")
    return {"p50": round(cut[49], 3), "p95": round(cut[94], 3), "p99": round(cut[98], 3), "max": round(max(seconds), 3)}


async def ask(port: int, question: str, due: float, seen: Seen) -> None:
    body = json.dumps({"question": question}).encode()
    head = f"POST /api/ask HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    status = 0
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head.encode() + body)
        raw = await asyncio.wait_for(reader.read(), 60)
        status = int(raw.split(b" ", 2)[1])
        writer.close()
    except (OSError, ValueError, IndexError, TimeoutError):
        status = 0
    seen.add(status, time.perf_counter() - due)


async def stream(port: int, rate: float, seconds: float, questions: Iterator[str]) -> Seen:
    """An open model: requests are due at even distances, whatever became of those before."""
    seen, tasks, start = Seen(), set(), time.perf_counter()
    for number in range(int(rate * seconds)):
        due = start + number / rate
        await asyncio.sleep(max(0, due - time.perf_counter()))
        tasks.add(asyncio.create_task(ask(port, next(questions), due, seen)))
    await asyncio.gather(*tasks)
    return seen


async def burst(port: int, at_once: int, questions: Iterator[str]) -> Seen:
    """So many at the same moment, once."""
    seen, due = Seen(), time.perf_counter()
    await asyncio.gather(*(ask(port, next(questions), due, seen) for _ in range(at_once)))
    return seen


async def full(port: int, in_flight: int, seconds: float, questions: Iterator[str]) -> Seen:
    """A closed model, which shows what the service can do: so many in flight, each followed by the next."""
    seen, until = Seen(), time.perf_counter() + seconds

    async def user() -> None:
        while time.perf_counter() < until:
            await ask(port, next(questions), time.perf_counter(), seen)

    await asyncio.gather(*(user() for _ in range(in_flight)))
    return seen


async def recovery(port: int, questions: Iterator[str]) -> float:
    """Seconds until five answers in a row come within a second."""
    start, good = time.perf_counter(), 0
    while good < 5 and time.perf_counter() - start < 60:
        seen = Seen()
        await ask(port, next(questions), time.perf_counter(), seen)
        good = good + 1 if all(s < 1 for s in seen.seconds.get(200, [9])) else 0
    return round(time.perf_counter() - start, 1)


def memory(pid: int) -> int:
    """Megabytes resident of a process and its children."""
    total = 0
    for path in Path("/proc").glob("[0-9]*"):
        try:
            fields = (path / "stat").read_text().rpartition(")")[2].split()
            if int(path.name) == pid or int(fields[1]) == pid:
                total += int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, IndexError, ValueError):
            continue
    return total // 2**20


async def until_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            if b" 200 " in await asyncio.wait_for(reader.read(), 30):
                return
        except (OSError, TimeoutError):
            pass
        if process.poll() is not None:
            sys.exit("the service ended")
        await asyncio.sleep(0.2)
    sys.exit("the service did not become ready")


async def measured(port: int, pid: int, seconds: float) -> dict[str, object]:
    lines = (ROOT / "seeds" / "questions.jsonl").read_text("utf-8").splitlines()
    questions = cycle(json.loads(line)["question"] for line in lines)
    result: dict[str, object] = {}
    await full(port, 8, 15, questions)  # warms up every process

    async def one(name: str, work: Callable[[], Awaitable[Seen]]) -> Seen:
        began = time.perf_counter()
        seen = await work()
        took = time.perf_counter() - began
        rate = len(seen.seconds.get(200, [])) / took
        result[name] = {
            **seen.summary(),
            "answered a second": round(rate, 1),
            "MB": memory(pid),
            "load": os.getloadavg()[0],
        }
        sys.stderr.write(f"{name}: {json.dumps(result[name])}\n")
        return seen

    await one("steady 10/s", lambda: stream(port, 10, seconds, questions))
    await one("burst of 100", lambda: burst(port, 100, questions))
    most = await one("8 in flight", lambda: full(port, 8, min(seconds, 20), questions))
    capacity = len(most.seconds.get(200, [])) / min(seconds, 20)
    await one("five times the capacity", lambda: stream(port, min(5 * capacity, 400), min(seconds, 30), questions))
    result["recovered after (s)"] = await recovery(port, questions)
    return result


def main() -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("--home", required=True)
    reader.add_argument("--workers", type=int, default=1)
    reader.add_argument("--seconds", type=float, default=60)
    reader.add_argument("--out")
    given = reader.parse_args()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "assistant", "serve", "--port", str(port), "--workers", str(given.workers)]
    environment = {**os.environ, "ZHENGWEN_HOME": given.home, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        asyncio.run(until_ready(port, process))
        result = asyncio.run(measured(port, process.pid, given.seconds))
    finally:
        began = time.perf_counter()
        process.send_signal(signal.SIGTERM)
        process.wait(40)
        sys.stderr.write(f"ended {time.perf_counter() - began:.1f} s after SIGTERM\n")
    text = json.dumps({"workers": given.workers, **result}, indent=1, ensure_ascii=False)
    if given.out:
        Path(given.out).write_text(text + "\n", "utf-8")
    else:
        sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
