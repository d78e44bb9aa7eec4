"""The routes behind the view of indicators: its tables, its files, and the names to choose from."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from assistant.errors import QuestionError, ZhengwenError
from assistant.panel.panel import Panel
from assistant.web.api.corrections import CalledWrong
from assistant.web.api.indicators import TYPES, IndicatorsReply, names_of, table_of, written
from assistant.web.api.ranking import ranking
from assistant.web.server.asked import asked_in
from assistant.web.server.desk import Recorder

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.responses import Response

INDICATORS_PATH = r"/indicators(/names|/ranking)?"
CORRECTIONS_PATH = "/indicators/corrections"
_FRESH = {"cache-control": "no-store"}
_MOST_NAMES = 500
_LONGEST_NAME = 40


class HoldsPanel(Protocol):
    """What the view needs of an assistant."""

    def panel(self) -> Panel: ...


def add_indicator_routes(app: FastAPI, assistant: HoldsPanel, recorder: Recorder) -> None:
    """Hang the view's routes into the application."""
    from fastapi import Request
    from fastapi.responses import JSONResponse, Response

    def table(request: Request) -> Response:
        asked = request.query_params
        form: Any = asked.get("format", "json")
        try:
            if form not in TYPES:
                raise QuestionError("没有这种格式。", "可以用 json、csv 或 xlsx。")
            indicators, places = (_names(asked.getlist(name)) for name in ("indicator", "place"))
            found = table_of(assistant.panel(), indicators, places, _years(asked.getlist("year")))
        except ZhengwenError as error:
            return _refused(error)
        if form == "json":
            return JSONResponse(asdict(IndicatorsReply.of(found)), headers=_FRESH)
        recorder.note("export", asked_in(request.scope), format=form, indicators=list(indicators))
        name = f"政问指标-{datetime.now():%Y%m%d-%H%M}.{form}"
        disposition = f"attachment; filename=\"zhengwen-indicators.{form}\"; filename*=UTF-8''{quote(name)}"
        return Response(written(found, form), headers={"content-disposition": disposition}, media_type=TYPES[form])

    def ranked(request: Request) -> Response:
        asked = request.query_params
        try:
            indicators, places = (_names(asked.getlist(name)) for name in ("indicator", "place"))
            found = ranking(assistant.panel(), indicators, places, _years(asked.getlist("year")))
        except ZhengwenError as error:
            return _refused(error)
        return JSONResponse(asdict(found), headers=_FRESH)

    def names(request: Request) -> Response:
        try:
            (words,) = _names([request.query_params.get("q", "")]) or [""]
            return JSONResponse(asdict(names_of(assistant.panel(), words)), headers=_FRESH)
        except ZhengwenError as error:
            return _refused(error)

    app.add_route("/indicators", table, methods=["GET"])
    app.add_route("/indicators/ranking", ranked, methods=["GET"])
    app.add_route("/indicators/names", names, methods=["GET"])


def add_correction_route(app: FastAPI, assistant: HoldsPanel, recorder: Recorder) -> None:
    """Hang in what takes that somebody calls a figure wrong."""
    from fastapi import Request
    from fastapi.concurrency import run_in_threadpool
    from fastapi.responses import JSONResponse

    async def correct(request: Request) -> Response:
        asked = asked_in(request.scope)
        try:
            told = CalledWrong.model_validate_json(await request.body())
            given = told.by(asked.caller.name)
            kept = await run_in_threadpool(lambda: assistant.panel().corrections.add(given))
        except ZhengwenError as error:
            return _refused(error)
        except ValueError:  # pydantic's own error is one
            return _refused(QuestionError("没有看懂要更正什么。", "请刷新页面后再试一次。"))
        await run_in_threadpool(recorder.note, "correction", asked, id=kept.id, state=kept.state)
        return JSONResponse({"id": kept.id}, headers=_FRESH)

    app.add_route(CORRECTIONS_PATH, correct, methods=["POST"])


def _refused(error: ZhengwenError) -> Response:
    from fastapi.responses import JSONResponse

    status = 400 if isinstance(error, QuestionError) else 503
    return JSONResponse({"error": str(error), "hint": error.hint}, status, headers=_FRESH)


def _names(given: list[str]) -> list[str]:
    """Raise `QuestionError` where somebody has written what no name is."""
    if len(given) > _MOST_NAMES or any(len(name) > _LONGEST_NAME for name in given):
        raise QuestionError("选的太多，或名字太长。", "请少选一些。")
    return [name for name in given if name.strip()]


def _years(given: list[str]) -> list[int]:
    if len(given) > _MOST_NAMES or not all(year.isascii() and year.isdigit() and len(year) == 4 for year in given):
        raise QuestionError("年份要写成四位数字。", "例如 2025。")
    return [int(year) for year in given]
