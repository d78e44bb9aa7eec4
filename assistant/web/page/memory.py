"""What a browser keeps of a conversation: JSON that outlives a reload, trusted no more than any other request.

It goes with each question too, so that the server holds nothing of a conversation and can be restarted or be many.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.web.page.thread import KEPT, Exchange, Thread

if TYPE_CHECKING:
    from pydantic import TypeAdapter

LIMIT = 40 * 1024
"""Bytes that the conversation may take in a request, escaped as a JSON string; the gate lets 64 KB through."""
_LARGEST_NUMBER = 10**9
_ID = re.compile(r"[0-9a-z]{8,32}")


@dataclass(frozen=True, slots=True)
class Conversation:
    """Exchanges under the name by which the browser finds them again."""

    id: str
    exchanges: Thread = ()


def kept(conversation: Conversation) -> str:
    """Name and newest exchanges, as many as fit in `LIMIT`, as JSON `[id, [exchange, …]]`; what was searched is kept for the last one alone, where it fits."""
    bare = tuple(map(_without_search, conversation.exchanges))
    written, count = _json(replace(conversation, exchanges=())), 0
    for more in range(1, len(bare) + 1):
        longer = _fitting(replace(conversation, exchanges=bare[-more:]))
        if longer is None:
            break
        written, count = longer, more
    if count:
        searched = _fitting(replace(conversation, exchanges=(*bare[-count:-1], conversation.exchanges[-1])))
        written = searched or written
    return written


def recalled(text: object) -> Conversation:
    """The conversation that `kept` wrote; a new and empty one where the text is anything else."""
    new = Conversation(secrets.token_hex(8))
    try:
        if not isinstance(text, str) or not text or _size(text) > LIMIT:
            return new
        name, exchanges = _adapter().validate_json(text)
    except ValueError:  # pydantic's own error is one, and so is that of a lone surrogate
        return new
    numbers = [0, *(exchange.number for exchange in exchanges), _LARGEST_NUMBER]
    rising = all(before < after for before, after in pairwise(numbers))
    right = rising and len(exchanges) <= KEPT and _ID.fullmatch(name)
    return Conversation(name, exchanges) if right else new


def _without_search(exchange: Exchange) -> Exchange:
    return replace(exchange, answer=replace(exchange.answer, retrieved=())) if exchange.answer else exchange


def _fitting(conversation: Conversation) -> str | None:
    try:
        text = _json(conversation)
    except ValueError:  # a lone surrogate in a report's text
        return None
    return text if _size(text) <= LIMIT else None


def _json(conversation: Conversation) -> str:
    return _adapter().dump_json((conversation.id, conversation.exchanges)).decode("utf-8")


def _size(text: str) -> int:
    return len(json.dumps(text, ensure_ascii=False).encode("utf-8"))


@cache
def _adapter() -> TypeAdapter[tuple[str, Thread]]:
    from pydantic import ConfigDict, TypeAdapter

    return TypeAdapter(tuple[str, Thread], config=ConfigDict(extra="forbid", strict=True, allow_inf_nan=False))
