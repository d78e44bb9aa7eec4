"""Find the place that a report speaks for, in its caption, its opening words, its file name or what it names most."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from assistant.corpus.claims import NATION, Claim, Source, named_in, same_place
from assistant.corpus.headings import SENTENCE_END
from assistant.language.regions import divisions, short_name, usual_name

_OFTEN = 3
"""Times that a text has to name a place to speak for it."""
_LONGEST_TITLE = 60
_ENDS = "省市区县旗州盟"
_NATION = re.compile(r"我代表(?:国务院|國務院|中央人民政府)|国务院总理|届全国人民代表大会|全國人民代表大會|^全国")
_STATED: tuple[tuple[Source, re.Pattern[str]], ...] = (
    (
        "occasion",
        re.compile(rf"([\u4e00-\u9fff]{{2,20}}[{_ENDS}])\s*第[一二三四五六七八九十百\d]+\s*届\s*(?:人民代表大会|人大)"),
    ),
    ("speech", re.compile(r"我代表([\u4e00-\u9fff]{2,16}?)(?:人民)?政府")),
    (
        "speaker",
        re.compile(r"([\u4e00-\u9fff]{2,16}?)(?:人民)?政府(?:代理?)?(?:区长|县长|市长|省长|主席|州长|旗长|盟长)"),
    ),
    (
        "title",
        re.compile(rf"(?:^|年|[^\u4e00-\u9fff])([\u4e00-\u9fff]{{1,16}}[{_ENDS}])(?:人民)?(?:\d{{4}}年)?政府工作"),
    ),
    ("title", re.compile(r"(?:^|年)([\u4e00-\u9fff]{2,10}?)(?:\d{4}年)?政府工作")),
)
"""Ways in which a report says whose it is, the surest first, and what each is found in."""
_BEFORE = re.compile(r"^.*(?:日在|日|[在于年])(?=[\u4e00-\u9fff]{2})")
_NO_NAME = re.compile(r"省$|[了的]|^在|([市县区州盟旗])\1$")
"""What no place is called: all provinces are known by name (较好完成了|省政府工作)."""
_GENERAL = frozenset(
    {
        "自治区",
        "自治州",
        "自治县",
        "自治旗",
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


def find_region(
    opening: Sequence[str], lines: Sequence[str], stem: str, issuer: str = ""
) -> tuple[Region | None, tuple[Claim, ...]]:
    """Return the place of a report: by its opening, its file name, or its text; with everything that names one.

    `issuer` is what the head of the file calls the one that issued it (河北省人民政府).
    """
    named, headed = _named_by_file(stem), _named_by_file(issuer)
    stated = list(_stated(opening))
    place = stated[0][0] if stated else headed or named
    if place is not None:
        place = _agreed(_agreed(place, headed), named)
    # What no list holds is believed where it is all there is, and disputes nothing (超额完成区十七届人大会议的任务).
    claims = [one for _, one in stated if one.value in _parents() or place is None or same_place(one.value, place[0])]
    claims += [Claim.of("place", headed[0], "front matter", issuer)] if headed else []
    claims += [Claim.of("place", named[0], "file", stem)] if named else []
    if not stated:
        most = _most_named(lines)
        place = place or most
        claims += _by_text(place, most, lines)
    return place, tuple(dict.fromkeys(claims))


def _stated(opening: Sequence[str]) -> Iterator[tuple[Region, Claim]]:
    """What the report itself says, the surest first."""
    for line in opening:
        if national := _NATION.search(line):
            source: Source = "speech" if national.group().startswith("我") else "occasion"
            yield (NATION, None, None), Claim.of("place", NATION, source, line)
    for source, pattern in _STATED:
        for line in opening:
            if source == "title" and (len(line) > _LONGEST_TITLE or line[-1:] in SENTENCE_END):
                continue  # a sentence may speak of another place's report
            for match in pattern.finditer(line[:200]):
                place = resolved(match.group(1))
                if place is not None:
                    yield place, Claim.of("place", place[0], source, line)


def _by_text(place: Region | None, most: Region | None, lines: Sequence[str]) -> list[Claim]:
    """Where the report says nothing itself, its text speaks for a place that it names again and again."""
    if place is None:
        return []
    if most is not None and most[0] == place[0]:
        return [Claim.of("place", place[0], "text", f"{place[0]}提到得最多")]
    times = named_in("\n".join(lines), place[0])
    return [Claim.of("place", place[0], "text", f"{short_name(place[0])}出现{times}次")] if times >= _OFTEN else []


def _agreed(place: Region, named: Region | None) -> Region:
    """Fill in from the file name, or the head, what the text leaves open about the same place (清苑县 of old is 清苑区 today)."""
    if named is None or short_name(named[0]) != short_name(place[0]):
        return place
    alias = named[0] if named[0] != place[0] else place[2]
    return place[0], place[1] or named[1], alias


def _named_by_file(stem: str) -> Region | None:
    if stem.startswith((NATION, "国务院")):
        return NATION, None, None
    plain = re.sub(r"[\s_\-（()）《》\d]|年|(?:人民)?政府|工作报告.*|工作计划.*", "", stem)
    return resolved(plain)


def resolved(text: str) -> Region | None:
    """Return the place that a name ends with; one that no list holds is believed where it ends as places do."""
    name = _BEFORE.sub("", text).strip()
    if name in _GENERAL or len(name) < 2:
        return None
    parents = _parents()
    name = _usual().get(name, name)
    for whole_text in (text.strip(), name):  # what stands before may be a part of the name: 日在日喀则市
        for start in range(len(whole_text) - 1):
            if (place := whole_text[start:]) in parents:
                above = parents[place]
                before = [parent for parent in above if parent and whole_text[:start].endswith(parent)]
                return place, before[0] if before else above[0] if len(above) == 1 else None, None
    whole = [place for place in parents if short_name(place) == name]
    if len(whole) == 1:
        return whole[0], (parents[whole[0]] or (None,))[0], None
    if name[-1] not in _ENDS or len(name) > 10 or _NO_NAME.search(name):
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


@cache
def _usual() -> dict[str, str]:
    """What autonomous prefectures and counties are called for short: 文山州."""
    return {usual_name(place): place for place in _parents() if usual_name(place) != place}


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
