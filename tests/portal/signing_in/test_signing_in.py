"""People sign in with the organisation's provider: the whole way, what their cookie is good for, and signing out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from pydantic import SecretStr, ValidationError

from assistant.settings import Settings
from tests.access.provider import CLIENT, ProviderSite
from tests.portal.service import running
from tests.portal.signing_in.person import BASE, PERSON, back, led, of, signed_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from starlette.testclient import TestClient

    from assistant import Assistant

Rows = list[dict[str, Any]]


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
    *("//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "javascript:alert(1)"),
    *("evil.example", "/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example"),
    *("/x\r\nset-cookie: a=b", "", "/" + "x" * 2000),
)


@pytest.mark.parametrize("to", ELSEWHERE)
def test_nobody_is_led_to_another_site(to: str, house: Callable[..., TestClient], provider: ProviderSite) -> None:
    client = house()
    reply = client.get(f"/sign-in?to={quote(to, safe='')}")
    asked = dict(parse_qsl(urlsplit(reply.headers["location"]).query))
    reply = back(client, code=provider.code_for(asked, "zhang"), state=asked["state"])
    assert reply.headers["location"] == "/"


def test_two_tabs_may_sign_in_at_once(house: Callable[..., TestClient], provider: ProviderSite) -> None:
    client = house()
    first, second = led(client, "/evaluation"), led(client, "/")
    for asked, to in ((first, "/evaluation"), (second, "/")):
        reply = back(client, code=provider.code_for(asked, "zhang"), state=asked["state"])
        assert (reply.status_code, reply.headers["location"]) == (303, to)


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
    from assistant.web.server.app import create_app

    chosen = settings(**of(provider, sign_in=True, root_path="/assistant"))
    with running(create_app(assistant, chosen), chosen) as address:
        context = browser.new_context(locale="zh-CN")
        page = context.new_page()
        page.goto(f"{address}/assistant/?lang=zh")
        assert page.url.startswith(f"{provider.address}/authorize?")
        page.fill("input", "zhang")
        page.click("button")
        page.wait_for_url(f"{address}/assistant/?lang=zh")
        box = page.locator("#question textarea")
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
