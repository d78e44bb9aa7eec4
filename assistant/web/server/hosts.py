"""Names under which the service may be reached: a foreign name server cannot turn a browser against it."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection
from urllib.parse import urlsplit


class Hosts:
    """The names that are trusted."""

    def __init__(self, host: str, more: Collection[str] = ()) -> None:
        """`host` is where the service listens, `more` what it is called besides."""
        self._names = {"127.0.0.1", "localhost", "::1", host.lower(), *map(str.lower, more)} - {""}
        self._open_to_all = host in {"0.0.0.0", "::", ""}
        if self._open_to_all:
            self._names.add(socket.gethostname().lower())  # its full name would have to be asked of a name server

    def trusts(self, name: str) -> bool:
        """Whether this is a name of the service, with or without a port."""
        try:
            parts = urlsplit(f"//{name}")
            host, _ = parts.hostname or "", parts.port
        except ValueError:
            return False
        if parts.username is not None or parts.path or parts.query or parts.fragment:
            return False
        return host in self._names or (self._open_to_all and _is_address(host))


def _is_address(host: str) -> bool:
    """A bare IP address cannot be turned against the service by a foreign name server, so it may be trusted."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
