"""One request and its reply: what each middleware has found out, for those further in and for the reply on its way out."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.access.callers import Caller
from assistant.web.server.asgi import Scope
from assistant.web.server.asked import Asked
from assistant.web.server.forwarding import Arrival
from assistant.web.server.rules import Rule

_KEY, _ID_KEY = "zhengwen.exchange", "zhengwen.request-id"


@dataclass(slots=True)
class Exchange:
    """Grows on the way in; a reply, be it a refusal, takes from it what is known by then."""

    request_id: str
    came: Arrival
    """The request with what stands before it taken away."""
    caller: Caller
    """Who asks; until that is known, nobody in particular at some address."""
    known_rule: Rule | None = None
    frames: str = "'none'"
    """Who may frame the reply, as `frame-ancestors` has it."""
    scripts: str = "'none'"
    """Which scripts of the reply may run, as `script-src` has it."""
    tells: tuple[str, ...] = ()
    """Sites whose frame is told where a page says that the sign-in has expired."""
    headers: list[tuple[str, str]] = field(default_factory=list)
    """What the reply carries besides, whatever becomes of the request."""
    has_started: bool = False
    """Whether the reply has begun: it is too late to say anything else then."""

    @property
    def rule(self) -> Rule:
        """What it takes to use the route; known behind the routing."""
        assert self.known_rule is not None
        return self.known_rule

    @property
    def kind(self) -> str:
        """For whom the route is, `page` or `api`; of one that is not there, `api`."""
        return self.known_rule.kind if self.known_rule else "api"

    @property
    def asked(self) -> Asked:
        """Who asks and by which number, for the logs and for whoever answers."""
        return Asked(self.caller, self.request_id)


def numbered(scope: Scope, request_id: str) -> Scope:
    """The scope with the number of its request in it."""
    return {**scope, _ID_KEY: request_id}


def request_id_in(scope: Scope) -> str:
    """The number of the request with this scope."""
    return str(scope[_ID_KEY])


def opened(scope: Scope, exchange: Exchange) -> Scope:
    """The scope with an exchange in it."""
    return {**scope, _KEY: exchange}


def exchange_in(scope: Scope) -> Exchange:
    """The exchange of the request with this scope."""
    exchange = scope[_KEY]
    assert isinstance(exchange, Exchange)
    return exchange
