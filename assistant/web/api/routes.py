"""The HTTP API. It holds no logic of its own: requests are read, the desk answers, replies are the project's own types."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.exceptions import HTTPException

from assistant import __version__
from assistant.access.sessions import LIFE, Sessions
from assistant.errors import LibraryError, ZhengwenError
from assistant.json_lines import as_json_line
from assistant.types import Answer, Preview, ReportRef, Role
from assistant.web.api import types as types
from assistant.web.page.fact_words import StatedFact
from assistant.web.server.asked import Asked, asked_in
from assistant.web.server.desk import Desk, Part
from assistant.web.server.metrics import Metrics
from assistant.web.server.refusing import INTERNAL, NOT_FOUND, Refusal, refusal_of

if TYPE_CHECKING:
    from assistant.settings import Settings

log = logging.getLogger(__name__)

_LOOK = 0.3
"""Seconds between two looks whether the client is still there."""
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": types.ErrorReply, "description": words}
    for status, words in (
        (400, "请求不是完整的 JSON，或地址没有登记"),
        (401, "没有登录，或登录已过期"),
        (403, "不允许"),
        (404, "没有"),
        (405, "方法不对"),
        (408, "传得太慢"),
        (413, "太长"),
        (415, "不是 JSON"),
        (422, "内容不合要求"),
        (429, "太频繁，见 Retry-After"),
        (503, "太忙或正在重启，见 Retry-After"),
    )
}


def asked_of(request: Request) -> Asked:
    """Who asks; the front has found out."""
    return asked_in(request.scope)


async def unless_left(request: Request, asking: Coroutine[Any, Any, Answer]) -> Answer:
    """Wait for an answer, and give it up once nobody waits for it any more."""
    task = asyncio.ensure_future(asking)
    try:
        while not task.done():
            await asyncio.wait({task}, timeout=_LOOK)
            if not task.done() and await request.is_disconnected():
                raise Refusal(400, "left", "没有等到回答就断开了。")
        return task.result()
    finally:
        task.cancel()


def create_api(
    desk: Desk, sessions: Sessions, metrics: Metrics, settings: Settings, ready: Callable[[], bool], lifespan: Lifespan
) -> FastAPI:
    """Build the API; `ready` says whether questions can be answered now."""
    api = FastAPI(
        title="政问",
        version=__version__,
        description="问政府工作报告，每句话、每个数字都有出处。错误都是同一种形状：error.code、message、hint、request_id。",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        servers=[{"url": settings.root_path or "/"}],
        root_path_in_servers=False,
    )
    _add_error_handlers(api)
    _add_questions(api, desk)
    _add_reports(api, desk)
    _add_session(api, desk, sessions, settings)
    _add_health(api, metrics, ready)
    _describe_security(api)
    return api


def _add_questions(api: FastAPI, desk: Desk) -> None:
    kinds = {
        "application/json": {},
        "text/event-stream": {"schema": {"type": "string"}},
        "text/plain": {"schema": {"type": "string"}},
    }

    @api.post(
        "/api/ask",
        summary="回答一个问题",
        response_model=types.ShownAnswer,
        responses={**ERRORS, 200: {"content": kinds}},
        description="Accept: text/event-stream 时逐段回答，事件依次是 preview（有大模型时）、delta、answer，出错时是 error。",
    )
    async def ask(asking: types.AskRequest, request: Request) -> Any:
        asked, accept = asked_of(request), request.headers.get("accept", "")
        if "text/event-stream" in accept:
            parts = desk.parts(asked, asking.question, asking.turns)
            first = await anext(parts)  # a question that cannot be taken is refused with a status of its own
            return StreamingResponse(_events(first, parts, asked), media_type="text/event-stream")
        answer = await unless_left(request, desk.ask(asked, asking.question, asking.turns))
        if accept.startswith("text/plain"):
            return PlainTextResponse(types.as_text(answer))
        return JSONResponse(asdict(types.ShownAnswer.of(answer)))

    @api.get("/api/search", summary="查找段落", response_model=types.SearchReply, responses=ERRORS)
    async def search(
        request: Request,
        q: Annotated[str, Query(min_length=1, max_length=500, description="要找的内容", examples=["高新技术企业"])],
        limit: Annotated[int, Query(ge=1, le=50, description="最多几段")] = 10,
    ) -> Any:
        found = await desk.search(asked_of(request), q, limit)
        return JSONResponse(asdict(types.SearchReply(tuple(map(types.FoundPassage.of, found)))))


def _add_reports(api: FastAPI, desk: Desk) -> None:
    @api.get("/api/reports", summary="已收录的报告", response_model=types.ReportsReply, responses=ERRORS)
    async def reports(request: Request) -> Any:
        return JSONResponse(asdict(types.ReportsReply(await desk.reports(asked_of(request)))))

    @api.get("/api/reports/{id}", summary="一份报告的全文", response_model=types.ReportReply, responses=ERRORS)
    async def report(
        request: Request, id: Annotated[str, Path(pattern=r"^[0-9a-f]{16}$", examples=["8fabc22ccca2c171"])]
    ) -> Any:
        try:
            held = await desk.report(asked_of(request), id)
        except LibraryError as error:
            raise Refusal(404, "no_such_report", "资料库里没有这份报告。", "已收录的报告见 /api/reports。") from error
        return JSONResponse(asdict(types.ReportReply(*held)))

    @api.get("/api/reports/{id}/facts", summary="一份报告里的数据", response_model=types.FactsReply, responses=ERRORS)
    async def facts(
        request: Request,
        id: Annotated[str, Path(pattern=r"^[0-9a-f]{16}$", examples=["8fabc22ccca2c171"])],
        indicator: Annotated[str | None, Query(min_length=1, max_length=40, description="只要一个指标的")] = None,
        role: Annotated[Role | None, Query(description="target 只要目标，actual 只要完成情况")] = None,
        attached: Annotated[bool | None, Query(description="false 只要没有认出是什么的")] = None,
    ) -> Any:
        try:
            report, found = await desk.facts(asked_of(request), id, indicator, role, attached)
        except LibraryError as error:
            raise Refusal(404, "no_such_report", "资料库里没有这份报告。", "已收录的报告见 /api/reports。") from error
        stated = tuple(map(StatedFact.of_told, found))
        return JSONResponse(asdict(types.FactsReply(ReportRef.of(report), stated)))


def _add_session(api: FastAPI, desk: Desk, sessions: Sessions, settings: Settings) -> None:
    @api.post(
        "/api/session", summary="用令牌换一张可以用八小时的票", response_model=types.SessionReply, responses=ERRORS
    )
    async def session(request: Request) -> Any:
        caller = asked_of(request).caller
        ticket = sessions.ticket(caller)
        await asyncio.to_thread(desk.recorder.note, "sign_in", asked_of(request))
        page = f"{settings.root_path}/s/{ticket}/"
        return JSONResponse(asdict(types.SessionReply(ticket, page, LIFE, caller.user, caller.portal)))


def _add_health(api: FastAPI, metrics: Metrics, ready: Callable[[], bool]) -> None:
    def alive() -> Any:
        return JSONResponse({"status": "ok"})

    def readyz() -> Any:
        if not ready():
            raise Refusal(503, "not_ready", "还不能回答问题。", "请过几秒再试。", 3)
        return JSONResponse({"status": "ready"})

    def counted() -> Any:
        return Response(metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    for path, endpoint, words in (
        ("/healthz", alive, "进程在"),
        ("/readyz", readyz, "能回答问题"),
        ("/metrics", counted, "指标"),
    ):
        api.add_api_route(path, endpoint, methods=["GET", "HEAD"], summary=words, include_in_schema=False)


def _add_error_handlers(api: FastAPI) -> None:
    def told(request: Request, error: Exception) -> Response:
        refusal = refusal_of(error)
        if isinstance(error, RequestValidationError):
            refusal = _invalid(error)
        elif isinstance(error, HTTPException):
            refusal = NOT_FOUND if error.status_code == 404 else Refusal(error.status_code, "request", "请求不对。")
        return JSONResponse(refusal.body(asked_of(request).request_id), refusal.status, dict(refusal.headers()))

    # The last is raised once more when it has been told: the front writes it down.
    for kind in (Refusal, ZhengwenError, RequestValidationError, HTTPException, Exception):
        api.add_exception_handler(kind, told)


def _invalid(error: RequestValidationError) -> Refusal:
    """Name the field that is wrong, if it is one of ours, and never what was in it."""
    first = error.errors()[0]
    ours = [str(part) for part in first["loc"][1:] if isinstance(part, int) or part in _FIELDS]
    where = ".".join(ours)
    return Refusal(422, "invalid", f"{where or '请求'}的写法不对。", "各项的写法见 /api/openapi.json。")


_FIELDS = frozenset(
    [
        "question",
        "history",
        "q",
        "limit",
        "id",
        "messages",
        "role",
        "content",
        "model",
        "stream",
        "type",
        "text",
        "indicator",
        "attached",
        "place",
        "year",
        "format",
        "answer",
        "good",
        "reason",
        "note",
        "report",
        "paragraph",
        "start",
        "kind",
        "figure",
        "fault",
        "right",
        "state",
    ]
)


async def _events(first: Part, parts: AsyncIterator[Part], asked: Asked) -> AsyncIterator[str]:
    """Server-sent events; an error in the midst of an answer is the last of them."""
    try:
        yield _event(first)
        async for part in parts:
            yield _event(part)
    except Exception as error:  # the status has gone out; this is the only way to say it
        if refusal_of(error) is INTERNAL:
            log.exception("Request %s failed.", asked.request_id)
        yield f"event: error\ndata: {as_json_line(refusal_of(error).body(asked.request_id))}\n\n"
    finally:
        await parts.aclose()  # type: ignore[attr-defined]  # an async generator


def _event(part: Part) -> str:
    if isinstance(part, str):
        name, content = "delta", {"text": part}
    elif isinstance(part, Preview):
        name, content = "preview", asdict(types.ShownAnswer.of(part.answer))
    else:
        assert isinstance(part, Answer)
        name, content = "answer", asdict(types.ShownAnswer.of(part))
    return f"event: {name}\ndata: {as_json_line(content)}\n\n"


def _describe_security(api: FastAPI) -> None:
    """Say in the description how to sign in."""
    made = api.openapi

    def described() -> dict[str, Any]:
        whole = made()
        schemes = {
            "bearer": {"type": "http", "scheme": "bearer"},
            "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
        }
        whole.setdefault("components", {})["securitySchemes"] = schemes
        whole["security"] = [{"bearer": []}, {"key": []}, {}]
        return whole

    api.openapi = described  # type: ignore[method-assign]  # FastAPI's own way of changing it
