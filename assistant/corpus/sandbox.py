"""Parse files in a child process that is thrown away: a hostile file costs it, not the assistant.

A Word file of 617 KB was seen to take 12.8 GB of memory and a PDF of 15 KB more than 120 s, so memory, processor time
and wall time are limited. `python -m assistant.corpus.sandbox word:docx_text` reads the file's bytes from standard input.
"""

from __future__ import annotations

import base64
import importlib
import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from threading import Timer
from typing import Any

from assistant.corpus.parsing.parsed import Parsed, ParserError, Part

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 20
WALL_SECONDS = 30.0
_LONGEST_TEXT = 20_000_000
PAGE_MEMORY_BYTES = 4 << 30
"""For recognising pages: the models and a page take 1.3 GB, of which onnxruntime reserves more than it uses."""
PAGE_CPU_SECONDS = 120
"""Processor time of a page, which takes 5 s."""
PAGE_WALL_SECONDS = 300.0
_MOST_CPU_SECONDS = 86_400
_BY_PAGES = "--by-pages"
_PAGE = b"page "
"""How a line begins that says which page comes next."""


def parse(parser: str, data: bytes, wall_seconds: float = WALL_SECONDS) -> Parsed:
    """Return what a file holds, parsed in a child process by a parser of `KINDS` (`word:docx_text`).

    Raises `ParserError` when the file is encrypted, holds only pictures, is broken, or takes more than its share of
    memory (1 GiB), processor time (20 s) or wall time (`wall_seconds`).
    """
    command, environment = _command(parser)
    try:
        child = subprocess.run(
            command, input=data, capture_output=True, timeout=wall_seconds, env=environment, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ParserError("heavy") from error
    return _parsed(child.stdout)


def parse_by_pages(parser: str, data: bytes, tell: Callable[[int, int], None] | None = None) -> Parsed:
    """Return what a file holds, by a parser that says page by page how far it is (`scan:recognised_text`); `tell` is told.

    Raises `ParserError` as `parse` does; each page has its own share (120 s of processor time, 300 s of wall time) and the
    memory is 4 GiB.
    """
    command, environment = _command(parser, _BY_PAGES)
    environment |= dict.fromkeys(("MALLOC_ARENA_MAX", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")
    reply = b""
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    ) as child:
        assert child.stdin is not None
        try:
            with suppress(BrokenPipeError), child.stdin:
                child.stdin.write(data)
            while (reply := _line(child)).startswith(_PAGE):
                done, total = map(int, reply.removeprefix(_PAGE).split())
                if tell is not None:
                    tell(done, total)
        finally:
            child.kill()
    return _parsed(reply)


def picture_of(data: bytes, page: int) -> tuple[bytes, int]:
    """Return a page of a PDF file, counted from 1, as a JPEG, and how many pages there are.

    Raises `ParserError` as `parse` does, and where there is no such page.
    """
    command, environment = _command("picture:page_picture", str(page))
    try:
        child = subprocess.run(
            command, input=data, capture_output=True, timeout=WALL_SECONDS, env=environment, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ParserError("heavy") from error
    reply = _reply(child.stdout)
    return base64.b64decode(reply["picture"]), int(reply["pages"])


def _line(child: subprocess.Popen[bytes]) -> bytes:
    """Return the next line that a child writes; empty where it has ended, or took too long and was ended."""
    assert child.stdout is not None
    watch = Timer(PAGE_WALL_SECONDS, child.kill)
    watch.start()
    try:
        return child.stdout.readline()
    finally:
        watch.cancel()


def _command(parser: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
    root = str(Path(__file__).resolve().parents[2])
    environment = {"PYTHONPATH": root, "PYTHONUTF8": "1", "PATH": os.environ.get("PATH", "")}
    return [sys.executable, "-P", "-m", "assistant.corpus.sandbox", parser, *arguments], environment


def _reply(written: bytes) -> dict[str, Any]:
    try:
        reply = json.loads(written)
    except ValueError as error:  # the limits of the operating system ended the child before it could reply
        raise ParserError("heavy") from error
    if "reason" in reply:
        raise ParserError(reply["reason"])
    assert isinstance(reply, dict)
    return reply


def _parsed(written: bytes) -> Parsed:
    reply = _reply(written)
    pairs = {name: tuple((first, second) for first, second in reply.pop(name)) for name in ("breaks", "doubtful")}
    parts = tuple(Part(**{**part, "notes": tuple(part["notes"])}) for part in reply.pop("parts"))
    return Parsed(**{**reply, **pairs, "notes": tuple(reply["notes"]), "parts": parts})


def limit_itself(memory_bytes: int = MEMORY_BYTES, cpu_seconds: int = CPU_SECONDS) -> None:
    """Bind this process to its share before a parser is loaded; systems without the calls have the wall clock only."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    for what, limit in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        bound = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(what, (bound, bound))


def _renew_cpu() -> None:
    """Give this process the processor time of one more page."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (min(hard, math.ceil(time.process_time()) + PAGE_CPU_SECONDS), hard))


def main() -> None:
    """Read bytes from standard input, parse them as the command line says, reply with one JSON object."""
    by_pages = sys.argv[2:] == [_BY_PAGES]
    if by_pages:
        limit_itself(PAGE_MEMORY_BYTES, _MOST_CPU_SECONDS)
        _renew_cpu()
    else:
        limit_itself()
    out = os.dup(1)
    os.dup2(2, 1)  # a parser that prints must not spoil the reply

    def tell(done: int, total: int) -> None:
        _renew_cpu()
        os.write(out, _PAGE + f"{done} {total}\n".encode())

    try:
        module, _, function = sys.argv[1].partition(":")
        parser = getattr(importlib.import_module(f"assistant.corpus.parsing.{module}"), function)
        arguments = (tell,) if by_pages else map(int, sys.argv[2:])
        parsed = parser(sys.stdin.buffer.read(), *arguments)
        reply = parsed if isinstance(parsed, dict) else asdict(replace(parsed, text=parsed.text[:_LONGEST_TEXT]))
    except ParserError as failure:
        reply = {"reason": failure.reason}
    except (MemoryError, RecursionError):
        reply = {"reason": "heavy"}
    except Exception as error:  # noqa: BLE001  # whatever a parser throws at a foreign file means: broken
        reply = {"reason": "encrypted" if "encrypt" in str(error).lower() else "broken"}
    with os.fdopen(out, "wb") as stream:
        stream.write(json.dumps(reply).encode())


if __name__ == "__main__":
    main()
