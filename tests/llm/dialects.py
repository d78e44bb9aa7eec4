"""The same answer as Anthropic's and Ollama's own services stream it."""

from __future__ import annotations

import json
from typing import Any


def ollama(pieces: list[str]) -> list[bytes]:
    """Write the lines of /api/chat; the last one counts."""
    lines: list[dict[str, Any]] = [
        {"model": "x", "message": {"role": "assistant", "content": piece}, "done": False} for piece in pieces
    ]
    lines.append(
        {
            "model": "x",
            "message": {"role": "assistant", "content": ""},
            "done": True,
            "done_reason": "stop",
            "prompt_eval_count": 30,
            "eval_count": 20,
        }
    )
    return [json.dumps(line).encode() + b"\n" for line in lines]


def anthropic(pieces: list[str]) -> list[bytes]:
    """Write the events of /v1/messages; the first counts the prompt, the last but one the answer."""
    message: dict[str, Any] = {
        "id": "1",
        "type": "message",
        "role": "assistant",
        "model": "x",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 30, "output_tokens": 1},
    }
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": message},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        *(
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}
            for piece in pieces
        ),
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn", "stop_sequence": None},
            "usage": {"input_tokens": 30, "output_tokens": 20},
        },
        {"type": "message_stop"},
    ]
    return [f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode() for event in events]
