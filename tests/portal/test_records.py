"""What is written down of each act, what is never written down, and whose words an answer is, wherever it goes."""

from __future__ import annotations

import getpass
import io
import json
import logging
import os
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import anyio
import docx
import pytest
from typer.testing import CliRunner

from assistant.access.auditing import faults
from assistant.access.logs import JsonLines
from assistant.cli import app
from assistant.errors import QuestionError
from assistant.types import Answer, Evidence, Preview, Report, Turn, Writing
from assistant.web.export.exporting import as_docx, as_markdown
from assistant.web.page import render
from assistant.web.page.thread import Exchange
from tests.homes import copied
from tests.portal.canaries import SECRETS, Secret

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from assistant import Assistant
    from assistant.settings import Settings

GDP = "松北区2025年GDP目标是多少"
MODEL = "openai:deepseek-chat"
Rows = list[dict[str, Any]]


class Saying:
    """An assistant that says one thing, and fails with the question where it is told to."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def within(self, regions: object) -> Saying:
        return self

    def reports(self) -> tuple[Report, ...]:
        return ()

    def search(self, query: str, limit: int = 10) -> tuple[Evidence, ...]:
        raise RuntimeError(query)

    def stream(self, question: str, history: Sequence[Turn] = (), stopped: Any = None) -> Iterator[Any]:
        if question.startswith("错"):
            raise RuntimeError(question) from QuestionError(question)
        if self.answer.model != "reader":
            yield Preview(replace(self.answer, model="reader", writing=None))
        yield self.answer.answer
        yield self.answer


@pytest.fixture(scope="module")
def extract(assistant: Assistant) -> Answer:
    return assistant.ask(GDP)


def answers(extract: Answer) -> dict[str, Answer]:
    """Each kind of answer, by what its label must say."""
    return {
        "原文摘录": extract,
        "由程序": Answer("香坊区呢", "not_covered", "没有收录香坊区的报告。"),
        f"人工智能生成（{MODEL}）": replace(extract, model=MODEL, writing=Writing(MODEL, "0" * 12, kept=1)),
        "1句没有通过核对": replace(extract, model=MODEL, writing=Writing(MODEL, "0" * 12, kept=1, replaced=1)),
    }


KINDS = ("原文摘录", "由程序", f"人工智能生成（{MODEL}）", "1句没有通过核对")


@pytest.mark.parametrize("said", KINDS)
def test_each_way_in_for_programs_labels_each_kind_of_answer(
    said: str, service: Callable[..., TestClient], extract: Answer
) -> None:
    client = service(by=Saying(answers(extract)[said]), sign_in=False)
    chat = {"messages": [{"role": "user", "content": GDP}]}
    call = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "ask", "arguments": {"question": GDP}},
    }
    accepts = {"accept": "application/json, text/event-stream"}
    assert said in client.post("/api/ask", json={"question": GDP}).json()["label"]
    assert said in client.post("/api/ask", json={"question": GDP}, headers={"accept": "text/plain"}).text[-120:]
    stream = client.post("/api/ask", json={"question": GDP}, headers={"accept": "text/event-stream"}).text
    events = [json.loads(block.split("data: ")[1]) for block in stream.strip().split("\n\n")]
    assert said in events[-1]["label"]
    assert all("原文摘录" in event["label"] for event in events[:-1] if "answer" in event and event["citations"])
    whole = client.post("/v1/chat/completions", json=chat).json()
    assert said in whole["label"]
    assert said in whole["choices"][0]["message"]["content"][-120:]
    chunks = client.post("/v1/chat/completions", json={**chat, "stream": True}).text.split("data: ")
    told = [json.loads(chunk) for chunk in chunks if chunk.startswith("{")]
    assert said in "".join(c["choices"][0]["delta"].get("content", "") for c in told)[-120:]
    assert any(said in chunk.get("label", "") for chunk in told)
    result = client.post("/mcp", json=call, headers=accepts).json()["result"]
    assert said in result["structuredContent"]["label"]
    assert said in result["content"][0]["text"]


@pytest.mark.parametrize("said", KINDS)
def test_each_copy_for_people_labels_each_kind_of_answer(said: str, extract: Answer) -> None:
    from rich.console import Console

    from assistant.terminal import show_answer

    exchange = Exchange(1, GDP, answers(extract)[said])
    at, printed = datetime(2026, 3, 1, 9, 0), io.StringIO()
    show_answer(answers(extract)[said], Console(file=printed, width=200))
    written = docx.Document(io.BytesIO(as_docx([exchange], at)))
    for text in (
        render.reply_html(exchange),
        render.thread_html([exchange]),
        as_markdown([exchange], at).replace("\\", ""),
        "\n".join(paragraph.text for paragraph in written.paragraphs),
        printed.getvalue(),
    ):
        assert said in text or said.replace("人工智能生成", "AI生成") in text


@pytest.mark.parametrize("said", KINDS)
def test_a_file_with_a_model_s_words_says_so_to_programs_and_no_other_does(said: str, extract: Answer) -> None:
    """GB 45438-2025, implicit label: seven fields under AIGC."""
    exchange = Exchange(1, GDP, answers(extract)[said])
    at = datetime(2026, 3, 1, 9, 0)
    archive = zipfile.ZipFile(io.BytesIO(as_docx([exchange], at)))
    by_a_model = answers(extract)[said].model != "reader"
    assert ("docProps/custom.xml" in archive.namelist()) == by_a_model
    fields = (
        "Label",
        "ContentProducer",
        "ProduceID",
        "ReservedCode1",
        "ContentPropagator",
        "PropagateID",
        "ReservedCode2",
    )
    head = as_markdown([exchange], at).split("---")[1]
    assert all((f"\n  {name}: " in head) == by_a_model for name in fields)
    if by_a_model:
        stored = archive.read("docProps/custom.xml").decode()
        assert all(f'"{name}":' in stored for name in fields)


def test_the_command_line_labels_an_answer_in_json_too(extract: Answer) -> None:
    from assistant.cli import answer_lines

    written: list[str] = []
    assert answer_lines([GDP.encode()], lambda question, history: extract, written.append) == 0
    assert json.loads(written[0])["label"] == "报告原文摘录"


@pytest.mark.parametrize("mark", ["\x85", "\u2028", "\u2029"])
def test_an_event_of_a_stream_is_one_line_for_every_reader(
    mark: str, service: Callable[..., TestClient], extract: Answer
) -> None:
    client = service(by=Saying(replace(extract, answer=f"增长5.5%{mark}〔1〕。")), sign_in=False)
    accepts = {"accept": "text/event-stream"}
    chat = {"messages": [{"role": "user", "content": GDP}], "stream": True}
    for path, body in (("/api/ask", {"question": GDP}), ("/v1/chat/completions", chat)):
        reply = client.post(path, json=body, headers=accepts).text
        told = [line.removeprefix("data: ") for line in reply.splitlines() if line.startswith("data: {")]
        assert "".join(map(json.dumps, map(json.loads, told))).count(json.dumps(mark)[1:-1])


@pytest.fixture
def at_home(seeded_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Rows]:
    """Run a command over a copy of the library and give the new lines of the audit log."""
    home = copied(seeded_home, tmp_path / "home")
    monkeypatch.setenv("ZHENGWEN_HOME", str(home))

    def run(*words: str, code: int = 0) -> Rows:
        before = len(lines(home))
        done = CliRunner().invoke(app, list(words))
        assert done.exit_code == code, (done.output, done.exception)
        assert faults(home) == []
        return lines(home)[before:]

    return run


def lines(home: Path) -> Rows:
    return [
        json.loads(row)
        for path in sorted((home / "audit").glob("*.jsonl"))
        for row in path.read_text("utf-8").splitlines()
    ]


SENTENCES = (
    "各位代表：现在，我代表区人民政府向大会报告工作，请予审议。",
    "一、过去一年工作回顾",
    *(
        f"我们完成了第{n}项重点工作，地区生产总值增长{n}.5%，固定资产投资增长{n}.1%，一般公共预算收入增长{n}.2%。"
        for n in range(1, 12)
    ),
    "二、2025年工作安排",
    "主要预期目标是：地区生产总值增长5.5%左右，规模以上工业增加值增长6%，社会消费品零售总额增长7%。",
    *(f"第{n}，聚焦产业发展，推进项目建设，优化营商环境，保障改善民生，做好第{n}方面的工作。" for n in range(1, 12)),
)


def test_each_file_that_is_taken_in_or_refused_and_each_deletion_has_one_line(
    at_home: Callable[..., Rows], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The index takes seconds, and is tried elsewhere: exact search answers meanwhile.
    monkeypatch.setattr("assistant.assembly._Backends._build_index", lambda self: None)
    report, other = tmp_path / "阿城区2025年政府工作报告.txt", tmp_path / "别的13812345678.txt"
    report.write_text("\n".join(("2025年阿城区政府工作报告", *SENTENCES)), "utf-8")
    other.write_text("不是报告", "utf-8")
    first = at_home("ingest", str(report), str(other), code=1)
    assert [(row["event"], row["result"], row["file"]) for row in first] == [
        ("upload", "failed", "别的[手机号].txt"),  # what cannot be read is known before the others are encoded
        ("upload", "added", report.name),
    ]
    assert {(row["user"], row["way"]) for row in first} == {(getpass.getuser(), "terminal")}
    assert (first[1]["region"], first[1]["year"]) == ("阿城区", 2025)
    assert "13812345678" not in json.dumps(first)
    [again] = at_home("ingest", str(report))
    assert again["result"] == "already"
    identity = str(first[1]["report"])
    [gone] = at_home("remove", identity)
    assert (gone["event"], gone["report"], gone["user"]) == ("deletion", identity, getpass.getuser())
    assert at_home("remove", identity, code=1) == []
    asked = CliRunner().invoke(app, ["ask", "--json", "阿城区2025年GDP目标是多少"])
    assert json.loads(asked.stdout)["verdict"] == "not_covered"
    everything = b"".join(path.read_bytes() for path in (Path(os.environ["ZHENGWEN_HOME"])).rglob("*.db*"))
    assert "做好第7方面的工作".encode() not in everything


def test_an_export_of_feedback_has_one_line(at_home: Callable[..., Rows], tmp_path: Path) -> None:
    [row] = at_home("feedback", "export", str(tmp_path / "题.jsonl"))
    assert (row["event"], row["format"], row["user"]) == ("export", "feedback", getpass.getuser())


def test_what_people_take_along_say_and_try_on_the_page_has_one_line_each(
    assistant: Assistant, extract: Answer, settings: Callable[..., Settings], audit: Callable[[], Rows]
) -> None:
    from starlette.testclient import TestClient

    from assistant.access.audit import AuditLog
    from assistant.access.callers import Caller
    from assistant.web.page.assistant import PageBook
    from assistant.web.page.memory import Conversation, kept
    from assistant.web.server.app import create_app
    from assistant.web.server.asked import CURRENT, Asked
    from assistant.web.server.desk import Recorder
    from assistant.web.server.metrics import Metrics

    said: list[Answer] = []

    class Book:
        def add(self, answer: Answer, history: Sequence[str] = (), **more: Any) -> None:
            said.append(answer)

    chosen = settings(sign_in=False, evaluation=True)
    by_a_model = replace(extract, model=MODEL)
    exchanges = json.loads(kept(Conversation("0123456789", (Exchange(1, GDP, by_a_model),))))[1]
    with TestClient(create_app(assistant, chosen), base_url="http://127.0.0.1:7860") as client:
        for name in ("md", "docx"):
            assert client.post("/export", json={"format": name, "exchanges": exchanges}).status_code == 200
        assert client.post("/export", json={"format": "pdf", "exchanges": exchanges}).status_code == 400
        started = client.post("/evaluation/runs?name=我的13812345678.csv", content=f"问题,答案\n{GDP},5.5%\n".encode())
        assert client.post("/evaluation/runs?name=x.exe", content=b"x").status_code == 400
    token = CURRENT.set(Asked(Caller("li", "oa"), "r1"))
    PageBook(Book(), Recorder(AuditLog.of(chosen), Metrics())).add(
        extract, good=False, reason="other", note="13812345678"
    )
    CURRENT.reset(token)
    rows = audit()
    assert said == [extract]
    assert [row["event"] for row in rows] == ["export", "export", "evaluation", "feedback"]
    assert [row.get("format") for row in rows[:2]] == ["md", "docx"]
    assert rows[0]["content"] == rows[1]["content"] != ""
    assert (rows[2]["run"], rows[2]["files"]) == (started.json()["id"], ["我的[手机号].csv"])
    assert (rows[3]["user"], rows[3]["question"], rows[3]["good"], rows[3]["reason"]) == ("li", GDP, False, "other")
    assert "13812345678" not in json.dumps(rows)


def test_a_tool_of_the_terminal_s_own_user_writes_down_who_that_is(
    assistant: Assistant, settings: Callable[..., Settings], audit: Callable[[], Rows]
) -> None:
    from mcp.client import Client

    from assistant.web.api.mcp_server import mcp_server
    from assistant.web.server.service import create_desk

    async def tried() -> None:
        async with Client(mcp_server(create_desk(assistant, settings()))) as client:
            await client.call_tool("ask", {"question": GDP})
            await client.call_tool("search", {"query": GDP})

    anyio.run(tried)
    assert [(row["event"], row["way"], row["user"]) for row in audit()] == [
        ("ask", "terminal", getpass.getuser()),
        ("search", "terminal", getpass.getuser()),
    ]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the service writes on standard error."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def told_with(client: TestClient, secret: str) -> Iterator[Any]:
    """Send it in every place where a request has one, and give the replies that are errors."""
    header = secret.encode("utf-8", "replace")
    inside = quote(secret, safe="")
    sent: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("POST", "/api/ask", {"json": {"question": f"{secret}是谁的"}}),
        ("POST", "/api/ask", {"json": {"question": f"错{secret}"}}),
        ("POST", "/api/ask", {"json": {"question": f"错{secret}"}, "headers": {"accept": "text/event-stream"}}),
        ("POST", "/api/ask", {"json": {"question": 1, secret: secret}}),
        ("POST", "/api/ask", {"content": header, "headers": {"content-type": header}}),
        ("POST", "/v1/chat/completions", {"json": {"messages": [{"role": "user", "content": f"错{secret}"}]}}),
        ("POST", "/mcp", {"json": {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": secret}}}),
        ("GET", "/api/search", {"params": {"q": secret}}),
        ("GET", f"/api/reports/{inside}", {}),
        ("GET", f"/s/{inside}/api/reports", {}),
        ("GET", f"/{inside}/s/{inside}", {"headers": {"accept": "text/html"}}),
        ("GET", "/embed", {"params": {"portal": secret, "token": secret}, "headers": {"accept": "text/html"}}),
        ("GET", "/metrics", {"headers": {"authorization": header, "x-api-key": header, "user-agent": header}}),
        ("GET", "/metrics", {"headers": {"x-forwarded-for": header, "referer": header, "cookie": header}}),
        ("GET", "/api/reports", {"headers": {"authorization": b"Bearer " + header, "origin": header}}),
    )
    for method, path, given in sent:
        reply = client.request(method, path, **given)
        if reply.status_code >= 400 or "event: error" in reply.text:
            yield reply


@pytest.mark.parametrize(
    "secrets", [pytest.param(SECRETS[::4], id="some"), pytest.param(SECRETS, id="all", marks=pytest.mark.slow)]
)
def test_of_a_hundred_secrets_none_is_in_a_record_a_log_or_an_error(
    secrets: Sequence[Secret],
    service: Callable[..., TestClient],
    extract: Answer,
    settings: Callable[..., Settings],
    audit: Callable[[], Rows],
    log: io.StringIO,
) -> None:
    assert len(SECRETS) == 100
    asked = len(secrets)
    answer, shown = replace(extract, answer="有。", citations=(), figures=()), ""
    client = service(by=Saying(answer), sign_in=False)
    for number, secret in enumerate(secrets):
        client._transport.client = (f"10.0.{number}.1", 5)  # type: ignore[attr-defined]  # else the tries of an address run out
        replies = list(told_with(client, secret.written))
        assert len(replies) > 10
        shown += "".join(reply.text + str(dict(reply.headers)) for reply in replies)
        logging.getLogger("elsewhere").error("Cannot read %s", Path("/uploads") / f"{secret.written}.docx")
    rows = audit()
    assert len(rows) > 8 * asked
    kept = json.dumps(rows, ensure_ascii=False)
    logged = log.getvalue()
    assert logged.count("RuntimeError") >= 3 * asked
    found = [
        (place, secret)
        for place, text in (("error", shown), ("log", logged), ("audit", kept))
        for secret in secrets
        if secret.core in text
    ]
    assert found == []
    files = b"".join(path.read_bytes() for path in settings().home.rglob("*") if path.is_file())
    assert [secret for secret in secrets if secret.core.encode() in files] == []


@pytest.mark.parametrize("mark", ["\n", "\r\n", "\x85", "\u2028", "\u2029", "\x0b", "\x00", "\x1b[2J"])
def test_no_line_can_be_forged_in_a_record_or_a_log(
    mark: str, service: Callable[..., TestClient], extract: Answer, audit: Callable[[], Rows], log: io.StringIO
) -> None:
    client = service(by=Saying(extract), sign_in=False)
    forged = f'好{mark}{{"event": "forged", "level": "forged"}}'
    list(told_with(client, forged))
    logging.getLogger("elsewhere").error(forged)
    assert "forged" not in {row["event"] for row in audit()}
    for line in log.getvalue().splitlines():
        assert json.loads(line)["level"] in {"error", "warning"}
