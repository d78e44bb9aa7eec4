"""Whose a tab is: what is asked in it is read and ended by whoever asked it, and by nobody who merely knows its session hash."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from assistant.web.server import tabs
from tests.portal.service import running
from tests.portal.tab import API, Tab, tabs_of, until
from tests.web.seed_assistant import SeedAssistant

if TYPE_CHECKING:
    from assistant.settings import Settings
    from assistant.web.server.front import Front

QUESTION = "松北区2025年GDP目标是多少"
HASH = "k3jx9q0zab"

Open = Callable[..., Tab]


class Everywhere(SeedAssistant):
    """Answers the users of each portal alike."""

    def within(self, regions: object) -> Everywhere:
        return self


@pytest.fixture
def front(settings: Callable[..., Settings], request: pytest.FixtureRequest) -> Front:
    from assistant.web.server.app import create_app

    return create_app(Everywhere(), settings(**getattr(request, "param", {})))


@pytest.fixture
def address(front: Front, settings: Callable[..., Settings]) -> Iterator[str]:
    with running(front, settings()) as served:
        yield served


@pytest.fixture
def opened(address: str) -> Iterator[Callable[..., Tab]]:
    """Open a tab, under a ticket or with headers, that is closed when the test ends."""
    with ExitStack() as stack:
        yield lambda under="", **client: stack.enter_context(Tab(f"{address}{under}/", **client))


@pytest.fixture
def as_user(address: str, opened: Open, mint: Callable[..., str]) -> Open:
    """Open a tab as a portal's frame does: under a ticket of this user."""

    def signed_in(user: str, **claims: Any) -> Tab:
        query = {"portal": "oa", "token": mint(sub=user, **claims)}
        way = httpx.get(f"{address}/embed", params=query, trust_env=False).headers["location"]
        return opened(way.partition("/?")[0])

    return signed_in


def told(reply: httpx.Response) -> tuple[int, str]:
    return reply.status_code, reply.text


def test_another_user_can_neither_read_nor_end_nor_take_over_what_goes_on_in_a_tab(as_user: Open) -> None:
    zhang, wang = as_user("zhang"), as_user("wang")
    event = zhang.join(QUESTION, HASH).json()["event_id"]
    unknown = told(wang.data("never-seen"))
    assert unknown[0] == 404
    assert told(wang.data(HASH)) == unknown
    for way in ("cancel", "reset"):
        assert told(wang.end(way, HASH, event)) == unknown
    assert told(wang.join(QUESTION, HASH)) == unknown
    assert told(wang.client.get(f"{API}/heartbeat/{HASH}")) == unknown
    assert wang.join(QUESTION, "of-wang").status_code == 200
    said = zhang.data(HASH).text
    assert "5.5%" in said
    assert said.count('"process_completed"') == 1
    assert told(wang.data(HASH)) == unknown
    assert told(wang.join(QUESTION, HASH)) == unknown  # it stays zhang's, also while nothing goes on in it
    assert "5.5%" in wang.data("of-wang").text
    zhang.name = HASH
    assert "5.5%" in zhang.ask(QUESTION)


def test_a_stream_that_is_being_read_is_nobody_else_s_either(as_user: Open) -> None:
    zhang, wang = as_user("zhang"), as_user("wang")
    event = zhang.join("很慢", HASH).json()["event_id"]
    with zhang.reading(HASH) as messages:
        assert next(message["event_id"] for message in messages) == event
        assert wang.data(HASH).status_code == 404
        assert wang.end("cancel", HASH, event).status_code == 404
        assert wang.join(QUESTION, "of-wang").status_code == 200
        assert (
            wang.end("cancel", "of-wang", event).status_code == 404
        )  # an event of another tab than the one that is named
        assert zhang.end("reset", HASH, event).status_code == 200
        assert next(message for message in messages if message["msg"] == "process_generating")["success"]
        assert zhang.end("cancel", HASH, event).status_code == 200
        assert [message["msg"] for message in messages][-2:] == ["process_completed", "close_stream"]


