"""What a reader says of an answer, from a program or the bubble: into the same book, with the same rights, as from the page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from assistant.corpus.feedback import LONGEST_NOTE, Reason
from assistant.types import Answer
from assistant.web.api.routes import ERRORS
from assistant.web.api.types import LONGEST_HISTORY, Words
from assistant.web.server.desk import Desk
from assistant.web.server.refusing import Refusal

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class GivenAnswer(Answer):
    """An answer as it comes back from whoever was shown it; what `/api/ask` adds to it may come along."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="ignore", strict=True, allow_inf_nan=False)


@cache
def _answers() -> TypeAdapter[GivenAnswer]:
    from pydantic import TypeAdapter

    return TypeAdapter(GivenAnswer)


def _given(told: object) -> GivenAnswer:
    """Read it as JSON, in which lists are the tuples that a strict reading asks for."""
    return _answers().validate_json(json.dumps(told))


class FeedbackRequest(BaseModel):
    """What a reader says of an answer."""

    model_config = ConfigDict(extra="forbid", strict=True)

    answer: Annotated[GivenAnswer, BeforeValidator(_given)] = Field(description="/api/ask 给出的回答")
    history: list[Words] = Field(default_factory=list, max_length=LONGEST_HISTORY, description="先前的问题，从早到晚")
    good: bool = Field(description="true 有用，false 有问题")
    reason: Reason = Field(default="", description="哪里不对；good 为 true 时不用写")
    note: str = Field(default="", max_length=LONGEST_NOTE, description="补充一句")


@dataclass(frozen=True, slots=True)
class FeedbackReply:
    """That it was kept."""

    kept: bool = True


def add_feedback_route(api: FastAPI, desk: Desk) -> None:
    """Take what readers say; where no book is open there is nothing to keep it in."""

    @api.post("/api/feedback", summary="评价一个回答", response_model=FeedbackReply, responses=ERRORS)
    async def feedback(said: FeedbackRequest, request: Request) -> Any:
        if not desk.keeps_feedback:
            raise Refusal(404, "no_feedback", "这里不收集评价。")
        await desk.rate(said.answer, said.history, good=said.good, reason=said.reason, note=said.note)
        return JSONResponse({"kept": True})
