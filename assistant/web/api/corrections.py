"""Figures that readers call wrong: reported, listed and decided over HTTP, into the same book and audit log as from the page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import FastAPI, Path, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from assistant.corpus.corrections import LONGEST, Correction, Fault, State
from assistant.panel.cells import Kind
from assistant.panel.correcting import Corrections, NotHeld
from assistant.types import Role
from assistant.web.api.routes import ERRORS, asked_of
from assistant.web.server.desk import Desk
from assistant.web.server.refusing import Refusal


class CalledWrong(BaseModel):
    """What a reader says of a figure of a table."""

    model_config = ConfigDict(extra="forbid", strict=True)

    report: str = Field(pattern=r"^[0-9a-f]{16}$", description="报告编号", examples=["8ed70c806e0b4433"])
    paragraph: str = Field(max_length=96, description="段落编号，即 paragraph_id")
    start: int = Field(ge=0, le=1_000_000, description="这个数在段落里从第几个字开始，即 place")
    place: str = Field(min_length=1, max_length=40, description="表里的地区")
    year: int = Field(ge=1949, le=2100, description="表里的年份")
    role: Role = Field(description="target 目标，actual 完成")
    indicator: str = Field(min_length=1, max_length=80, description="表里的指标")
    kind: Kind = Field(description="change 增速，level 总量，share 占比，rate 比率")
    figure: str = Field(max_length=LONGEST, description="表里显示的数")
    fault: Fault = Field(
        description="哪里不对：indicator 指标，place 地方，year 年份，role 目标和完成弄反，value 数字，other 其他"
    )
    right: str = Field(default="", max_length=LONGEST, description="应该是多少")

    def by(self, user: str) -> Correction:
        """What it says as the book keeps it."""
        return Correction(
            id="",
            time="",
            report_id=self.report,
            paragraph_id=self.paragraph,
            start=self.start,
            place=self.place,
            year=self.year,
            role=self.role,
            indicator=self.indicator,
            kind=self.kind,
            figure=self.figure,
            fault=self.fault,
            right=self.right,
            user=user,
        )


class Decision(BaseModel):
    """What becomes of a correction."""

    model_config = ConfigDict(extra="forbid", strict=True)

    state: State = Field(description="accepted 确认不对，表里不再用这个数；refused 没有错；open 重新打开")


@dataclass(frozen=True, slots=True)
class CorrectionsReply:
    """All corrections that one may see, oldest first."""

    corrections: tuple[Correction, ...]


def add_correction_api(api: FastAPI, desk: Desk) -> None:
    """Hang `/api/corrections` into the API."""

    async def written(request: Request, change: Callable[[Corrections], Correction]) -> Response:
        """Change the book and write a line in the audit log, as the page does."""
        asked = asked_of(request)
        try:
            kept = await desk.read(asked, lambda assistant: change(assistant.panel().corrections))
        except NotHeld as error:
            raise Refusal(404, "not_held", str(error), error.hint) from error
        await asyncio.to_thread(desk.recorder.note, "correction", asked, id=kept.id, state=kept.state)
        return JSONResponse(asdict(kept))

    @api.post("/api/corrections", summary="说表里的一个数不对", response_model=Correction, responses=ERRORS)
    async def report(said: CalledWrong, request: Request) -> Any:
        by = asked_of(request).caller.name
        return await written(request, lambda corrections: corrections.add(said.by(by)))

    @api.get("/api/corrections", summary="被说不对的数", response_model=CorrectionsReply, responses=ERRORS)
    async def listed(
        request: Request,
        state: Annotated[State | None, Query(description="open 待定，accepted 已更正，refused 没有错")] = None,
    ) -> Any:
        found = await desk.read(asked_of(request), lambda assistant: assistant.panel().corrections.all(state))
        return JSONResponse(asdict(CorrectionsReply(found)))

    @api.post("/api/corrections/{id}", summary="决定一条更正", response_model=Correction, responses=ERRORS)
    async def decide(
        request: Request,
        id: Annotated[str, Path(pattern=r"^[0-9a-f]{12}$", examples=["0f3a5b7c9d1e"])],
        decision: Decision,
    ) -> Any:
        by = asked_of(request).caller.name
        return await written(request, lambda corrections: corrections.decide(id, decision.state, by))
