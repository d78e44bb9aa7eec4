"""The routes behind the page that are no part of the chat: a whole report to read, and a conversation as a file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol
from urllib.parse import quote

from assistant.access.callers import Caller
from assistant.answering.indicators import question_for
from assistant.errors import LibraryError
from assistant.facts.fact import Fact
from assistant.language.regions import ancestors, divisions
from assistant.types import Paragraph, Period, Report
from assistant.web.display.marking import Span
from assistant.web.export import exporting as export
from assistant.web.export.record import aigc
from assistant.web.page.fact_words import said_of
from assistant.web.page.markup import attribute, clean, storable, text, woven
from assistant.web.page.thread import Exchange
from assistant.web.server.asked import asked_in
from assistant.web.server.desk import Recorder

if TYPE_CHECKING:
    from fastapi import FastAPI
    from pydantic import TypeAdapter

    from assistant.facts.told import Told

REPORTS_PATH = "/reports"
REPORT_PATH = r"/reports/[0-9a-f]{16}"
EXPORT_PATH = "/export"
MANAGES = "x-zhengwen-manages"
"""The header by which the page learns, with the list that it fetches anyway, that its reader is an administrator."""
EXPORT_LIMIT = 256 * 1024
"""Bytes of a conversation to export; one of twenty long answers is half of that."""

_QUESTIONS = 3
_ID = re.compile(r"[0-9a-f]{16}")
_KINDS = {
    "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_NOT_AN_EXPORT = {"error": "没有看懂要导出的内容。", "hint": "请刷新页面后再试一次。"}
_EMPTY = {"error": "还没有可以导出的问答。", "hint": "请先提一个问题。"}


class HoldsReports(Protocol):
    """What the report reader needs of an assistant."""

    def reports(self) -> Sequence[Report]: ...

    def report(self, report_id: str) -> tuple[Report, tuple[Paragraph, ...]]: ...

    def facts(self, report_id: str) -> Sequence[Told]: ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the page asks to be exported; the exchanges are as `memory` keeps them."""

    __pydantic_config__: ClassVar[dict[str, object]] = {"extra": "forbid", "strict": True, "allow_inf_nan": False}
    """As strict as what `memory` takes back from a browser; holds for the exchanges too."""

    format: Literal["md", "docx"]
    exchanges: tuple[Exchange, ...]


def add_reading_routes(
    app: FastAPI, assistant: HoldsReports, recorder: Recorder, *, may_manage: Callable[[Caller], bool]
) -> None:
    """Hang the report reader and the export into the application; `may_manage` says who is shown how to change the library."""
    from fastapi import Request
    from fastapi.concurrency import run_in_threadpool
    from fastapi.responses import JSONResponse, Response

    def refused(status: int, error: str, hint: str) -> Response:
        return JSONResponse({"error": error, "hint": hint}, status, headers={"cache-control": "no-store"})

    def shelved(request: Request) -> Response:
        try:
            reports = assistant.reports()
        except LibraryError as error:
            return refused(503, str(error), error.hint)
        manages = {MANAGES: "yes"} if may_manage(asked_in(request.scope).caller) else {}
        return JSONResponse(shelf_view(reports), headers={"cache-control": "no-store", **manages})

    def read(request: Request) -> Response:
        report_id = request.path_params["report_id"]
        try:
            if not _ID.fullmatch(report_id):
                raise LibraryError("没有这份报告。", "")
            report, paragraphs = assistant.report(report_id)
            told = assistant.facts(report_id)
        except LibraryError as error:
            return refused(404, str(error), error.hint)
        view = report_view(report, paragraphs, [one.fact for one in told])
        reply = JSONResponse({**view, "questions": questions_of(told)})
        tag = f'"{hashlib.sha256(bytes(reply.body)).hexdigest()[:32]}"'
        kept = {"etag": tag, "cache-control": "private, max-age=3600"}
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=kept)
        reply.headers.update(kept)
        return reply

    async def save(request: Request) -> Response:
        wanted = wanted_of(await request.body())
        if wanted is None or not wanted.exchanges:
            return refused(400, **(_NOT_AN_EXPORT if wanted is None else _EMPTY))
        now = datetime.now()
        content = await run_in_threadpool(file_of, wanted, now)
        label = aigc(wanted.exchanges) or {}
        told = {"format": wanted.format, "exchanges": len(wanted.exchanges), "content": label.get("ProduceID", "")}
        await run_in_threadpool(recorder.note, "export", asked_in(request.scope), **told)
        name = f"政问问答记录-{now:%Y%m%d-%H%M}.{wanted.format}"
        disposition = f"attachment; filename=\"zhengwen.{wanted.format}\"; filename*=UTF-8''{quote(name)}"
        return Response(content, headers={"content-disposition": disposition}, media_type=_KINDS[wanted.format])

    app.add_route(REPORTS_PATH, shelved, methods=["GET"])
    app.add_route("/reports/{report_id}", read, methods=["GET"])
    app.add_route(EXPORT_PATH, save, methods=["POST"])


