"""A provider of identities on a free port of this machine: OpenID Connect as it should be, or wrong in one chosen way."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from tests.ports import Site, site_on

CLIENT, SECRET = "zhengwen-portal", "a secret/that has+odd%characters"
FORM = '<!doctype html><title>统一登录</title><form method="post"><input name="user" autofocus><button>登录</button></form>'


_KEY = rsa.generate_private_key(65537, 2048)


@dataclass
class ProviderSite:
    """What tests change of a provider while it runs, and what it was asked."""

    address: str = ""
    kid: str = "one"
    key: Any = _KEY
    changes: dict[str, Any] = field(default_factory=dict)
    """Claims of the next tokens that are not as they should be; None leaves one out."""
    algorithm: str = "RS256"
    forged: str = ""
    """Stands in the place of a token of its own."""
    described: dict[str, Any] = field(default_factory=dict)
    """What it says of itself beside the truth."""
    status: int = 200
    seconds: float = 0
    """How long it takes for a reply."""
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    forms: list[dict[str, str]] = field(default_factory=list)

    def description(self) -> dict[str, Any]:
        plain = {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "end_session_endpoint": f"{self.address}/end",
        }
        return {**plain, **self.described}

    def keys(self) -> dict[str, Any]:
        kind: Any = ECAlgorithm if isinstance(self.key, ec.EllipticCurvePrivateKey) else RSAAlgorithm
        public = json.loads(kind.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": self.kid, "use": "sig"}]}

    def code_for(self, asked: dict[str, str], user: str) -> str:
        code = f"code-{len(self.codes)}-{user}"
        self.codes[code] = {**asked, "user": user}
        return code

    def token(self, form: dict[str, str], login: str) -> tuple[int, dict[str, Any]]:
        """What the token endpoint says: each code once, for its own client, address and verifier."""
        name, _, secret = base64.b64decode(login.removeprefix("Basic ")).decode().partition(":")
        shown = (unquote(name), unquote(secret)) if login else (form.get("client_id"), form.get("client_secret"))
        if shown != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(form.get("code", ""), None)
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if not asked or asked["redirect_uri"] != form["redirect_uri"] or asked["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "sub": asked["user"], "iat": now, "exp": now + 300}
        claims |= {"nonce": asked["nonce"], "preferred_username": f"{asked['user']}@org", **self.changes}
        kept = {name: value for name, value in claims.items() if value is not None}
        made = self.forged or jwt.encode(kept, self.key, self.algorithm, headers={"kid": self.kid})
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": made}


@contextmanager
def provider_site(**options: Any) -> Iterator[ProviderSite]:
    """Serve a provider until the block ends."""
    site = ProviderSite(**options)

    class Handler(Site):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # noqa: N802 - the name is the library's
            site.asked.append(self.path.partition("?")[0])
            time.sleep(site.seconds)
            path = urlsplit(self.path).path
            told = {"/.well-known/openid-configuration": site.description(), "/keys": site.keys()}
            if path == "/authorize":
                self.say(200, "text/html; charset=utf-8", FORM)
            elif path in told:
                self.say(site.status, "application/json", json.dumps(told[path]))
            else:
                self.say(200 if path == "/end" else 404, "text/plain", path)

        def do_POST(self) -> None:  # noqa: N802 - so is this
            site.asked.append(self.path.partition("?")[0])
            raw = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: values[0] for name, values in parse_qs(raw).items()}
            asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            time.sleep(site.seconds)
            if urlsplit(self.path).path == "/token":
                site.forms.append(form)
                status, told = site.token(form, self.headers.get("authorization", ""))
                self.say(status if site.status == 200 else site.status, "application/json", json.dumps(told))
                return
            back = urlencode({"code": site.code_for(asked, form["user"]), "state": asked["state"], "iss": site.address})
            self.say(302, "text/plain", "", {"location": f"{asked['redirect_uri']}?{back}"})

    with site_on(Handler) as port:
        site.address = f"http://localhost:{port}"
        yield site
