"""JSON Web Tokens as a forger makes them, whom no library stops."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any


def handmade(claims: dict[str, Any], key: bytes | None, algorithm: str = "HS256", **head: str) -> str:
    """A token of these claims, signed by HMAC with `key` whatever the algorithm that it names; without a key by nothing."""
    parts = ({"alg": algorithm, "typ": "JWT", **head}, claims)
    text = ".".join(coded(json.dumps(part).encode()) for part in parts)
    return f"{text}.{coded(hmac.new(key, text.encode(), hashlib.sha256).digest()) if key is not None else ''}"


def coded(raw: bytes) -> str:
    """Base64 without its padding, as it stands in an address."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
