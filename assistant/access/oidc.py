"""OpenID Connect: people sign in with the organisation's provider, by the authorization code flow with PKCE.

PyJWT, which proves the portals' tokens, proves the provider's too; a client library would want a store of sessions in this process.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import ssl
import threading
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from assistant.access.callers import SignInError
from assistant.errors import ZhengwenError
from assistant.settings import Settings

_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Of a provider's tokens: with a key of its own. HS256 would make the client's secret one that signs, and `none` signs nothing."""
_LEEWAY = 60
"""Seconds by which the clocks of two machines may differ."""
_CONNECT, _READ, _WHOLE = 3.0, 5.0, 10.0
"""Seconds for a connection, for a silence in a reply, and for all of one."""
_LONGEST = 256 * 1024
"""Bytes of a reply."""
_KEPT, _REMEMBERED = 3600.0, 3.0
"""Seconds for which the provider's description is kept, and for which it is not asked again once it could not be reached."""


class ProviderDown(ZhengwenError):
    """The provider cannot be reached, or says what makes no sense."""

    hint = "请过一会儿再试；一直不行，请联系管理员。"


class NotProven(SignInError):
    """What came back does not prove who signs in; `reason` is for the audit log."""

    def __init__(self, reason: str) -> None:
        super().__init__("这次登录没有成功。", "请重新登录。")
        self.reason = reason


