"""The report reader's and the export's routes, asked over HTTP through the whole application."""

from __future__ import annotations

import io
import json
import re
import socket
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import docx
import httpx
import pytest

from assistant import Assistant
from assistant.errors import LibraryError
from assistant.facts.told import Told
from assistant.types import Answer, Citation, Figure, Paragraph, Report, ReportRef, Writing
from assistant.web.page.thread import Exchange
from tests.facts.stating import told_in

SEEDED = "松北区2025年GDP目标是多少"
UNKNOWN = "0123456789abcdef"
HOSTILE = Report(UNKNOWN, "<b>报告</b>\ud800", "松北区", 2025, aliases=("<i>新区</i>",), source="javascript:alert(1)")
HOSTILE_TEXT = '<script>alert(1)</script>\n[点我](javascript:alert(1)) <img src=x onerror="alert(1)"> &lt;5.5%\u202e'


class HostileLibrary:
    """Holds one report whose every text is hostile."""

    def reports(self) -> tuple[Report, ...]:
        return (HOSTILE,)

    def facts(self, report_id: str) -> tuple[Told, ...]:
        return told_in(*self.report(report_id))

    def report(self, report_id: str) -> tuple[Report, tuple[Paragraph, ...]]:
        if report_id != UNKNOWN:
            raise LibraryError("资料库里没有这份报告。", "请重新提问。")
        headings = ("<h1 onclick=alert(1)>一、回顾</h1>", "(一)<u>经济</u>")
        return HOSTILE, (
            Paragraph(f"{UNKNOWN}-1-0", UNKNOWN, 0, headings[:1], HOSTILE_TEXT),
            Paragraph(f"{UNKNOWN}-1-1", UNKNOWN, 1, headings, HOSTILE_TEXT),
            Paragraph(f"{UNKNOWN}-1-2", UNKNOWN, 2, ("二、安排",), "增长5.5%。"),
        )


@pytest.fixture(scope="module")
def client(assistant: Assistant) -> Iterator[httpx.Client]:
    from tests.web.conftest import served

    with served(assistant) as address, httpx.Client(base_url=address, trust_env=False) as opened:
        yield opened


def exchange(**changes: Any) -> dict[str, Any]:
    songbei = ReportRef("8ed70c806e0b4433", "2025年哈尔滨市松北区政府工作报告", "松北区", 2025)
    answer = Answer(
        SEEDED,
        "answered",
        "增长5.5%〔1〕。",
        (Citation(1, songbei, ("二、2025年工作安排",), "地区生产总值增长5.5%。", "地区生产总值增长5.5%。", "p-1"),),
        (Figure("5.5%", 5.5, "%", None, "地区生产总值", "target", "2025年", 1, "verified"),),
        model="openai:deepseek-chat",
        writing=Writing("openai:deepseek-chat", "0123456789ab", kept=1),
    )
    return {**asdict(Exchange(1, SEEDED, answer)), **changes}


def test_every_held_report_is_read_whole_with_its_outline(client: httpx.Client, assistant: Assistant) -> None:
    for held in assistant.reports():
        reply = client.get(f"/reports/{held.id}")
        assert reply.status_code == 200
        found = reply.json()
        assert found["report"]["title"] == held.title
        _, paragraphs = assistant.report(held.id)
        assert [one["id"] for one in found["paragraphs"]] == [paragraph.id for paragraph in paragraphs]
        assert [one["headings"] for one in found["paragraphs"]] == [list(p.headings) for p in paragraphs]
        ids = {paragraph.id for paragraph in paragraphs}
        assert found["outline"]
        assert all(entry["id"] in ids and entry["level"] >= 1 for entry in found["outline"])


def test_the_outline_names_each_heading_once_where_it_begins(client: httpx.Client, assistant: Assistant) -> None:
    songbei = next(r for r in assistant.reports() if (r.region, r.report_year) == ("松北区", 2025))
    found = client.get(f"/reports/{songbei.id}").json()
    top = [entry["heading"] for entry in found["outline"] if entry["level"] == 1]
    assert top == list(dict.fromkeys(one["headings"][0] for one in found["paragraphs"] if one["headings"]))
    assert "二、2025年工作安排" in top
    first = next(entry for entry in found["outline"] if entry["heading"] == "二、2025年工作安排")
    assert next(one["id"] for one in found["paragraphs"] if "二、2025年工作安排" in one["headings"]) == first["id"]


def test_the_reports_are_listed_by_province_and_place_the_newest_first(
    client: httpx.Client, assistant: Assistant
) -> None:
    reply = client.get("/reports")
    listed = reply.json()
    assert reply.headers["cache-control"] == "no-store"
    assert {one["id"] for one in listed} == {report.id for report in assistant.reports()}
    assert {one["province"] for one in listed} == {"黑龙江省"}
    places = [one["region"] for one in listed]
    assert places == sorted(places)
    assert [one["year"] for one in listed if one["region"] == "松北区"] == [2025, 2023]
    assert all(set(one) == {"id", "province", "region", "year", "title"} for one in listed)


