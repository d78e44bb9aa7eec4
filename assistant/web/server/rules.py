"""Every route of the service with what it takes to use it. What has no rule here is not there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Need = Literal["nothing", "ask", "admin"]
Kind = Literal["api", "page"]

SIGN_IN = r"/sign-in|/sign-in/callback|/sign-out"
"""Where people sign in with the organisation's provider."""
_NAME = r"[A-Za-z0-9_-][A-Za-z0-9_.-]*"
_KB = 1024


@dataclass(frozen=True, slots=True)
class Rule:
    """What it takes to use some routes."""

    methods: frozenset[str]
    pattern: re.Pattern[str]
    need: Need
    kind: Kind
    cost: float = 0.0
    """Questions that one call counts as."""
    limit: int = 0
    """Bytes of a body; 0 for the page's own limit."""
    json: bool = field(default=False, kw_only=True)
    """Whether the body must be JSON."""
    by_setting: bool = field(default=False, kw_only=True)
    """Whether the setting `evaluation` can open it to everybody where nobody signs in."""


def _rule(methods: str, pattern: str, need: Need, kind: Kind = "api", **more: object) -> Rule:
    return Rule(frozenset(methods.split()), re.compile(pattern), need, kind, **more)  # type: ignore[arg-type]


RULES: tuple[Rule, ...] = (
    _rule("GET HEAD", r"/healthz|/readyz", "nothing"),
    _rule("GET HEAD", r"/metrics", "admin"),
    _rule("GET HEAD", r"/api/openapi\.json", "nothing"),
    _rule("POST", r"/api/ask", "ask", cost=1, limit=64 * _KB, json=True),
    _rule("POST", r"/api/feedback", "ask", cost=0.25, limit=128 * _KB, json=True),
    _rule("POST", r"/api/session", "ask", cost=0.2, limit=_KB),
    _rule("GET", r"/api/search", "ask", cost=0.5),
    _rule("GET", r"/api/reports(/[^/]{1,64}(/facts)?)?", "ask", cost=0.1),
    _rule("GET", r"/api/indicators(/names|/ranking)?", "ask", cost=0.2),
    _rule("GET", r"/api/corrections", "admin", cost=0.1),
    _rule("POST", r"/api/corrections", "ask", cost=0.25, limit=8 * _KB, json=True),
    _rule("POST", r"/api/corrections/[^/]{1,64}", "admin", cost=0.1, limit=_KB, json=True),
    _rule("POST", r"/v1/chat/completions", "ask", cost=1, limit=128 * _KB, json=True),
    _rule("GET", r"/v1/models", "ask"),
    _rule("POST", r"/mcp", "ask", cost=0.5, limit=64 * _KB, json=True),
    _rule("GET POST", r"/embed", "nothing", limit=8 * _KB),
    _rule("GET HEAD", r"/widget\.js", "nothing"),
    _rule("GET", SIGN_IN, "nothing", "page"),
    _rule("GET HEAD", rf"/(assets|static|svelte|zhengwen)(/{_NAME})+", "nothing", "page"),
    _rule("GET HEAD", r"/(theme\.css|favicon\.ico|manifest\.json)|/gradio_api/theme\.css", "nothing", "page"),
    _rule("GET POST", r"/evaluation(/.*)?", "admin", "page", by_setting=True),
    _rule("GET POST", r"/library/.*", "admin", "page"),
    _rule("GET", r"/reports/[^/]{1,64}/original(/\d{1,4})?", "ask", "page", cost=0.1),
    _rule("POST", r"/indicators/corrections", "ask", "page", cost=0.25),
    _rule("POST", r"/gradio_api/queue/join", "ask", "page", cost=0.25),
)

PAGE = _rule("GET HEAD POST", r".*", "ask", "page")
"""What is asked for beside these is the page's: its own gate has a list of what is there."""

_PROGRAMS = re.compile(r"/(api|v1|mcp)(/|$)")


def rule_for(path: str, method: str) -> Rule | int:
    """The rule for a request, or the status to refuse it with: 404 where there is no such route, 405 for another method."""
    rules = [rule for rule in RULES if rule.pattern.fullmatch(path)]
    for rule in rules:
        if method in rule.methods:
            return rule
    if rules:
        return 405
    return 404 if is_for_programs(path) else PAGE


def is_for_programs(path: str) -> bool:
    """Whether whoever asks for this path expects JSON."""
    return bool(_PROGRAMS.match(path)) or path in {"/healthz", "/readyz", "/metrics"}


def methods_of(path: str) -> Iterable[str]:
    """Methods that a route takes."""
    return sorted({method for rule in RULES if rule.pattern.fullmatch(path) for method in rule.methods})
