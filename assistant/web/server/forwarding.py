"""Where a request really comes from and where it goes: proxies are believed only if they are named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from assistant.access.sessions import TICKET
from assistant.access.sign_in import Doorkeeper, Shown
from assistant.settings import is_loopback
from assistant.web.server.asgi import Scope, encoded, headers_of

_FORWARDED = re.compile(rb"forwarded|via|x-forwarded-.*|x-real-ip|x-original-.*|x-rewrite-.*", re.IGNORECASE)
COOKIE = "zhengwen-session"
_SESSION = re.compile(rf"/s/({TICKET.pattern})(/.*)?")


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
    shown = Shown(
        headers, peer, address, ticket, _own_cookie(headers, host, scope["method"]), _is_relayed(scope, headers)
    )
    inner = {**scope, "scheme": scheme, "client": (address, 0), "headers": kept + encoded([("host", host)])}
    return Arrival(shown, headers, host, headers.get("origin", ""), path, root, inner)


def is_own(origin: str, host: str) -> bool:
    """Whether a request with this origin, if it has any, comes from a page of our own."""
    return not origin or origin.partition("://")[2].lower() == host.lower()


def cookie_of(headers: dict[str, str], name: str) -> str:
    """The value of a cookie; empty where there is none."""
    pairs = (part.strip().partition("=") for part in headers.get("cookie", "").split(";"))
    return next((value for key, _, value in pairs if key == name), "")


def _own_cookie(headers: dict[str, str], host: str, method: str) -> str:
    """The ticket in the cookie, unless another site has sent the request: a browser adds cookies without being asked.

    Somebody who follows a link to the page is let in, for that changes nothing. On plain http browsers say less of where a request
    comes from; there the origin, which they never leave out of a POST, and `SameSite` have to do.
    """
    ticket = cookie_of(headers, COOKIE)
    site = headers.get("sec-fetch-site", "none")
    is_visit = method in {"GET", "HEAD"} and headers.get("sec-fetch-dest") == "document"
    if not is_own(headers.get("origin", ""), host) or not (site in {"none", "same-origin"} or is_visit):
        return ""
    return ticket if TICKET.fullmatch(ticket) else ""


def _is_relayed(scope: Scope, headers: dict[str, str]) -> bool:
    """Whether a proxy shows itself: by a header, by the name it was asked for, or by HTTP/1.0, which it speaks where nobody told it better."""
    named = any(name in headers for name in ("forwarded", "x-forwarded-for", "x-real-ip", "via"))
    try:
        host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
    except ValueError:
        host = ""
    return named or not is_loopback(host) or scope.get("http_version") == "1.0"


def _client(forwarded: str, doorkeeper: Doorkeeper) -> str:
    """The last address that no trusted proxy has: what stands before it anybody may have written."""
    addresses = [part.strip() for part in forwarded.split(",") if part.strip()]
    unknown = [address for address in addresses if not doorkeeper.trusts(address)]
    return (unknown or addresses[:1] or [""])[-1][:45]
