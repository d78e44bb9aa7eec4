"""Puts the chat page behind the gate and serves it."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from assistant.access.sign_in import Authenticator
from assistant.errors import SettingsError
from assistant.settings import Settings
from assistant.web.evaluation.page import add_routes
from assistant.web.evaluation.runs import EvaluationRuns
from assistant.web.library.routes import Management, may_manage
from assistant.web.page.asking import AnswersQuestions
from assistant.web.page.assistant import PageBook
from assistant.web.page.chat import ChatPage
from assistant.web.page.indicators import HoldsPanel, add_correction_route, add_indicator_routes
from assistant.web.page.originals import KnowsReports, add_original_routes
from assistant.web.page.rating import KeepsFeedback
from assistant.web.page.reading import HoldsReports, add_reading_routes
from assistant.web.page.theme import theme
from assistant.web.server.asgi import App
from assistant.web.server.desk import Recorder
from assistant.web.server.front import Front
from assistant.web.server.gate import Gate
from assistant.web.server.leftovers import MOST_TABS, Leftovers
from assistant.web.server.service import create_service, rooted
from assistant.web.server.serving import DrainingServer, said_address, serve_workers, warn_if_open
from assistant.web.server.tabs import Tabs

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

    from assistant.answering.assistant import Assistant

Running = Callable[[], AbstractAsyncContextManager[None]]
"""What is held open while the page is served."""
_STATIC = Path(__file__).parents[1] / "static"
log = logging.getLogger(__name__)
_AT_ONCE = 8
"""Questions answered at the same time; the others wait in the queue."""
_WAITING = 64
"""Questions that may wait; one more is told to come back."""


def create_app(assistant: AnswersQuestions, settings: Settings, book: KeepsFeedback | None = None) -> Front:
    """Build the whole ASGI application: the front, the API, the gate and the page; `book` takes the readers' feedback."""

    def make_page(own: AnswersQuestions, recorder: Recorder, during: Running) -> App:
        kept = PageBook(book, recorder) if book else None
        return _page(own, assistant, settings, kept, recorder, during)

    return create_service(assistant, settings, make_page, book=book)


def _page(
    own: AnswersQuestions,
    whole: AnswersQuestions,
    settings: Settings,
    book: KeepsFeedback | None,
    recorder: Recorder,
    during: Running,
) -> Gate:
    """The page with its gate: `own` is the assistant as each visitor has it, `whole` the one that is evaluated."""
    _silence()
    from fastapi import FastAPI
    from fastapi.middleware.gzip import GZipMiddleware
    from fastapi.staticfiles import StaticFiles

    runs = EvaluationRuns(cast("Assistant", whole), settings) if settings.shows_evaluation else None
    # An assistant that only answers has nothing to be managed.
    managed = Management(cast("Assistant", whole), settings, recorder) if hasattr(whole, "changes") else None
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lambda _: _living(runs, managed, during))
    app.mount("/zhengwen", GZipMiddleware(StaticFiles(directory=_STATIC)))
    if runs:
        add_routes(app, runs, recorder)
    if managed:
        managed.add_routes(app)
    add_reading_routes(app, cast("HoldsReports", own), recorder, may_manage=may_manage if managed else lambda _: False)
    waiting = managed.waiting if managed else lambda _: []
    add_original_routes(app, cast("KnowsReports", own), settings.home.expanduser(), waiting)
    add_indicator_routes(app, cast("HoldsPanel", own), recorder)
    add_correction_route(app, cast("HoldsPanel", own), recorder)
    # Outside a running loop Gradio opens one for every lock that it makes, and closes none.
    with ThreadPoolExecutor(1) as apart:
        page = apart.submit(asyncio.run, _mount(app, ChatPage(own, book, evaluation=runs is not None))).result()
    return Gate(
        Tabs(rooted(cast("App", app)), Leftovers(page)),
        script="./zhengwen/page.js",
        evaluation=runs is not None,
    )


@asynccontextmanager
async def _living(runs: EvaluationRuns | None, managed: Management | None, during: Running) -> AsyncIterator[None]:
    """Go on with files that were sent before; stop what goes on when the server ends: the assistant is closed right after."""
    if managed:
        await asyncio.to_thread(managed.work.resume)
    async with during():
        yield
    if runs:
        await asyncio.to_thread(runs.close)
    if managed:
        await asyncio.to_thread(managed.work.close)


def server(assistant: AnswersQuestions, settings: Settings, book: KeepsFeedback | None = None) -> uvicorn.Server:
    """A server that is not yet running; whoever runs it can end it by `should_exit`."""
    return DrainingServer(create_app(assistant, settings, book), settings)


def serve_programs(settings: Settings, workers: int) -> None:
    """Serve the API alone, by several processes, until it is interrupted. Raises `SettingsError` as `serve` does."""
    authenticator = Authenticator(
        settings
    )  # what is wrong with a key is said here, and not by each process again and again
    with _listen(settings.host, settings.port) as listener:
        warn_if_open(settings.host, authenticator)
        sys.stderr.write(
            f"政问接口已就绪：{said_address(listener, settings.host)}/api（{workers} 个进程，不含网页；要网页，请另外运行 zhengwen serve）\n"
        )
        sys.stderr.flush()
        serve_workers(settings, workers, listener)


def serve(assistant: AnswersQuestions, settings: Settings, book: KeepsFeedback | None = None) -> None:
    """Serve the chat page and the API until it is interrupted; the address goes to standard error.

    Raises `SettingsError` when the address cannot be listened on.
    """
    listener = _listen(settings.host, settings.port)
    running = server(assistant, settings, book)
    warn_if_open(settings.host, Authenticator(settings))
    threading.Thread(target=_warm, args=(assistant,), daemon=True).start()
    sys.stderr.write(f"政问已就绪：{said_address(listener, settings.host)}（按 Ctrl+C 结束）\n")
    sys.stderr.flush()
    running.run(sockets=[listener])


def _warm(assistant: AnswersQuestions) -> None:
    """Load what the first question needs and find the questions to begin with, so that the first visitor waits for neither."""
    try:
        assistant.examples()
    except Exception:
        log.exception("The questions to begin with could not be made.")


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise SettingsError(
            f"{host}:{port} 不能用来提供网页：{error.strerror or error}",
            "多半是已有程序占用了这个端口：请换一个端口（设置 port），或先关掉那个程序。",
        ) from error


def _silence() -> None:
    """Gradio reads these when it is imported or makes its queue; without them it looks names up on the internet at start.

    Of its last 10,000 events it also works out percentiles with each that ends, for a monitoring page that is not shown.
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ |= {"GRADIO_ANALYTICS_MAX_EVENTS": "1", "GRADIO_ANALYTICS_CACHE_FREQUENCY": str(10**9)}
    os.environ.setdefault("HF_HUB_OFFLINE", "1")


async def _mount(app: FastAPI, chat: ChatPage) -> Any:
    """Mount the page and return it."""
    import gradio as gr

    page = chat.blocks()
    page.state_session_capacity = MOST_TABS  # an argument of `launch`, which `mount_gradio_app` does not take
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
    )
    return page
