"""A portal for the tests: a site of another origin with a strict policy, which mints tokens and shows the frame and the bubble."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt

from assistant.settings import Portal, Settings
from tests.portal.service import SECRET, running
from tests.ports import Site, site_on

POLICY = (
    "default-src 'none'; script-src 'self' {assistant}; connect-src 'self' {assistant}; frame-src {assistant}; "
    "style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""What a portal's policy must allow, and nothing else: no inline style, no inline script."""

PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>办公门户</title><link rel="stylesheet" href="/portal.css"><link rel="icon" href="/icon.svg"><script src="/portal.js"></script></head>
<body><header><h1>办公门户</h1></header><main><h2>通知公告</h2><p><a href="#one">关于做好年度总结工作的通知</a></p>
<p><a href="#two">关于报送重点项目进展情况的通知</a></p>{inside}</main></body></html>"""

STYLE = """* { margin: 4px; color: #333; } body { margin: 0; background: #f0f2f5; font: 16px sans-serif; }
button { background: hotpink !important; font-size: 9px !important; } div { border: 3px dotted green; } iframe { border: 0; }
@media (prefers-color-scheme: dark) { body { background: #202020; } * { color: #ddd; } }
header { padding: 4px 16px; border-bottom: 1px solid #8888; }"""
"""As careless as style sheets of portals are: it must not reach into the bubble."""

SCRIPT = """window.seen = [];
document.addEventListener("securitypolicyviolation", (event) => seen.push(event.violatedDirective + " " + event.blockedURI));
document.addEventListener("keydown", (event) => event.key === "s" && document.body.classList.add("shortcut"));
let renewed = 0;
addEventListener("message", async (event) => {
  const frame = document.querySelector("iframe");
  if (event.source !== frame.contentWindow || event.data.type !== "zhengwen:token-expired" || Date.now() - renewed < 60000) return;
  renewed = Date.now();
  const address = new URL(frame.dataset.address);
  address.searchParams.set("token", await (await fetch("/token")).text());
  frame.src = address;
});"""

KINDS = {
    "/portal.css": ("text/css", STYLE),
    "/portal.js": ("text/javascript", SCRIPT),
    "/icon.svg": ("image/svg+xml", '<svg xmlns="http://www.w3.org/2000/svg"/>'),
}


@dataclass
class PortalSite:
    """What tests change of a portal while it runs."""

    assistant: str = ""
    """Address of the assistant, with the path that it stands under."""
    address: str = ""
    name: str = "oa"
    stale: int = 0
    """So many of the next tokens have expired already."""
    minted: int = 0

    def token(self) -> str:
        self.minted += 1
        issued = int(time.time()) - (1000 if self.stale > 0 else 0)
        self.stale -= 1
        claims = {"iss": self.name, "aud": "zhengwen", "sub": "zhang", "iat": issued, "exp": issued + 200}
        return jwt.encode(claims, SECRET, "HS256")

    def reply(self, target: str) -> tuple[str, str]:
        """The kind and the text at an address; `/widget` and `/frame` take options in their query."""
        path, options = urlsplit(target).path, dict(parse_qsl(urlsplit(target).query, keep_blank_values=True))
        if path == "/token":
            return "text/plain", self.token()
        if path in KINDS:
            return KINDS[path]
        inside = self._frame(options) if path == "/frame" else self._tags(options)
        return "text/html", PAGE.format(inside=inside)

    def _frame(self, options: dict[str, str]) -> str:
        size = f'width="{options.pop("width", "400")}" height="{options.pop("height", "600")}"'
        address = f"{self.assistant}/embed?portal={self.name}" + "".join(f"&{name}={options[name]}" for name in options)
        return f'<iframe title="政问" src="{address}&token={self.token()}" data-address="{address}" {size}></iframe>'

    def _tags(self, options: dict[str, str]) -> str:
        tags = int(options.pop("tags", "1"))
        given = {"portal": self.name, "token-url": "/token", **options}
        if given.get("token") == "minted":
            given = {**given, "token": self.token(), "token-url": ""}
        data = " ".join(f'data-{name}="{escape(value)}"' for name, value in given.items() if value)
        return f'<script src="{self.assistant}/widget.js" {data}></script>' * tags


@contextmanager
def portal_site() -> Iterator[PortalSite]:
    """Serve a portal on a free port until the block ends."""
    site = PortalSite()

    class Handler(Site):
        def do_GET(self) -> None:  # noqa: N802 - the name is the library's
            kind, text = site.reply(self.path)
            policy = POLICY.format(assistant="{0.scheme}://{0.netloc}".format(urlsplit(site.assistant)))
            self.say(200, f"{kind}; charset=utf-8", text, {"content-security-policy": policy})

    with site_on(Handler) as port:
        site.address = f"http://localhost:{port}"  # another site than 127.0.0.1, not only another port
        yield site


@contextmanager
def assisted(
    front: Callable[[Settings], Any],
    home: Path,
    *,
    origins: tuple[str, ...] = (),
    regions: tuple[str, ...] = (),
    **changes: Any,
) -> Iterator[PortalSite]:
    """Serve a portal and, of another origin and under a path, the assistant that it embeds; `origins` may do so too."""
    with portal_site() as site:
        portal = Portal(origins=(*origins, site.address), secret=SECRET, regions=regions, asks_per_minute=100_000)  # type: ignore[arg-type]  # pydantic wraps it
        plain = {"home": home, "portal": {"oa": portal}, "sign_in": True, "root_path": "/assistant"}
        settings = Settings(**{**plain, "asks_per_minute": 1000, **changes})
        with running(front(settings), settings) as address:
            site.assistant = address + settings.root_path
            yield site
