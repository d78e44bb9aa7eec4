"""The portals of the tests, and the service on a free port."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assistant.settings import Portal, Settings
from tests.ports import service_on

if TYPE_CHECKING:
    from assistant.web.server.front import Front

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
    from assistant.web.server.serving import DrainingServer

    with service_on(DrainingServer(front, settings)) as address:
        yield address
