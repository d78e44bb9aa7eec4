"""Places in a question: catalogue names, short names, aliases, names with a typing error, and places not held."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from assistant.types import Report

_SUFFIX = re.compile(
    r"(?:特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|[\u4e00-\u9fff]{1,6}族自治[州县]|自治[州县旗]|新区|地区|省|市|区|县|旗|盟)$"
)
_COUNTY = re.compile(r"(?<=[市州盟])(?=[^市州盟]{2,}(?:区|县|旗|市)$)")
_NEW_AREAS = tuple(
    f"{name}新区"
    for name in (
        *("浦东", "滨海", "两江", "舟山群岛", "兰州", "南沙", "西咸", "贵安", "西海岸", "金普"),
        *("天府", "湘江", "江北", "福州", "滇中", "哈尔滨", "长春", "赣江", "雄安"),
    )
)
"""The new areas that the State Council has approved; few of them are divisions of their own."""
_COUNTRY_NAMES = ("全国", "我国", "国务院", "中国", "国家", "中央")
_MAY_STAND_BEFORE = "在和跟与问对从的年那、请比，,。？?：: 及把给叫看查"
_MAY_FOLLOW = re.compile(
    r"[^\u4e00-\u9fff]|[的今去前明整呢和与跟及、]|全[省市区县年]|20|二〇|近五|过去|未来|目标|地区生产|生产总值|社零|固投|财政|政府|报告|$"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place named in a question, at `text[start:end]`."""

    start: int
    end: int
    name: str
    """The catalogue's name of it, or its usual name where the catalogue has none."""
    known: bool
    """Whether the catalogue holds a report of it."""
    corrected: bool = False
    """True where a typing error was forgiven."""


def short_name(region: str) -> str:
    """松北区 → 松北; 保定市徐水区 → 徐水; a name that would shrink to one character stays whole (易县)."""
    last = county_name(region)
    short = _SUFFIX.sub("", last)
    return short if len(short) >= 2 else last


def county_name(region: str) -> str:
    """保定市徐水区 → 徐水区; other names stay as they are."""
    return _COUNTY.split(region, maxsplit=1)[-1]


@cache
def divisions() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Rows of (province, prefecture or "", counties) of `places.tsv`."""
    text = resources.files("assistant.language").joinpath("places.tsv").read_text("utf-8")
    rows = []
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        province, prefecture, counties = line.split("\t")
        rows.append((province, "" if prefecture == "-" else prefecture, tuple(counties.split())))
    return tuple(rows)


class Gazetteer:
    """The places of a catalogue with all names they answer to, and the places of the country that it does not hold."""

    def __init__(self, reports: Iterable[Report]) -> None:
        reports = tuple(reports)
        self._known: dict[str, str] = {}
        for report in reports:
            names = (report.region, county_name(report.region), short_name(report.region), *report.aliases)
            for name in (*names, *(_COUNTRY_NAMES if report.region == "全国" else ())):
                self._known.setdefault(name, report.region)
        self._whole, self._short = _strangers(reports, self._known)
        self._pattern = _any_of({*self._known, *self._whole, *self._short})
        self._mistaken = [(n, _one_wrong(n)) for n in self._known if len(n) >= 3 and _SUFFIX.search(n)]

    def names_of(self, region: str) -> tuple[str, ...]:
        """All names the catalogue knows a region by."""
        return tuple(name for name, known in self._known.items() if known == region)

    def find(self, text: str) -> list[Place]:
        """Find the places a question names, in order. A typing error is forgiven only where nothing else was named."""
        places = []
        for match in self._pattern.finditer(text):
            place = self._place(text, match)
            if place is not None:
                places.append(place)
        real = [place for place in places if place.name != "全国"]
        return real or places or self._typing_errors(text)

    def _place(self, text: str, match: re.Match[str]) -> Place | None:
        name, start, end = match.group(), match.start(), match.end()
        before, after = text[start - 1 : start], text[end : end + 1]
        if name in self._known:
            region = self._known[name]
            if after and after in "市县省旗" and not region.endswith(after):
                return None
            generic = name in ("新区", "高新区", "开发区") or name in _COUNTRY_NAMES
            if generic and "\u4e00" <= before <= "\u9fff" and before not in _MAY_STAND_BEFORE:
                return None
            if name in _COUNTRY_NAMES and not (_MAY_FOLLOW.match(text[end : end + 3]) or _opens(text, match)):
                return None
            return Place(start, end, region, True)
        if name in self._whole:
            return Place(start, end, name, False)
        return Place(start, end, self._short[name], False) if _MAY_FOLLOW.match(text[end : end + 4]) else None

    def _typing_errors(self, text: str) -> list[Place]:
        """One wrong character in a name of three or more that is not itself the name of another place: 松被区."""
        found: dict[int, Place] = {}
        for name, pattern in self._mistaken:
            for match in pattern.finditer(text):
                if match[1] != name and match[1] not in self._whole:
                    place = Place(match.start(1), match.end(1), self._known[name], True, corrected=True)
                    found.setdefault(place.end, place)
        return [found[end] for end in sorted(found)]


def _opens(text: str, match: re.Match[str]) -> bool:
    """Whether 全国 opens a question or follows its year, and is not 全国第一 or 全国平均."""
    opens = not text[: match.start()].strip() or bool(re.search(r"(?:\d年?|去年|今年|的)$", text[: match.start()]))
    return opens and not re.match(r"第|前|最|首|唯一|领先|平均|排名|百强|重点|先进|文明|人大", text[match.end() :])


def _strangers(reports: tuple[Report, ...], known: dict[str, str]) -> tuple[set[str], dict[str, str]]:
    """Whole names of places that are not held, and short names that can be told from ordinary words.

    Short names are taken of provinces and prefectures, and of the counties beside those held, which users are most
    likely to ask for; 和平, 长安 and the like elsewhere are ordinary words.
    """
    parents = {report.parent for report in reports} | {report.region for report in reports}
    held_counties = {county_name(report.region) for report in reports}
    whole = set(_NEW_AREAS)
    short: dict[str, str] = {}
    for province, prefecture, counties in divisions():
        near = prefecture in parents or (not prefecture and province in parents) or bool(held_counties & set(counties))
        whole |= {province, *([prefecture] if prefecture else []), *(county for county in counties if len(county) > 2)}
        for name in (province, prefecture, *(counties if near else ())):
            if name and len(short_name(name)) >= 2:
                short.setdefault(short_name(name), name)
    whole -= set(known)
    return whole, {name: full for name, full in short.items() if name not in known and name not in whole}


def _one_wrong(name: str) -> re.Pattern[str]:
    """Pattern of a name with any one character but the last replaced, at every place where it fits."""
    forms = (f"{re.escape(name[:at])}.{re.escape(name[at + 1 :])}" for at in range(len(name) - 1))
    return re.compile(f"(?=({'|'.join(forms)}))", re.DOTALL)


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) or r"(?!)")
