"""Places in a question: catalogue names, short names, aliases, names with a typing error, and places not held."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from assistant.types import Report

_PEOPLES = (
    "蒙古族|蒙古|回族|藏族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克|傣族|黎族|傈僳族|佤族|畲族|水族|东乡族"
    "|纳西族|景颇族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|撒拉族|毛南族|仡佬族|锡伯族|塔吉克|怒族|鄂温克族|裕固族|独龙族|各族|布朗族|拉祜族|保安族"
)
_SUFFIX = re.compile(
    rf"(?:特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|(?:{_PEOPLES})+自治[州县旗]|自治[州县旗]|新区|地区|省|市|区|县|旗|盟)$"
)
_AUTONOMOUS = re.compile(r"自治[州县旗]$")
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
_ABBREVIATIONS = dict(
    pair.split("=")
    for pair in [
        "京=北京市",
        "津=天津市",
        "沪=上海市",
        "渝=重庆市",
        "冀=河北省",
        "晋=山西省",
        "辽=辽宁省",
        "吉=吉林省",
        "黑=黑龙江省",
        "苏=江苏省",
        "浙=浙江省",
        "皖=安徽省",
        "闽=福建省",
        "赣=江西省",
        "鲁=山东省",
        "豫=河南省",
        "鄂=湖北省",
        "湘=湖南省",
        "粤=广东省",
        "桂=广西壮族自治区",
        "琼=海南省",
        "川=四川省",
        "黔=贵州省",
        "滇=云南省",
        "陕=陕西省",
        "甘=甘肃省",
        "青=青海省",
        "宁=宁夏回族自治区",
        "蒙=内蒙古自治区",
        "新=新疆维吾尔自治区",
        "藏=西藏自治区",
    ]
)
_ABBREVIATED = re.compile(rf"^\s*(?P<place>[{''.join(_ABBREVIATIONS)}])省?(?=\s*(?:20)?\d\d(?!\d))")
"""A province by its one character opens a question and is followed by a year: 粤2024年进出口, 沪24年财收."""
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


def usual_name(region: str) -> str:
    """文山壮族苗族自治州 → 文山州, as it is called; other names stay as they are."""
    return f"{short_name(region)}{region[-1]}" if _AUTONOMOUS.search(region) else region


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


@cache
def _order_of_each() -> dict[str, tuple[int, int, int]]:
    order: dict[str, tuple[int, int, int]] = {"全国": (-1, -1, -1)}
    provinces = list(dict.fromkeys(row[0] for row in divisions()))
    for at, (province, prefecture, counties) in enumerate(divisions()):
        above = provinces.index(province)
        order.setdefault(province, (above, -1, -1))
        order.setdefault(prefecture or province, (above, at, -1))
        for place, county in enumerate(counties):
            order.setdefault(county, (above, at, place))
    return order


def division_order(region: str) -> tuple[int, int, int, str]:
    """A key that sorts places as the country's divisions are listed: a province, its prefectures, their counties; strangers last."""
    order = _order_of_each()
    known = order.get(region) or order.get(county_name(region)) or (len(order), 0, 0)
    return (*known, region)


class Gazetteer:
    """The places of a catalogue with all names they answer to, and the places of the country that it does not hold."""

    def __init__(self, reports: Iterable[Report]) -> None:
        reports = tuple(reports)
        self._known: dict[str, str] = {}
        for report in reports:
            own = (report.region, county_name(report.region), usual_name(report.region), short_name(report.region))
            for name in (*own, *report.aliases, *(_COUNTRY_NAMES if report.region == "全国" else ())):
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
        if abbreviated := _ABBREVIATED.match(text):
            name = _ABBREVIATIONS[abbreviated["place"]]
            places.append(Place(abbreviated.start("place"), abbreviated.end(), name, name in self._known))
        for match in self._pattern.finditer(text, places[0].end if places else 0):
            place = self._place(text, match)
            if place is not None:
                places.append(place)
        real = _without_ancestors([place for place in places if place.name != "全国"])
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
            return Place(start, end, self._whole[name], False)
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


def _without_ancestors(places: list[Place]) -> list[Place]:
    """The places without those that only say where the next one lies: of 哈尔滨市松北区 the district is asked about."""
    return [
        place
        for place, following in zip(places, [*places[1:], None], strict=False)
        if following is None or place.end != following.start or place.name not in ancestors(following.name)
    ]


@cache
def ancestors(name: str) -> frozenset[str]:
    """Return the larger places that a place may lie in; several provinces may have a county of one name."""
    county = county_name(name)
    above: set[str] = set()
    for province, prefecture, counties in divisions():
        if county in counties:
            above |= {province, prefecture}
        elif name == prefecture:
            above.add(province)
    return frozenset(above - {"", name})


def _opens(text: str, match: re.Match[str]) -> bool:
    """Whether 全国 opens a question or follows its year, and is not 全国第一 or 全国平均."""
    opens = not text[: match.start()].strip() or bool(re.search(r"(?:\d年?|去年|今年|的)$", text[: match.start()]))
    return opens and not re.match(r"第|前|最|首|唯一|领先|平均|排名|百强|重点|先进|文明|人大", text[match.end() :])


def _strangers(reports: tuple[Report, ...], known: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Names of places that are not held, each to the whole one, and short names that can be told from ordinary words.

    Short names are taken of provinces and prefectures, and of the counties beside those held, which users are most
    likely to ask for; 和平, 长安 and the like elsewhere are ordinary words.
    """
    parents = {report.parent for report in reports} | {report.region for report in reports}
    held_counties = {county_name(report.region) for report in reports}
    whole = set(_NEW_AREAS)
    short: dict[str, str] = {}
    usual: dict[str, str] = {}
    for province, prefecture, counties in divisions():
        near = prefecture in parents or (not prefecture and province in parents) or bool(held_counties & set(counties))
        whole |= {province, *([prefecture] if prefecture else []), *(county for county in counties if len(county) > 2)}
        for name in filter(None, (province, prefecture, *counties)):
            if usual_name(name) != name and len(short_name(name)) >= 2:
                usual.setdefault(usual_name(name), name)
        for name in (province, prefecture, *(counties if near else ())):
            if name and len(short_name(name)) >= 2:
                short.setdefault(short_name(name), name)
    whole -= set(known)
    named = {name: name for name in whole} | {name: full for name, full in usual.items() if name not in known}
    return named, {name: full for name, full in short.items() if name not in known and name not in named}


def _one_wrong(name: str) -> re.Pattern[str]:
    """Pattern of a name with any one character but the last replaced, at every place where it fits."""
    forms = (f"{re.escape(name[:at])}.{re.escape(name[at + 1 :])}" for at in range(len(name) - 1))
    return re.compile(f"(?=({'|'.join(forms)}))", re.DOTALL)


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) or r"(?!)")
