"""What readers say of an answer through the API: kept with the answer as it came, for whoever may ask, as often as they may ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from assistant.corpus.feedback import FeedbackBook

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from assistant.settings import Settings

GDP = "松北区2025年GDP目标是多少"


@pytest.fixture
def headers(key: Callable[..., str]) -> dict[str, str]:
    return {"authorization": f"Bearer {key()}"}


@pytest.fixture
def answer(service: Callable[..., TestClient], headers: dict[str, str]) -> dict[str, Any]:
    told: dict[str, Any] = service().post("/api/ask", json={"question": GDP}, headers=headers).json()
    return told


def test_an_answer_is_judged_as_it_came(
    service: Callable[..., TestClient],
    headers: dict[str, str],
    answer: dict[str, Any],
    settings: Callable[..., Settings],
    audit: Callable[[], list[dict[str, Any]]],
) -> None:
    body = {"answer": answer, "history": ["先前的问题"], "good": False, "reason": "incomplete", "note": "少了一句"}
    reply = service().post("/api/feedback", json=body, headers=headers)
    assert (reply.status_code, reply.json()) == (200, {"kept": True})
    with FeedbackBook.open(settings().home / "library.db") as book:
        (kept,) = book.all()
    assert (kept.question, kept.history, kept.good) == (GDP, ("先前的问题",), False)
    assert (kept.reason, kept.note, kept.verdict) == ("incomplete", "少了一句", "answered")
    assert kept.answer == {name: told for name, told in answer.items() if name not in {"label", "display"}}
    row = audit()[-1]
    assert (row["event"], row["question"], row["good"], row["reason"]) == ("feedback", GDP, False, "incomplete")
    assert (row["way"], row["request_id"]) == ("key", reply.headers["x-request-id"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"good": 1}, "good"),
        ({"reason": "spite"}, "reason"),
        ({"note": "长" * 501}, "note"),
        ({"history": [""]}, "history"),
        ({"answer": {}}, "answer"),
        ({"answer": "增长5.5%"}, "answer"),
        ({"answer": {"question": "问", "verdict": "sure", "answer": ""}}, "answer"),
        ({"answer": {"question": "问", "verdict": "answered", "answer": "", "figures": [{"text": 5}]}}, "answer"),
        ({"who": "canary"}, "请求"),
    ],
)
def test_what_is_no_judgement_is_refused_by_the_name_of_its_field(
    change: dict[str, Any], field: str, service: Callable[..., TestClient], headers: dict[str, str]
) -> None:
    plain = {"answer": {"question": "问", "verdict": "answered", "answer": "答"}, "good": True}
    assert service().post("/api/feedback", json=plain, headers=headers).status_code == 200
    reply = service().post("/api/feedback", json={**plain, **change}, headers=headers)
    assert reply.status_code == 422
    assert reply.json()["error"]["message"].startswith(field)
    assert "canary" not in reply.text


def test_it_counts_as_a_part_of_a_question(service: Callable[..., TestClient], headers: dict[str, str]) -> None:
    client = service(asks_per_minute=6)
    body = {"answer": {"question": "问", "verdict": "answered", "answer": "答"}, "good": True}
    codes = [client.post("/api/feedback", json=body, headers=headers).status_code for _ in range(26)]
    assert codes[:20] == [200] * 20  # five questions may come at once
    assert codes[-1] == 429


def test_a_body_longer_than_any_answer_is_not_read(service: Callable[..., TestClient], headers: dict[str, str]) -> None:
    assert service().post("/api/feedback", content=b"x" * 200_000, headers=headers).status_code == 413


def test_without_a_book_it_is_said_that_nothing_is_kept(
    assistant: object, settings: Callable[..., Settings], headers: dict[str, str]
) -> None:
    from starlette.testclient import TestClient

    from assistant.web.server.service import create_service

    with TestClient(create_service(assistant, settings(), None), base_url="http://127.0.0.1:7860") as client:
        body = {"answer": {"question": "问", "verdict": "answered", "answer": "答"}, "good": True}
        reply = client.post("/api/feedback", json=body, headers=headers)
    assert (reply.status_code, reply.json()["error"]["code"]) == (404, "no_feedback")
