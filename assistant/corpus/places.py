"""Find the place that a report speaks for, in its caption, its opening words, its file name or what it names most."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from assistant.language.regions import divisions, short_name

NATION = "全国"
_ENDS = "省市区县旗州盟"
_NATION = re.compile(r"我代表(?:国务院|國務院|中央人民政府)|国务院总理|届全国人民代表大会|全國人民代表大會|^全国")
_STATED: tuple[re.Pattern[str], ...] = (
    re.compile(rf"([\u4e00-\u9fff]{{2,20}}[{_ENDS}])\s*第[一二三四五六七八九十百\d]+\s*届\s*(?:人民代表大会|人大)"),
    re.compile(r"我代表([\u4e00-\u9fff]{2,16}?)(?:人民)?政府"),
    re.compile(r"([\u4e00-\u9fff]{2,16}?)(?:人民)?政府(?:代)?(?:区长|县长|市长|省长|主席|州长|旗长|盟长)"),
    re.compile(rf"(?:^|年|[^\u4e00-\u9fff])([\u4e00-\u9fff]{{1,16}}[{_ENDS}])(?:人民)?(?:\d{{4}}年)?政府工作"),
    re.compile(r"(?:^|年)([\u4e00-\u9fff]{2,10}?)(?:\d{4}年)?政府工作"),
)
"""Ways in which a report says whose it is, the surest first."""
_BEFORE = re.compile(r"^.*(?:日在|日|[在于年])(?=[\u4e00-\u9fff]{2})")
_GENERAL = frozenset(
    {
        "自治区",
        "新区",
        "开发区",
        "高新区",
        "市区",
        "城区",
        "全区",
        "全市",
        "全县",
        "全省",
        "我区",
        "我市",
        "我县",
        "我省",
    }
)

Region = tuple[str, str | None, str | None]
"""Name, next larger place, another name of it."""


def find_region(told: str, opening: Sequence[str], lines: Sequence[str], stem: str) -> Region | None:
    """Return the place of a report: as told by the user, else by its opening, its file name, or its text."""
    if told:
        return _resolved(told) or (told, None, None)
    if any(_NATION.search(line) for line in opening):
        return NATION, None, None
    named = _named_by_file(stem)
    for pattern in _STATED:
        for line in opening:
            for match in pattern.finditer(line[:200]):
                place = _resolved(match.group(1))
                if place is not None:
                    return _agreed(place, named)
    return named or _most_named(lines)


def _agreed(place: Region, named: Region | None) -> Region:
    """Fill in from the file name what the text leaves open about the same place (清苑县 of old is 清苑区 today)."""
    if named is None or short_name(named[0]) != short_name(place[0]):
        return place
    alias = named[0] if named[0] != place[0] else None
    return place[0], place[1] or named[1], alias


def _named_by_file(stem: str) -> Region | None:
    if stem.startswith((NATION, "国务院")):
        return NATION, None, None
    plain = re.sub(r"[\s_\-（()）《》\d]|年|(?:人民)?政府|工作报告.*|工作计划.*", "", stem)
    return _resolved(plain)


def _resolved(text: str) -> Region | None:
    """Return the place that a name ends with; one that no list holds is believed where it ends as places do."""
    name = _BEFORE.sub("", text).strip()
    if name in _GENERAL or len(name) < 2:
        return None
    parents = _parents()
    for start in range(len(name) - 1):
        if name[start:] in parents:
            above = parents[name[start:]]
            before = [parent for parent in above if parent and name[:start].endswith(parent)]
            return name[start:], before[0] if before else above[0] if len(above) == 1 else None, None
    whole = [place for place in parents if short_name(place) == name]
    if len(whole) == 1:
        return whole[0], (parents[whole[0]] or (None,))[0], None
    if name[-1] not in _ENDS or len(name) > 10:
        return None
    larger = next((place for place in parents if name.startswith(place) and len(name) - len(place) >= 2), None)
    return (name.removeprefix(larger), larger, None) if larger else (name, None, None)


@cache
def _parents() -> dict[str, tuple[str | None, ...]]:
    """Every place of the country with the places it may belong to; a name that several share has several."""
    parents: dict[str, dict[str | None, None]] = {}
    for province, prefecture, counties in divisions():
        parents.setdefault(province, {None: None})
        if prefecture:
            parents.setdefault(prefecture, {})[province] = None
        for county in counties:
            parents.setdefault(county, {})[prefecture or province] = None
    return {place: tuple(above) for place, above in parents.items()}


def _most_named(lines: Sequence[str]) -> Region | None:
    """Return the place that the text names most, where it names it clearly more often than any other."""
    parents = _parents()
    text = "\n".join(lines)
    pattern = re.compile("|".join(sorted(map(re.escape, parents.keys() - _GENERAL), key=len, reverse=True)))
    counts = Counter(pattern.findall(text)).most_common(2)
    if not counts or counts[0][1] < 2 or (len(counts) > 1 and counts[1][1] * 2 > counts[0][1]):
        return None
    place = counts[0][0]
    return place, parents[place][0] if len(parents[place]) == 1 else None, None
