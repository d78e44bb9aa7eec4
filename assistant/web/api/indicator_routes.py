"""The API's routes for panel data."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import Field, StringConstraints

from assistant.web.api.indicators import TYPES, Format, IndicatorsReply, NamesReply, names_of, table_of, written
from assistant.web.api.ranking import RankingReply, ranking
from assistant.web.api.routes import ERRORS, asked_of
from assistant.web.server.desk import Desk

if TYPE_CHECKING:
    from assistant.answering.assistant import Assistant

Name = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Year = Annotated[int, Field(ge=1949, le=2100)]


def add_indicator_api(api: FastAPI, desk: Desk) -> None:
    """Hang `/api/indicators` into the API."""
    kinds: dict[str, Any] = {name.split(";")[0]: {} for name in TYPES.values()}

    @api.get(
        "/api/indicators",
        summary="各地各年的目标和完成情况",
        response_model=IndicatorsReply,
        responses={**ERRORS, 200: {"content": kinds}},
    )
    async def table(
        request: Request,
        indicator: Annotated[
            list[Name],
            Query(min_length=1, max_length=40, description="名称、简称，或报告里的说法", examples=[["地区生产总值"]]),
        ],
        place: Annotated[tuple[Name, ...], Query(max_length=500, description="地区；不写就是全部")] = (),
        year: Annotated[tuple[Year, ...], Query(max_length=100, description="年份；不写就是全部")] = (),
        format: Annotated[Format, Query(description="json、csv 或 xlsx")] = "json",
    ) -> Any:
        def read(assistant: Assistant) -> Response:
            found = table_of(assistant.panel(), indicator, place, year)
            if format == "json":
                return JSONResponse(asdict(IndicatorsReply.of(found)))
            kept = {"content-disposition": f'attachment; filename="zhengwen-indicators.{format}"'}
            return Response(written(found, format), media_type=TYPES[format], headers=kept)

        return await desk.read(asked_of(request), read)

    @api.get("/api/indicators/ranking", summary="各地兑现了多少目标", response_model=RankingReply, responses=ERRORS)
    async def ranked(
        request: Request,
        indicator: Annotated[tuple[Name, ...], Query(max_length=40, description="只算这些指标；不写就是全部")] = (),
        place: Annotated[tuple[Name, ...], Query(max_length=500, description="地区；不写就是全部")] = (),
        year: Annotated[tuple[Year, ...], Query(max_length=100, description="目标的年份；不写就是全部")] = (),
    ) -> Any:
        def read(assistant: Assistant) -> Response:
            return JSONResponse(asdict(ranking(assistant.panel(), indicator, place, year)))

        return await desk.read(asked_of(request), read)

    @api.get("/api/indicators/names", summary="可以查的指标、地区和年份", response_model=NamesReply, responses=ERRORS)
    async def names(
        request: Request,
        q: Annotated[str, Query(max_length=40, description="要找的指标", examples=["高新技术企业"])] = "",
    ) -> Any:
        def read(assistant: Assistant) -> Response:
            return JSONResponse(asdict(names_of(assistant.panel(), q)))

        return await desk.read(asked_of(request), read)
