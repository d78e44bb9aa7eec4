"""Who a request comes from, and the two ways in which it is turned away."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from typing import Literal

from assistant.errors import ZhengwenError

Scope = Literal["ask", "admin"]

Way = Literal["open", "key", "token", "proxy", "session", "oidc", "terminal"]
"""How it is known who asks: nobody had to say, or by key, token, proxy, a page opened with one of them, the organisation's provider
of identities at the moment of signing in, or the user's own terminal."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whom a request comes from."""

    user: str = ""
    """As the portal or the proxy names them; empty where nobody signed in."""
    portal: str = ""
    scope: Scope = "ask"
    regions: tuple[str, ...] | None = None
    """Places whose reports may be answered from; None means all."""
    address: str = ""
    way: Way = "open"
    key: str = ""
    """Id of the key that was shown, also where a session was opened with it."""
    is_here: bool = False
    """Whether it is somebody at this machine itself, who did not have to say who they are."""

    def may(self, scope: Scope) -> bool:
        """Whether this caller may do what is for `scope`; an administrator may also ask."""
        return self.scope == "admin" or scope == "ask"

    @property
    def name(self) -> str:
        """What the limits are counted by."""
        who = f"{self.user}@{self.portal}" if self.user else self.key or self.portal
        return f"{self.way}:{who}" if who else f"open:{self.address}"


def at_terminal() -> Caller:
    """The administrator at this machine's own command line, under the name that the operating system knows them by."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number that has no name
        user = ""
    return Caller(user, scope="admin", way="terminal")


class SignInError(ZhengwenError):
    """It is not known who asks: nothing was shown, or what was shown is not valid (any more)."""


class SignedOut(SignInError):
    """What was shown was valid once: nobody guesses."""

    portal: str = ""
    """The portal that it was for, where that is known."""


class NotAllowed(ZhengwenError):
    """It is known who asks, and this is not for them."""
