"""A client of the `mcp` package uses the tools, over HTTP and as a child process."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import anyio
import pytest

GDP = "松北区2025年GDP目标是多少"


async def _tried(client: Any) -> None:
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert set(tools) == {"ask", "search", "list_reports", "indicators"}
    assert all(tool.annotations.read_only_hint for tool in tools.values())
    assert tools["ask"].input_schema["required"] == ["question"]
    answer = await client.call_tool("ask", {"question": GDP})
    assert not answer.is_error
    assert answer.structured_content["verdict"] == "answered"
    assert "5.5%" in answer.structured_content["answer"]
    assert answer.structured_content["label"] == "报告原文摘录"
    assert answer.structured_content["citations"][0]["paragraph_id"]
    follow = await client.call_tool("ask", {"question": "那2023年呢", "history": [GDP]})
    assert "2023" in follow.structured_content["standalone"]
    found = await client.call_tool("search", {"query": "高新技术企业", "limit": 2})
    assert len(found.structured_content["results"]) == 2
    wrong = await client.call_tool("ask", {"question": "!!"})
    assert wrong.is_error
    assert "没有看懂" in wrong.content[0].text


def test_over_http_with_a_key(served: Callable[..., AbstractContextManager[str]], key: Callable[..., str]) -> None:
    async def tried(address: str, secret: str) -> None:
        async with connected(address, secret) as client:
            await _tried(client)
            assert len((await client.call_tool("list_reports", {})).structured_content["reports"]) == 5

    with served() as address:
        anyio.run(tried, address, key())


def connected(address: str, secret: str) -> Any:
    from contextlib import asynccontextmanager

    import httpx2
    from mcp.client import Client
    from mcp.client.streamable_http import streamable_http_client

    @asynccontextmanager
    async def opened() -> Any:
        headers = {"authorization": f"Bearer {secret}"}
        async with (
            httpx2.AsyncClient(headers=headers, trust_env=False, timeout=30) as http,
            Client(streamable_http_client(f"{address}/mcp", http_client=http)) as client,
        ):
            yield client

    return opened()


def test_a_portal_s_user_sees_only_what_is_theirs_over_http_too(
    served: Callable[..., AbstractContextManager[str]],
    mint: Callable[..., str],
    audit: Callable[[], list[dict[str, Any]]],
) -> None:
    async def tried(address: str, token: str) -> None:
        async with connected(address, token) as client:
            held = (await client.call_tool("list_reports", {})).structured_content["reports"]
            assert {report["region"] for report in held} == {"松北区"}
            answer = await client.call_tool("ask", {"question": "道里区2023年GDP目标是多少"})
            assert answer.structured_content["verdict"] == "not_covered"

    with served() as address:
        anyio.run(tried, address, mint())
    assert [(row["event"], row["user"]) for row in audit()] == [("ask", "zhang")]


def test_without_a_key_there_are_no_tools(served: Callable[..., AbstractContextManager[str]]) -> None:
    async def tried(address: str) -> None:
        async with connected(address, "zw_00000000_" + "x" * 43) as client:
            await client.list_tools()

    with served() as address, pytest.raises(Exception) as refused:  # noqa: PT011 - a group of the library's, looked into below
        anyio.run(tried, address)
    assert "error response" in _whole(refused.value)


def _whole(error: BaseException) -> str:
    inner = getattr(error, "exceptions", ())
    return " ".join([str(error), repr(error), *map(_whole, inner)])


def test_as_a_child_process(seeded_home: Path) -> None:
    async def tried() -> None:
        from mcp.client import Client
        from mcp.client.stdio import StdioServerParameters, stdio_client

        environment = {**os.environ, "ZHENGWEN_HOME": str(seeded_home)}
        program = StdioServerParameters(command=sys.executable, args=["-m", "assistant", "mcp"], env=environment)
        async with Client(stdio_client(program)) as client:
            await _tried(client)

    anyio.run(tried)
