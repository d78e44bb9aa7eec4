"""What a file says of itself: which place and year each of its parts names, and whether these agree.

A field is certain where the report itself names it, or two other sources do, and no source names anything else. What is not
certain is for a person to decide: the claims are the evidence that they see.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from assistant.language.regions import ancestors, divisions, short_name, usual_name

NATION = "全国"
Field = Literal["place", "year"]
Source = Literal["title", "occasion", "speech", "speaker", "front matter", "date", "plan", "review", "file", "text"]

SAID: dict[Source, str] = {
    "title": "标题",
    "occasion": "会议",
    "speech": "开头",
    "speaker": "报告人",
    "front matter": "文件头",
    "date": "日期",
    "plan": "安排部分的标题",
    "review": "回顾部分的标题",
    "file": "文件名",
    "text": "正文",
}
"""What each source is called where the evidence is shown."""

_OWN: dict[Field, frozenset[Source]] = {
    "place": frozenset({"title", "occasion", "speech", "speaker"}),
    "year": frozenset({"occasion"}),
}
"""Sources that suffice alone: a report names its place, and the day of the session, in set phrases; other years may be another one's."""
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Claim:
    """What one part of a file names."""

    field: Field
    value: str
    """A place, or a year in digits."""
    source: Source
    words: str
    """What it was read from."""

    @classmethod
    def of(cls, field: Field, value: object, source: Source, words: str) -> Claim:
        """Make a claim from a line, of which what is long is cut."""
        line = " ".join(words.split())
        return cls(field, str(value), source, line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…")


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a field is not certain."""

    field: Field
    reason: Literal["not found", "disputed", "unsupported", "ambiguous"]
    sentence: str
    """For whoever decides."""


def doubts_of(place: str, parent: str | None, year: int, claims: Iterable[Claim]) -> tuple[Doubt, ...]:
    """Return what is not certain about the place and the year that were chosen; an empty name or 0 means none was found."""
    claims = tuple(claims)
    found = (
        _doubt("place", place, claims) or _unlisted(place, claims),
        _doubt("year", str(year or ""), claims),
        _parent(place, parent),
    )
    return tuple(doubt for doubt in found if doubt is not None)


def same_place(one: str, other: str) -> bool:
    """Whether two names are of one place: a district is called as the county that it was (徐水县, 徐水区)."""
    if usual_name(one) == usual_name(other):
        return True  # 文山州 is short for 文山壮族苗族自治州
    return short_name(one) == short_name(other) and one[-1] in "县区市旗" and other[-1] in "县区市旗"


def _doubt(field: Field, chosen: str, claims: Sequence[Claim]) -> Doubt | None:
    what = "地区" if field == "place" else "年份"
    if not chosen:
        return Doubt(field, "not found", f"看不出{what}。")
    others = [one for one in claims if one.field == field and not _agrees(field, one.value, chosen)]
    for_it = {one.source for one in claims if one.field == field and _agrees(field, one.value, chosen)}
    if others:
        said = "，".join(dict.fromkeys(f"{SAID[one.source]}写的是{one.value}" for one in others))
        return Doubt(field, "disputed", f"{what}说法不一：{said}。")
    if len(for_it) < 2 and not for_it & _OWN[field]:
        only = f"只有{SAID[next(iter(for_it))]}写了" if for_it else "没有写明"
        return Doubt(field, "unsupported", f"{what}{only}，没有别的佐证。")
    return None


def _agrees(field: Field, value: str, chosen: str) -> bool:
    return value == chosen or (field == "place" and same_place(value, chosen))


def _unlisted(place: str, claims: Sequence[Claim]) -> Doubt | None:
    """A name that no list of the country has may be a slip, or words that only end as a place does: two sources have to give it."""
    for_it = {one.source for one in claims if one.field == "place" and _agrees("place", one.value, place)}
    if place in _listed() or len(for_it) > 1:
        return None
    return Doubt("place", "unsupported", f"地名录里没有{place}，只有一处这样写。")


@cache
def _listed() -> frozenset[str]:
    rows = divisions()
    return frozenset(
        {NATION, *(name for province, prefecture, counties in rows for name in (province, prefecture, *counties))}
    )


def _parent(place: str, parent: str | None) -> Doubt | None:
    above = ancestors(place)
    if not place or parent or not above:
        return None
    if len(above) <= 2 and any(one in ancestors(other) for one in above for other in above):
        return None  # one prefecture and its province
    return Doubt("place", "ambiguous", f"不止一个地方叫{place}，不知道是哪里的。") if len(above) > 1 else None


def named_in(text: str, place: str) -> int:
    """Return how often a text names a place by its whole or its short name."""
    name = short_name(place)
    return len(re.findall(re.escape(name if len(name) >= 2 else place), text))
