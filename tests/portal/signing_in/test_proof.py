"""Whatever comes back from the provider and proves nothing lets nobody in: forged tokens, states and codes of others."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.access.handmade import coded, handmade
from tests.access.provider import CLIENT, SECRET, ProviderSite
from tests.portal.signing_in.person import back, led

if TYPE_CHECKING:
    from starlette.testclient import TestClient

Rows = list[dict[str, Any]]


def forged(provider: ProviderSite, algorithm: str, key: bytes | None) -> str:
    """A token as whoever knows the public key and the client's secret could make it."""
    now = int(time.time())
    nonce = next(iter(provider.codes.values()))["nonce"]
    claims = {"iss": provider.address, "aud": CLIENT, "sub": "admin", "iat": now, "exp": now + 300, "nonce": nonce}
    return handmade(claims, key, algorithm, kid=provider.kid)


def _forge(algorithm: str, key: Callable[[ProviderSite], bytes | None]) -> Callable[[ProviderSite], None]:
    def spoil(provider: ProviderSite) -> None:
        provider.forged = forged(provider, algorithm, key(provider))

    return spoil


def _change(**changes: Any) -> Callable[[ProviderSite], None]:
    return lambda provider: provider.changes.update(changes)


def _other_key(provider: ProviderSite) -> None:
    held = provider.keys()
    provider.key = rsa.generate_private_key(65537, 2048)
    provider.keys = lambda: held  # type: ignore[method-assign]


def _public(provider: ProviderSite) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    whole: bytes = provider.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return whole


def _shared_key(provider: ProviderSite) -> None:
    provider.forged = forged(provider, "HS256", b"k" * 32)
    held = {"kty": "oct", "k": coded(b"k" * 32), "kid": provider.kid}
    provider.keys = lambda: {"keys": [held]}  # type: ignore[method-assign]


