"""The bubble for another site's page: one script, put together from `static/widget/` when it is first asked for."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path

from assistant.web.server.asgi import Send, reply

_FOLDER = Path(__file__).parents[1] / "static" / "widget"
_PARTS = ("about", "words", "elements", "service", "answer", "rating", "passage", "exchange", "panel", "start")
_KEPT = "public, max-age=600"
"""For ten minutes a browser does not ask again; then the ETag says whether there is a new one."""


@cache
def script() -> tuple[str, str]:
    """Return the script, which is a function of its own so that nothing of it becomes global, and its ETag."""
    style = json.dumps(_lean("widget.css"), ensure_ascii=False)
    parts = "\n".join(_lean(f"{name}.js") for name in _PARTS)
    whole = f'(() => {{\n"use strict";\nconst STYLE = {style};\n{parts}\n}})();\n'
    return whole, f'"{hashlib.sha256(whole.encode()).hexdigest()[:16]}"'


def _lean(name: str) -> str:
    """A part without comments and indentation; a style sheet needs no space beside its marks either."""
    text = (_FOLDER / name).read_text("utf-8")
    if name.endswith(".css"):
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).strip()
        return re.sub(r"\s*([{};,]|: )\s*", lambda match: match[1].strip(), text).replace(";}", "}")
    lines = (re.sub(r"(^|\s)// .*", "", line).strip() for line in text.splitlines())
    return "\n".join(filter(None, lines))


async def send_widget(send: Send, known: str) -> None:
    """Send it to whichever site asks; `known` is what a browser says that it has (`If-None-Match`)."""
    whole, etag = script()
    headers = [
        ("etag", etag),
        ("cache-control", _KEPT),
        ("access-control-allow-origin", "*"),  # for a tag with `crossorigin`; it is the same for everybody
        ("cross-origin-resource-policy", "cross-origin"),
    ]
    fresh = etag in known.replace("W/", "")
    await reply(send, 304 if fresh else 200, "" if fresh else whole, "text/javascript; charset=utf-8", headers)
