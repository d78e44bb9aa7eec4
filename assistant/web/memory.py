"""What a browser keeps of its conversation: JSON that outlives a reload, trusted no more than any other request."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.web.thread import KEPT, Exchange, Thread

if TYPE_CHECKING:
    from pydantic import TypeAdapter

STORAGE_KEY = "zhengwen-conversation"
SECRET = "zhengwen"
"""Gradio encrypts what it stores and would make a new secret at each start. This one hides nothing: whoever has the browser has both."""
LIMIT = 40 * 1024
"""Bytes that the conversation may take in a request, escaped as a JSON string; the gate lets 64 KB through."""
_LARGEST_NUMBER = 10**9


def kept(thread: Thread) -> str:
    """The newest exchanges that fit in `LIMIT`, as JSON; what was searched for them is left out. Never empty: 「[]」 is no exchange."""
    written = "[]"
    newest: Thread = ()
    for exchange in reversed(thread):
        newest = (_without_search(exchange), *newest)
        try:
            longer = _adapter().dump_json(newest).decode("utf-8")
        except ValueError:  # a lone surrogate in a report's text
            break
        if _size(longer) > LIMIT:
            break
        written = longer
    return written


def recalled(text: object) -> Thread:
    """The conversation that `kept` wrote; an empty one where the text is anything else."""
    try:
        if not isinstance(text, str) or _size(text) > LIMIT:
            return ()
        thread = _adapter().validate_json(text)
    except ValueError:  # pydantic's own error is one, and so is that of a lone surrogate
        return ()
    numbers = [0, *(exchange.number for exchange in thread), _LARGEST_NUMBER]
    rising = all(before < after for before, after in pairwise(numbers))
    return thread if rising and len(thread) <= KEPT else ()


def _without_search(exchange: Exchange) -> Exchange:
    return replace(exchange, answer=replace(exchange.answer, retrieved=())) if exchange.answer else exchange


def _size(text: str) -> int:
    return len(json.dumps(text, ensure_ascii=False).encode("utf-8"))


@cache
def _adapter() -> TypeAdapter[Thread]:
    from pydantic import ConfigDict, TypeAdapter

    return TypeAdapter(Thread, config=ConfigDict(extra="forbid", strict=True, allow_inf_nan=False))
