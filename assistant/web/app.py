"""Puts the chat page behind the gate and serves it."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from assistant.errors import SettingsError
from assistant.settings import Settings
from assistant.web.asking import AnswersQuestions
from assistant.web.evaluation_page import add_routes
from assistant.web.evaluation_runs import EvaluationRuns
from assistant.web.gate import Gate
from assistant.web.page import ChatPage
from assistant.web.rating import KeepsFeedback
from assistant.web.reading import HoldsReports, add_reading_routes
from assistant.web.theme import theme

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

    from assistant.answering.assistant import Assistant

_STATIC = Path(__file__).parent / "static"
_AT_ONCE = 8
"""Questions answered at the same time; the others wait in the queue."""
_WAITING = 64
"""Questions that may wait; one more is told to come back."""


def create_app(assistant: AnswersQuestions, settings: Settings, book: KeepsFeedback | None = None) -> Gate:
    """Build the whole ASGI application: the gate, our static files, the chat page; `book` takes the readers' feedback."""
    _silence()
    from fastapi import FastAPI
    from fastapi.staticfiles import StaticFiles

    runs = EvaluationRuns(cast("Assistant", assistant), settings) if settings.shows_evaluation else None
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=_closing(runs))
    app.mount("/zhengwen", StaticFiles(directory=_STATIC))
    if runs:
        add_routes(app, runs)
    add_reading_routes(app, cast("HoldsReports", assistant))
    # Outside a running loop Gradio opens one for every lock that it makes, and closes none.
    with ThreadPoolExecutor(1) as apart:
        apart.submit(asyncio.run, _mount(app, ChatPage(assistant, book, evaluation=runs is not None))).result()
    return Gate(app, host=settings.host, script="./zhengwen/page.js", evaluation=runs is not None)


def _closing(runs: EvaluationRuns | None) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Stop an evaluation that goes on when the server ends: the assistant is closed right after."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        if runs:
            await asyncio.to_thread(runs.close)

    return lifespan


def server(assistant: AnswersQuestions, settings: Settings, book: KeepsFeedback | None = None) -> uvicorn.Server:
    """A server that is not yet running; whoever runs it can end it by `should_exit`."""
    import uvicorn

    config = uvicorn.Config(
        create_app(assistant, settings, book),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=2,
    )
    return uvicorn.Server(config)


def serve(assistant: AnswersQuestions, settings: Settings, book: KeepsFeedback | None = None) -> None:
    """Serve the chat page until it is interrupted; the address goes to standard error.

    Raises `SettingsError` when the address cannot be listened on.
    """
    listener = _listen(settings.host, settings.port)
    running = server(assistant, settings, book)
    shown = "127.0.0.1" if settings.host in {"0.0.0.0", ""} else settings.host
    shown = f"[{shown}]" if ":" in shown else shown
    sys.stderr.write(f"政问已就绪：http://{shown}:{listener.getsockname()[1]}（按 Ctrl+C 结束）\n")
    sys.stderr.flush()
    running.run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise SettingsError(
            f"{host}:{port} 不能用来提供网页：{error.strerror or error}",
            "多半是已有程序占用了这个端口：请换一个端口（设置 port），或先关掉那个程序。",
        ) from error


def _silence() -> None:
    """Gradio reads these when it is imported; without them it looks names up on the internet at start."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ.setdefault("HF_HUB_OFFLINE", "1")


async def _mount(app: FastAPI, chat: ChatPage) -> None:
    import gradio as gr

    page = chat.blocks()
    page.queue(default_concurrency_limit=_AT_ONCE, max_size=_WAITING, api_open=False)
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        max_file_size=1,
        theme=theme(),
        css_paths=_STATIC / "page.css",
    )
