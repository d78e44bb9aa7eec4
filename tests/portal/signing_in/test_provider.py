"""The provider itself: new keys, other ways of its own, and what people are told while it is not there."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.access.provider import SECRET, ProviderSite
from tests.portal.signing_in.person import back, led, signed_in

if TYPE_CHECKING:
    from starlette.testclient import TestClient

Rows = list[dict[str, Any]]


def test_a_new_key_of_the_provider_is_learnt_at_once(house: Callable[..., TestClient], provider: ProviderSite) -> None:
    client = house()
    assert signed_in(client, provider).status_code == 303
    provider.key, provider.kid, provider.algorithm = ec.generate_private_key(ec.SECP256R1()), "two", "ES256"
    client.cookies.clear()
    assert signed_in(client, provider).status_code == 303
    assert provider.asked.count("/.well-known/openid-configuration") == 1


def test_a_provider_may_want_the_secret_in_the_form_and_name_users_by_another_claim(
    house: Callable[..., TestClient], provider: ProviderSite
) -> None:
    provider.described = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    client = house(oidc_user_claim="preferred_username")
    assert signed_in(client, provider).status_code == 303
    assert client.get("/").json()["user"] == "zhang@org"
    assert provider.forms[0]["client_secret"] == SECRET


def test_a_wrong_secret_is_told_to_the_log_and_not_to_the_person(
    house: Callable[..., TestClient],
    provider: ProviderSite,
    audit: Callable[[], Rows],
    caplog: pytest.LogCaptureFixture,
) -> None:
    reply = signed_in(house(oidc_client_secret="wrong" * 9), provider)
    assert reply.status_code == 401
    assert "client" not in reply.text
    assert audit()[0]["reason"] == "oidc: client"
    assert "wrong" * 9 not in caplog.text + json.dumps(audit())


DOWN: dict[str, Callable[[ProviderSite], None]] = {
    "nobody listens": lambda p: setattr(p, "address", "http://127.0.0.1:9"),
    "an error": lambda p: setattr(p, "status", 500),
    "sent elsewhere": lambda p: setattr(p, "status", 302),
    "another issuer": lambda p: p.described.update(issuer="http://evil.example"),
    "no endpoints": lambda p: p.described.update(token_endpoint=None),
    "an endpoint that is no address": lambda p: p.described.update(jwks_uri="file:///etc/passwd"),
    "a description without end": lambda p: p.described.update(more="x" * 300_000),
}


@pytest.mark.parametrize("fault", DOWN)
def test_a_provider_that_is_not_there_is_said_in_one_sentence(
    fault: str, house: Callable[..., TestClient], provider: ProviderSite, caplog: pytest.LogCaptureFixture
) -> None:
    whole, spoil = provider.address, DOWN[fault]
    spoil(provider)
    client = house()
    reply = client.get("/sign-in?to=/evaluation")
    assert reply.status_code == 503
    assert "统一登录" in reply.text
    assert ">再试一次</a>" in reply.text
    assert reply.headers["retry-after"] == "5"
    assert whole not in reply.text
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]


def test_a_provider_that_hangs_holds_nobody_else_up(
    house: Callable[..., TestClient], provider: ProviderSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.access.oidc._READ", 5.0)
    provider.seconds = 8
    client, seen = house(), []

    def sign_in() -> None:
        seen.append(client.get("/sign-in?to=/").status_code)

    waiting = [threading.Thread(target=sign_in) for _ in range(20)]
    for one in waiting:
        one.start()
    assert client.get("/healthz").status_code == 200
    assert seen == []
    for one in waiting:
        one.join(60)
    assert seen == [503] * 20
    assert provider.asked.count("/.well-known/openid-configuration") <= 3  # not twenty times, one after the other


def test_a_provider_that_comes_back_is_found_again(
    house: Callable[..., TestClient], provider: ProviderSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.access.oidc._REMEMBERED", 0.0)
    client = house()
    provider.status = 503
    assert client.get("/sign-in?to=/").status_code == 503
    provider.status = 200
    asked = led(client)
    code = provider.code_for(asked, "zhang")
    provider.status = 503
    assert back(client, code=code, state=asked["state"]).status_code == 503
    provider.status = 200
    assert signed_in(client, provider).status_code == 303