def test_a_report_comes_with_at_most_three_questions_that_it_answers(
    client: httpx.Client, assistant: Assistant
) -> None:
    for one in client.get("/reports").json():
        questions = client.get(f"/reports/{one['id']}").json()["questions"]
        assert len(questions) == len(set(questions)) <= 3
        for question in questions:
            answer = assistant.ask(question)
            assert answer.verdict == "answered", question
            assert one["id"] in {citation.report.id for citation in answer.citations}, question


def test_a_library_that_cannot_be_read_is_said_in_a_sentence(serve_page: Callable[..., str]) -> None:
    class Gone(HostileLibrary):
        def reports(self) -> tuple[Report, ...]:
            raise LibraryError("资料库读不了。", "请告诉管理员。")

    with httpx.Client(base_url=serve_page(Gone()), trust_env=False) as gone:
        reply = gone.get("/reports")
    assert (reply.status_code, reply.json()) == (503, {"error": "资料库读不了。", "hint": "请告诉管理员。"})


def test_a_browser_may_keep_a_report_for_an_hour_and_is_told_when_it_has_not_changed(
    client: httpx.Client, assistant: Assistant
) -> None:
    path = f"/reports/{assistant.reports()[0].id}"
    reply = client.get(path)
    assert reply.headers.get_list("cache-control") == ["private, max-age=3600"]
    again = client.get(path, headers={"if-none-match": reply.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(path, headers={"if-none-match": '"else"'}).status_code == 200
    assert "default-src 'self'" in reply.headers["content-security-policy"]


def test_an_unknown_report_is_said_in_a_sentence_that_is_not_kept(client: httpx.Client) -> None:
    reply = client.get(f"/reports/{UNKNOWN}")
    assert reply.status_code == 404
    assert reply.json() == {
        "error": "资料库里没有这份报告。",
        "hint": "它可能已经换成新的版本，或已被移除：请重新提问。",
    }
    assert reply.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/reports/",
        "/reports/8ED70C806E0B4433",
        "/reports/8ed70c806e0b443",
        "/reports/8ed70c806e0b44333",
        "/reports/8ed70c806e0b4433/",
        "/reports/8ed70c806e0b4433%0a",
        "/reports/8ed70c806e0b443%C4%B1",
        "/reports/%2e%2e%2fconfig",
        "/reports/%2e%2e/%2e%2e/etc/passwd",
        "/reports/' OR 1=1 --",
        "/reports/%00",
        "/reports/*",
        "/export/",
    ],
)
def test_a_path_that_is_no_report_does_not_get_through(client: httpx.Client, path: str) -> None:
    reply = client.get(path)
    assert reply.status_code == 404
    assert "Traceback" not in reply.text


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/reports"), ("POST", f"/reports/{UNKNOWN}"), ("GET", "/export"), ("PUT", "/export")],
)
def test_another_method_is_refused(client: httpx.Client, method: str, path: str) -> None:
    assert client.request(method, path).status_code == 405


