"""A hundred things that no record may hold, made with a fixed seed: numbers of people, keys, tokens, tickets, passwords."""

from __future__ import annotations

import random
import string
from dataclasses import dataclass

from tests.access.handmade import coded

_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


_TICKET = coded(b'["user","oa","ask",null,"",1]')
_HEADER, _CLAIMS = coded(b'{"alg":"HS256"}'), coded(b'{"sub":"a"}')


@dataclass(frozen=True, slots=True)
class Secret:
    """What is written, and the part of it that must be found nowhere."""

    written: str
    core: str


def _people(chance: random.Random) -> list[Secret]:
    made = []
    for number in range(20):
        day = f"{chance.randint(1950, 2009)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
        parts = (f"230{chance.randint(102, 199)}", day, f"{chance.randint(100, 999)}{chance.choice('0123456789Xx')}")
        plain = "".join(parts)
        shown = (plain, " ".join(parts), plain.translate(_WIDE), f"身份证号{plain}号", plain[:9] + "\u200b" + plain[9:])
        made.append(Secret(shown[number % 5], shown[number % 5] if number % 5 != 3 else plain))
    for number in range(20):
        plain = f"1{chance.randint(30, 99)}{chance.randint(0, 10**8 - 1):08d}"
        grouped = (plain[:3], plain[3:7], plain[7:])
        shown = (plain, "-".join(grouped), " ".join(grouped), f"+86{plain}", plain.translate(_WIDE))
        made.append(Secret(shown[number % 5], shown[number % 5].removeprefix("+86")))
    return made


def _keys(chance: random.Random) -> list[Secret]:
    def some(length: int) -> str:
        return "".join(chance.choices(string.ascii_letters + string.digits, k=length))

    made = []
    for number in range(10):
        secret = some(43)
        made.append(Secret(f"zw_{chance.getrandbits(32):08x}_{secret}", secret))
        secret = some(32)
        made.append(Secret(f"{('sk-', 'sk-proj-', 'ghp_', 'pk_live_', 'xoxb-')[number % 5]}{secret}", secret))
        signature = some(43)
        made.append(Secret(f"{_HEADER}.{_CLAIMS}.{signature}", signature))
        signature = some(43)
        made.append(Secret(f"{_TICKET}.{signature}", signature))
        secret = some(24)
        scheme = ("Bearer", "Basic", "Token", "Digest", "ApiKey")[number % 5]
        made.append(Secret(f"Authorization: {scheme} {secret}", secret))
        secret = some(12)
        named = ("密码：{}", "password={}", "口令是{}", "token={}", "http://user:{}@db.internal/x")[number % 5]
        made.append(Secret(named.format(secret), secret))
    return made


SECRETS: tuple[Secret, ...] = (*_people(random.Random(6)), *_keys(random.Random(7)))
