"""The service over the five seeds: as a client inside this process, and on a free port for clients of other people."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jwt
import pytest

from assistant.corpus.feedback import FeedbackBook
from assistant.settings import Settings
from tests.access.audited import audited
from tests.browser import launched
from tests.portal.service import SECRET, portals, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from starlette.testclient import TestClient

    from assistant import Assistant


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

    from assistant.web.server.service import create_service

    with ExitStack() as stack:

        def opened(*, by: Any = None, peer: str = "10.9.8.7", **changes: Any) -> TestClient:
            chosen = settings(**changes)
            book = stack.enter_context(FeedbackBook.open(chosen.home / "library.db"))
            front = create_service(by or assistant, chosen, None, book=book)
            client = TestClient(
                front, base_url="http://127.0.0.1:7860", raise_server_exceptions=False, client=(peer, 5)
            )
            return stack.enter_context(client)

        yield opened


@pytest.fixture
def served(assistant: Assistant, settings: Callable[..., Settings]) -> Callable[..., AbstractContextManager[str]]:
    """Serve the API with these settings and give its address."""
    from assistant.web.server.service import create_service

    @contextmanager
    def opened(*, by: Any = None, **changes: Any) -> Iterator[str]:
        chosen = settings(**changes)
        with (
            FeedbackBook.open(chosen.home / "library.db") as book,
            running(create_service(by or assistant, chosen, None, book=book), chosen) as address,
        ):
            yield address

    return opened


@pytest.fixture
def key(settings: Callable[..., Settings]) -> Callable[..., str]:
    """Make a key as `zhengwen keys add` does."""
    from assistant.access.keys import KeyRing

    return lambda scope="ask", portal="script", **more: KeyRing(settings().home).add(scope, portal, **more)[0]


@pytest.fixture
def audit(settings: Callable[..., Settings]) -> Callable[[], list[dict[str, Any]]]:
    """Read the audit log, whole and verified."""
    return lambda: audited(settings().home)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with launched() as running_browser:
        yield running_browser
