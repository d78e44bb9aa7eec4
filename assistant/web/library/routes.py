"""The routes by which administrators change the library from the page. Readers who are none get no reply but a refusal.

Nothing is changed by a GET, and no form of another site can send what these routes take: a body that is a file must be declared as
`application/octet-stream`, any other as JSON, for which a browser first asks; the front lets no other site do either.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.access.callers import Caller
from assistant.corpus.claims import SAID
from assistant.corpus.ingest import IngestOutcome
from assistant.corpus.kinds import HINT
from assistant.corpus.library import Library
from assistant.corpus.originals import Originals
from assistant.corpus.readers import LARGEST_FILE
from assistant.corpus.review import Waiting
from assistant.corpus.versions import rivals
from assistant.errors import AlreadyHeld, LibraryError, StorageError, UnreadableFile, ZhengwenError
from assistant.keeping.removal import remove_with_proof
from assistant.settings import Settings
from assistant.types import Report
from assistant.web.library.inbox import KINDS, LARGEST_ARCHIVE, MOST_FILES, Inbox, NoRoom, Slip, new_id
from assistant.web.library.work import Work, shown_report
from assistant.web.page.markup import storable
from assistant.web.page.reading import report_view
from assistant.web.server.asked import Asked, asked_in
from assistant.web.server.desk import Recorder

if TYPE_CHECKING:
    from fastapi import FastAPI, Request
    from fastapi.responses import Response

    from assistant.answering.assistant import Assistant

UPLOADS_PATH = "/library/uploads"
REVIEW_PATH = "/library/review"
HELD_PATH = r"/library/reports/[0-9a-f]{16}"
_PATIENCE = 30.0
"""Seconds without a byte of a file after which it is given up."""
_CHUNK = 1 << 20
_FRESH = {"cache-control": "no-store"}
_PARTS = {"split": True, "whole": False}
"""What is said of a file in which several reports were found."""
_STATUS = ((UnreadableFile, 415), (NoRoom, 429), (StorageError, 507), (AlreadyHeld, 409), (LibraryError, 404))


class Said(BaseModel):
    """What an administrator says of a report."""

    model_config = ConfigDict(extra="forbid", strict=True)

    region: str = ""
    parent: str = ""
    report_year: int | None = None
    kind: str = ""
    title: str = ""
    delivered: str = ""
    occasion: str = ""
    speaker: str = ""
    confirm: bool = False
    replace_rivals: bool = Field(default=False)

    def fields(self) -> dict[str, Any]:
        """What is said of the report itself."""
        return self.model_dump(exclude={"confirm", "replace_rivals"})


def may_manage(caller: Caller) -> bool:
    """Whether somebody may change the library; who sees a part of it may not."""
    return caller.may("admin") and caller.regions is None


class Management:
    """Everything behind the routes."""

    def __init__(self, assistant: Assistant, settings: Settings, recorder: Recorder) -> None:
        self._assistant, self._recorder = assistant, recorder
        self._home = settings.home.expanduser()
        self._originals = Originals(self._home)
        self.inbox = Inbox(self._home)
        self.work = Work(assistant, self.inbox, settings.upload_scanner, self._note)

    def add_routes(self, app: FastAPI) -> None:
        """Hang the routes into the application."""
        routes: tuple[tuple[str, Callable[..., Any], str], ...] = (
            (UPLOADS_PATH, self._progress, "GET"),
            (REVIEW_PATH, self._review, "GET"),
            ("/library/reports/{report_id}", self._read, "GET"),
            ("/library/reports/{report_id}", self._describe, "POST"),
            ("/library/reports/{report_id}/remove", self._remove, "POST"),
        )
        for path, act, method in routes:
            app.add_route(path, _guarded(act), methods=[method])
        app.add_route(UPLOADS_PATH, _guarded_receiving(self._receive), methods=["POST"])

    def waiting(self, caller: Caller) -> list[Report]:
        """Return the reports that wait to be confirmed, for whoever may confirm them."""
        return [one.report for one in self._library.reviews.waiting()] if may_manage(caller) else []

    @property
    def _library(self) -> Library:
        return self._assistant.reader().shelf.library

    def _progress(self, request: Request, body: bytes) -> dict[str, Any]:
        limits = {"kinds": KINDS, "file": LARGEST_FILE, "archive": LARGEST_ARCHIVE, "files": MOST_FILES, "hint": HINT}
        files = [
            {name: getattr(status, name) for name in ("id", "state", "stage", "done", "total", "outcomes")}
            | {"name": storable(status.name)}
            for status in self.work.statuses()
        ]
        return {"limits": limits, "files": files, "busy": self.work.is_busy}

    def _review(self, request: Request, body: bytes) -> dict[str, Any]:
        held, kept = self._library.reports(), self._originals.held()
        kinds = {identity: path.suffix.lstrip(".") for identity, path in kept.items()}
        return {"waiting": [self._shown(one, held, kinds) for one in self._library.reviews.waiting()]}

    def _shown(self, one: Waiting, held: tuple[Report, ...], kinds: Mapping[str, str]) -> dict[str, Any]:
        """A report that waits, what else claims the same, and of which kind their files are, where these were kept."""
        own = [paragraph.text for paragraph in self._library.paragraphs(one.report.id)]
        own_texts, beside = set(own), []
        for other in rivals(one.report, held):
            texts = [paragraph.text for paragraph in self._library.paragraphs(other.id)]
            same = {"paragraphs": len(texts), "same": sum(text in own_texts for text in texts)}
            beside.append({**shown_report(other), **same, "original": kinds.get(other.id, "")})
        return {
            **shown_report(one.report),
            "original": kinds.get(one.report.id, ""),
            "paragraphs": len(own),
            "doubts": [storable(doubt.sentence) for doubt in one.review.doubts],
            "claims": [
                {
                    "field": claim.field,
                    "source": SAID[claim.source],
                    "value": claim.value,
                    "words": storable(claim.words),
                }
                for claim in one.review.claims
            ],
            "rivals": beside,
        }

    def _read(self, request: Request, body: bytes) -> dict[str, Any]:
        """A report as it is read, also one that waits."""
        report_id = request.path_params["report_id"]
        report = self._library.report(report_id)
        return {**report_view(report, self._library.paragraphs(report_id)), "described": shown_report(report)}

    def _describe(self, request: Request, body: bytes) -> dict[str, Any]:
        report_id = request.path_params["report_id"]
        said = Said.model_validate_json(body)
        how = {"confirm": said.confirm, "replace_rivals": said.replace_rivals}
        before = self._library.state()
        report = self._assistant.changes.describe(report_id, said.fields(), index=False, **how)
        if self._library.state() != before:  # a report answers that did not, or the other way round
            self.work.index_later()
        given = {name: value for name, value in said.fields().items() if value}
        self._recorder.note("description", asked_in(request.scope), **_named(report), said=given, **how)
        return shown_report(report)

    def _remove(self, request: Request, body: bytes) -> dict[str, Any]:
        report_id = request.path_params["report_id"]
        proof = remove_with_proof(self._home, report_id, self._library, self._assistant.remove)
        self._recorder.note("deletion", asked_in(request.scope), **_named(proof.report))
        left = [str(Path(path).relative_to(self._home)) for path in proof.left]
        return {
            "report": shown_report(proof.report),
            "rows": proof.rows,
            "left": left,
            "searched": proof.searched,
            "evaluations": proof.evaluations,
            "holds": proof.holds,
        }

    async def _receive(self, request: Request) -> dict[str, Any]:
        """Write the body to the disk as it comes, and put it into the queue once it is whole."""
        asked, query = asked_in(request.scope), request.query_params
        declared = request.headers.get("content-length", "")
        size = int(declared) if declared.isdigit() and len(declared) < 16 else 0
        name = await asyncio.to_thread(self.inbox.check, query.get("name", ""), size)
        slip = Slip(new_id(), name, size, query.get("instead_of", "")[:16], _PARTS.get(query.get("parts", "")))
        with ExitStack() as stack:
            file = await asyncio.to_thread(stack.enter_context, self.inbox.receiving(slip))
            parts, stream = bytearray(), request.stream().__aiter__()
            while (chunk := await asyncio.wait_for(anext(stream, None), _PATIENCE)) is not None:
                parts += chunk
                if len(parts) >= _CHUNK:
                    await asyncio.to_thread(file.write, bytes(parts))
                    parts.clear()
            await asyncio.to_thread(file.write, bytes(parts))
            if await asyncio.to_thread(file.tell) != size:
                raise UnreadableFile(f"《{name}》没有传完。", "请再传一次。")
        self.work.add(slip, asked)
        return {"id": slip.id, "name": storable(name)}

    def _note(self, sender: Asked, outcome: IngestOutcome) -> None:
        error = {"error": str(outcome.error)} if outcome.error else {}
        told = {"file": outcome.path.name, "result": outcome.status, **error}
        self._recorder.note("upload", sender, **told, **(_named(outcome.report) if outcome.report else {}))


def _named(report: Report) -> dict[str, Any]:
    return {"report": report.id, "title": report.title, "region": report.region, "year": report.report_year}


def _guarded(act: Callable[[Request, bytes], Mapping[str, Any]]) -> Callable[[Request], Any]:
    """Let administrators through, in a thread of their own, and turn errors into sentences."""

    async def reply(request: Request) -> Response:
        from fastapi.responses import JSONResponse

        if refused := _refused(request, "application/json"):
            return refused
        body = await request.body()
        try:
            return JSONResponse(await asyncio.to_thread(act, request, body), headers=_FRESH)
        except ValidationError:
            return _said(400, "没有看懂要改的内容。", "请刷新页面后再试一次。")
        except ZhengwenError as error:
            return _of(error)

    return reply


def _guarded_receiving(act: Callable[[Request], Any]) -> Callable[[Request], Any]:
    async def reply(request: Request) -> Response:
        from fastapi.responses import JSONResponse
        from starlette.requests import ClientDisconnect

        if refused := _refused(request, "application/octet-stream"):
            return refused
        try:
            return JSONResponse(await act(request), 202, headers=_FRESH)
        except (TimeoutError, ClientDisconnect):
            return _said(408, "文件没有传完。", "请检查网络，再传一次。")
        except ZhengwenError as error:
            return _of(error)

    return reply


def _refused(request: Request, kind: Literal["application/json", "application/octet-stream"]) -> Response | None:
    if not may_manage(asked_in(request.scope).caller):
        return _said(403, "这里只对能看到全部报告的管理员开放。", "请用没有限定地区的 admin 密钥。")
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method == "POST" and given != kind:
        return _said(415, "请求的类型不对。", f"Content-Type 要是 {kind}。")
    return None


def _of(error: ZhengwenError) -> Response:
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 400)
    return _said(status, str(error), error.hint)


def _said(status: int, error: str, hint: str) -> Response:
    from fastapi.responses import JSONResponse

    return JSONResponse({"error": storable(error), "hint": storable(hint)}, status, headers=_FRESH)