def shelf_view(reports: Iterable[Report]) -> list[dict[str, Any]]:
    """The reports as the page lists them: by province, then place, the newest first."""
    listed = [
        {
            "id": report.id,
            "province": storable(_province(report.region)),
            "region": storable(report.region),
            "year": report.report_year,
            "title": storable(report.title),
        }
        for report in reports
    ]
    return sorted(listed, key=lambda one: (one["province"], one["region"], -one["year"], one["title"]))


def _province(region: str) -> str:
    """The province that a place lies in where there is just one; the place itself where it is none of the country's divisions."""
    above = ancestors(region)
    provinces = [province for province in dict.fromkeys(row[0] for row in divisions()) if province in above]
    return provinces[0] if len(provinces) == 1 else region


def questions_of(told: Iterable[Told]) -> list[str]:
    """At most three questions that a report answers, of one year each and of different indicators, those of its goals first."""
    asked: dict[str, str] = {}
    for one in sorted(told, key=lambda one: one.fact.role != "target"):
        fact = one.fact
        if fact.indicator and fact.value is not None and fact.place is None and _is_year(fact.period):
            asked.setdefault(fact.indicator, question_for(one))
    return list(map(storable, asked.values()))[:_QUESTIONS]


def _is_year(period: Period | None) -> bool:
    return period is not None and period.first is not None and period.label == f"{period.first}年"


def report_view(report: Report, paragraphs: Sequence[Paragraph], facts: Iterable[Fact] = ()) -> dict[str, Any]:
    """A report as the page reads it: `html` is safe as it stands, all else is text. Figures can be marked in it."""
    stated: dict[str, list[Fact]] = {}
    for fact in facts:
        stated.setdefault(fact.paragraph_id, []).append(fact)
    return {
        "report": {name: _plain(value) for name, value in asdict(report).items()},
        "outline": list(_outline(paragraphs)),
        "paragraphs": [
            {
                "id": p.id,
                "ordinal": p.ordinal,
                "headings": list(map(storable, p.headings)),
                "html": _with_facts(p, stated.get(p.id, ())),
            }
            for p in paragraphs
        ],
    }


def _with_facts(paragraph: Paragraph, facts: Sequence[Fact]) -> str:
    """The words of a paragraph, each figure in a span that says what it is of."""
    said: dict[Span, list[str]] = {}
    for fact in facts:
        said.setdefault((fact.start, fact.end), []).append(said_of(fact))
    spans = [
        (
            span,
            f'<span class="zw-fact" title="{attribute("；".join(words))}">{text(paragraph.text[slice(*span)])}</span>',
        )
        for span, words in said.items()
    ]
    return clean(woven(paragraph.text, spans))


def _outline(paragraphs: Sequence[Paragraph]) -> Iterator[dict[str, Any]]:
    """Each heading where it begins: the paragraph to scroll to, its depth from 1, its words."""
    before: tuple[str, ...] = ()
    for paragraph in paragraphs:
        same = 0
        while same < min(len(before), len(paragraph.headings)) and before[same] == paragraph.headings[same]:
            same += 1
        for depth, heading in enumerate(paragraph.headings[same:], start=same + 1):
            yield {"id": paragraph.id, "level": depth, "heading": storable(heading)}
        before = paragraph.headings


def wanted_of(body: bytes) -> Wanted | None:
    """What is to be exported; None where the body is anything else."""
    try:
        return _adapter().validate_json(body)
    except ValueError:  # pydantic's own error is one
        return None


def file_of(wanted: Wanted, at: datetime) -> bytes:
    """The file's content."""
    if wanted.format == "docx":
        return export.as_docx(wanted.exchanges, at)
    return export.as_markdown(wanted.exchanges, at).encode("utf-8")


def _plain(value: object) -> object:
    return storable(value) if isinstance(value, str) else value


@cache
def _adapter() -> TypeAdapter[Wanted]:
    from pydantic import TypeAdapter

    return TypeAdapter(Wanted)
