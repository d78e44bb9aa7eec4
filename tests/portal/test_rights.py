"""Who may use what: a table made from the routes themselves, so a route without a rule fails here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import pytest

from assistant.web.server.rules import RULES, methods_of, rule_for
from tests.web.seed_assistant import SeedAssistant

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from assistant import Assistant
    from assistant.settings import Settings

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
BODIES: dict[str, Any] = {
    "/api/ask": {"question": "松北区2025年GDP目标是多少"},
    "/api/feedback": {"answer": {"question": "松北区", "verdict": "answered", "answer": "增长5.5%"}, "good": True},
    "/v1/chat/completions": {"messages": [{"role": "user", "content": "松北区2025年GDP目标是多少"}]},
    "/mcp": {"jsonrpc": "2.0", "id": 1, "method": "ping"},
    "/api/corrections/{id}": {"state": "open"},
    "/api/corrections": {
        **{"report": "0" * 16, "paragraph": "x", "start": 0, "place": "松北区", "year": 2024, "role": "actual"},
        **{"indicator": "地区生产总值", "kind": "change", "figure": "5%", "fault": "value"},
    },
}
NEEDS: dict[str, str | dict[str, str]] = {
    "/healthz": "nothing",
    "/readyz": "nothing",
    "/metrics": "admin",
    "/api/openapi.json": "nothing",
    "/api/ask": "ask",
    "/api/session": "ask",
    "/api/feedback": "ask",
    "/api/search": "ask",
    "/api/reports": "ask",
    "/api/reports/{id}": "ask",
    "/api/reports/{id}/facts": "ask",
    "/api/indicators": "ask",
    "/api/indicators/names": "ask",
    "/api/indicators/ranking": "ask",
    "/api/corrections": {"GET": "admin", "POST": "ask"},
    "/api/corrections/{id}": "admin",
    "/v1/chat/completions": "ask",
    "/v1/models": "ask",
    "/mcp": "ask",
}
"""What each route needs, where they differ by method; written here a second time, so that a slip in the rules is seen."""


def need_of(path: str, method: str) -> str:
    need = NEEDS[path]
    return need if isinstance(need, str) else need[method]


def api_routes(assistant: Assistant, settings: Settings) -> Iterable[str]:
    """Every path of the API and of the tools, from the applications themselves."""
    from assistant.web.server.service import create_service

    front = create_service(assistant, settings, None)
    cells = [cell.cell_contents for cell in front._api.__closure__ or ()]
    return {route.path for app in cells for route in app.routes}


def test_every_route_of_the_api_has_a_rule_and_nothing_else_has(
    assistant: Assistant, settings: Callable[..., Settings]
) -> None:
    assert set(api_routes(assistant, settings())) == set(NEEDS)
    for path in NEEDS:
        for rule in (rule for rule in RULES if rule.pattern.fullmatch(path.replace("{id}", "0" * 16))):
            assert {rule.need} == {need_of(path, method) for method in rule.methods}


def test_every_route_of_the_page_has_a_rule() -> None:
    from assistant.web.server.gate import _EVALUATION_ROUTES, _ROUTES

    samples = {
        "/": "ask",
        "/config": "ask",
        "/gradio_api/queue/join": "ask",
        "/gradio_api/queue/data": "ask",
        "/gradio_api/heartbeat/x": "ask",
        "/reports": "ask",
        "/reports/" + "0" * 16: "ask",
        "/export": "ask",
        "/indicators": "ask",
        "/indicators/names": "ask",
        "/indicators/ranking": "ask",
        "/indicators/corrections": "ask",
        "/library/uploads": "admin",
        "/library/review": "admin",
        "/library/reports/" + "0" * 16: "admin",
        "/library/reports/" + "0" * 16 + "/remove": "admin",
        "/assets/x.js": "nothing",
        "/static/x.css": "nothing",
        "/zhengwen/page.js": "nothing",
        "/theme.css": "nothing",
        "/evaluation": "admin",
        "/evaluation/runs": "admin",
        "/evaluation/runs/x/report.html": "admin",
        "/evaluation/runs/x/cancel": "admin",
    }
    for path, need in samples.items():
        methods = {m for allowed, p in (*_ROUTES, *_EVALUATION_ROUTES) if p.fullmatch(path) for m in allowed}
        assert methods
        for method in methods:
            found = rule_for(path, method)
            assert not isinstance(found, int)
            assert found.need == need, (path, method)


def wanted(need: str, who: str) -> set[int]:
    if need == "nothing" or who == "admin" or (need == "ask" and who in {"ask", "token"}):
        return {200}
    return {403} if who in {"ask", "token"} else {401}


@pytest.fixture
def people(key: Callable[..., str], mint: Callable[..., str], settings: Callable[..., Settings]) -> dict[str, str]:
    from assistant.access.keys import KeyRing

    revoked = key()
    KeyRing(settings().home).revoke(revoked.split("_")[1])
    return {
        "nobody": "",
        "bad": "zw_00000000_" + "x" * 43,
        "revoked": revoked,
        "expired": mint(iat=1_700_000_000, exp=1_700_000_300),
        "ask": key(),
        "token": mint(),
        "admin": key("admin"),
    }


@pytest.mark.parametrize("path", NEEDS)
def test_each_person_gets_what_is_theirs_and_nothing_else(
    path: str, service: Callable[..., TestClient], people: dict[str, str], assistant: Assistant
) -> None:
    report = next(report.id for report in assistant.reports() if report.region == "松北区")
    shown = path.replace("{id}", "0" * 12 if "corrections" in path else report)
    for number, (who, secret) in enumerate(people.items()):
        client = service(peer=f"10.0.0.{number}")
        headers = {"authorization": f"Bearer {secret}"} if secret else {}
        for method in METHODS:
            body = {"json": BODIES.get(path, {})} if method == "POST" else {}
            query = {"/api/search": {"q": "经济"}, "/api/indicators": {"indicator": "GDP"}}.get(path, {})
            if path == "/mcp":
                headers["accept"] = "application/json, text/event-stream"
            reply = client.request(method, shown, headers=headers, params=query, **body)
            if method not in methods_of(shown):
                assert reply.status_code == 405, (method, who)
            else:
                there = {404} if "corrections" in path and method == "POST" else set()  # none is held
                assert reply.status_code in wanted(need_of(path, method), who) | there, (method, who, reply.text)


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/docs", "/api", "/api/", "/api/ask/", "/API/ASK", "/api//ask", "/v1", "/v1/embeddings"),
        *(
            "/mcp/",
            "/mcp/x",
            "/metrics/",
            "/openapi.json",
            "/api/keys",
            "/s/x.y/api/ask",
            "/gradio_api/upload",
            "/.env",
        ),
    ],
)
def test_what_is_not_listed_is_not_there(path: str, service: Callable[..., TestClient], people: dict[str, str]) -> None:
    headers = {"authorization": f"Bearer {people['admin']}"}
    for method in ("GET", "POST"):
        reply = service().request(method, path, headers=headers)
        assert reply.status_code == 404
        assert reply.json()["error"]["code"] == "not_found"


class Asked(SeedAssistant):
    """Writes down whose reports it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.regions: list[object] = []

    def within(self, regions: object) -> Asked:
        self.regions.append(regions)
        return self


def test_the_page_shows_a_portal_s_users_the_reports_of_its_regions_alone(
    settings: Callable[..., Settings], mint: Callable[..., str]
) -> None:
    from starlette.testclient import TestClient

    from assistant.web.server.app import create_app

    assistant = Asked()
    front = create_app(assistant, settings())
    with TestClient(
        front, base_url="http://127.0.0.1:7860", raise_server_exceptions=False, client=("10.9.8.7", 5)
    ) as client:
        page = client.post("/api/session", headers={"authorization": f"Bearer {mint()}"}).json()["page"]
        for path in ("reports", f"reports/{'0' * 16}", "indicators?indicator=GDP", "indicators/names"):
            assistant.regions.clear()
            client.get(f"{page}{path}")
            assert set(assistant.regions) == {("松北区",)}, path