def test_a_report_with_html_and_markdown_in_it_shows_as_text(serve_page: Callable[..., str]) -> None:
    with httpx.Client(base_url=serve_page(HostileLibrary()), trust_env=False) as hostile:
        found = hostile.get(f"/reports/{UNKNOWN}").json()
        (listed,) = hostile.get("/reports").json()
    assert (listed["title"], listed["region"], listed["province"]) == ("<b>报告</b>?", "松北区", "黑龙江省")
    html = found["paragraphs"][0]["html"]
    assert re.findall(r"<[^>]*>", html) == ["<br>", '<span class="zw-nb">', "</span>"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>[点我](javascript:alert(1))" in html
    assert '&amp;lt;<span class="zw-nb">5.5%</span>' in html
    assert "\u202e" not in html
    assert found["report"]["title"] == "<b>报告</b>?"
    assert [(entry["level"], entry["id"][-1]) for entry in found["outline"]] == [(1, "0"), (2, "1"), (1, "2")]


@pytest.mark.parametrize("kind", ["md", "docx"])
def test_a_conversation_comes_as_a_file_with_a_chinese_name(client: httpx.Client, kind: str) -> None:
    reply = client.post("/export", json={"format": kind, "exchanges": [exchange()]})
    assert reply.status_code == 200
    disposition = reply.headers["content-disposition"]
    assert disposition.startswith(f"attachment; filename=\"zhengwen.{kind}\"; filename*=UTF-8''")
    name = urllib.parse.unquote(disposition.split("UTF-8''")[1])
    assert re.fullmatch(rf"政问问答记录-\d{{8}}-\d{{4}}\.{kind}", name)
    assert reply.headers["cache-control"] == "no-store"
    text = (
        reply.text if kind == "md" else "\n".join(p.text for p in docx.Document(io.BytesIO(reply.content)).paragraphs)
    )
    assert "《2025年哈尔滨市松北区政府工作报告》“二、2025年工作安排”：“地区生产总值增长5.5%”。" in text
    assert "本内容由人工智能生成（openai:deepseek-chat）" in text


def test_what_the_page_keeps_of_a_real_conversation_can_be_exported(client: httpx.Client, assistant: Assistant) -> None:
    from pydantic import TypeAdapter

    asked = Exchange(1, SEEDED, assistant.ask(SEEDED))
    kept = TypeAdapter(Exchange).dump_json(asked).decode()
    reply = client.post("/export", content=f'{{"format": "md", "exchanges": [{kept}]}}')
    assert "增长5.5%〔1〕" in reply.text


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        "{}",
        "{" * 5000,
        '{"format": "md"}',
        '{"exchanges": []}',
        '{"format": "pdf", "exchanges": []}',
        '{"format": "md", "exchanges": [], "more": 1}',
        '{"format": "md", "exchanges": {}}',
        '{"format": "md", "exchanges": [1]}',
        json.dumps({"format": "md", "exchanges": [exchange(number="1")]}),
        json.dumps({"format": "md", "exchanges": [exchange(more=1)]}),
        json.dumps({"format": "md", "exchanges": [exchange(tone="loud")]}),
        json.dumps({"format": "../md", "exchanges": [exchange()]}),
        json.dumps({"format": "md", "exchanges": [exchange()]}).replace("5.5,", "NaN,"),
        json.dumps({"format": "md", "exchanges": [exchange()]}).replace('"verified"', '"believed"'),
        json.dumps({"format": "md", "exchanges": [exchange()]}).replace('"citation": 1', '"citation": true'),
        b'{"format": "md", "exchanges": ["\xff"]}',
    ],
)
def test_anything_else_is_not_exported(client: httpx.Client, body: str | bytes) -> None:
    reply = client.post("/export", content=body)
    assert reply.status_code == 400
    assert reply.json() == {"error": "没有看懂要导出的内容。", "hint": "请刷新页面后再试一次。"}


def test_an_empty_conversation_is_refused_in_other_words(client: httpx.Client) -> None:
    reply = client.post("/export", json={"format": "md", "exchanges": []})
    assert (reply.status_code, reply.json()["error"]) == (400, "还没有可以导出的问答。")


def test_a_quarter_of_a_megabyte_is_taken_and_no_more(client: httpx.Client) -> None:
    filled = exchange(notice="字" * 40_000)
    body = json.dumps({"format": "md", "exchanges": [filled]}, ensure_ascii=False).encode()
    assert 64 * 1024 < len(body) < 256 * 1024
    assert client.post("/export", content=body).status_code == 200
    assert client.post("/export", content=body + b" " * 256 * 1024).status_code == 413
    assert client.post("/gradio_api/queue/join", content=body).status_code == 413


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_another_site_can_neither_read_nor_export(client: httpx.Client, origin: str) -> None:
    body = {"format": "md", "exchanges": [exchange()]}
    assert client.post("/export", json=body, headers={"origin": origin}).status_code == 403
    assert client.get(f"/reports/{UNKNOWN}", headers={"origin": origin}).status_code == 403
    assert client.post("/export", json=body, headers={"origin": str(client.base_url).rstrip("/")}).status_code == 200


def test_hostile_words_in_a_conversation_reach_the_file_as_words(client: httpx.Client) -> None:
    words = '<img src=x onerror=alert(1)> ![x](http://evil.example) \ufffe"\r\nset-cookie: a=b'
    for kind in ("md", "docx"):
        reply = client.post("/export", json={"format": kind, "exchanges": [exchange(question=words, answer=None)]})
        assert reply.status_code == 200
        assert "set-cookie" not in reply.headers
        if kind == "md":
            assert "\\<img src=x" in reply.text
            assert "\\[x\\](http\\://" in reply.text
        else:
            heading = docx.Document(io.BytesIO(reply.content)).paragraphs[2].text
            assert heading.startswith("1. <img src=x onerror=alert(1)>")


def test_a_body_that_breaks_off_costs_nothing_but_itself(client: httpx.Client) -> None:
    port = client.base_url.port
    assert port
    with socket.create_connection(("127.0.0.1", port)) as cut:
        cut.sendall(b"POST /export HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 9000\r\n\r\n{")
    assert client.post("/export", json={"format": "md", "exchanges": [exchange()]}).status_code == 200
