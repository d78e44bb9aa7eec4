"""OpenAI's chat API in front of the assistant, for clients that speak nothing else."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from assistant.errors import QuestionError
from assistant.json_lines import as_json_line
from assistant.types import Answer, Preview, Turn
from assistant.web.api.routes import ERRORS, asked_of, unless_left
from assistant.web.api.types import as_text, footnotes, structured
from assistant.web.server.asked import Asked
from assistant.web.server.desk import Desk, Part
from assistant.web.server.refusing import INTERNAL, refusal_of

log = logging.getLogger(__name__)

MODEL = "zhengwen"
_LONGEST = 500


class TextPart(BaseModel):
    """A part of a message; only texts are read."""

    model_config = ConfigDict(strict=True)

    type: Annotated[str, Field(max_length=40)]
    text: Annotated[str, Field(max_length=20_000)] = ""


class Message(BaseModel):
    """A message of a conversation. Only the users' are read: what an assistant or a system says cannot change what reports say."""

    model_config = ConfigDict(strict=True)

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Annotated[str, Field(max_length=20_000)] | list[TextPart] | None = None

    @property
    def words(self) -> str:
        if isinstance(self.content, list):
            return " ".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class StreamOptions(BaseModel):
    """Options of a stream."""

    model_config = ConfigDict(strict=True)

    include_usage: bool = False


class ChatRequest(BaseModel):
    """A conversation. Temperature and the like are passed over: an answer stands on its passages."""

    model_config = ConfigDict(
        strict=True,
        json_schema_extra={
            "examples": [{"model": MODEL, "messages": [{"role": "user", "content": "松北区2025年GDP目标是多少"}]}]
        },
    )

    messages: Annotated[list[Message], Field(min_length=1, max_length=200)]
    model: Annotated[str, Field(max_length=100)] = MODEL
    stream: bool | None = False
    stream_options: StreamOptions | None = None

    def question(self) -> tuple[str, tuple[Turn, ...]]:
        """The last message of the user, and the questions before it. Raises `QuestionError` where the user says nothing."""
        said = [words for message in self.messages if message.role == "user" and (words := message.words.strip())]
        if not said:
            raise QuestionError("没有用户的问题。", '请在 messages 里写一条 {"role": "user", "content": "问题"}。')
        earlier = [words for words in said[:-1] if len(words) <= _LONGEST]
        return said[-1], tuple(map(Turn, earlier[-20:]))


def add_openai_routes(api: FastAPI, desk: Desk) -> None:
    """Hang `/v1/…` into the API."""

    @api.get("/v1/models", summary="模型（OpenAI 接口）", responses=ERRORS)
    async def models() -> Any:
        return JSONResponse(
            {"object": "list", "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": MODEL}]}
        )

    kinds: dict[str, Any] = {"application/json": {}, "text/event-stream": {}}

    @api.post(
        "/v1/chat/completions",
        summary="对话（OpenAI 接口）",
        responses={**ERRORS, 200: {"content": kinds}},
        description="stream 为 true 时逐段回答，每段是一个 chat.completion.chunk，最后是 [DONE]。",
    )
    async def complete(chat: ChatRequest, request: Request) -> Any:
        asked = asked_of(request)
        question, history = chat.question()
        if not chat.stream:
            answer = await unless_left(request, desk.ask(asked, question, history))
            return JSONResponse(_completion(answer, asked))
        parts = desk.parts(asked, question, history)
        first = await anext(parts)
        usage = bool(chat.stream_options and chat.stream_options.include_usage)
        return StreamingResponse(_chunks(first, parts, asked, usage=usage), media_type="text/event-stream")


def _completion(answer: Answer, asked: Asked) -> dict[str, Any]:
    message = {"role": "assistant", "content": as_text(answer), "refusal": None}
    return {
        "id": f"chatcmpl-{asked.request_id}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": MODEL,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
        "usage": _usage(answer),
        **structured(answer),
    }


async def _chunks(first: Part, parts: AsyncIterator[Part], asked: Asked, *, usage: bool) -> AsyncIterator[str]:
    """The answer as it is written, then its footnotes, then what is structured, then the end."""
    head = {
        "id": f"chatcmpl-{asked.request_id}",
        "object": "chat.completion.chunk",
        "created": int(time.time()),
        "model": MODEL,
    }

    def chunk(delta: dict[str, str], finish: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return _line({**head, "choices": [choice], **more})

    try:
        yield chunk({"role": "assistant", "content": ""})
        part: Part | None = first
        while part is not None:
            if isinstance(part, str):
                yield chunk({"content": part})
            elif isinstance(part, Answer):
                yield chunk({"content": f"\n\n{footnotes(part)}"})
                yield chunk({}, "stop", **structured(part))
                if usage:
                    yield _line({**head, "choices": [], "usage": _usage(part)})
            else:
                assert isinstance(
                    part, Preview
                )  # what has been sent cannot be taken back here: the answer alone is told
            part = await anext(parts, None)
    except Exception as error:  # the status has gone out; this is the only way to say it
        if refusal_of(error) is INTERNAL:
            log.exception("Request %s failed.", asked.request_id)
        yield _line(refusal_of(error).body(asked.request_id))
    finally:
        await parts.aclose()  # type: ignore[attr-defined]  # an async generator
    yield "data: [DONE]\n\n"


def _usage(answer: Answer) -> dict[str, int]:
    writing = answer.writing
    prompt, completion = (writing.prompt_tokens or 0, writing.completion_tokens or 0) if writing else (0, 0)
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def _line(content: dict[str, Any]) -> str:
    return f"data: {as_json_line(content)}\n\n"
