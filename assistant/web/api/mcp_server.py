"""The assistant as tools for agents (Model Context Protocol): ask, search, list_reports, indicators. All of them only read."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import ToolAnnotations
from pydantic import Field

from assistant import __version__
from assistant.access.callers import at_terminal
from assistant.errors import ZhengwenError
from assistant.types import Turn
from assistant.web.api.indicators import IndicatorsReply, table_of
from assistant.web.api.types import FoundPassage, LabelledAnswer
from assistant.web.server.asgi import App
from assistant.web.server.asked import SCOPE_KEY, Asked
from assistant.web.server.desk import Desk
from assistant.web.server.refusing import refusal_of

if TYPE_CHECKING:
    from assistant.answering.assistant import Assistant

log = logging.getLogger(__name__)

_INSTRUCTIONS = """回答关于中国政府工作报告的问题。ask 给出核对过的答案和引用，每个数字都有出处：请原样使用数字，并保留引用。
verdict 为 not_covered 时资料库里没有，不要自己补。label 要和答案一起显示。"""
_ONLY_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)

Question = Annotated[str, Field(min_length=1, max_length=500, description="一个问题，例如：松北区2025年GDP目标是多少")]
History = Annotated[list[str], Field(max_length=20, description="同一个对话里先前的问题，从早到晚")]
Query = Annotated[str, Field(min_length=1, max_length=500, description="要找的内容")]
Names = Annotated[list[str], Field(max_length=60, description="名称，可以多个，例如：GDP、固投；松北区")]
Years = Annotated[list[int], Field(max_length=100, description="年份，例如：2025")]
Limit = Annotated[int, Field(ge=1, le=50, description="最多几段")]


def mcp_server(desk: Desk) -> MCPServer[Any]:
    """Build the server around a desk."""
    server: MCPServer[Any] = MCPServer(
        "zhengwen", title="政问", instructions=_INSTRUCTIONS, version=__version__, log_level="WARNING"
    )

    async def ask(ctx: Context, question: Question, history: History | None = None) -> dict[str, Any]:
        """回答一个关于政府工作报告的问题，附引用、数字和出处。"""
        turns = tuple(Turn(earlier) for earlier in history or ())
        with _told():
            return asdict(LabelledAnswer.of(await desk.ask(_asked(ctx), question, turns)))

    async def search(ctx: Context, query: Query, limit: Limit = 10) -> dict[str, Any]:
        """查找报告里相关的段落，只给原文，不作答。"""
        with _told():
            found = await desk.search(_asked(ctx), query, limit)
        return {"results": [asdict(FoundPassage.of(one)) for one in found]}

    async def list_reports(ctx: Context) -> dict[str, Any]:
        """列出已收录的报告：地区、年份、标题。"""
        with _told():
            return {"reports": [asdict(report) for report in await desk.reports(_asked(ctx))]}

    async def indicators(
        ctx: Context, indicator: Names, place: Names | None = None, year: Years | None = None
    ) -> dict[str, Any]:
        """列出指标在各地各年的目标、完成情况和兑现没有，每个数都有出处。place、year 不写就是全部。"""

        def read(assistant: Assistant) -> dict[str, Any]:
            return asdict(IndicatorsReply.of(table_of(assistant.panel(), indicator, place or (), year or ())))

        with _told():
            return await desk.read(_asked(ctx), read)

    for tool in (ask, search, list_reports, indicators):
        server.add_tool(tool, annotations=_ONLY_READS)
    return server


class McpOverHttp:
    """The server at `/mcp`; no state is kept between calls, so any process can take the next one."""

    def __init__(self, desk: Desk) -> None:
        self._server = mcp_server(desk)
        # Hosts, origins and the length of a body are the front's to judge.
        open_here = TransportSecuritySettings(enable_dns_rebinding_protection=False)
        self.app: App = self._server.streamable_http_app(
            stateless_http=True, json_response=True, transport_security=open_here
        )

    def running(self) -> AbstractAsyncContextManager[None]:
        """Hold it open for the time of the block; once in the life of a process."""
        return self._server.session_manager.run()


@contextmanager
def _told() -> Iterator[None]:
    """Turn an error into what may be said of it."""
    try:
        yield
    except Exception as error:  # whatever it is, an agent is told no more than a browser
        if not isinstance(error, ZhengwenError):
            log.exception("A tool failed.")
        refusal = refusal_of(error)
        raise ToolError(" ".join(filter(None, (refusal.message, refusal.hint)))) from None


def _asked(ctx: Any) -> Asked:
    """Who asks: over HTTP whoever the front let in, on standard input the user who started us."""
    request = getattr(ctx.request_context, "request", None)
    asked = request.scope.get(SCOPE_KEY) if request is not None else None
    return asked if isinstance(asked, Asked) else Asked(at_terminal())
