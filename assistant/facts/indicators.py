"""Whether a subject is one of the named indicators, and which."""

from __future__ import annotations

import re

from assistant.facts.phrases import RULES
from assistant.language.lexicon import Lexicon

_NOTHING = re.compile(rf"(?:{RULES['adds nothing to an indicator'].source}|[“”\s、,])*")


def indicator_of(subject: str, lexicon: Lexicon) -> str | None:
    """Return the name of the indicator that a subject is: its name, and beside it only words that make no other thing of it.

    民间固定资产投资 and 亩均工业增加值 are other things than 固定资产投资 and 工业增加值.
    """
    named = _usual(subject)
    for name, indicator in lexicon.indicators.items():
        for stated in indicator.stated:
            if named.startswith(stated) and _NOTHING.fullmatch(named[len(stated) :]):
                return name
    for mention in sorted(lexicon.written_in(named), key=lambda m: m.start - m.end):
        if _NOTHING.fullmatch(named[: mention.start]) and _NOTHING.fullmatch(named[mention.end :]):
            return mention.names[0]
    # 固投 and 进出口 stand in reports too; what two indicators are asked by (失业率) tells neither.
    asked = [m for m in lexicon.asked_in(named) if (m.start, m.end) == (0, len(named)) and len(m.names) == 1]
    return asked[0].names[0] if asked else None


def share_of(part: str | None, whole: str | None, lexicon: Lexicon) -> str | None:
    """Return the name of the indicator that a share is: that of 研发经费投入 in 地区生产总值 is the 研发经费投入强度; else `part`."""
    of = indicator_of(whole, lexicon) if part and whole else None
    names = (one.name for one in lexicon.indicators.values() if one.ratio == (part, of))
    return next(names, part)


def _usual(subject: str) -> str:
    """城居民收入 and 乡居民收入, as 城乡居民收入 is parted, in the words that an indicator has."""
    row = RULES["both"].row
    for short, usual in zip(row["words"][0], (row["first"], row["second"]), strict=True):
        if subject.startswith(f"{short}居民"):
            return f"{usual}{subject[1:]}"
    return subject
