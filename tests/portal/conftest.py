"""The service over the five seeds: as a client inside this process, and on a free port for clients of other people."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jwt
import pytest

from assistant.settings import Portal, Settings

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from assistant import Assistant
    from assistant.web.front import Front

SECRET = "portal-secret-of-at-least-32-characters"
OA = "http://oa.example.cn"


def portals() -> dict[str, Portal]:
    return {
        "oa": Portal(origins=(OA,), secret=SECRET, regions=("松北区",)),  # type: ignore[arg-type]  # pydantic wraps it
        "hall": Portal(origins=("http://hall.example.cn",), secret="x" * 40),  # type: ignore[arg-type]
    }


@pytest.fixture(scope="session")
def mint() -> Callable[..., str]:
    """Sign a token as a portal's backend does."""

    def minted(**changes: Any) -> str:
        now = int(time.time())
        plain = {"iss": "oa", "aud": "zhengwen", "sub": "zhang", "iat": now, "exp": now + 300}
        return jwt.encode({**plain, **changes}, SECRET, "HS256")

    return minted


@pytest.fixture
def settings(tmp_path: Path) -> Callable[..., Settings]:
    """Make settings with a home of their own and two portals; everybody must sign in."""

    def made(**changes: Any) -> Settings:
        plain = {"home": tmp_path, "portal": portals(), "sign_in": True, "asks_per_minute": 1000, "port": 0}
        return Settings(**{**plain, **changes})

    return made


@pytest.fixture
def service(assistant: Assistant, settings: Callable[..., Settings]) -> Iterator[Callable[..., TestClient]]:
    """Give a client of the API with these settings; `assistant` may be another one."""
    from contextlib import ExitStack

    from starlette.testclient import TestClient

    from assistant.web.service import create_service

    with ExitStack() as stack:

        def opened(*, by: Any = None, peer: str = "10.9.8.7", **changes: Any) -> TestClient:
            front = create_service(by or assistant, settings(**changes), None)
            client = TestClient(
                front, base_url="http://127.0.0.1:7860", raise_server_exceptions=False, client=(peer, 5)
            )
            return stack.enter_context(client)

        yield opened


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


@pytest.fixture
def served(assistant: Assistant, settings: Callable[..., Settings]) -> Callable[..., AbstractContextManager[str]]:
    """Serve the API with these settings and give its address."""
    from assistant.web.service import create_service

    def opened(*, by: Any = None, **changes: Any) -> AbstractContextManager[str]:
        chosen = settings(**changes)
        return running(create_service(by or assistant, chosen, None), chosen)

    return opened


@pytest.fixture
def key(settings: Callable[..., Settings]) -> Callable[..., str]:
    """Make a key as `zhengwen keys add` does."""
    from assistant.access.keys import KeyRing

    return lambda scope="ask", portal="script", **more: KeyRing(settings().home).add(scope, portal, **more)[0]


@pytest.fixture
def audit(settings: Callable[..., Settings]) -> Callable[[], list[dict[str, Any]]]:
    """Read the audit log, whole and verified."""
    import json

    from assistant.access.auditing import faults

    def read() -> list[dict[str, Any]]:
        home = settings().home
        assert faults(home) == []
        return [
            json.loads(row)
            for path in sorted((home / "audit").glob("*.jsonl"))
            for row in path.read_bytes().splitlines()
        ]

    return read
