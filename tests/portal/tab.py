"""A tab of the chat page without a browser: it asks as the page does, and reads what comes."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, Self

import httpx

if TYPE_CHECKING:
    from assistant.web.server.front import Front
    from assistant.web.server.tabs import Tabs

API = "gradio_api"


class Tab:
    """A tab under an address that ends in a slash; its `name` is its session hash, another one for each question if it has none."""

    def __init__(self, address: str, name: str = "", **client: Any) -> None:
        self.name = name
        self.client = httpx.Client(base_url=address, trust_env=False, timeout=30, **client)
        config = self.client.get("config").json()
        ids = {part["props"].get("elem_id"): part["id"] for part in config["components"]}
        self._box = ids["picked"]
        self._event = next(event for event in config["dependencies"] if self._box in event["inputs"])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def join(self, question: str, name: str) -> httpx.Response:
        """Put a question into the queue."""
        data = [question if box == self._box else "" for box in self._event["inputs"]]
        asked = {"data": data, "fn_index": self._event["id"], "session_hash": name}
        return self.client.post(f"{API}/queue/join", json=asked)

    def data(self, name: str) -> httpx.Response:
        """Read the stream to its end."""
        with self._stream(name) as reply:
            return httpx.Response(reply.status_code, text="\n".join(_lines(reply)))

    def end(self, way: str, name: str, event: str) -> httpx.Response:
        """Cancel an event, or reset it."""
        body = {"session_hash": name, "fn_index": self._event["id"], "event_id": event}
        return self.client.post(f"{API}/{way}", json=body)

    def ask(self, question: str) -> str:
        """Ask and return all that the stream says."""
        name = self.name or secrets.token_hex(6)
        assert self.join(question, name).status_code == 200
        said = self.data(name).text
        assert "process_completed" in said, said[-500:]
        return said

    @contextmanager
    def reading(self, name: str) -> Iterator[Iterator[dict[str, Any]]]:
        """Read the stream message by message; whoever leaves the block closes the tab."""
        with self._stream(name) as reply:
            assert reply.status_code == 200
            yield (json.loads(line[5:]) for line in _lines(reply) if line.startswith("data:"))

    def _stream(self, name: str) -> AbstractContextManager[httpx.Response]:
        return self.client.stream("GET", f"{API}/queue/data", params={"session_hash": name})


def _lines(reply: httpx.Response) -> Iterator[str]:
    """All of them, or those until the page would hang up."""
    for line in reply.iter_lines():
        yield line
        if "close_stream" in line:
            return


def tabs_of(front: Front) -> Tabs:
    """The layer that knows the tabs of a service."""
    found: Tabs = front._page._app  # type: ignore[union-attr]  # a service of these tests has a page, in its gate
    return found


def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for what the server does of its own accord."""
    late = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < late
        time.sleep(0.02)
