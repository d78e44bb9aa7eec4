"""The API as programs use it: asking, streaming, searching, reading, and being turned away."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import pytest

from assistant.access.keys import KeyRing
from assistant.json_lines import as_json_line
from assistant.types import Answer, Preview, Report, Turn
from assistant.web.display.answer import display

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from assistant import Assistant
    from assistant.settings import Settings

GDP = "松北区2025年GDP目标是多少"
Rows = list[dict[str, Any]]


def bearer(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


def events(text: str) -> list[tuple[str, Any]]:
    blocks = [block.split("\n") for block in text.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


def test_an_answer_is_the_one_of_the_command_line_with_its_label(
    service: Callable[..., TestClient], key: Callable[..., str], assistant: Assistant
) -> None:
    reply = service().post("/api/ask", json={"question": GDP}, headers=bearer(key()))
    assert reply.status_code == 200
    got, expected = reply.json(), json.loads(as_json_line(asdict(assistant.ask(GDP))))
    assert got.pop("label") == "报告原文摘录"
    assert got.pop("display") == json.loads(as_json_line(asdict(display(assistant.ask(GDP)))))
    assert list(got) == list(expected)
    assert {**got, "seconds": 0} == {**expected, "seconds": 0}
    assert "5.5%" in got["answer"]


def test_a_follow_up_is_understood_with_the_questions_before_it(
    service: Callable[..., TestClient], key: Callable[..., str]
) -> None:
    body = {"question": "那2023年呢", "history": [GDP]}
    got = service().post("/api/ask", json=body, headers=bearer(key())).json()
    assert "2023" in got["standalone"]


def test_an_answer_comes_in_parts_where_events_are_wanted(
    service: Callable[..., TestClient], key: Callable[..., str]
) -> None:
    headers = {**bearer(key()), "accept": "text/event-stream"}
    reply = service().post("/api/ask", json={"question": GDP}, headers=headers)
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert (
        "content-encoding" not in reply.headers
    )  # though the client takes gzip: each part is there as soon as it is said
    told = events(reply.text)
    assert [name for name, _ in told] == ["delta", "answer"]
    assert told[0][1]["text"] == told[1][1]["answer"]
    assert told[1][1]["label"]


def test_an_answer_as_text_carries_its_citations_and_its_label(
    service: Callable[..., TestClient], key: Callable[..., str]
) -> None:
    headers = {**bearer(key()), "accept": "text/plain"}
    text = service().post("/api/ask", json={"question": GDP}, headers=headers).text
    assert "〔1〕《2025年哈尔滨市松北区政府工作报告》" in text
    assert text.endswith("（报告原文摘录）")


class Written:
    """An assistant with a model that words the answer, and then fails where it is told to."""

    def __init__(self, real: Assistant, fails: bool = False) -> None:
        self._answer, self._fails = real.ask(GDP), fails

    def reports(self) -> tuple[Report, ...]:
        return ()

    def stream(self, question: str, history: Sequence[Turn] = (), stopped: Any = None) -> Iterator[Any]:
        yield Preview(self._answer)
        yield "松北区"
        if self._fails:
            raise RuntimeError("secret-inner-path /etc/shadow")
        yield "增长5.5%〔1〕。"
        yield replace(self._answer, answer="松北区增长5.5%〔1〕。", model="openai:deepseek-chat")


def test_a_model_s_answer_is_previewed_and_labelled(
    service: Callable[..., TestClient], key: Callable[..., str], assistant: Assistant
) -> None:
    headers = {**bearer(key()), "accept": "text/event-stream"}
    told = events(service(by=Written(assistant)).post("/api/ask", json={"question": GDP}, headers=headers).text)
    assert [name for name, _ in told] == ["preview", "delta", "delta", "answer"]
    assert told[0][1]["label"] == "报告原文摘录"
    assert [block["kind"] for block in told[0][1]["display"]["blocks"]] == ["headline"]
    assert "由人工智能生成（openai:deepseek-chat）" in told[-1][1]["label"]


def test_an_error_inside_says_nothing_of_the_inside(
    service: Callable[..., TestClient], key: Callable[..., str], assistant: Assistant, audit: Callable[[], Rows]
) -> None:
    client, headers = service(by=Written(assistant, fails=True)), bearer(key())
    whole = client.post("/api/ask", json={"question": GDP}, headers=headers)
    stream = client.post("/api/ask", json={"question": GDP}, headers={**headers, "accept": "text/event-stream"})
    chat = client.post(
        "/v1/chat/completions", json={"messages": [{"role": "user", "content": GDP}], "stream": True}, headers=headers
    )
    assert whole.status_code == 500
    assert whole.json()["error"]["code"] == "internal"
    assert whole.json()["error"]["request_id"] == whole.headers["x-request-id"]
    assert events(stream.text)[-1][0] == "error"
    for reply in (whole, stream, chat):
        assert "secret-inner" not in reply.text
        assert "Traceback" not in reply.text
        assert "请求" in reply.text
    assert [row["verdict"] for row in audit()] == ["failed"] * 3


def test_passages_and_reports_can_be_read(service: Callable[..., TestClient], key: Callable[..., str]) -> None:
    client, headers = service(), bearer(key())
    found = client.get("/api/search", params={"q": "高新技术企业", "limit": 3}, headers=headers).json()["results"]
    assert len(found) == 3
    assert found[0]["rank"] == 1
    held = client.get("/api/reports", headers=headers).json()["reports"]
    assert len(held) == 5
    report = client.get(f"/api/reports/{held[0]['id']}", headers=headers).json()
    assert report["report"] == held[0]
    assert report["paragraphs"][0]["text"]
    for unknown, status in (("0" * 16, 404), ("x", 422)):
        assert client.get(f"/api/reports/{unknown}", headers=headers).status_code == status


def test_the_facts_of_a_report_can_be_read(service: Callable[..., TestClient], key: Callable[..., str]) -> None:
    client, headers = service(), bearer(key())
    held = client.get("/api/reports", headers=headers).json()["reports"]
    songbei = next(one for one in held if (one["region"], one["report_year"]) == ("松北区", 2025))
    address = f"/api/reports/{songbei['id']}/facts"
    told = client.get(address, headers=headers).json()
    assert told["report"]["id"] == songbei["id"]
    assert len(told["facts"]) > 100
    assert all(one["text"] in one["sentence"] for one in told["facts"])
    goals = client.get(address, params={"indicator": "GDP", "role": "target"}, headers=headers).json()["facts"]
    assert [(one["subject"], one["value"], one["unit"], one["period"]) for one in goals] == [
        ("地区生产总值", "5.5", "%", "2025年")
    ]
    left = client.get(address, params={"attached": False}, headers=headers).json()["facts"]
    assert all(one["subject"] is None for one in left)
    for wrong, params, status in (("0" * 16, {}, 404), (songbei["id"], {"role": "wish"}, 422), ("x", {}, 422)):
        reply = client.get(f"/api/reports/{wrong}/facts", params=params, headers=headers)
        assert reply.status_code == status
        assert reply.json()["error"]["message"]


def test_a_portal_s_users_read_the_facts_of_its_regions_alone(
    service: Callable[..., TestClient], key: Callable[..., str], mint: Callable[..., str]
) -> None:
    client = service()
    held = client.get("/api/reports", headers=bearer(key())).json()["reports"]
    for one in held:
        reply = client.get(f"/api/reports/{one['id']}/facts", headers=bearer(mint()))
        assert reply.status_code == (200 if one["region"] == "松北区" else 404)


def test_a_portal_s_users_are_answered_from_its_regions_alone(
    service: Callable[..., TestClient], mint: Callable[..., str]
) -> None:
    client, headers = service(), bearer(mint())
    assert {r["region"] for r in client.get("/api/reports", headers=headers).json()["reports"]} == {"松北区"}
    answer = client.post("/api/ask", json={"question": "道里区2023年GDP目标是多少"}, headers=headers).json()
    assert (answer["verdict"], answer["citations"]) == ("not_covered", [])
    everything = client.get("/api/reports", headers=bearer(mint(regions=[]))).json()["reports"]
    assert everything == []


def test_a_token_is_changed_for_a_ticket_that_opens_the_api_too(
    service: Callable[..., TestClient], mint: Callable[..., str]
) -> None:
    client = service(root_path="/assistant")
    got = client.post("/assistant/api/session", headers=bearer(mint())).json()
    assert (got["user"], got["portal"], got["expires_in"]) == ("zhang", "oa", 8 * 3600)
    assert got["page"] == f"/assistant/s/{got['session']}/"
    for headers in (bearer(got["session"]), {}):
        path = "/api/reports" if headers else f"/assistant/s/{got['session']}/api/reports"
        reply = client.get(path, headers=headers)
        assert {r["region"] for r in reply.json()["reports"]} == {"松北区"}
    assert client.post("/api/session", headers=bearer(got["session"])).status_code == 403


def test_a_revoked_key_stops_within_a_second(
    service: Callable[..., TestClient], key: Callable[..., str], settings: Callable[..., Settings]
) -> None:
    client, secret = service(), key()
    assert client.get("/api/reports", headers=bearer(secret)).status_code == 200
    began = time.monotonic()
    KeyRing(settings().home).revoke(secret.split("_")[1])
    assert client.get("/api/reports", headers=bearer(secret)).status_code == 401
    assert time.monotonic() - began < 5


def test_each_ask_sign_in_and_refusal_has_one_line_in_the_log(
    service: Callable[..., TestClient], key: Callable[..., str], mint: Callable[..., str], audit: Callable[[], Rows]
) -> None:
    client, secret = service(), key()
    asked = client.post(
        "/api/ask", json={"question": "我的手机是13812345678，松北区2025年GDP目标是多少"}, headers=bearer(secret)
    )
    client.get("/api/search", params={"q": "高新技术企业"}, headers=bearer(mint()))
    client.post("/api/ask", json={"question": GDP})
    client.post("/api/ask", json={"question": GDP}, headers=bearer("zw_00000000_" + "x" * 43))
    client.get("/metrics", headers=bearer(secret))
    rows = audit()
    assert [row["event"] for row in rows] == ["ask", "search", "refused", "refused", "refused"]
    assert rows[0]["request_id"] == asked.headers["x-request-id"]
    assert (rows[0]["way"], rows[0]["portal"], rows[0]["address"]) == ("key", "script", "10.9.8.7")
    assert rows[0]["verdict"] == asked.json()["verdict"]
    assert rows[0]["passages"] == [citation["paragraph_id"] for citation in asked.json()["citations"]]
    assert "[手机号]" in rows[0]["question"]
    assert (rows[1]["user"], rows[1]["portal"], rows[1]["way"]) == ("zhang", "oa", "token")
    assert [row["reason"] for row in rows[2:]] == ["not_signed_in", "not_signed_in", "not_allowed"]


def test_keys_are_nowhere_but_with_their_owner(
    service: Callable[..., TestClient],
    key: Callable[..., str],
    mint: Callable[..., str],
    settings: Callable[..., Settings],
    caplog: pytest.LogCaptureFixture,
) -> None:
    client, secrets = service(), [key(), key("admin"), mint()]
    shown = ""
    for secret in secrets:
        for wrong in (secret, secret[:-1] + "!", secret + "x"):
            shown += client.post("/api/ask", json={"question": f"{secret} 是什么"}, headers=bearer(wrong)).headers[
                "x-request-id"
            ]
            shown += client.get(f"/nothing/{secret}", headers=bearer(wrong)).text
    files = b"".join(path.read_bytes() for path in settings().home.rglob("*") if path.is_file())
    for secret in secrets:
        assert secret[-30:] not in shown + caplog.text
        assert secret[-30:].encode() not in files


def test_limits_count_by_user_and_by_portal_and_say_when_to_come_back(
    service: Callable[..., TestClient], key: Callable[..., str]
) -> None:
    client, first, second = service(asks_per_minute=6), key(), key()
    codes = [client.get("/api/search", params={"q": "经济"}, headers=bearer(first)).status_code for _ in range(14)]
    assert codes[:10] == [200] * 10
    assert codes[-1] == 429
    refused = client.get("/api/search", params={"q": "经济"}, headers=bearer(first))
    assert 1 <= int(refused.headers["retry-after"]) <= 10
    assert refused.json()["error"]["code"] == "too_many"
    assert client.get("/api/search", params={"q": "经济"}, headers=bearer(second)).status_code == 200


def test_health_needs_no_key_and_figures_need_the_administrator_s(
    service: Callable[..., TestClient], key: Callable[..., str]
) -> None:
    client, admin = service(), bearer(key("admin"))
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready"}
    assert client.get("/metrics").status_code == 401
    client.post("/api/ask", json={"question": GDP}, headers=admin)
    text = client.get("/metrics", headers=admin).text
    assert 'zhengwen_answers_total{verdict="answered",way="key"} 1.0' in text
    assert "zhengwen_answer_seconds_bucket" in text


def test_the_description_has_examples_that_work(service: Callable[..., TestClient], key: Callable[..., str]) -> None:
    client = service()
    whole = client.get("/api/openapi.json").json()
    for name, path in (("AskRequest", "/api/ask"), ("ChatRequest", "/v1/chat/completions")):
        for example in whole["components"]["schemas"][name]["examples"]:
            assert client.post(path, json=example, headers=bearer(key())).status_code == 200
    assert set(whole["components"]["schemas"]["ShownAnswer"]["required"]) >= {"question", "verdict", "answer"}
    assert "citations" in whole["components"]["schemas"]["ShownAnswer"]["properties"]
    assert whole["components"]["securitySchemes"]


def test_an_answer_of_each_verdict_fits_the_description(
    service: Callable[..., TestClient], key: Callable[..., str]
) -> None:
    from pydantic import TypeAdapter

    from assistant.web.api.types import ShownAnswer

    for question in (GDP, "香坊区2025年GDP目标是多少", "GDP目标是多少"):
        got = service().post("/api/ask", json={"question": question}, headers=bearer(key()))
        assert isinstance(TypeAdapter(ShownAnswer).validate_python(got.json()), Answer)
        assert got.json()["label"]
