"""One event loop on a thread of its own: the core is synchronous, but only an asynchronous request can be stopped at once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any

PARTING = 2.0
"""Seconds in which tasks that were cancelled may close their connections."""


class BackgroundLoop:
    """Runs coroutines on one daemon thread, which starts with the first of them."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    def submit(self, coroutine: Coroutine[Any, Any, None]) -> Future[None] | None:
        """Start a coroutine; cancelling the future cancels it. None, and nothing is started, once the loop is closed."""
        with self._lock:
            if self._closed:
                coroutine.close()
                return None
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name=self._name, daemon=True)
                self._thread.start()
            return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    def close(self, last: Coroutine[Any, Any, None]) -> None:
        """Cancel what runs, run `last`, and end the thread."""
        with self._lock:
            loop, thread, closed = self._loop, self._thread, self._closed
            self._closed = True
        if closed or loop is None or thread is None:
            last.close()
            return
        ending = asyncio.run_coroutine_threadsafe(_end(last), loop)
        try:
            ending.result(PARTING)
        except TimeoutError:
            ending.cancel()
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PARTING)
        if not thread.is_alive():
            loop.close()


async def _end(last: Coroutine[Any, Any, None]) -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await last
    await asyncio.get_running_loop().shutdown_asyncgens()
