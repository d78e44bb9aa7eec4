"""The whole service put together: the front, behind it the API, the tools and, where it is wanted, the page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.access.audit import AuditLog
from assistant.access.sign_in import Authenticator
from assistant.errors import ZhengwenError
from assistant.settings import NO_LLM, Settings
from assistant.web.api.corrections import add_correction_api
from assistant.web.api.feedback import add_feedback_route
from assistant.web.api.indicator_routes import add_indicator_api
from assistant.web.api.mcp_server import McpOverHttp, mcp_server
from assistant.web.api.openai_api import add_openai_routes
from assistant.web.api.routes import create_api
from assistant.web.page.assistant import PageAssistant, PageBook
from assistant.web.server.asgi import App, Receive, Scope, Send
from assistant.web.server.asked import ROOT_KEY
from assistant.web.server.desk import AT_ONCE, AT_ONCE_READING, Desk, Recorder
from assistant.web.server.front import Front
from assistant.web.server.metrics import Metrics

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.web.page.rating import KeepsFeedback

MakePage = Callable[[Any, Recorder, Callable[[], Any]], App]
"""Makes the page around an assistant, with what writes down what is done there and what is to be held open meanwhile."""


def create_desk(assistant: Any, settings: Settings, book: KeepsFeedback | None = None) -> Desk:
    """The desk alone, without a server around it; `book` takes the readers' feedback."""
    recorder = Recorder(AuditLog.of(settings), Metrics())
    kept = PageBook(book, recorder) if book else None
    return Desk(assistant, recorder, AT_ONCE_READING if settings.llm == NO_LLM else AT_ONCE, kept)


async def serve_tools(desk: Desk) -> None:
    """Speak to the program that started this one, over the tools, until it closes the pipe."""
    await mcp_server(desk).run_stdio_async()
    desk.close()


def create_service(
    assistant: Any,
    settings: Settings,
    make_page: MakePage | None,
    shared: Path | None = None,
    book: KeepsFeedback | None = None,
) -> Front:
    """Build it; `make_page` is None where only programs are served, `shared` a folder in which several processes count together.

    Raises `SettingsError` as `Authenticator` does.
    """
    authenticator = Authenticator(settings)
    desk = create_desk(assistant, settings, book)
    recorder = desk.recorder
    tools = McpOverHttp(desk)

    @asynccontextmanager
    async def running(_: FastAPI | None = None) -> AsyncIterator[None]:
        async with tools.running():
            yield
        desk.close()
        front.signing_in.close()

    def ready() -> bool:
        if front.draining:
            return False
        try:
            assistant.reports()
        except ZhengwenError:
            return False
        return True

    api = create_api(desk, authenticator.sessions, recorder.metrics, settings, ready, running)
    add_openai_routes(api, desk)
    add_indicator_api(api, desk)
    add_correction_api(api, desk)
    add_feedback_route(api, desk)
    page = make_page(PageAssistant(assistant, recorder), recorder, running) if make_page else None
    front = Front(page, _with_tools(api, tools.app), settings, authenticator, desk, shared)
    return front


def rooted(app: App) -> App:
    """Tell the page under which path it is shown: its addresses then carry a session's ticket along."""

    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        root = scope.get(ROOT_KEY, "")
        await app({**scope, "root_path": root, "path": root + scope["path"]} if root else scope, receive, send)

    return call


def _with_tools(api: App, tools: App) -> App:
    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        await (tools if scope.get("path") == "/mcp" else api)(scope, receive, send)

    return call
