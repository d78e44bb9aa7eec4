"""Who is this machine's own user: nobody that a proxy hands on, and no administrator once there is a way to sign in."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from assistant.access.keys import KeyRing
from assistant.access.sessions import Sessions
from assistant.access.sign_in import Authenticator, Shown
from assistant.settings import Portal, Settings
from tests.portal.service import running

if TYPE_CHECKING:
    from pathlib import Path

    from assistant import Assistant

Served = Callable[..., AbstractContextManager[str]]

PLAIN: dict[str, Any] = {"sign_in": None, "portal": {}}
"""Settings of somebody who has set nothing up."""

BY_PROXIES = (
    *("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Server"),
    *("X-Forwarded-Prefix", "X-Forwarded-Ssl", "X-Forwarded", "Forwarded", "Via", "X-Real-IP", "True-Client-IP"),
    *("CF-Connecting-IP", "CF-Ray", "X-Client-IP", "X-Cluster-Client-IP", "X-Original-URL", "X-Original-Forwarded-For"),
    *("X-Rewrite-URL", "x-forwarded-for", "VIA"),
)


def got(address: str, path: str, **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.get(f"{address}{path}", headers=named, trust_env=False).status_code


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """Give what was logged of proxies that nobody has named."""
    caplog.set_level(logging.WARNING)
    return lambda: [record.getMessage() for record in caplog.records if record.name.endswith(".forwarding")]


def test_a_request_with_any_header_of_a_proxy_is_not_this_machine_s_own(
    served: Served, key: Callable[..., str]
) -> None:
    with served(**PLAIN) as address:
        assert got(address, "/metrics") == 200
        for name in BY_PROXIES:
            assert got(address, "/metrics", **{name: "127.0.0.1"}) == 403, name
            assert got(address, "/api/reports", **{name: "127.0.0.1"}) == 200  # anybody may ask here
        assert got(address, "/metrics", via="") == 403
        for name in ("X-Requested-With", "X-Request-Id", "Origin-Agent-Cluster", "CF", "Viaduct", "Client-IP-Hint"):
            assert got(address, "/metrics", **{name: "1"}) == 200, name
        key()
        assert got(address, "/api/reports") == 200
        for name in BY_PROXIES:
            assert got(address, "/api/reports", **{name: "127.0.0.1"}) == 401, name


@pytest.mark.parametrize(
    ("set_up", "ask"),
    [
        ({"portal": {"oa": Portal()}}, 200),
        ({"oidc_issuer": "https://sso.example.cn", "oidc_client_id": "zhengwen"}, 200),
        ({"proxy_user_header": "X-User"}, 200),
        ({"portal": {"oa": Portal()}, "sign_in": False}, 200),
        ({"portal": {"oa": Portal()}, "sign_in": True}, 401),
    ],
    ids=["portal", "provider", "proxy", "portal, nobody must", "portal, everybody must"],
)
def test_once_there_is_a_way_to_sign_in_no_address_makes_an_administrator(
    served: Served, key: Callable[..., str], set_up: dict[str, Any], ask: int
) -> None:
    with served(**{**PLAIN, **set_up}) as address:
        assert got(address, "/metrics") == (403 if ask == 200 else 401)
        assert got(address, "/api/reports") == ask
        assert got(address, "/metrics", x_api_key=key("admin")) == 200


def test_the_first_key_ends_it_without_a_new_start(served: Served, key: Callable[..., str]) -> None:
    with served(**PLAIN) as address:
        assert got(address, "/metrics") == 200
        secret = key("admin")
        assert got(address, "/metrics") == 403
        assert got(address, "/metrics", x_api_key=secret) == 200


def test_a_ticket_that_an_address_was_given_makes_no_administrator_later_either(tmp_path: Path) -> None:
    here = Shown({}, "127.0.0.1", "127.0.0.1")
    before = Authenticator(Settings(home=tmp_path))
    ticket = before.sessions.ticket(before.caller(here))
    shown = Shown({}, "127.0.0.1", "127.0.0.1", ticket)
    assert before.caller(shown).may("admin")
    secret, _ = KeyRing(tmp_path).add("admin", "oa")
    after = Authenticator(Settings(home=tmp_path))
    assert not after.caller(shown).may("admin")
    by_key = after.caller(Shown({"x-api-key": secret}, "10.0.0.9", "10.0.0.9"))
    of_key = Sessions(tmp_path).ticket(by_key)
    assert after.caller(Shown({}, "10.0.0.9", "10.0.0.9", of_key)).may("admin")


def test_this_machine_s_own_user_asks_without_a_limit_and_nobody_behind_a_proxy_does(
    served: Served, key: Callable[..., str]
) -> None:
    key()
    with served(**{**PLAIN, "sign_in": False, "asks_per_minute": 10}) as address:
        assert {got(address, "/api/search?q=GDP") for _ in range(20)} == {200}
        relayed = [got(address, "/api/search?q=GDP", x_forwarded_for="10.0.0.9") for _ in range(20)]
        assert relayed[0] == 200
        assert relayed[-1] == 429


def test_a_proxy_that_nobody_has_named_is_spoken_of_once(served: Served, said: Callable[[], list[str]]) -> None:
    with served(**PLAIN) as address:
        got(address, "/healthz")
        assert said() == []
        for _ in range(3):
            got(address, "/healthz", x_forwarded_for="10.0.0.9", x_forwarded_proto="https")
            got(address, "/nothing", via="1.1 other")
    (told,) = said()
    assert "来自 127.0.0.1，带有 x-forwarded-for 头" in told
    assert "trusted_proxies" in told
    assert "ZHENGWEN_TRUSTED_PROXIES" in told


def test_a_proxy_that_is_named_is_believed_and_not_spoken_of(
    served: Served, said: Callable[[], list[str]], key: Callable[..., str], audit: Callable[[], list[dict[str, Any]]]
) -> None:
    with served(**PLAIN, trusted_proxies=("127.0.0.0/8",)) as address:
        assert got(address, "/metrics", x_forwarded_for="127.0.0.1") == 403  # nobody behind it is this machine's own
        secret = key("ask")
        assert got(address, "/api/reports", x_forwarded_for="10.0.0.9") == 401
        assert got(address, "/api/search?q=GDP", x_forwarded_for="10.0.0.9", x_api_key=secret) == 200
    assert said() == []
    assert audit()[-1]["address"] == "10.0.0.9"


@pytest.mark.parametrize(("evaluation", "relayed"), [(None, 403), (True, 200)])
def test_the_evaluation_is_shown_through_a_proxy_only_where_that_was_asked_for(
    assistant: Assistant, settings: Callable[..., Settings], evaluation: bool | None, relayed: int
) -> None:
    from assistant.web.server.app import create_app

    chosen = settings(**PLAIN, evaluation=evaluation)
    with running(create_app(assistant, chosen), chosen) as address:
        assert got(address, "/evaluation") == 200
        assert got(address, "/evaluation", x_forwarded_for="10.0.0.9") == relayed
