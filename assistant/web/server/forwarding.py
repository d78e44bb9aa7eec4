"""Where a request really comes from and where it goes: proxies are believed only if they are named."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from assistant.access.sessions import TICKET
from assistant.access.sign_in import Authenticator, Shown
from assistant.settings import is_loopback
from assistant.web.server.asgi import Scope, encoded, headers_of

log = logging.getLogger(__name__)

_FORWARDED = re.compile(
    r"forwarded|via|x-forwarded(-.*)?|x-original-.*|x-rewrite-.*|x-real-ip|true-client-ip|x-client-ip|x-cluster-client-ip"
    r"|cf-connecting-ip(v6)?|cf-ray|cdn-loop|fastly-client-ip|ali-cdn-real-ip|(wl-)?proxy-client-ip|x-envoy-external-address"
)
"""Headers by which a proxy shows itself; no browser and no program sends one of its own accord."""
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
    stranger: str = ""
    """A header by which a proxy shows itself that nobody has named."""


def arrival_of(scope: Scope, authenticator: Authenticator, root_path: str) -> Arrival:
    """Read a request; headers of named proxies count, those of others are as if they were not there."""
    headers = headers_of(scope)
    peer = (scope.get("client") or ("", 0))[0]
    trusted = authenticator.trusts(peer)
    address, host, scheme = peer, headers.get("host", ""), scope.get("scheme", "http")
    if trusted:
        address = _client(headers.get("x-forwarded-for", ""), authenticator) or peer
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
    told = {name for name in headers if _FORWARDED.fullmatch(name)}
    left_out = told | {"host"}
    kept = [pair for pair in scope["headers"] if pair[0].decode("latin-1").lower() not in left_out]
    is_relayed = bool(told) or _looks_relayed(scope, headers)
    shown = Shown(headers, peer, address, ticket, _own_cookie(headers, host, scope["method"]), is_relayed)
    inner = {**scope, "scheme": scheme, "client": (address, 0), "headers": kept + encoded([("host", host)])}
    stranger = "" if trusted else min(told, default="")
    return Arrival(shown, headers, host, headers.get("origin", ""), path, root, inner, stranger)


class Strangers:
    """Says it once when a proxy turns up that nobody has named: its users are taken for strangers, and all for one."""

    def __init__(self) -> None:
        self._has_said = False

    def look(self, came: Arrival) -> None:
        if came.stranger and not self._has_said:
            self._has_said = True
            log.warning(
                "有请求经反向代理转来（来自 %s，带有 %s 头），但这个代理没有登记：转发头不算数，这些请求也不当作本机的。"
                "如果代理是您设的，请把它的地址写进设置 trusted_proxies（环境变量 ZHENGWEN_TRUSTED_PROXIES）。",
                came.shown.peer,
                came.stranger[:100],
            )


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


def _looks_relayed(scope: Scope, headers: dict[str, str]) -> bool:
    """Whether a proxy shows itself without a header: by the name it was asked for, or by HTTP/1.0, which it speaks where nobody told it better."""
    try:
        host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
    except ValueError:
        host = ""
    return not is_loopback(host) or scope.get("http_version") == "1.0"


def _client(forwarded: str, authenticator: Authenticator) -> str:
    """The last address that no trusted proxy has: what stands before it anybody may have written."""
    addresses = [part.strip() for part in forwarded.split(",") if part.strip()]
    unknown = [address for address in addresses if not authenticator.trusts(address)]
    return (unknown or addresses[:1] or [""])[-1][:45]
