"""Evaluations started from the page: one at a time, in a thread of its own, kept under the home directory."""

from __future__ import annotations

import json
import logging
import re
import shutil
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Literal

from assistant.errors import ZhengwenError
from assistant.evaluation.files import REPORT, SCORECARD, write
from assistant.evaluation.provenance import what_ran
from assistant.evaluation.run import evaluate
from assistant.settings import Settings
from assistant.web.evaluation.gold_upload import check_upload, read_upload

if TYPE_CHECKING:
    from assistant.answering.assistant import Assistant

log = logging.getLogger(__name__)

RUN_ID = r"\d{8}-\d{6}-[0-9a-f]{6}"
"""Day, time of day, and six digits that keep two of one second apart."""
_NAME = re.compile(r"[^\w.()（）-]+")
_LONGEST_NAME = 80
_MOST_PROBLEMS = 50
_FAILED = ("评测中断了，没有得到结果。", "请再试一次；如果还是不行，请告诉管理员。")

State = Literal["running", "done", "failed", "cancelled"]


class Busy(ZhengwenError):
    """An evaluation is running already."""


class _Cancelled(Exception):
    """Somebody asked to stop; raised between two questions."""


@dataclass(slots=True)
class Status:
    """How far an evaluation has come, fit to be shown."""

    id: str
    name: str
    """Of the uploaded file."""
    state: State = "running"
    stage: str = "读取测试题"
    done: int = 0
    total: int = 0
    problems: list[str] = field(default_factory=list)
    """Lines that could not be used."""
    error: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Finished:
    """An evaluation that lies on the disk."""

    id: str
    name: str
    scorecard: dict[str, Any]


class EvaluationRuns:
    """Starts, watches and stops evaluations; the results stay in `evaluations/<id>/`, as `zhengwen eval --out` writes them."""

    def __init__(self, assistant: Assistant, settings: Settings) -> None:
        self._assistant = assistant
        self._settings = settings
        self._folder = settings.home.expanduser() / "evaluations"
        self._lock = threading.Lock()
        self._status: Status | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, name: str, content: bytes) -> str:
        """Begin to evaluate with an uploaded gold file and return the run's id.

        Raises `NotAGoldFile` for what cannot be one and `Busy` while another run goes on.
        """
        check_upload(name, content)
        with self._lock:
            if self._status is not None and self._status.state == "running":
                raise Busy("已经有一个评测在进行。", "请等它做完，或者先停掉它。")
            moment = datetime.now().strftime("%Y%m%d-%H%M%S")
            status = Status(f"{moment}-{token_hex(3)}", _file_name(name))
            gold = self._folder / status.id / "gold" / status.name
            try:
                gold.parent.mkdir(parents=True)
                gold.write_bytes(content)
            except OSError as error:
                raise ZhengwenError(f"存不下上传的文件：{error.strerror}", "请告诉管理员检查磁盘。") from error
            self._status, self._stop = status, threading.Event()
            work = (status, gold, self._stop)
            self._thread = threading.Thread(target=self._work, args=work, name="evaluation", daemon=True)
            self._thread.start()
        return status.id

    def status(self, run_id: str) -> dict[str, Any] | None:
        """Say how far a run has come; None for one that is not known."""
        current = self._status
        if current is not None and current.id == run_id:
            return asdict(current)
        found = self._finished(run_id)
        return asdict(Status(found.id, found.name, "done", "")) if found else None

    def running(self) -> str | None:
        """The id of the run that goes on now."""
        current = self._status
        return current.id if current is not None and current.state == "running" else None

    def cancel(self, run_id: str) -> bool:
        """Stop a run before its next question; False when it does not go on."""
        if self.running() != run_id:
            return False
        self._stop.set()
        return True

    def finished(self, most: int = 20) -> list[Finished]:
        """The evaluations on the disk, newest first."""
        try:
            names = sorted((path.name for path in self._folder.iterdir()), reverse=True)
        except FileNotFoundError:
            return []
        found: list[Finished] = []
        for name in names:
            if len(found) < most and (one := self._finished(name)):
                found.append(one)
        return found

    def report(self, run_id: str) -> str | None:
        """The HTML report of a finished run; None where there is none."""
        if self._finished(run_id) is None:
            return None
        return (self._folder / run_id / REPORT).read_text("utf-8")

    def close(self) -> None:
        """Stop what goes on and wait for the question that is being answered."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(10)

    def _finished(self, run_id: str) -> Finished | None:
        if re.fullmatch(RUN_ID, run_id) is None:
            return None
        try:
            scorecard = json.loads((self._folder / run_id / SCORECARD).read_text("utf-8"))
            (gold,) = (self._folder / run_id / "gold").iterdir()
            return Finished(run_id, gold.name, scorecard) if (self._folder / run_id / REPORT).is_file() else None
        except FileNotFoundError:
            return None  # unknown, or not finished
        except (OSError, ValueError):
            log.exception("The evaluation %s cannot be read.", run_id)
            return None

    def _work(self, status: Status, gold: Path, stop: threading.Event) -> None:
        out = gold.parents[1]
        try:
            questions = read_upload(gold)
            status.problems = [str(problem) for problem in questions.problems[:_MOST_PROBLEMS]]
            ran = what_ran(self._settings, [gold])
            write(evaluate(self._assistant, questions, _watched(status, stop), what=ran), out)
            status.state = "done"
        except _Cancelled:
            self._ended(status, out, "cancelled", "已按您的要求停止。", "")
        except ZhengwenError as error:
            self._ended(status, out, "failed", str(error), error.hint)
        except Exception:
            log.exception("An evaluation failed.")
            self._ended(status, out, "failed", *_FAILED)

    def _ended(self, status: Status, out: Path, state: State, error: str, hint: str) -> None:
        shutil.rmtree(out, ignore_errors=True)
        status.error, status.hint = error, hint
        status.state = state  # last: whoever sees it sees the reason too


def _watched(status: Status, stop: threading.Event) -> Callable[[str, int, int], None]:
    def progress(stage: str, done: int, total: int) -> None:
        if stop.is_set():
            raise _Cancelled
        status.stage, status.done, status.total = stage, done, total

    return progress


def _file_name(given: str) -> str:
    """The name without its folders and without what a file system or a page could take amiss; the suffix stays."""
    name = _NAME.sub("_", re.split(r"[/\\]", given)[-1]).lstrip(".")
    return name[-_LONGEST_NAME:].lstrip(".") or "gold"
