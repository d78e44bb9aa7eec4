"""The routes behind 看原件: the files that reports were read from, as they came or page by page as pictures."""

from __future__ import annotations

from pathlib import Path
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from assistant.access.callers import Caller
from assistant.corpus.originals import Originals
from assistant.corpus.parsing.parsed import ParserError
from assistant.corpus.sandbox import picture_of
from assistant.errors import LibraryError
from assistant.types import Report
from assistant.web.server.asked import current

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fastapi import FastAPI, Request
    from fastapi.responses import Response

ORIGINALS_PATH = "/originals"
ORIGINAL_PATH = r"/reports/[0-9a-f]{16}/original(/[1-9]\d{0,3})?"
_AT_ONCE = 2
"""Pages that are drawn at the same time: each takes a process of its own."""
_PATIENCE = 20.0
"""Seconds that one waits for its turn."""
_KEPT = {"cache-control": "private, max-age=3600"}
"""The bytes behind an id never change."""


class KnowsReports(Protocol):
    """What these routes need of an assistant: the reports that the visitor may see."""

    def reports(self) -> Sequence[Report]: ...


def add_original_routes(
    app: FastAPI, assistant: KnowsReports, home: Path, waiting: Callable[[Caller], Sequence[Report]] = lambda _: ()
) -> None:
    """Hang the originals into the application; `waiting` gives the reports that wait, to whoever may see them."""
    from fastapi.responses import JSONResponse, Response

    originals, turns = Originals(home), BoundedSemaphore(_AT_ONCE)

    def refused(status: int, error: str, hint: str) -> Response:
        return JSONResponse({"error": error, "hint": hint}, status, headers={"cache-control": "no-store"})

    def seen(request: Request) -> Report | None:
        wanted = request.path_params["report_id"]
        visible = (*assistant.reports(), *waiting(current().caller))
        return next((report for report in visible if report.id == wanted), None)

    def listed(request: Request) -> Response:
        visible = {report.id for report in assistant.reports()}
        kinds = {identity: path.suffix.lstrip(".") for identity, path in originals.held().items()}
        return JSONResponse({identity: kind for identity, kind in kinds.items() if identity in visible})

    def download(request: Request) -> Response:
        report = seen(request)
        found = originals.read(report.id) if report else None
        if report is None or found is None:
            return refused(404, "没有保存这份报告的原件。", "")
        suffix, content = found
        name = f"filename=\"original{suffix}\"; filename*=UTF-8''{quote(report.title + suffix)}"
        headers = {"content-disposition": f"attachment; {name}", **_KEPT}
        return Response(content, headers=headers, media_type="application/octet-stream")

    def page(request: Request) -> Response:
        report = seen(request)
        found = originals.read(report.id) if report else None
        if found is None or found[0] != ".pdf":
            return refused(404, "没有保存这份报告的原件，或者它不是 PDF。", "")
        if not turns.acquire(timeout=_PATIENCE):
            return refused(503, "看原件的人太多了。", "请稍后再试。")
        try:
            picture, pages = picture_of(found[1], int(request.path_params["number"]))
        except ParserError:
            return refused(404, "这一页打不开。", "请下载原件查看。")
        finally:
            turns.release()
        return Response(picture, headers={"x-pages": str(pages), **_KEPT}, media_type="image/jpeg")

    def told(act: Callable[[Request], Response]) -> Callable[[Request], Response]:
        """Say it in words where the library cannot be read."""

        def reply(request: Request) -> Response:
            try:
                return act(request)
            except LibraryError as error:
                return refused(503, str(error), error.hint)

        return reply

    app.add_route(ORIGINALS_PATH, told(listed), methods=["GET"])
    app.add_route("/reports/{report_id}/original", told(download), methods=["GET"])
    app.add_route("/reports/{report_id}/original/{number}", told(page), methods=["GET"])