PAST = int(time.time()) - 1000
WRONG: dict[str, tuple[Callable[[ProviderSite], None], str]] = {
    "another nonce": (_change(nonce="x" * 43), "nonce"),
    "no nonce": (_change(nonce=None), "nonce"),
    "another audience": (_change(aud="other"), "InvalidAudienceError"),
    "no audience": (_change(aud=None), "MissingRequiredClaimError"),
    "made for another, and for us too": (_change(aud=[CLIENT, "other"]), "azp"),
    "another party": (_change(azp="other"), "azp"),
    "another issuer": (_change(iss="http://evil.example"), "InvalidIssuerError"),
    "expired": (_change(iat=PAST, exp=PAST + 300), "ExpiredSignatureError"),
    "no end": (_change(exp=None), "MissingRequiredClaimError"),
    "an end without end": (_change(exp=float("inf")), "DecodeError|OverflowError|ValueError"),
    "issued tomorrow": (
        _change(iat=int(time.time()) + 86_400, exp=int(time.time()) + 90_000),
        "ImmatureSignatureError",
    ),
    "no user": (_change(sub=None), "MissingRequiredClaimError"),
    "an empty user": (_change(sub=" "), "sub"),
    "a user with a line break": (_change(sub="a\nb"), "sub"),
    "a user of a thousand characters": (_change(sub="a" * 1000), "sub"),
    "a user that is a number": (_change(sub=7), "InvalidSubjectError|TypeError|sub"),
    "no algorithm": (_forge("none", lambda _: None), "InvalidAlgorithmError"),
    "the client's secret for a key": (_forge("HS256", lambda _: SECRET.encode()), "InvalidAlgorithmError"),
    "the public key for a secret": (_forge("HS256", _public), "InvalidAlgorithmError"),
    "a key that is shared": (_shared_key, "InvalidKeyError"),
    "another key under the same name": (_other_key, "InvalidSignatureError"),
    "a key that is not there": (lambda p: setattr(p, "keys", lambda: {"keys": []}), "PyJWKSetError"),
    "no token": (lambda p: setattr(p, "forged", "a.b.c"), "DecodeError"),
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_token_that_proves_nothing_lets_nobody_in(
    fault: str, house: Callable[..., TestClient], provider: ProviderSite, audit: Callable[[], Rows]
) -> None:
    client, (spoil, reason) = house(), WRONG[fault]
    asked = led(client)
    code = provider.code_for(asked, "zhang")
    spoil(provider)
    reply = back(client, code=code, state=asked["state"])
    assert reply.status_code == 401
    assert "这次登录没有成功" in reply.text
    assert 'href="/sign-in"' in reply.text
    assert "set-cookie" not in reply.headers
    (row,) = audit()
    assert (row["event"], row["user"]) == ("refused", "")
    assert re.fullmatch(f"oidc: ({reason})", row["reason"])


def test_what_the_tests_forge_is_taken_where_it_is_not_forged(provider: ProviderSite) -> None:
    """Without this, a slip in `forged` would let the tests above pass for the wrong reason."""
    provider.codes["x"] = {"nonce": "n"}
    token = forged(provider, "HS256", b"k" * 32)
    assert jwt.decode(token, "k" * 32, algorithms=["HS256"], audience=CLIENT)["nonce"] == "n"


def test_a_state_that_is_not_this_browser_s_leads_nowhere(
    house: Callable[..., TestClient], provider: ProviderSite, audit: Callable[[], Rows]
) -> None:
    client, other = house(), house()
    asked, others = led(client), led(other)
    code = provider.code_for(asked, "zhang")
    state = asked["state"]
    for wrong in ("", state[:-1], f"x{state}", state.replace(".", ""), others["state"], state.upper(), "." * 3):
        assert back(client, code=code, state=wrong).status_code == 401
    # Somebody else's code and state, put before a victim: the victim's browser has another cookie, or none.
    assert back(other, code=code, state=state).status_code == 401
    assert back(house(), code=code, state=state).status_code == 401
    assert {row["reason"] for row in audit()} == {"oidc: state"}
    assert "/token" not in provider.asked
    assert back(client, code=code, state=state).status_code == 303


def test_a_state_of_yesterday_is_too_late(
    house: Callable[..., TestClient], provider: ProviderSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = house()
    monkeypatch.setattr("assistant.web.portal.signing_in._PATIENCE", -1)
    reply = client.get("/sign-in?to=/")
    asked = dict(parse_qsl(urlsplit(reply.headers["location"]).query))
    cookie = {"cookie": reply.headers["set-cookie"].partition(";")[0]}
    query = {"code": provider.code_for(asked, "zhang"), "state": asked["state"]}
    assert client.get("/sign-in/callback", params=query, headers=cookie).status_code == 401


def test_a_code_is_good_once_and_with_this_browser_s_verifier_alone(
    house: Callable[..., TestClient], provider: ProviderSite, audit: Callable[[], Rows]
) -> None:
    client, other = house(), house()
    asked, others = led(client), led(other)
    code = provider.code_for(asked, "zhang")
    assert back(other, code=code, state=others["state"]).status_code == 401  # a code that was seen on its way
    code = provider.code_for(asked, "zhang")
    assert [back(client, code=code, state=asked["state"]).status_code for _ in range(2)] == [303, 401]
    assert [row.get("reason", "") for row in audit()] == ["oidc: code", "", "oidc: code"]


def test_whoever_changes_their_mind_at_the_provider_is_not_let_in(
    house: Callable[..., TestClient], audit: Callable[[], Rows]
) -> None:
    client = house()
    asked = led(client)
    reply = back(client, error="access_denied", error_description="<script>alert(1)</script>", state=asked["state"])
    assert reply.status_code == 401
    assert "alert(1)" not in reply.text
    assert back(client, state=asked["state"]).status_code == 401
    assert back(client, code="x", state=asked["state"], iss="http://evil.example").status_code == 401
    assert [row["reason"] for row in audit()] == ["oidc: denied", "oidc: provider", "oidc: issuer"]


def test_whoever_guesses_is_told_to_wait(house: Callable[..., TestClient]) -> None:
    client = house()
    codes = [back(client, code="x", state="y").status_code for _ in range(30)]
    assert (codes[0], codes[-1]) == (401, 429)
