"""Where a request really comes from and where it goes: proxies are believed only if they are named."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.access.sign_in import Doorkeeper, Shown
from assistant.web.asgi import Scope, encoded, headers_of

_FORWARDED = re.compile(rb"forwarded|via|x-forwarded-.*|x-real-ip|x-original-.*|x-rewrite-.*", re.IGNORECASE)
_SESSION = re.compile(r"/s/([A-Za-z0-9_-]{1,2000}\.[A-Za-z0-9_-]{43})(/.*)?")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request with what stands before it taken away."""

    shown: Shown
    headers: dict[str, str]
    host: str
    origin: str
    path: str
    """Without the path under which the service is shown, and without a session's ticket."""
    root: str
    """What was taken away."""
    scope: Scope
    """The request as the inside may see it: no header of a proxy that is not believed."""


def arrival_of(scope: Scope, doorkeeper: Doorkeeper, root_path: str) -> Arrival:
    """Read a request; headers of named proxies count, those of others are as if they were not there."""
    headers = headers_of(scope)
    peer = (scope.get("client") or ("", 0))[0]
    trusted = doorkeeper.trusts(peer)
    address, host, scheme = peer, headers.get("host", ""), scope.get("scheme", "http")
    if trusted:
        address = _client(headers.get("x-forwarded-for", ""), doorkeeper) or peer
        host = headers.get("x-forwarded-host", host)
        scheme = {"https": "https", "http": "http"}.get(headers.get("x-forwarded-proto", ""), scheme)
    path, root = scope["path"], ""
    if root_path and (path == root_path or path.startswith(f"{root_path}/")):
        path = path[len(root_path) :]
    root = root_path
    ticket = ""
    if session := _SESSION.fullmatch(path):
        ticket, path = session[1], session[2] or ""
        root += f"/s/{ticket}"
    kept = [(name, value) for name, value in scope["headers"] if not _FORWARDED.fullmatch(name) and name != b"host"]
    inner = {**scope, "scheme": scheme, "client": (address, 0), "headers": kept + encoded([("host", host)])}
    return Arrival(Shown(headers, peer, address, ticket), headers, host, headers.get("origin", ""), path, root, inner)


def _client(forwarded: str, doorkeeper: Doorkeeper) -> str:
    """The last address that no trusted proxy has: what stands before it anybody may have written."""
    addresses = [part.strip() for part in forwarded.split(",") if part.strip()]
    unknown = [address for address in addresses if not doorkeeper.trusts(address)]
    return (unknown or addresses[:1] or [""])[-1][:45]
