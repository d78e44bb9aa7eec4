"""Takes in what lies in the inbox: in the background, one file at a time, told of step by step."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from assistant.corpus.ingest import IngestOutcome
from assistant.corpus.sources import Upload
from assistant.errors import SeveralReports, ZhengwenError
from assistant.types import Report
from assistant.web.library.inbox import Inbox, Slip
from assistant.web.library.scanning import scan
from assistant.web.page.markup import storable
from assistant.web.server.asked import Asked

if TYPE_CHECKING:
    from assistant.answering.assistant import Assistant

log = logging.getLogger(__name__)

Note = Callable[[Asked, IngestOutcome], None]
"""Writes a line of the audit log: who sent the file, and what became of it."""

_SHOWN = 200
"""Files that are done and still shown."""
_WAITED = 20.0
"""Seconds that the end of the service waits for the file that is being taken in; it is taken in again at the next start."""
_FAILED = ("出了意料之外的错误，没有收录。", "请再试一次；如果还是不行，请把文件交给维护者。")


@dataclass(slots=True)
class Status:
    """How far a file has come, fit to be shown."""

    id: str
    name: str
    state: Literal["waiting", "working", "done"] = "waiting"
    stage: str = ""
    done: int = 0
    total: int = 0
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    """What became of it, or of each member of a zip file."""


class Work:
    """The background work of one data directory."""

    def __init__(self, assistant: Assistant, inbox: Inbox, scanner: str, note: Note) -> None:
        self._assistant, self._inbox, self._scanner, self._note = assistant, inbox, scanner, note
        self._lock = threading.Condition()
        self._queue: deque[tuple[Slip, Asked]] = deque()
        self._statuses: dict[str, Status] = {}
        self._ending = False
        self._is_index_old = False
        self._thread: threading.Thread | None = None

    def resume(self) -> None:
        """Go on with what was sent before the service ended."""
        for slip in self._inbox.left():
            self.add(slip, Asked())

    def add(self, slip: Slip, sender: Asked) -> None:
        """Take in a file that lies in the inbox, when its turn comes."""
        with self._lock:
            if self._ending:
                return  # it lies there still at the next start
            self._forget_oldest()
            self._statuses[slip.id] = Status(slip.id, slip.name)
            self._queue.append((slip, sender))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="uploads", daemon=True)
                self._thread.start()
            self._lock.notify_all()

    def statuses(self) -> list[Status]:
        """Return the files of this run of the service, in the order in which they came."""
        with self._lock:
            return list(self._statuses.values())

    @property
    def is_busy(self) -> bool:
        """Whether anything still waits."""
        with self._lock:
            return any(status.state != "done" for status in self._statuses.values())

    def index_later(self) -> None:
        """Make the index anew once nothing waits: something else than a file has changed what answers."""
        with self._lock:
            self._is_index_old = True
            if self._thread is None and not self._ending:
                self._thread = threading.Thread(target=self._run, name="uploads", daemon=True)
                self._thread.start()
            self._lock.notify_all()

    def close(self) -> None:
        """Take in no further file."""
        with self._lock:
            self._ending = True
            self._lock.notify_all()
        if self._thread is not None:
            self._thread.join(_WAITED)

    def _run(self) -> None:
        while True:
            with self._lock:
                while not (self._queue or self._is_index_old or self._ending):
                    self._lock.wait()
                if self._ending:
                    return
                sent = self._queue.popleft() if self._queue else None
            if sent is not None:
                self._take_in(*sent, self._statuses[sent[0].id])
                continue
            self._is_index_old = False
            try:
                self._assistant.changes.index_anew()
            except Exception:
                log.exception("The index could not be made after uploads.")

    def _take_in(self, slip: Slip, sender: Asked, status: Status) -> None:
        def progress(stage: str, done: int, total: int) -> None:
            status.stage, status.done, status.total = stage, done, total

        def acknowledge(outcome: IngestOutcome) -> None:
            status.outcomes.append(shown_outcome(outcome))
            self._is_index_old = self._is_index_old or outcome.status == "added"
            self._note(sender, outcome)

        status.state, status.stage = "working", "安全扫描" if self._scanner else "读取文件"
        path = self._inbox.path(slip)
        try:
            scan(self._scanner, path, slip.name)
            status.stage = "读取文件"
            self._assistant.ingest(
                [Upload(Path(slip.name), path)],
                progress,
                index=False,
                acknowledge=acknowledge,
                split=slip.split,
                **self._instead_of(slip),
            )
            if not status.outcomes:
                status.outcomes.append(_failure(slip.name, "里面没有可以收录的文件。", ""))
        except ZhengwenError as error:
            status.outcomes.append(_failure(slip.name, str(error), error.hint))
            self._note(sender, IngestOutcome(Path(slip.name), None, "failed", error))
        except Exception:
            log.exception("An upload could not be taken in.")
            status.outcomes.append(_failure(slip.name, *_FAILED))
        self._inbox.discard(slip)
        status.state = "done"  # last: whoever sees it sees what became of it too

    def _instead_of(self, slip: Slip) -> dict[str, Any]:
        """A file that is to replace a report is taken for what that one is."""
        if not slip.instead_of:
            return {}
        held = self._assistant.reader().shelf.library.report(slip.instead_of)
        said = {"region": held.region, "parent": held.parent, "report_year": held.report_year, "kind": held.kind}
        return {**said, "in_place_of": held.id}

    def _forget_oldest(self) -> None:
        over = [one for one, status in self._statuses.items() if status.state == "done"]
        for one in over[: max(0, len(self._statuses) - _SHOWN)]:
            del self._statuses[one]


def shown_outcome(outcome: IngestOutcome) -> dict[str, Any]:
    """What became of a file, as the page shows it; all of it is text. Why a report waits stands in the review of it."""
    error = outcome.error
    return {
        "file": storable(outcome.path.name),
        "status": outcome.status,
        "report": shown_report(outcome.report) if outcome.report and error is None else None,
        "paragraphs": outcome.paragraphs,
        "notes": [storable(note) for note in outcome.notes],
        "error": storable(str(error)) if error else "",
        "hint": storable(error.hint) if error else "",
        "several": error.count if isinstance(error, SeveralReports) else 0,
    }


def shown_report(report: Report) -> dict[str, Any]:
    """A report's description as the page shows it, "" and 0 where something is not known."""
    return {
        "id": report.id,
        "title": storable(report.title),
        "region": storable(report.region),
        "parent": storable(report.parent or ""),
        "year": report.report_year,
        "kind": storable(report.kind),
        "delivered": report.delivered or "",
        "occasion": storable(report.occasion or ""),
        "speaker": storable(report.speaker or ""),
        "source": storable(report.source or ""),
    }


def _failure(name: str, error: str, hint: str) -> dict[str, Any]:
    nothing: dict[str, Any] = {"report": None, "paragraphs": 0, "notes": [], "several": 0}
    return {"file": storable(name), "status": "failed", **nothing, "error": storable(error), "hint": hint}
