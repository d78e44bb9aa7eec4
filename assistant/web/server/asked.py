"""The request that is being worked on: who asks, and the number it goes by in replies, logs and the audit log."""

from __future__ import annotations

import sys
from collections.abc import MutableMapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from assistant.access.callers import Caller

SCOPE_KEY = "zhengwen.asked"
"""Under this name a request's scope holds its `Asked`."""
ROOT_KEY = "zhengwen.root"
"""The same for the path under which the page is shown, with a session's ticket."""
FRAMED_BY_KEY = "zhengwen.framed-by"
"""The same for the sites that may frame the page besides our own."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of a request once it has been let in."""

    caller: Caller = field(default_factory=Caller)
    request_id: str = ""


def asked_in(scope: MutableMapping[str, Any]) -> Asked:
    """What is known of the request with this scope."""
    asked = scope[SCOPE_KEY]
    assert isinstance(asked, Asked)
    return asked


CURRENT: ContextVar[Asked | None] = ContextVar("asked", default=None)


def current() -> Asked:
    """The request that this thread or task works for; where there is none, nobody in particular asks."""
    return _of_page_event() or CURRENT.get() or Asked()


def _of_page_event() -> Asked | None:
    """What an event of the page belongs to: Gradio works on it long after its request, in a task of its own."""
    context = sys.modules.get("gradio.context")
    request: Any = context.LocalContext.request.get(None) if context else None
    scope = getattr(getattr(request, "request", None), "scope", None)
    return scope.get(SCOPE_KEY) if scope else None
