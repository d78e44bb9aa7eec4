"""A person's browser on its way to the provider and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from tests.access.provider import CLIENT, SECRET, ProviderSite

if TYPE_CHECKING:
    from starlette.testclient import TestClient

PERSON = {
    "accept": "text/html,*/*",
    "sec-fetch-mode": "navigate",
    "sec-fetch-dest": "document",
    "sec-fetch-site": "none",
}
BASE = "http://127.0.0.1:7860"


def of(provider: ProviderSite, **changes: Any) -> dict[str, Any]:
    plain = {"oidc_issuer": provider.address, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
    return {**plain, "sign_in": None, "portal": {}, **changes}


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
