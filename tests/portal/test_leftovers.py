"""What the page leaves behind in the server: after thousands of answers as little as after a few."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assistant.settings import Settings
from assistant.web.server import tabs
from assistant.web.server.leftovers import CLOSE, MOST_TABS, Leftovers
from tests.portal.service import running
from tests.portal.tab import Tab, tabs_of, until
from tests.web.seed_assistant import SeedAssistant

if TYPE_CHECKING:
    from assistant.web.server.front import Front

QUESTION = "松北区2025年GDP目标是多少"
STATUS = Path("/proc/self/status")


class Forgetful(SeedAssistant):
    """Remembers nothing of what it was asked."""

    def stream(self, *given: Any) -> Iterator[Any]:
        self.heard.clear()
        yield from super().stream(*given)


@pytest.fixture
def front(tmp_path: Path) -> Front:
    from assistant.web.server.app import create_app

    return create_app(Forgetful(), Settings(home=tmp_path))


@pytest.fixture
def address(front: Front, tmp_path: Path) -> Iterator[str]:
    with running(front, Settings(home=tmp_path)) as served:
        yield f"{served}/"


@pytest.fixture
def open_tab(address: str) -> Iterator[Callable[..., Tab]]:
    """Open a tab that is closed when the test ends."""
    with ExitStack() as stack:
        yield lambda name="": stack.enter_context(Tab(address, name))


def blocks() -> int:
    """Pieces of memory that Python has given out."""
    gc.collect()
    return sys.getallocatedblocks()


def resident() -> float:
    """Megabytes that this process has in memory."""
    gc.collect()
    row = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmRSS"))
    return int(row.split()[1]) / 1024


@pytest.mark.parametrize(
    "name",
    ["", pytest.param("one-tab", marks=pytest.mark.slow)],
    ids=["a tab for each answer", "one tab"],
)
def test_hundreds_of_answers_leave_nothing_behind(open_tab: Callable[..., Tab], front: Front, name: str) -> None:
    tab = open_tab(name)
    for _ in range(50):
        tab.ask(QUESTION)
    before = blocks()
    for _ in range(200):
        assert "5.5%" in tab.ask(QUESTION)
    # Caches of libraries fill and empty by some 1,700; hence as many answers as make that little of each.
    assert (
        blocks() - before < 30 * 200
    )  # the owner of a tab is fourteen; Gradio keeps 680 of a tab, and 40 of an answer
    until(lambda: not tabs_of(front)._leftovers.tabs())


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.skipif(not STATUS.exists(), reason="the memory of a process is read as Linux shows it")
def test_five_thousand_answers_leave_the_memory_as_it_was(open_tab: Callable[..., Tab], front: Front) -> None:
    new, old = open_tab(), open_tab("one-tab")
    for _ in range(150):
        new.ask(QUESTION)
        old.ask(QUESTION)
    before = resident()
    for _ in range(2500):
        new.ask(QUESTION)
        old.ask(QUESTION)
    assert resident() - before < 15  # it was 500
    until(lambda: not tabs_of(front)._leftovers.tabs())


def test_what_was_read_is_forgotten_at_once_and_what_nobody_reads_after_a_while(
    open_tab: Callable[..., Tab], front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer, tab = tabs_of(front), open_tab("read")
    tab.ask(QUESTION)
    assert tab.join(QUESTION, "unread").status_code == 200
    until(lambda: not layer._leftovers.at_work())
    until(lambda: "read" not in layer._leftovers.tabs())
    layer.tidy()
    assert layer._leftovers.tabs() == {"unread"}  # its page may still come for it
    monkeypatch.setattr(tabs, "_UNREAD", 0.0)
    layer.tidy()
    assert layer._leftovers.tabs() == set()
    assert "5.5%" not in tab.data("unread").text
    assert "5.5%" in tab.ask(QUESTION)  # and the tab goes on


def test_a_tab_that_is_closed_in_the_middle_of_an_answer_is_forgotten_without_another_request(
    front: Front, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabs, "_EVERY", 0.05)
    monkeypatch.setattr(tabs, "_UNREAD", 0.2)
    left = tabs_of(front)._leftovers
    with running(front, Settings(home=tmp_path)) as address:
        with Tab(f"{address}/") as tab:
            assert tab.join("很慢", "closed").status_code == 200
            with tab.reading("closed") as messages:
                assert any(message["msg"] == "process_generating" for message in messages)
                assert left.tabs() == {"closed"}
        until(lambda: not left.tabs() and not left.at_work(), 20)


def test_two_events_of_a_tab_at_once_are_both_read_to_their_end(open_tab: Callable[..., Tab], front: Front) -> None:
    tab = open_tab()
    for question in ("香坊区2025年GDP目标是多少", QUESTION):
        assert tab.join(question, "busy").status_code == 200
    said = tab.data("busy").text
    assert said.count('"process_completed"') == 2
    until(lambda: not tabs_of(front)._leftovers.tabs())


def test_gradio_keeps_what_we_throw_away_where_we_throw_it_away(
    open_tab: Callable[..., Tab], front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when Gradio keeps a tab elsewhere, or no longer: then look at `leftovers.py` anew."""
    from gradio.server_messages import CloseStreamMessage

    left = tabs_of(front)._leftovers
    assert left._states.capacity == MOST_TABS
    assert len(left._queue.event_analytics) <= 1
    forget = left.forget
    monkeypatch.setattr(Leftovers, "forget", lambda *_: None)
    tab = open_tab("kept")
    for _ in range(3):
        tab.ask(QUESTION)
    assert [set(kept) for kept in left._kept()] == [{"kept"}] * 4
    held = left._states.session_data["kept"]
    assert len(held.blocks_config.blocks) > len(held.blocks_config.root_block.blocks)  # it grows within a tab
    assert left.is_over("kept")
    until(lambda: not left.at_work())
    forget("kept")
    assert left.tabs() == set()
    server = left._queue.server_app
    assert [len(rest) for rest in (server.iterators, server.iterators_to_reset)] == [0, 0]
    page = left._queue.blocks
    assert not page.pending_diff_streams
    assert not page.pending_streams
    assert server.get_blocks() is page
    assert len(left._queue.event_analytics) <= 1
    assert left._queue.events_recorded == 3
    assert f"data: {CloseStreamMessage().model_dump_json()}\n\n".encode() == CLOSE
    assert left._queue.cached_event_analytics_summary == {"functions": {}}  # no percentiles were worked out
