"""What Gradio keeps of a tab once its answers are over, and how it is thrown away.

Under its session hash Gradio keeps a tab's components as they were last shown, and what was not read. Each update makes components
anew, also of all outputs that an update leaves as they are, and files some of them under numbers of their own, so what is kept grows with
each answer of a tab as well as with each tab: some 0.13 MB an answer, until 10,000 other tabs have come. Gradio lets go of it an hour
after a tab's heartbeat has ended, and our page has none. Nor has it any use for what is kept: each event brings along all that it needs.
(A page with a `gr.State`, or with choices that an update makes anew, would have: it must not be served with this.)

There is no public call for this. `state_session_capacity`, which is public, bounds how many tabs are kept, not how much of each. Hence
the private parts that are named here and nowhere else; `tests/portal/test_leftovers.py` fails where a release of Gradio has others.
"""

from __future__ import annotations

from collections.abc import Collection, MutableMapping
from typing import Any

MOST_TABS = 256
"""Tabs of which Gradio may keep something, whatever else happens; at most 64 questions wait, and a few dozen are worked on."""
CLOSE = b'data: {"msg":"close_stream","event_id":null}\n\n'
"""What Gradio says last in a stream; its page hangs up then."""


class Leftovers:
    """What lies in a mounted page under the session hashes of its tabs."""

    def __init__(self, page: Any) -> None:
        """`page` is a `gr.Blocks` that has been mounted."""
        self._queue, self._states = page._queue, page.state_holder

    def tabs(self) -> Collection[str]:
        """All tabs of which anything is kept."""
        return {tab for kept in self._kept() for tab in tuple(kept)}

    def holds_words(self, tab: str) -> bool:
        """Whether something was asked in this tab, the answer to which can be or could have been read."""
        return tab in self._queue.pending_messages_per_session

    def is_over(self, tab: str) -> bool:
        """Whether all that was asked in this tab has been answered and read, or was given up when its reader left."""
        events = self._queue.event_ids_to_events
        pending = self._queue.pending_event_ids_session.get(tab, ())
        return all(event in events and not events[event].alive for event in pending)

    def at_work(self) -> Collection[str]:
        """The tabs for which something is being worked on or waits."""
        return {event.session_hash for event in tuple(self._queue.event_ids_to_events.values())}

    def tab_of(self, event: str) -> str | None:
        """The tab that an event belongs to, until it is over."""
        found = self._queue.event_ids_to_events.get(event)
        return found.session_hash if found else None

    def forget(self, tab: str) -> None:
        """Throw away what is kept of a tab; what is asked in it later begins anew."""
        with self._states.lock:
            for kept in self._kept():
                kept.pop(tab, None)

    def _kept(self) -> tuple[MutableMapping[str, Any], ...]:
        return (
            self._states.session_data,
            self._states.time_last_used,
            self._queue.pending_messages_per_session,
            self._queue.pending_event_ids_session,
        )
