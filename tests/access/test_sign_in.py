"""Who a request is: tokens that are right and wrong in every way, proxies that are believed and not, and whoever need not say."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from pydantic import ValidationError

from assistant.access.callers import Caller, NotAllowed, SignedOut, SignInError
from assistant.access.rates import RateLimiter
from assistant.access.sessions import LIFE, Sessions
from assistant.access.sign_in import Authenticator, Shown, TooManyTries
from assistant.errors import SettingsError
from assistant.settings import Portal, Settings
from tests.access.handmade import coded, handmade

SECRET = "s" * 40
FAR = "10.0.0.9"


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    plain = {"iss": "oa", "aud": "zhengwen", "sub": "zhang", "iat": now, "exp": now + 300}
    return {name: value for name, value in {**plain, **changes}.items() if value is not None}


def signed(key: Any = SECRET, algorithm: str = "HS256", **changes: Any) -> str:
    return jwt.encode(claims(**changes), key, algorithm)


def door(tmp_path: Path, **settings: Any) -> Authenticator:
    portals = {"oa": Portal(secret=SECRET, regions=("松北区", "道里区")), "bare": Portal()}  # type: ignore[arg-type]
    return Authenticator(Settings(**{"home": tmp_path, "portal": portals, **settings}))


def shown(token: str = "", peer: str = FAR, ticket: str = "", is_relayed: bool = False, **headers: str) -> Shown:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    signed = {"authorization": f"Bearer {token}"} if token else {}
    return Shown({**named, **signed}, peer, peer, ticket, is_relayed=is_relayed)


def test_a_token_says_who_asks_and_from_where(tmp_path: Path) -> None:
    caller = door(tmp_path).caller(shown(signed()))
    assert caller == Caller("zhang", "oa", "ask", ("松北区", "道里区"), FAR, "token")


@pytest.mark.parametrize(
    ("regions", "left"),
    [(["松北区"], ("松北区",)), (["南岗区"], ()), ([], ()), (["道里区", "松北区"], ("道里区", "松北区"))],
)
def test_a_token_narrows_what_its_portal_may_see_and_never_widens_it(
    tmp_path: Path, regions: list[str], left: tuple[str, ...]
) -> None:
    assert door(tmp_path).caller(shown(signed(regions=regions))).regions == left


PAST = int(time.time()) - 1000
WRONG: dict[str, Callable[[], str]] = {
    "expired": lambda: signed(iat=PAST, exp=PAST + 300),
    "lives too long": lambda: signed(exp=int(time.time()) + 3600),
    "issued in the future to live long": lambda: signed(iat=int(time.time()) + 3000, exp=int(time.time()) + 3300),
    "issued long ago to live long": lambda: signed(iat=PAST),
    "no end": lambda: signed(exp=None),
    "no beginning": lambda: signed(iat=None),
    "no user": lambda: signed(sub=None),
    "an empty user": lambda: signed(sub=" "),
    "a user with a line break": lambda: signed(sub="a\nb"),
    "no audience": lambda: signed(aud=None),
    "another audience": lambda: signed(aud="other"),
    "another issuer": lambda: signed(iss="nobody"),
    "an issuer that cannot sign": lambda: signed(iss="bare"),
    "no issuer": lambda: signed(iss=None),
    "an issuer that is a list": lambda: forged(iss=["oa"]),
    "another key": lambda: signed("t" * 40),
    "an empty key": lambda: handmade(claims(), b""),
    "another algorithm": lambda: signed(algorithm="HS512", key="s" * 64),
    "no algorithm": lambda: handmade(claims(), None, "none"),
    "no signature": lambda: signed().rpartition(".")[0] + ".",
    "a changed user": lambda: changed(sub="admin"),
    "regions that are no list": lambda: signed(regions="松北区"),
    "a region that is half a character": lambda: signed(regions=["\ud800"]),
    "an end without end": lambda: forged(exp=float("inf")),
    "a beginning that is no number": lambda: forged(iat=float("nan")),
    "an end that is no number": lambda: forged(exp="soon"),
    "not yet valid": lambda: signed(nbf=int(time.time()) + 200),
    "huge": lambda: signed(x="y" * 5000),
    "nonsense": lambda: "a.b.c",
}


def forged(**changes: Any) -> str:
    """With claims that PyJWT refuses to write."""
    return handmade(claims(**changes), SECRET.encode())


def changed(**changes: Any) -> str:
    head, _, signature = signed().split(".")
    return f"{head}.{coded(json.dumps(claims(**changes)).encode())}.{signature}"


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_token_is_refused(tmp_path: Path, fault: str) -> None:
    with pytest.raises(SignInError) as refused:
        door(tmp_path).caller(shown(WRONG[fault]()))
    assert refused.value.hint
    assert SECRET not in str(refused.value)


KEYS: dict[str, Callable[[], Any]] = {
    "RS256": lambda: rsa.generate_private_key(65537, 2048),
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
}


@pytest.mark.parametrize("algorithm", KEYS)
def test_a_portal_may_sign_with_a_key_that_only_it_has(tmp_path: Path, algorithm: str) -> None:
    private = KEYS[algorithm]()
    pem = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    opened = door(tmp_path, portal={"oa": Portal(public_key=pem)})
    text = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert opened.caller(shown(signed(text, algorithm))).user == "zhang"
    # The public key is no secret: a token signed with it by HS256 is the oldest trick.
    with pytest.raises(SignInError):
        opened.caller(shown(handmade(claims(), pem.encode())))


def test_what_the_tests_make_by_hand_is_taken_where_nothing_is_wrong_with_it(tmp_path: Path) -> None:
    """Without this, a slip in `handmade` would let the tests above pass for the wrong reason."""
    assert door(tmp_path).caller(shown(forged())).user == "zhang"


def test_a_key_that_cannot_be_used_is_named_at_the_start(tmp_path: Path) -> None:
    pem = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"
    with pytest.raises(SettingsError, match=r"portal\.oa\.public_key"):
        door(tmp_path, portal={"oa": Portal(public_key=pem)})
    with pytest.raises(ValidationError, match="只能写一个"):
        Portal(secret=SECRET, public_key=pem)  # type: ignore[arg-type]
    with pytest.raises(ValidationError):
        Portal(secret="short")  # type: ignore[arg-type]


def test_a_key_signs_in_by_either_header_until_it_is_revoked(tmp_path: Path) -> None:
    opened = door(tmp_path)
    secret, key = opened.ring.add("admin", "oa")
    assert opened.caller(shown(secret)).may("admin")
    assert opened.caller(shown(x_api_key=secret)).key == key.id
    ticket = opened.sessions.ticket(opened.caller(shown(secret)))
    assert opened.caller(shown(ticket=ticket)).way == "session"
    opened.ring.revoke(key.id)
    for again in (shown(secret), shown(x_api_key=secret), shown(ticket=ticket)):
        with pytest.raises(SignInError, match="已吊销"):
            opened.caller(again)


def test_a_ticket_ends_with_the_secret_that_it_was_given_for(tmp_path: Path) -> None:
    opened = door(tmp_path)
    ticket = opened.sessions.ticket(opened.caller(shown(signed())))
    assert door(tmp_path).caller(shown(ticket=ticket)).user == "zhang"
    renewed = door(tmp_path, portal={"oa": Portal(secret="r" * 40)})  # type: ignore[arg-type]
    with pytest.raises(SignedOut):
        renewed.caller(shown(ticket=ticket))


def test_a_ticket_shows_no_more_than_its_portal_may_see_today(tmp_path: Path) -> None:
    opened = door(tmp_path)
    ticket = opened.sessions.ticket(opened.caller(shown(signed(regions=["松北区", "道里区"]))))
    less = door(tmp_path, portal={"oa": Portal(secret=SECRET, regions=("道里区",))})  # type: ignore[arg-type]
    assert less.caller(shown(ticket=ticket)).regions == ("道里区",)


def test_a_ticket_that_no_address_could_hold_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(SignInError, match="太多"):
        Sessions(tmp_path).ticket(Caller("zhang", "oa", regions=("松北区",) * 200))


def test_a_ticket_cannot_be_changed_for_a_fresh_one(tmp_path: Path) -> None:
    opened = door(tmp_path)
    by_ticket = opened.caller(shown(opened.sessions.ticket(opened.caller(shown(signed())))))
    with pytest.raises(NotAllowed):
        opened.sessions.ticket(by_ticket)


@pytest.mark.parametrize("left", [b"", b"x" * 31])
def test_no_ticket_is_signed_with_a_key_of_which_a_part_is_lost(tmp_path: Path, left: bytes) -> None:
    (tmp_path / "session.key").write_bytes(left)
    with pytest.raises(SettingsError, match="损坏"):
        Sessions(tmp_path)


def test_nobody_needs_to_sign_in_where_nothing_was_set_up(tmp_path: Path) -> None:
    opened = door(tmp_path, portal={})
    assert opened.caller(shown()).way == "open"
    assert not opened.caller(shown()).may("admin")
    assert opened.caller(shown(peer="127.0.0.1")).may("admin")
    assert opened.caller(shown("not-a-key", peer="127.0.0.1")).way == "open"


def test_once_there_is_a_portal_or_a_key_only_this_machine_itself_goes_in_unknown(tmp_path: Path) -> None:
    for opened in (door(tmp_path), door(tmp_path, portal={}), door(tmp_path, portal={}, proxy_user_header="X-User")):
        opened.ring.add("ask", "oa")
        assert opened.caller(shown(peer="127.0.0.1")).way == "open"
        for from_elsewhere in (shown(), shown(peer="127.0.0.1", is_relayed=True), shown("not-a-key")):
            with pytest.raises(SignInError):
                opened.caller(from_elsewhere)


def test_signing_in_can_be_asked_of_everybody_or_of_nobody(tmp_path: Path) -> None:
    with pytest.raises(SignInError):
        door(tmp_path, portal={}, sign_in=True).caller(shown(peer="127.0.0.1"))
    assert door(tmp_path, sign_in=False).caller(shown()).way == "open"


@pytest.mark.parametrize(
    ("settings", "anybody"),
    [({"portal": {}}, True), ({}, False), ({"sign_in": False}, True), ({"portal": {}, "sign_in": True}, False)],
)
def test_it_is_known_whether_the_network_may_ask_unknown(
    tmp_path: Path, settings: dict[str, Any], anybody: bool
) -> None:
    assert door(tmp_path, **settings).lets_anybody_in() is anybody


def test_a_user_named_by_a_trusted_proxy_is_believed_and_by_nobody_else(tmp_path: Path) -> None:
    opened = door(tmp_path, trusted_proxies=("10.0.0.0/24",), proxy_user_header="X-Remote-User")
    assert opened.caller(shown(x_remote_user="li%20si")).user == "li si"
    for other in (shown(peer="10.0.1.9", x_remote_user="li"), shown(x_remote_user=""), shown()):
        with pytest.raises(SignInError):
            opened.caller(other)


def test_a_ticket_is_good_for_a_day_of_work_and_for_no_other_service(tmp_path: Path) -> None:
    sessions, now = Sessions(tmp_path), time.time()
    caller = Caller("zhang", "oa", "ask", ("松北区",), "", "token")
    ticket = sessions.ticket(caller, now)
    read = Sessions(tmp_path).caller(ticket, FAR, now + LIFE - 1)
    assert (read.user, read.regions, read.way, read.address) == ("zhang", ("松北区",), "session", FAR)
    with pytest.raises(SignInError, match="已过期"):
        sessions.caller(ticket, FAR, now + LIFE)
    other = Sessions(tmp_path / "other")
    for wrong in (ticket[:-1], ticket + "A", "x" + ticket, "", ".", other.ticket(caller)):
        with pytest.raises(SignInError):
            sessions.caller(wrong, FAR, now)
    assert (tmp_path / "session.key").stat().st_mode & 0o777 == 0o600


def test_whoever_guesses_is_slowed_down_and_nobody_else_even_of_the_same_address(tmp_path: Path) -> None:
    opened = door(tmp_path)
    secret, _ = opened.ring.add("ask", "oa")
    past = 0
    for number in range(1000):
        with pytest.raises(SignInError) as refused:
            opened.caller(shown(f"zw_{number:08x}_" + "x" * 43))
        past += not isinstance(refused.value, TooManyTries)
    assert past <= 20
    with pytest.raises(TooManyTries):
        opened.caller(shown("zw_00000000_" + "x" * 43))
    # One address may be that of a whole house behind one proxy; a guess among 2**256 needs no lock.
    assert opened.caller(shown(secret)).key
    with pytest.raises(TooManyTries):
        opened.caller(shown("zw_00000000_" + "x" * 43))


def test_a_bucket_gives_what_it_holds_then_what_flows_in() -> None:
    now = [0.0]
    buckets = RateLimiter(3, 60, clock=lambda: now[0])
    assert [buckets.wait("a") for _ in range(4)] == [0, 0, 0, 1]
    assert buckets.wait("b") == 0
    now[0] = 1
    assert (buckets.wait("a"), round(buckets.wait("a"), 3)) == (0, 1)


def test_several_processes_count_together_where_they_are_given_one_file(tmp_path: Path) -> None:
    now = [100.0]
    first, second = (RateLimiter(3, 60, clock=lambda: now[0], shared=tmp_path / "users") for _ in range(2))
    assert [one.wait("a") for one in (first, second, first, second)] == [0, 0, 0, 1]
    assert second.wait("b") == 0
    now[0] = 102
    assert [first.wait("a") for _ in range(3)] == [0, 0, 1]
    later = RateLimiter(3, 60, clock=lambda: now[0], shared=tmp_path / "users")  # a process that was started again
    assert later.wait("a") == 1


def test_a_process_that_is_killed_holds_no_other_up(tmp_path: Path) -> None:
    import subprocess
    import sys

    dying = (
        "import os, pathlib, signal\n"
        "from assistant.access.rates import RateLimiter\n"
        f"held = RateLimiter(3, 60, shared=pathlib.Path({str(tmp_path / 'users')!r}))\n"
        "held._kept.held().__enter__()\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", dying], check=False, timeout=30)
    assert RateLimiter(3, 60, shared=tmp_path / "users").wait("a") == 0