def test_the_same_user_under_another_ticket_is_another_visitor(as_user: Open) -> None:
    first, second = as_user("zhang"), as_user("zhang", regions=[])
    assert first.client.base_url != second.client.base_url
    assert first.join(QUESTION, HASH).status_code == 200
    assert second.data(HASH).status_code == 404
    assert "5.5%" in first.data(HASH).text


def test_a_tab_is_named_once_and_by_a_short_name(as_user: Open) -> None:
    zhang, wang = as_user("zhang"), as_user("wang")
    assert zhang.join(QUESTION, HASH).status_code == 200
    assert wang.join(QUESTION, "mine").status_code == 200
    for query in (
        f"session_hash=mine&session_hash={HASH}",
        f"session_hash={HASH}&session_hash=mine",
        "",
        "session_hash",
    ):
        assert wang.client.get(f"{API}/queue/data?{query}").status_code == 404
    twice = f'{{"session_hash": "mine", "session_hash": "{HASH}", "data": [], "fn_index": 0}}'
    json_kind = {"content-type": "application/json"}
    assert wang.client.post(f"{API}/queue/join", content=twice, headers=json_kind).status_code == 404
    assert wang.client.post(f"{API}/queue/join", content=twice.encode("utf-16"), headers=json_kind).status_code == 404
    for name in ("", "x" * 65, "a b", "松", None, 7, ["x"], {"x": 1}):
        asked = {"session_hash": name, "data": [], "fn_index": 0}
        assert wang.client.post(f"{API}/queue/join", content=json.dumps(asked)).status_code == 400
        for way in ("cancel", "reset"):
            ended = {"session_hash": name, "fn_index": 0, "event_id": name}
            assert wang.client.post(f"{API}/{way}", content=json.dumps(ended)).status_code == 404
    for body in (b"", b"[]", b"\xff", b"[" * 30_000, b'"x"'):
        assert wang.client.post(f"{API}/queue/join", content=body).status_code == 400
        assert wang.client.post(f"{API}/cancel", content=body).status_code == 404


@pytest.mark.parametrize(
    "front", [{"portal": {}, "sign_in": None, "trusted_proxies": ("127.0.0.1",)}], indirect=True, ids=[""]
)
def test_where_nobody_signs_in_a_tab_belongs_to_an_address_until_nothing_of_it_is_left(
    opened: Open, front: Front
) -> None:
    here, there = (opened(headers={"x-forwarded-for": f"10.0.0.{number}"}) for number in (1, 2))
    event = here.join(QUESTION, HASH).json()["event_id"]
    assert there.data(HASH).status_code == 404
    assert there.end("cancel", HASH, event).status_code == 404
    assert there.join(QUESTION, HASH).status_code == 404
    assert "5.5%" in here.data(HASH).text
    until(lambda: not tabs_of(front)._leftovers.tabs())
    there.name = HASH  # the same computer at another place
    assert "5.5%" in there.ask(QUESTION)
    assert there.join(QUESTION, HASH).status_code == 200
    assert here.data(HASH).status_code == 404


def test_the_owners_that_are_remembered_are_bounded_and_those_at_work_are_among_them(
    as_user: Open, front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabs, "_MOST", 5)
    zhang = as_user("zhang")
    assert zhang.join(QUESTION, HASH).status_code == 200
    for number in range(12):
        zhang.name = f"tab-{number}"
        zhang.ask(QUESTION)
    assert set(tabs_of(front)._tabs) == {HASH, *(f"tab-{number}" for number in range(8, 12))}
    assert "5.5%" in zhang.data(HASH).text


def test_nobody_gets_into_a_tab_without_signing_in(as_user: Open, address: str) -> None:
    zhang = as_user("zhang")
    assert zhang.join(QUESTION, HASH).status_code == 200
    with httpx.Client(base_url=address, trust_env=False) as nobody:
        assert nobody.get(f"{API}/queue/data", params={"session_hash": HASH}).status_code == 401
    assert "5.5%" in zhang.data(HASH).text
