"""Decides who a request is from what it shows: a key, a token, a ticket, or what a trusted proxy says."""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote

from assistant.access.callers import Caller, Scope, SignedOut, SignInError
from assistant.access.keys import KeyRefused, KeyRing
from assistant.access.rates import RateLimiter
from assistant.access.sessions import TICKET, Sessions
from assistant.access.tokens import TOKEN, caller_of, check_portals, narrowed
from assistant.settings import Settings, is_loopback

_TRIES = 10
"""Wrong keys or tokens of one address in a row; then one every six seconds."""
_NEEDED = SignInError("请先登录。", "请从门户打开问答；程序请在 Authorization 头里带上密钥。")


class TooManyTries(SignInError):
    """An address has shown too many wrong keys; `seconds` says how long to wait."""

    seconds: int = 6


@dataclass(frozen=True, slots=True)
class Shown:
    """What a request shows of itself."""

    headers: Mapping[str, str]
    """Names in lower case."""
    peer: str
    """Address of the machine that the connection comes from."""
    address: str
    """Address of the user's machine: what a trusted proxy says, else the peer."""
    ticket: str = ""
    cookie: str = ""
    """The ticket of whoever signed in with the provider, where the request comes from a page of our own."""
    is_relayed: bool = False
    """Whether it looks as if a proxy had handed it on."""


class Authenticator:
    """Knows keys, portals and proxies."""

    def __init__(self, settings: Settings) -> None:
        """Raises `SettingsError` where a portal's key, or our own for tickets, cannot be used."""
        check_portals(settings.portal)
        home = Path(settings.home).expanduser()
        self._settings = settings
        self.ring = KeyRing(home)
        self.sessions = Sessions(home, _signers(settings))
        self._tries = RateLimiter(_TRIES, 10)

    def trusts(self, peer: str) -> bool:
        """Whether what this machine forwards is believed."""
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return False
        return any(address in network for network in self._settings.trusted_proxies)

    def caller(self, shown: Shown) -> Caller:
        """Return who asks; raises `SignInError` where that must be known and is not, or where what was shown is wrong."""
        with self.counted(shown):
            known = self._known(shown)
        if known is not None:
            return known
        if self._must_sign_in(shown):
            raise _NEEDED
        is_here = self._is_own_machine(shown)
        # Once there is a way to sign in, an address alone makes nobody an administrator: others may have got hold of it.
        scope: Scope = "admin" if is_here and not self._is_set_up() else "ask"
        return Caller(scope=scope, address=shown.address, is_here=is_here)

    @contextmanager
    def counted(self, shown: Shown) -> Iterator[None]:
        """Count what turns out wrong in the block; after too many tries the address has to wait.

        What turns out right is never counted, nor kept waiting: one address may be that of a whole house.
        """
        try:
            yield
        except SignedOut:
            raise
        except SignInError as error:
            if wait := self._tries.wait(shown.address):
                refused = TooManyTries("登录失败的次数太多了。", "请过一会儿再试。")
                refused.seconds = math.ceil(wait)
                raise refused from error
            raise

    def _known(self, shown: Shown) -> Caller | None:
        if shown.ticket:
            return self._of_ticket(shown.ticket, shown.address)
        scheme, _, bearer = shown.headers.get("authorization", "").partition(" ")
        bearer = bearer.strip() if scheme.lower() == "bearer" else ""
        secret = shown.headers.get("x-api-key", "").strip() or bearer
        if secret.startswith("zw_"):
            key = self.ring.find(secret)
            portal = self._settings.portal.get(key.portal)
            regions = portal.regions or None if portal else None
            return Caller("", key.portal, key.scope, regions, shown.address, "key", key.id)
        if TICKET.fullmatch(secret):
            return self._of_ticket(secret, shown.address)
        if TOKEN.fullmatch(secret):
            return caller_of(secret, self._settings.portal, shown.address)
        if secret and self._must_sign_in(shown):
            raise KeyRefused("密钥不对。")
        if shown.cookie and self._settings.oidc_issuer:
            with suppress(SignInError):  # whoever has an old one signs in anew, as if there were none
                return self._of_ticket(shown.cookie, shown.address)
        # Chat clients want a key even where none is needed: what cannot be one of ours is passed over.
        return self._of_proxy(shown)

    def _of_ticket(self, ticket: str, address: str) -> Caller:
        caller = self.sessions.caller(ticket, address)
        if caller.key:
            self.ring.still(caller.key)
        elif caller.portal not in self._settings.portal and caller.portal:
            raise SignedOut("这个门户不再登记了。", "请联系门户的管理员。")
        # What the portal may see can have become less since the ticket was made.
        portal, had = self._settings.portal.get(caller.portal), caller.regions
        regions = narrowed(portal.regions if portal else (), None if had is None else list(had))
        # A ticket without a key was given for an address alone, when there was no other way in yet.
        scope: Scope = caller.scope if caller.key or not self._is_set_up() else "ask"
        return replace(caller, regions=regions, scope=scope)

    def _of_proxy(self, shown: Shown) -> Caller | None:
        header = self._settings.proxy_user_header
        if header is None or not self.trusts(shown.peer):
            return None
        user = unquote(shown.headers.get(header.lower(), "")).strip()
        return Caller(user[:200], "", "ask", None, shown.address, "proxy") if user and user.isprintable() else None

    def lets_anybody_in(self) -> bool:
        """Whether those who come from other machines need not say who they are."""
        if self._settings.sign_in is not None:
            return not self._settings.sign_in
        return not self._is_set_up()

    def _is_set_up(self) -> bool:
        """Whether there is a way to sign in: a portal, a provider, a key, or a proxy that says who its users are."""
        set_up = self._settings.portal or self._settings.proxy_user_header or self._settings.oidc_issuer
        return bool(set_up or self.ring.all())

    def _must_sign_in(self, shown: Shown) -> bool:
        return not self.lets_anybody_in() and (self._settings.sign_in is True or not self._is_own_machine(shown))

    def _is_own_machine(self, shown: Shown) -> bool:
        """A request that a proxy hands on comes from somewhere else, though the proxy runs here."""
        return is_loopback(shown.peer) and not shown.is_relayed and not self.trusts(shown.peer)


def _signers(settings: Settings) -> dict[str, str]:
    """What each portal proves its users with; under no name, the provider."""
    keys = {
        name: portal.secret.get_secret_value() if portal.secret else portal.public_key or ""
        for name, portal in settings.portal.items()
    }
    return {**keys, "": f"{settings.oidc_issuer or ''} {settings.oidc_client_id}"}
