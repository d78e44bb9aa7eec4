"""The service where people sign in with a provider, which a test can make wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from assistant.settings import Settings
from assistant.web.server.asgi import App, Receive, Scope, Send, reply_json
from assistant.web.server.asked import asked_in
from tests.access.provider import ProviderSite, provider_site
from tests.portal.signing_in.person import BASE, PERSON, of

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from assistant import Assistant


@pytest.fixture
def provider() -> Iterator[ProviderSite]:
    with provider_site() as site:
        yield site


async def _page(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        for kind in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{kind}.complete"})
        return
    await reply_json(send, 200, {"user": asked_in(scope).caller.user, "path": scope["path"]})


@pytest.fixture
def house(
    assistant: Assistant, settings: Callable[..., Settings], provider: ProviderSite
) -> Iterator[Callable[..., TestClient]]:
    """Open the service, with a page that says who looks at it, as one browser sees it."""
    from starlette.testclient import TestClient

    from assistant.web.server.service import create_service

    def make_page(*_: Any) -> App:
        return _page

    with ExitStack() as stack:

        def opened(peer: str = "10.9.8.7", **changes: Any) -> TestClient:
            front = create_service(assistant, settings(**of(provider, **changes)), make_page)
            client = TestClient(front, base_url=BASE, follow_redirects=False, headers=PERSON, client=(peer, 5))
            return stack.enter_context(client)

        yield opened
