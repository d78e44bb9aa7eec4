"""The portals of the tests, and the service on a free port."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assistant.settings import Portal, Settings

if TYPE_CHECKING:
    from assistant.web.front import Front

SECRET = "portal-secret-of-at-least-32-characters"
OA = "http://oa.example.cn"


def portals() -> dict[str, Portal]:
    return {
        "oa": Portal(origins=(OA,), secret=SECRET, regions=("松北区",)),  # type: ignore[arg-type]  # pydantic wraps it
        "hall": Portal(origins=("http://hall.example.cn",), secret="x" * 40),  # type: ignore[arg-type]
    }


@contextmanager
def running(front: Front, settings: Settings) -> Iterator[str]:
    """Serve on a free port of this machine until the block ends."""
    from assistant.web.serving import DrainingServer

    listener = socket.create_server(("127.0.0.1", 0))
    server = DrainingServer(front, settings)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()
        assert not thread.is_alive()
