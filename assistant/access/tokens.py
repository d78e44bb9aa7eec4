"""Signed tokens that a portal's own backend mints for its users: short-lived, for us alone, by one algorithm."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

from assistant.access.callers import Caller, SignedOut, SignInError
from assistant.errors import SettingsError
from assistant.settings import Portal

AUDIENCE = "zhengwen"
LONGEST_LIFE = 300
"""Seconds between `iat` and `exp`."""
_LEEWAY = 10
"""Seconds by which the clocks of two machines may differ."""
_LONGEST = 4096
"""Characters of a token; one with ten regions has 500."""
TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")

_AGAIN = "请回到原来的页面刷新一下，再打开问答。"
_ASK_THE_PORTAL = "请联系门户的管理员：令牌的写法见 README 的“接入门户”一节。"


def caller_of(token: str, portals: Mapping[str, Portal], address: str) -> Caller:
    """Return whom a token stands for; raises `SignInError` where it is not signed by a portal, expired, or made for longer.

    Claims: `iss` the portal's name, `aud` "zhengwen", `sub` the user, `iat` and `exp` at most 300 s apart, and, where the
    user may see less than the portal, `regions`.
    """
    import jwt

    if len(token) > _LONGEST or not TOKEN.fullmatch(token):
        raise SignInError("令牌不完整。", _AGAIN)
    try:
        unproven = jwt.decode(token, options={"verify_signature": False})
        name = unproven.get("iss")
        portal = portals.get(name) if isinstance(name, str) else None
        key, algorithm = _key_of(portal)
        claims = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            audience=AUDIENCE,
            issuer=name,
            leeway=_LEEWAY,
            options={"require": ["aud", "exp", "iat", "iss", "sub"]},
        )
    except jwt.ExpiredSignatureError as error:
        raise SignedOut("登录已过期。", _AGAIN) from error
    except (jwt.PyJWTError, ArithmeticError, AttributeError, RecursionError, TypeError, ValueError) as error:
        raise SignInError("令牌无效。", _ASK_THE_PORTAL) from error
    assert portal is not None
    return _caller(claims, str(name), portal, address)


def _caller(claims: Mapping[str, Any], name: str, portal: Portal, address: str) -> Caller:
    expires, issued, user = claims["exp"], claims["iat"], claims["sub"]
    if not all(isinstance(at, int | float) for at in (expires, issued)):
        raise SignInError("令牌无效。", _ASK_THE_PORTAL)
    if expires - issued > LONGEST_LIFE or expires > time.time() + LONGEST_LIFE + _LEEWAY:
        raise SignInError(f"令牌的有效期太长了，最多 {LONGEST_LIFE} 秒。", _ASK_THE_PORTAL)
    regions = claims.get("regions")
    if regions is not None and not (isinstance(regions, list) and all(map(_is_name, regions))):
        raise SignInError("令牌里的 regions 要写成地区名称的列表。", _ASK_THE_PORTAL)
    if not user.strip() or len(user) > 200 or not user.isprintable():
        raise SignInError("令牌里的 sub 要写成用户的名字。", _ASK_THE_PORTAL)
    return Caller(user, name, "ask", narrowed(portal.regions, regions), address, "token")


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and value.isprintable()


def narrowed(portal: tuple[str, ...], user: list[str] | None) -> tuple[str, ...] | None:
    """Places that both allow; a portal without a list allows all. None means all."""
    if user is None:
        return portal or None
    return tuple(dict.fromkeys(region for region in user if not portal or region in portal))


def _key_of(portal: Portal | None) -> tuple[Any, str]:
    """The key that a portal's tokens are proven with, and the one algorithm that goes with it, whatever a token says of itself."""
    import jwt
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    if portal is not None and portal.secret is not None:
        return portal.secret.get_secret_value(), "HS256"
    if portal is None or portal.public_key is None:
        raise jwt.InvalidIssuerError
    key = load_pem_public_key(portal.public_key.strip().encode())
    if isinstance(key, rsa.RSAPublicKey):
        return key, "RS256"
    if isinstance(key, ed25519.Ed25519PublicKey):
        return key, "EdDSA"
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return key, "ES256"
    raise jwt.InvalidKeyError


def check_portals(portals: Mapping[str, Portal]) -> None:
    """Try each portal's key when the service starts; raises `SettingsError` naming the portal whose key cannot be used."""
    import jwt

    for name, portal in portals.items():
        if portal.public_key is None:
            continue
        try:
            _key_of(portal)
        except (ValueError, TypeError, jwt.InvalidKeyError) as error:
            raise SettingsError(
                f"设置 portal.{name}.public_key 不能用。", "要写成 RSA、Ed25519 或 P-256 公钥的 PEM。"
            ) from error