class Provider:
    """The provider of one issuer, asked over HTTP: its methods block, and belong into a thread. No redirect is followed."""

    def __init__(self, settings: Settings) -> None:
        assert settings.oidc_issuer
        self._issuer = settings.oidc_issuer.rstrip("/")
        self._client_id = settings.oidc_client_id
        self._secret = settings.oidc_client_secret.get_secret_value() if settings.oidc_client_secret else ""
        self._claim = settings.oidc_user_claim
        self._lock = threading.Lock()
        self._described: Mapping[str, Any] = {}
        self._until = 0.0
        self._tls: ssl.SSLContext | None = None

    def way_in(self, back: str, state: str, nonce: str, verifier: str) -> str:
        """Return the address where people sign in; they come back to `back`. Raises `ProviderDown`."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": back,
            "scope": "openid profile",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        address = str(self._description()["authorization_endpoint"])
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"

    def way_out(self) -> str:
        """Return the address where people sign out of everything; empty where there is none. Raises `ProviderDown`."""
        address = self._description().get("end_session_endpoint") or ""
        return f"{address}?{urlencode({'client_id': self._client_id})}" if address else ""

    def user(self, code: str, back: str, nonce: str, verifier: str, issuer: str = "") -> str:
        """Return who has signed in; `issuer` is what came back with the code (RFC 9207), if it did.

        Raises `NotProven`, and `ProviderDown`.
        """
        described = self._description()
        if issuer and issuer != described["issuer"]:
            raise NotProven("issuer")
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": verifier,
            "client_id": self._client_id,
        }
        basic = "client_secret_basic" in described.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        # RFC 6749 2.3.1: both are encoded as in a form before they are joined.
        login = (quote(self._client_id, safe=""), quote(self._secret, safe="")) if self._secret and basic else None
        if self._secret and not basic:
            form["client_secret"] = self._secret
        status, reply = self._asked("POST", described["token_endpoint"], data=form, auth=login)
        if status in {400, 401, 403}:
            error = reply.get("error")
            raise NotProven("client" if error in {"invalid_client", "unauthorized_client"} else "code")
        if status != 200:
            raise ProviderDown("统一登录出了问题。")
        _, keys = self._asked("GET", described["jwks_uri"])  # each time: a sign-in is rare, and keys change unannounced
        return self._user(reply.get("id_token"), keys, str(described["issuer"]), nonce)

    def _user(self, token: Any, keys: Mapping[str, Any], issuer: str, nonce: str) -> str:
        import jwt

        try:
            claims = jwt.decode(
                token,
                _key(token, keys),
                algorithms=_ALGORITHMS,
                audience=self._client_id,
                issuer=issuer,
                leeway=_LEEWAY,
                options={"require": ["aud", "exp", "iat", "iss", "sub"]},
            )
        except (
            jwt.PyJWTError,
            ArithmeticError,
            AttributeError,
            LookupError,
            RecursionError,
            TypeError,
            ValueError,
        ) as error:
            raise NotProven(type(error).__name__) from error
        if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
            raise NotProven("nonce")
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", "" if several else self._client_id) != self._client_id:
            raise NotProven("azp")
        user = claims.get(self._claim)
        if not isinstance(user, str) or not user.strip() or len(user) > 200 or not user.isprintable():
            raise NotProven(self._claim)
        return user

    def _description(self) -> Mapping[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0)."""
        with self._lock:  # of many who come at once, one asks
            if time.monotonic() >= self._until:
                self._described = {}
                try:
                    _, told = self._asked("GET", f"{self._issuer}/.well-known/openid-configuration")
                    self._check(told)
                except ProviderDown:
                    # From its end on: a provider that hangs for longer would be asked by each who waits, one after the other.
                    self._until = time.monotonic() + _REMEMBERED
                    raise
                self._described, self._until = told, time.monotonic() + _KEPT
            if not self._described:
                raise ProviderDown("暂时连不上统一登录。")
            return self._described

    def _check(self, told: Mapping[str, Any]) -> None:
        if str(told.get("issuer", "")).rstrip("/") != self._issuer:
            raise ProviderDown("统一登录的地址和设置 oidc_issuer 不一致。", "请联系管理员。")
        wanted = [told.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        for address in (*wanted, told.get("end_session_endpoint") or self._issuer):
            parts = urlsplit(address if isinstance(address, str) else "")
            # Nothing goes out in the clear where the provider itself is reached under TLS.
            if not parts.hostname or parts.scheme not in {urlsplit(self._issuer).scheme, "https"}:
                raise ProviderDown("统一登录的说明不完整。", "请联系管理员。")

    def _asked(self, method: str, address: str, **more: Any) -> tuple[int, dict[str, Any]]:
        """The status and the object that comes back."""
        import httpx

        if self._tls is None:
            self._tls = (
                ssl.create_default_context()
            )  # the system's certificates, which know an organisation's authority
        client = httpx.Client(
            verify=self._tls,
            timeout=httpx.Timeout(_READ, connect=_CONNECT),
            trust_env=False,  # no proxy out of the environment
            headers={"accept": "application/json", "accept-encoding": "identity", "user-agent": "zhengwen"},
        )
        body, until = b"", time.monotonic() + _WHOLE
        try:
            with client, client.stream(method, address, **more) as reply:
                for part in reply.iter_raw():
                    body += part
                    if len(body) > _LONGEST or time.monotonic() > until:
                        raise ProviderDown("统一登录的答复太长或太慢。")
            content = json.loads(body)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            raise ProviderDown("暂时连不上统一登录。") from error
        except (ValueError, RecursionError) as error:
            raise ProviderDown("统一登录的答复不完整。") from error
        if not isinstance(content, dict) or (method == "GET" and reply.status_code != 200):
            raise ProviderDown("统一登录出了问题。")
        return reply.status_code, content


def _key(token: str, keys: Mapping[str, Any]) -> Any:
    """The one key that a token names; a lone key need not be named."""
    import jwt

    known = [key for key in jwt.PyJWKSet.from_dict(dict(keys)).keys if key.public_key_use in {None, "sig"}]
    named = jwt.get_unverified_header(token).get("kid")
    fitting = [key for key in known if named is None or key.key_id == named]
    if len(fitting) != 1 or fitting[0].key_type == "oct":
        raise jwt.InvalidKeyError("no such key")
    return fitting[0].key
