"""Runs the service: in this process, or as several that share one address; on SIGTERM questions are answered to the end."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import socket
import sys
import tempfile
import time
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from assistant.settings import Settings, is_loopback
from assistant.web.server.front import Front
from assistant.web.server.metrics import forget

if TYPE_CHECKING:
    from assistant.access.sign_in import Authenticator
    from assistant.answering.assistant import Assistant

log = logging.getLogger(__name__)

_ENDED = 20.0
"""Seconds that the processes have to end in."""
_TURN = 0.001
"""Seconds for which a thread that computes keeps the others waiting; the loop that lets people in is one of them."""
_HEAD_WITHIN = 15.0
"""Seconds for a request's line and headers."""
_AGAIN = 1.0
"""Seconds before a process that has died is started again."""


class ImpatientProtocol(H11Protocol):
    """Closes a connection whose request has no beginning in time: uvicorn itself would wait for ever, and hold a descriptor."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn's own
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        answered = self.conn.our_state is h11.DONE  # and what still comes of the body is of no use
        if self.conn.their_state is h11.IDLE or answered:
            self._wait()  # a part of a head has come; that more of it comes gives no more time
        else:
            self._wait_no_longer()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_longer()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(_HEAD_WITHIN, self.transport.close)

    def _wait_no_longer(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None


class DrainingServer(uvicorn.Server):
    """A server that answers what it has begun before it closes its connections."""

    def __init__(self, front: Front, settings: Settings) -> None:
        config = uvicorn.Config(
            front,
            host=settings.host,
            port=settings.port,
            log_level="warning",
            log_config=None,  # its lines go where all others go
            server_header=False,
            ws="none",
            proxy_headers=False,  # the front believes only proxies that are named
            http=ImpatientProtocol,  # on h11: the other parser takes headers without end
            h11_max_incomplete_event_size=32 * 1024,
            timeout_graceful_shutdown=2,
        )
        super().__init__(config)
        self._front = front

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        sys.setswitchinterval(_TURN)
        await super().startup(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._front.drain()
        await super().shutdown(sockets)


def serve_workers(settings: Settings, workers: int, listener: socket.socket) -> None:
    """Serve the API by several processes until this one is told to end; one that dies is started again.

    The page is not served: what it knows of a tab lies in one process.
    """
    with tempfile.TemporaryDirectory(prefix="zhengwen-counted-") as counted:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = counted
        context = multiprocessing.get_context("spawn")
        ended: list[int] = []
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, lambda number, _: ended.append(number))

        def started() -> BaseProcess:
            process = context.Process(target=_work, args=(settings, listener, Path(counted)), name="zhengwen-worker")
            process.start()
            return process

        processes = [started() for _ in range(workers)]
        while not ended:
            time.sleep(0.2)
            for at, process in enumerate(processes):
                if not process.is_alive() and not ended:
                    log.error("Worker %s ended with %s and is started again.", process.pid, process.exitcode)
                    forget(process.pid)
                    time.sleep(_AGAIN)
                    processes[at] = started()
        _end(processes)


def _end(processes: list[BaseProcess]) -> None:
    for process in processes:
        process.terminate()
    until = time.monotonic() + _ENDED
    for process in processes:
        process.join(max(until - time.monotonic(), 0.1))
        if process.is_alive():
            process.kill()


def _work(settings: Settings, listener: socket.socket, counted: Path) -> None:
    """One of several processes."""
    from assistant.access.logs import write_json_lines
    from assistant.assembly import build, open_feedback
    from assistant.web.server.service import create_service

    write_json_lines()
    assistant: Assistant = build(settings)
    try:
        with open_feedback(settings) as book:
            front = create_service(assistant, settings, None, counted, book)
            DrainingServer(front, settings).run(sockets=[listener])
    finally:
        assistant.close()


def said_address(listener: socket.socket, host: str) -> str:
    """The address to show to whoever started the service."""
    shown = "127.0.0.1" if host in {"0.0.0.0", ""} else host
    shown = f"[{shown}]" if ":" in shown else shown
    return f"http://{shown}:{listener.getsockname()[1]}"


def warn_if_open(host: str, authenticator: Authenticator) -> None:
    """Say it where anybody on the network may ask without signing in."""
    if not is_loopback(host) and authenticator.lets_anybody_in():
        sys.stderr.write("注意：能连到这台机器的人都可以提问。要求登录：运行 zhengwen keys add，或设置 sign_in。\n")
