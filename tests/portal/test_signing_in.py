"""People sign in with the organisation's provider: the whole way, and every way in which it must not be gone."""

from __future__ import annotations

import base64
import json
import logging
import re
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pydantic import SecretStr, ValidationError

from assistant.settings import Settings
from assistant.web.asgi import App, Receive, Scope, Send, reply_json
from assistant.web.asked import asked_in
from tests.access.provider import CLIENT, SECRET, ProviderSite, provider_site
from tests.portal.service import running

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from starlette.testclient import TestClient

    from assistant import Assistant

Rows = list[dict[str, Any]]
PERSON = {
    "accept": "text/html,*/*",
    "sec-fetch-mode": "navigate",
    "sec-fetch-dest": "document",
    "sec-fetch-site": "none",
}
BASE = "http://127.0.0.1:7860"


@pytest.fixture
def provider() -> Iterator[ProviderSite]:
    with provider_site() as site:
        yield site


def of(provider: ProviderSite, **changes: Any) -> dict[str, Any]:
    plain = {"oidc_issuer": provider.address, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
    return {**plain, "sign_in": None, "portal": {}, **changes}


async def _page(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        for kind in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{kind}.complete"})
        return
    await reply_json(send, 200, {"user": asked_in(scope).caller.user, "path": scope["path"]})


@pytest.fixture
def house(
    assistant: Assistant, settings: Callable[..., Settings], provider: ProviderSite
) -> Iterator[Callable[..., TestClient]]:
    """Open the service, with a page that says who looks at it, as one browser sees it."""
    from contextlib import ExitStack

    from starlette.testclient import TestClient

    from assistant.web.service import create_service

    def make_page(*_: Any) -> App:
        return _page

    with ExitStack() as stack:

        def opened(peer: str = "10.9.8.7", **changes: Any) -> TestClient:
            front = create_service(assistant, settings(**of(provider, **changes)), make_page)
            client = TestClient(front, base_url=BASE, follow_redirects=False, headers=PERSON, client=(peer, 5))
            return stack.enter_context(client)

        yield opened


def led(client: TestClient, path: str = "/") -> dict[str, str]:
    """Open a page without a session and give what the provider is asked."""
    first = client.get(path)
    assert first.status_code == 303, first.text
    second = client.get(first.headers["location"])
    assert second.status_code == 303, second.text
    return dict(parse_qsl(urlsplit(second.headers["location"]).query))


def back(client: TestClient, **query: str) -> Any:
    return client.get("/sign-in/callback", params=query, headers={"sec-fetch-site": "cross-site"})


def signed_in(client: TestClient, provider: ProviderSite, path: str = "/", user: str = "zhang") -> Any:
    asked = led(client, path)
    return back(client, code=provider.code_for(asked, user), state=asked["state"], iss=provider.address)


def test_whoever_opens_the_page_is_led_to_the_provider_and_comes_back_to_where_they_were(
    house: Callable[..., TestClient], provider: ProviderSite, audit: Callable[[], Rows]
) -> None:
    client = house()
    asked = led(client, "/reports/8fabc22ccca2c171?from=a%26b&x=%E6%9D%BE")
    assert {name: asked[name] for name in ("response_type", "client_id", "redirect_uri", "code_challenge_method")} == {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": f"{BASE}/sign-in/callback",
        "code_challenge_method": "S256",
    }
    reply = back(client, code=provider.code_for(asked, "zhang"), state=asked["state"], iss=provider.address)
    assert (reply.status_code, reply.headers["location"]) == (303, "/reports/8fabc22ccca2c171?from=a%26b&x=%E6%9D%BE")
    (cookie,) = reply.headers.get_list("set-cookie")
    assert re.fullmatch(r"zhengwen-session=[\w.-]+; Path=/; Max-Age=28800; HttpOnly; SameSite=Lax", cookie)
    assert client.get(reply.headers["location"]).json() == {"user": "zhang", "path": "/reports/8fabc22ccca2c171"}
    assert [(row["event"], row["user"], row["way"]) for row in audit()] == [("sign_in", "zhang", "oidc")]
    assert set(provider.asked) == {"/.well-known/openid-configuration", "/token", "/keys"}
    assert provider.forms[0]["code_verifier"] not in json.dumps(asked)


def test_a_program_is_told_and_not_led(house: Callable[..., TestClient], provider: ProviderSite) -> None:
    client = house()
    for path, headers in (
        ("/api/reports", PERSON),
        ("/", {**PERSON, "accept": "application/json"}),
        ("/", {**PERSON, "sec-fetch-dest": "iframe"}),  # a provider does not let itself be framed
        ("/", {**PERSON, "authorization": "Bearer zw_00000000_" + "x" * 43}),
    ):
        reply = client.get(path, headers=headers)
        assert (reply.status_code, reply.headers.get("location")) == (401, None)
    assert client.post("/").status_code == 401
    assert provider.asked == []


def test_on_the_machine_itself_nobody_has_to_sign_in(house: Callable[..., TestClient]) -> None:
    assert house(peer="127.0.0.1").get("/").json()["user"] == ""


def test_under_a_path_and_https_the_cookie_stays_there(
    house: Callable[..., TestClient], provider: ProviderSite
) -> None:
    named = {"root_path": "/assistant", "trusted_proxies": "10.0.0.0/8", "trusted_hosts": "ask.example.cn"}
    client = house(**named)
    client.headers |= {"x-forwarded-proto": "https", "x-forwarded-host": "ask.example.cn"}
    first = client.get("/assistant/evaluation")
    assert first.headers["location"] == "/assistant/sign-in?to=%2Fevaluation"
    reply = client.get(first.headers["location"])
    asked = dict(parse_qsl(urlsplit(reply.headers["location"]).query))
    assert asked["redirect_uri"] == "https://ask.example.cn/assistant/sign-in/callback"
    cookies = {"cookie": reply.headers["set-cookie"].partition(";")[0]}
    query = {"code": provider.code_for(asked, "li"), "state": asked["state"]}
    reply = client.get("/assistant/sign-in/callback", params=query, headers=cookies)
    assert reply.headers["location"] == "/assistant/evaluation"
    assert "; Path=/assistant; " in reply.headers["set-cookie"]
    assert reply.headers["set-cookie"].endswith("; Secure")


ELSEWHERE = (
    *(
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "evil.example",
    ),
    *(
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/x\r\nset-cookie: a=b",
        "",
        "/" + "x" * 2000,
    ),
)


@pytest.mark.parametrize("to", ELSEWHERE)
def test_nobody_is_led_to_another_site(to: str, house: Callable[..., TestClient], provider: ProviderSite) -> None:
    client = house()
    reply = client.get(f"/sign-in?to={quote(to, safe='')}")
    asked = dict(parse_qsl(urlsplit(reply.headers["location"]).query))
    reply = back(client, code=provider.code_for(asked, "zhang"), state=asked["state"])
    assert reply.headers["location"] == "/"


def forged(provider: ProviderSite, algorithm: str, key: bytes = b"") -> str:
    """A token as whoever knows the public key and the client's secret could make it."""
    import hashlib
    import hmac

    now = int(time.time())
    nonce = next(iter(provider.codes.values()))["nonce"]
    claims = {"iss": provider.address, "aud": CLIENT, "sub": "admin", "iat": now, "exp": now + 300, "nonce": nonce}
    parts = ({"alg": algorithm, "typ": "JWT", "kid": provider.kid}, claims)
    text = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    mark = hmac.new(key, text.encode(), hashlib.sha256).digest() if key else b""
    return f"{text}.{base64.urlsafe_b64encode(mark).decode().rstrip('=')}"


def _forge(algorithm: str, key: Callable[[ProviderSite], bytes]) -> Callable[[ProviderSite], None]:
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
    coded = base64.urlsafe_b64encode(b"k" * 32).decode().rstrip("=")
    provider.keys = lambda: {"keys": [{"kty": "oct", "k": coded, "kid": provider.kid}]}  # type: ignore[method-assign]


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
    "no algorithm": (_forge("none", lambda _: b""), "InvalidAlgorithmError"),
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
    monkeypatch.setattr("assistant.web.signing_in._PATIENCE", -1)
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


def test_two_tabs_may_sign_in_at_once(house: Callable[..., TestClient], provider: ProviderSite) -> None:
    client = house()
    first, second = led(client, "/evaluation"), led(client, "/")
    for asked, to in ((first, "/evaluation"), (second, "/")):
        reply = back(client, code=provider.code_for(asked, "zhang"), state=asked["state"])
        assert (reply.status_code, reply.headers["location"]) == (303, to)


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
    monkeypatch.setattr("assistant.access.oidc._READ", 2.0)
    provider.seconds = 4
    client, seen = house(), []

    def sign_in() -> None:
        seen.append(client.get("/sign-in?to=/").status_code)

    waiting = [threading.Thread(target=sign_in) for _ in range(20)]
    for one in waiting:
        one.start()
    began = time.monotonic()
    assert client.get("/healthz").status_code == 200
    assert time.monotonic() - began < 1.5
    for one in waiting:
        one.join(20)
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


def test_the_cookie_counts_for_our_own_pages_alone(house: Callable[..., TestClient], provider: ProviderSite) -> None:
    client = house()
    assert signed_in(client, provider).status_code == 303
    cookie = {"cookie": f"zhengwen-session={client.cookies['zhengwen-session']}"}
    asked = {"question": "松北区2025年GDP目标是多少"}
    own = {**cookie, "sec-fetch-site": "same-origin", "sec-fetch-dest": "empty", "origin": BASE}
    assert client.post("/api/ask", json=asked, headers=own).status_code == 200
    for site in ("cross-site", "same-site"):
        foreign = {**cookie, "sec-fetch-site": site, "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}
        assert client.get("/api/reports", headers=foreign).status_code == 401
        visit = {**foreign, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
        assert client.get("/", headers=visit).json()["user"] == "zhang"
        assert client.post("/api/ask", json=asked, headers=visit).status_code == 401
    assert client.post("/api/ask", json=asked, headers={**own, "origin": "http://evil.example"}).status_code == 403
    # A portal's page may call, with a token of its own and never with the cookie of whoever looks at it.
    portal = house(portal={"oa": {"origins": ["http://oa.example.cn"], "secret": "x" * 40}})
    there = {**cookie, "origin": "http://oa.example.cn", "sec-fetch-site": "none"}
    assert portal.post("/api/ask", json=asked, headers=there).status_code == 401


def test_a_ticket_of_another_provider_or_of_yesterday_leads_to_the_provider_again(
    house: Callable[..., TestClient], provider: ProviderSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = house()
    assert signed_in(client, provider).status_code == 303
    cookie = {"cookie": f"zhengwen-session={client.cookies['zhengwen-session']}"}
    assert client.get("/", headers=cookie).status_code == 200
    assert house(oidc_client_id="renamed").get("/", headers=cookie).status_code == 303
    assert house(oidc_issuer=None, portal={}, sign_in=True).get("/", headers=cookie).status_code == 401
    for wrong in ("x.y", "", "x" * 50 + "." + "y" * 43):
        assert house().get("/", headers={"cookie": f"zhengwen-session={wrong}"}).status_code == 303
    monkeypatch.setattr("assistant.access.sessions.LIFE", -1)
    client.cookies.clear()
    late = signed_in(client, provider).headers["set-cookie"].partition(";")[0]
    assert house().get("/", headers={"cookie": late}).status_code == 303


def test_whoever_signs_out_is_led_to_the_provider_the_next_time(
    house: Callable[..., TestClient], provider: ProviderSite
) -> None:
    client = house()
    assert signed_in(client, provider).status_code == 303
    assert client.get("/sign-out", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    reply = client.get("/sign-out")
    assert reply.status_code == 200
    assert "已退出" in reply.text
    assert f'href="{provider.address}/end?client_id={CLIENT}"' in reply.text
    assert client.get("/").status_code == 303


def test_without_a_provider_there_is_no_such_address(house: Callable[..., TestClient]) -> None:
    client = house(oidc_issuer=None, oidc_client_id="")
    for path in ("/sign-in", "/sign-in/callback", "/sign-out"):
        assert client.get(path, headers={"accept": "*/*"}).status_code == 404


def test_whoever_guesses_is_told_to_wait(house: Callable[..., TestClient]) -> None:
    client = house()
    codes = [back(client, code="x", state="y").status_code for _ in range(30)]
    assert (codes[0], codes[-1]) == (401, 429)


def test_the_secret_is_masked_and_an_issuer_needs_its_client(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.errors import SettingsError
    from assistant.settings import load_settings

    plain: Any = {"home": tmp_path, "oidc_issuer": "https://sso.example.cn"}
    settings = Settings(**plain, oidc_client_id="a", oidc_client_secret=SecretStr("hush"))
    assert "hush" not in repr(settings) + settings.model_dump_json()
    assert settings.fingerprint == Settings(home=tmp_path).fingerprint
    with pytest.raises(ValidationError, match="client id"):
        Settings(**plain)
    file = tmp_path / "zhengwen.toml"
    file.write_text('oidc_client_secret = "hush"\n', "utf-8")
    file.chmod(0o644)
    monkeypatch.setenv("ZHENGWEN_HOME", str(tmp_path))
    with pytest.raises(SettingsError, match="读到"):
        load_settings()


@pytest.mark.browser
@pytest.mark.timeout(180)
def test_in_a_real_browser_a_person_signs_in_asks_and_signs_out(
    browser: Browser, assistant: Assistant, settings: Callable[..., Settings], provider: ProviderSite
) -> None:
    from assistant.web.app import create_app

    chosen = settings(**of(provider, sign_in=True, root_path="/assistant"))
    with running(create_app(assistant, chosen), chosen) as address:
        context = browser.new_context(locale="zh-CN")
        page = context.new_page()
        page.goto(f"{address}/assistant/?lang=zh")
        assert page.url.startswith(f"{provider.address}/authorize?")
        page.fill("input", "zhang")
        page.click("button")
        page.wait_for_url(f"{address}/assistant/?lang=zh")
        box = page.locator("textarea").first
        box.wait_for()
        box.fill("松北区2025年GDP目标是多少")
        box.press("Enter")
        page.get_by_text("5.5%").first.wait_for(timeout=60_000)
        (cookie,) = [one for one in context.cookies() if one["name"] == "zhengwen-session"]
        assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Lax", "/assistant")
        assert page.evaluate("document.cookie") == ""
        page.goto(f"{address}/assistant/sign-out")
        page.get_by_role("link", name="重新登录").click()
        page.wait_for_url(f"{provider.address}/authorize?**")
        context.close()


def test_what_the_tests_forge_is_taken_where_it_is_not_forged(provider: ProviderSite) -> None:
    """Without this, a slip in `forged` would let the tests above pass for the wrong reason."""
    provider.codes["x"] = {"nonce": "n"}
    token = forged(provider, "HS256", b"k" * 32)
    assert jwt.decode(token, "k" * 32, algorithms=["HS256"], audience=CLIENT)["nonce"] == "n"
