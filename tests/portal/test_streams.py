"""The stream in which a tab reads its answers: nothing is lost that is asked just when it ends."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assistant.settings import Settings
from assistant.web.server import tabs
from tests.portal.service import running
from tests.portal.tab import Tab, tabs_of, until
from tests.web.seed_assistant import SeedAssistant

if TYPE_CHECKING:
    from assistant.web.server.front import Front

QUESTION = "松北区2025年GDP目标是多少"
OTHER = "香坊区2025年GDP目标是多少"
HASH = "k3jx9q0zab"


@pytest.fixture
def front(tmp_path: Path) -> Front:
    from assistant.web.server.app import create_app

    return create_app(SeedAssistant(), Settings(home=tmp_path))


@pytest.fixture
def tab(front: Front, tmp_path: Path) -> Iterator[Tab]:
    with running(front, Settings(home=tmp_path)) as address, Tab(f"{address}/") as opened:
        yield opened


@pytest.fixture
def meanwhile() -> Iterator[Callable[..., Any]]:
    """Do something in a thread of its own, and give what will be its result."""
    with ThreadPoolExecutor(1) as apart:
        yield apart.submit


def test_what_is_asked_while_a_stream_ends_is_taken_once_the_page_has_hung_up(
    tab: Tab, meanwhile: Callable[..., Any]
) -> None:
    assert tab.join(QUESTION, HASH).status_code == 200
    with tab.reading(HASH) as messages:
        assert any(message["msg"] == "close_stream" for message in messages)
        asked = meanwhile(tab.join, OTHER, HASH)
        time.sleep(0.3)
        assert not asked.done()
    assert asked.result(30).status_code == 200
    assert "资料库里没有香坊区" in tab.data(HASH).text


def test_a_page_that_does_not_hang_up_is_waited_for_a_little_while(tab: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabs, "_HANGS_UP", 0.2)
    assert tab.join(QUESTION, HASH).status_code == 200
    with tab.client.stream("GET", "gradio_api/queue/data", params={"session_hash": HASH}) as reply:
        assert "content-encoding" not in reply.headers  # each part is there as soon as it is said
        assert "close_stream" in reply.read().decode()  # to the end of the reply
    assert "资料库里没有香坊区" in tab.ask(OTHER)


def test_what_is_taken_while_a_stream_ends_is_told_in_it(tab: Tab, front: Front, meanwhile: Callable[..., Any]) -> None:
    layer, goes_on, is_asking = tabs_of(front), threading.Event(), threading.Event()
    within = layer._app

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        """The second question is on its way to Gradio while the first one's answer is read."""
        if scope["path"].endswith("/join") and layer._leftovers.holds_words(HASH):
            is_asking.set()
            await asyncio.to_thread(goes_on.wait, 60)
        await within(scope, receive, send)

    layer._app = slow
    assert tab.join(QUESTION, HASH).status_code == 200
    asked = meanwhile(tab.join, OTHER, HASH)
    assert is_asking.wait(30)
    with tab.reading(HASH) as messages:
        assert next(message["event_id"] for message in messages if message["msg"] == "process_completed")
        goes_on.set()
        rest = list(messages)
    assert asked.result(30).json()["event_id"] in {message.get("event_id") for message in rest}
    assert [message["msg"] for message in rest][-2:] == ["process_completed", "close_stream"]
    until(lambda: not layer._leftovers.tabs())


def test_a_stream_that_is_opened_when_all_has_been_told_ends_at_once(tab: Tab, front: Front) -> None:
    tab.name = HASH
    tab.ask(QUESTION)
    until(lambda: not tabs_of(front)._leftovers.tabs())
    with tab.reading(HASH) as messages:
        assert [message["msg"] for message in messages] == ["close_stream"]
    assert "5.5%" in tab.ask(QUESTION)


def test_a_question_that_was_superseded_says_nothing_more_at_its_end(tab: Tab) -> None:
    """Gradio repeats the last state there, maybe after the next answer has been shown."""
    first = tab.join("很慢", HASH).json()["event_id"]
    with tab.reading(HASH) as messages:
        assert any(message["msg"] == "process_generating" for message in messages)
        assert tab.join(QUESTION, HASH).status_code == 200
        ended = [message for message in messages if message["msg"] == "process_completed"]
    last = next(message for message in ended if message["event_id"] == first)
    assert all(change == {"__type__": "update"} for change in last["output"]["data"])
