"""Other sites, other names and other machines: who may call from where, and whose word is taken for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from starlette.testclient import TestClient

OA = "http://oa.example.cn"
TRICKS = (
    *(
        "null",
        "http://evil.example",
        "http://oa.example.cn.evil.example",
        "http://evil-oa.example.cn",
        "https://oa.example.cn",
    ),
    *(
        "http://oa.example.cn:8080",
        "http://oa.example.cn:80",
        "http://OA.example.cn.",
        "http://oa.example.cn/",
        "http://oa.example.cn/x",
    ),
    *(
        "http://oa.example.cn@evil.example",
        "http://evil.example#oa.example.cn",
        "http://evil.example?http://oa.example.cn",
    ),
    *(
        "http://oa.example.cn%00.evil.example",
        "http://oa.example.cn evil.example",
        "http://oa.example.cn,http://evil.example",
    ),
    *(
        "file://",
        "chrome-extension://abc",
        "http://127.0.0.1:9999",
        "http://localhost",
        "ftp://oa.example.cn",
        "oa.example.cn",
        "*",
    ),
    *(
        "http://xoa.example.cn",
        "http://oa.example.com",
        "http://oaxexample.cn",
        "http://sub.oa.example.cn",
        "HTTP://OA.EXAMPLE.CN",
    ),
    *("http://oa.example.cn\\@evil.example", "http://[::1]", "http://[", "data:", "blob:http://oa.example.cn/1"),
)


def bearer(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


@pytest.mark.parametrize("origin", TRICKS)
def test_no_other_site_is_let_in_or_named(
    origin: str, service: Callable[..., TestClient], mint: Callable[..., str]
) -> None:
    for method, path in (("POST", "/api/ask"), ("GET", "/api/reports"), ("OPTIONS", "/api/ask"), ("POST", "/mcp")):
        headers = {**bearer(mint()), "origin": origin, "access-control-request-method": "POST"}
        reply = service().request(method, path, headers=headers)
        assert reply.status_code == 403
        assert "access-control-allow-origin" not in reply.headers


def test_a_portal_s_site_may_call_with_its_own_tokens(
    service: Callable[..., TestClient], mint: Callable[..., str]
) -> None:
    asked = {"origin": OA, "access-control-request-method": "POST", "access-control-request-headers": "authorization"}
    preflight = service().options("/api/ask", headers=asked)
    assert preflight.status_code == 204
    assert "authorization" in preflight.headers["access-control-allow-headers"]
    reply = service().get("/api/reports", headers={**bearer(mint()), "origin": OA})
    assert reply.status_code == 200
    for answer in (preflight, reply):
        assert answer.headers["access-control-allow-origin"] == OA
        assert "access-control-allow-credentials" not in answer.headers
        assert "origin" in answer.headers["vary"]
    other = service().get("/api/reports", headers={**bearer(mint()), "origin": "http://hall.example.cn"})
    assert other.status_code == 403
    unsigned = service().get("/api/reports", headers={"origin": OA})
    assert unsigned.status_code == 401
    assert unsigned.headers["access-control-allow-origin"] == OA  # so that the widget can read what is wrong


HOSTS: tuple[str, ...] = (
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost@evil.example",
    "127.0.0.1:80@evil.example",
    "",
    "[::1",
    "192.168.1.5",
)
HOSTS += ("127.0.0.1:x", "127.0.0.1/evil", "127.0.0.1#x", "oa.example.cn")


@pytest.mark.parametrize("host", HOSTS)
def test_another_name_of_the_service_is_refused(
    host: str, service: Callable[..., TestClient], mint: Callable[..., str]
) -> None:
    for path in ("/api/reports", "/healthz", "/mcp"):
        assert service().get(path, headers={**bearer(mint()), "host": host}).status_code == 400
    forwarded = service().get("/api/reports", headers={**bearer(mint()), "x-forwarded-host": host or "x"})
    assert forwarded.status_code == 400


def test_a_name_that_was_registered_is_known(service: Callable[..., TestClient], mint: Callable[..., str]) -> None:
    client = service(trusted_hosts=("ask.example.cn",))
    assert client.get("/api/reports", headers={**bearer(mint()), "host": "ASK.example.cn:8443"}).status_code == 200


def test_a_proxy_is_believed_only_where_it_is_named(
    service: Callable[..., TestClient], mint: Callable[..., str], audit: Callable[[], list[dict[str, Any]]]
) -> None:
    told = {"x-forwarded-for": "1.1.1.1, 6.6.6.6, 10.0.0.2", "x-forwarded-host": "ask.example.cn", "x-user": "li"}
    named = {"trusted_hosts": ("ask.example.cn",), "trusted_proxies": ("10.0.0.0/24",), "proxy_user_header": "X-User"}
    assert service(peer="10.0.0.1", **named).get("/api/search?q=GDP", headers=told).status_code == 200
    assert service(peer="10.0.1.1", **named).get("/api/search?q=GDP", headers=told).status_code == 401
    assert (
        service(peer="10.0.1.1", **named).get("/api/search?q=GDP", headers={**told, **bearer(mint())}).status_code
        == 200
    )
    rows = audit()
    assert [(row["user"], row["address"]) for row in rows] == [
        ("li", "6.6.6.6"),
        ("", "10.0.1.1"),
        ("zhang", "10.0.1.1"),
    ]


def test_a_user_named_twice_is_nobody_s_but_the_proxy_s_word(
    service: Callable[..., TestClient], audit: Callable[[], list[dict[str, Any]]]
) -> None:
    client = service(peer="10.0.0.1", trusted_proxies=("10.0.0.0/24",), proxy_user_header="X-User")
    client.get(
        "/api/search?q=GDP", headers=[("x-user", "admin"), ("x-user", "li")]
    )  # a proxy that adds and does not replace
    assert [row["user"] for row in audit()] == ["admin, li"]


@pytest.mark.parametrize("network", ["0.0.0.0/0", "::/0", "10.0.0.1,0.0.0.0/0"])
def test_not_everybody_can_be_a_proxy(network: str, settings: Callable[..., Any]) -> None:
    with pytest.raises(ValueError, match="所有地址"):
        settings(trusted_proxies=network)


def test_what_a_proxy_on_this_machine_hands_on_is_not_this_machine_s_own(
    service: Callable[..., TestClient], mint: Callable[..., str]
) -> None:
    client = service(peer="127.0.0.1", sign_in=None, trusted_hosts=("ask.example.cn",))
    assert client.get("/api/reports").status_code == 200
    for shown in (
        {"host": "ask.example.cn"},
        {"host": "ask.example.cn:7860"},
        {"x-forwarded-for": "127.0.0.1"},
        {"x-real-ip": "127.0.0.1"},
        {"via": "1.1 proxy"},
        {"forwarded": "for=127.0.0.1"},
    ):
        for path in ("/metrics", "/api/reports"):
            assert client.get(path, headers=shown).status_code == 401


def test_a_forged_address_does_not_open_a_new_account_of_tries(service: Callable[..., TestClient]) -> None:
    client = service(peer="10.0.1.1", trusted_proxies=("10.0.0.0/24",))
    codes = []
    for number in range(60):
        headers = {**bearer(f"zw_{number:08x}_" + "x" * 43), "x-forwarded-for": f"9.9.9.{number}"}
        codes.append(client.get("/api/reports", headers=headers).status_code)
    assert codes.count(401) <= 20
    assert codes[-1] == 429


def test_whoever_is_refused_without_end_does_not_fill_the_log(
    service: Callable[..., TestClient], audit: Callable[[], list[dict[str, Any]]]
) -> None:
    client = service()
    for _ in range(400):
        assert client.get("/api/reports").status_code == 401
    rows = audit()
    assert 300 <= len(rows) <= 330
    assert len(rows) + sum(row.get("left_out", 0) for row in rows) <= 400


def test_the_service_works_under_a_path_whether_or_not_the_proxy_keeps_it(
    service: Callable[..., TestClient], mint: Callable[..., str]
) -> None:
    client = service(root_path="/assistant/")
    for path in ("/assistant/api/reports", "/api/reports"):
        assert client.get(path, headers=bearer(mint())).status_code == 200
    assert client.get("/assistant/api/openapi.json").json()["servers"] == [{"url": "/assistant"}]
    assert client.get("/assistantx/api/reports", headers=bearer(mint())).status_code == 404


def test_every_reply_has_its_walls_and_its_number(service: Callable[..., TestClient], mint: Callable[..., str]) -> None:
    client, numbers = service(), set()
    for path, headers in (
        ("/api/reports", bearer(mint())),
        ("/api/reports", {}),
        ("/nothing", {}),
        ("/healthz", {}),
        ("/mcp", {}),
    ):
        reply = client.get(path, headers=headers)
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in reply.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]
        assert reply.headers["cache-control"] == "no-store"
        assert "server" not in reply.headers
        numbers.add(reply.headers["x-request-id"])
    assert len(numbers) == 5
