"""Numbers with their units and hedges, as reports and people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.language.folding import fold
from assistant.language.numerals import read_chinese, read_number

MAGNITUDES = {"十": 10.0, "百": 1e2, "千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8, "万亿": 1e12, "": 1.0}

MONEY = ("美元", "欧元", "港元", "日元", "人民币", "元")
AREA = ("平方公里", "平方千米", "平方米", "平米", "m2", "㎡", "公顷", "亩")
LENGTH = ("延长米", "公里", "千米", "米")
PERCENT = ("个百分点", "百分点", "个点", "%", "‰")
RATIO = ("倍",)
TIME = ("小时", "分钟", "工作日", "个月", "天", "周年")
PEOPLE = ("人次", "人", "名", "位", "户次")
WEIGHT = ("吨标准煤", "吨", "公斤", "千克", "斤", "立方米", "千瓦时", "千瓦", "蒸吨")
COUNT = tuple(
    """
    个 家 户 所 处 条 项 栋 座 台次 台套 台 件次 件 辆 套 场次 场 次 期 种 类 支 片 棵 株 班 列 艘次 艘 架 门 部 批 块 张 间 层 床 枚
    村 镇 街道 笔 宗 起 例 篇 本 届 头 只 匹 盏 眼 段 步 大类 方面 领域 股 组 对 颗 道 份 轮 口 面 道路 车次 航班 条次
    """.split()  # noqa: SIM905  # ninety quoted words read worse
)
_ALIAS = {"平米": "平方米", "m2": "平方米", "㎡": "平方米", "百分点": "个百分点", "个点": "个百分点", "千米": "公里"}
_ALIAS |= {"平方千米": "平方公里", "千克": "公斤", "人民币": "元"}

_UNIT = "|".join(
    sorted(
        (re.escape(u) for u in (*MONEY, *AREA, *LENGTH, *PERCENT, *RATIO, *TIME, *PEOPLE, *WEIGHT, *COUNT)), key=len
    )[::-1]
)
_MAGNITUDE = r"(?:万亿|百万|千万|亿|万|千|百)"
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
_HAN = r"[一二两三四五六七八九十百千ⅠⅡⅢⅣⅤ]"
_NO_UNIT = r"(?!位(?:数|一体))"  # 两位数, 三位一体
_TAIL = rf"(?:(?P<more>[余多几])| (?={_MAGNITUDE}|{_UNIT}))?(?P<magnitude>{_MAGNITUDE})?(?P<more2>[余多])?(?P<unit>{_NO_UNIT}(?:{_UNIT}))?"
_DIGIT_QUANTITY = re.compile(
    rf"(?<![\d.+A-Za-z第])(?P<low>{_DIGITS})(?:(?P<low_magnitude>{_MAGNITUDE})?(?P<low_unit>%|个)?[-—~至到]+(?P<high>{_DIGITS}))?{_TAIL}"
)
_HAN_QUANTITY = re.compile(
    rf"(?<![第\d.几数一二两三四五六七八九十百千万])(?P<low>{_HAN}{{1,7}})(?P<unit>{_NO_UNIT}(?:{_UNIT}))"
)
_FRACTION = re.compile(
    r"(?<![一二三四五六七八九十百千万])(?P<under>[二三四五六七八九十百千万]{1,5})分之(?P<over>[〇零一二两三四五六七八九十百]{1,7}(?:点[〇零一二三四五六七八九]+)?|\d+(?:\.\d+)?)"
)
_YEARS_LONG = re.compile(r"(?<![第\d一二三四五六七八九十])(?P<low>[两三四五六七八九十])年(?=行动|计划|规划|攻坚|倍增)")
_LASTS = re.compile(r"(?:连续|历时|为期|长达|用时)$")  # 连续7年 is a length of time, 24年 a year
_HALF = re.compile(r"一半|半数(?!据)")
_TENTHS = re.compile(r"(?<![\d.])(?P<low>[一二三四五六七八九]|\d+)成(?P<half>半)?(?![立为员长果熟绩功本都交渝品])")
_TIMES = re.compile(r"(?<![第几数一二两三四五六七八九十百千万])(?P<low>[一二两三四五六七八九十百]{1,5})倍")
_DOUBLED = re.compile(r"翻(?P<low>[一二两三四]|\d)?番|翻一番")

_BEFORE = re.compile(
    r"(?:不低于|不少于|不超过|不高于|高于|低于|超过|突破|至少|大约|约为|近|约|超|逾)(?:达|到|至|了|为)?$"
)
_EARLIER = re.compile(r"预计|力争|争取|确保|努力|拟(?=[^定])|有望")
_AFTER = re.compile(r"^(?:左右|以上|以内|以下|上下|之内|之多|以外)")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a text: `text[start:end]` without its hedges."""

    start: int
    end: int
    text: str
    value: float
    """In the base of `unit`; the lower end of a range."""
    unit: str
    """Normalised, without a magnitude: 元, %, 个百分点, 平方米, 户; empty where the text gives none."""
    high: float | None = None
    """Upper end of a range."""
    hedges: tuple[str, ...] = ()

    @property
    def hedge(self) -> str | None:
        return " ".join(self.hedges) or None


def find_quantities(text: str) -> list[Quantity]:
    """Find the quantities of a text in order. Years, dates, ordinals and code names such as 1+3+19+N are none."""
    folded = fold(text)
    taken = [False] * len(folded)
    found = []
    for pattern, read in _READERS:
        for match in pattern.finditer(folded):
            if any(taken[match.start() : match.end()]):
                continue
            reading = read(match, folded)
            if reading is None:
                continue
            value, high, unit, end = reading
            taken[match.start() : end] = [True] * (end - match.start())
            found.append(_with_hedges(text, folded, match.start(), end, value, high, unit, match))
    return sorted(found, key=lambda quantity: quantity.start)


_Reading = tuple[float, float | None, str, int] | None


def _read_digits(match: re.Match[str], folded: str) -> _Reading:
    after = folded[match.end() : match.end() + 2].lstrip(" ")
    unit = match["unit"] or ""
    names = after[:1] in ("年", "月", "日", "号", "+", "届") or (after[:1].isascii() and after[:1].isalpha())
    if names and not unit and not match["magnitude"]:
        lasts = match["high"] or _LASTS.search(folded[: match.start()])
        if not (lasts and after[:1] == "年" and float(match["low"].replace(",", "")) < 100):
            return None
        unit = "年"
    if _in_code_name(folded, match.start(), match.end()):
        return None
    magnitude = MAGNITUDES[match["magnitude"] or ""]
    low = read_number(match["low"])
    high = read_number(match["high"]) if match["high"] else None
    if low is None:
        return None
    low_magnitude = MAGNITUDES[match["low_magnitude"]] if match["low_magnitude"] else magnitude
    end = match.end() + (1 if unit == "年" else 0)
    return low * low_magnitude, None if high is None else high * magnitude, _ALIAS.get(unit, unit), end


def _in_code_name(folded: str, start: int, end: int) -> bool:
    """“1123”, “125培养体系”, 1+20+X: digits that name something and count nothing."""
    if folded[start - 1 : start] == "+" or folded[end : end + 1] == "+":
        return True
    return folded[start - 1 : start] in ("“", "‘") and folded[end - 1].isdigit()


def _read_han(match: re.Match[str], folded: str) -> _Reading:
    value = read_chinese(match["low"])
    if match["low"] == "一" or match["unit"] in ("期", "届", "步", "级", "轮"):
        return None  # 一批, 一个 count nothing; 二期, 三届 are ordinals
    return None if value is None else (value, None, _ALIAS.get(match["unit"], match["unit"]), match.end())


def _read_fraction(match: re.Match[str], folded: str) -> _Reading:
    under, over = 10_000.0 if match["under"] == "万" else read_chinese(match["under"]), read_number(match["over"])
    if not under or over is None:
        return None
    return (over, None, "‰", match.end()) if under == 1000 else (100 * over / under, None, "%", match.end())


def _read_years(match: re.Match[str], folded: str) -> _Reading:
    value = read_chinese(match["low"])
    return None if value is None else (value, None, "年", match.end())


def _read_half(match: re.Match[str], folded: str) -> _Reading:
    return 50.0, None, "%", match.end()


def _read_tenths(match: re.Match[str], folded: str) -> _Reading:
    value = read_number(match["low"])
    return None if value is None else (10 * value + (5 if match["half"] else 0), None, "%", match.end())


def _read_times(match: re.Match[str], folded: str) -> _Reading:
    value = read_number(match["low"])
    return None if value is None else (value, None, "倍", match.end())


def _read_doubled(match: re.Match[str], folded: str) -> _Reading:
    times = read_number(match["low"]) if match["low"] else 1.0
    return None if times is None else (times, None, "番", match.end())


_READERS = (
    (_FRACTION, _read_fraction),
    (_HALF, _read_half),
    (_YEARS_LONG, _read_years),
    (_TENTHS, _read_tenths),
    (_DIGIT_QUANTITY, _read_digits),
    (_DOUBLED, _read_doubled),
    (_TIMES, _read_times),
    (_HAN_QUANTITY, _read_han),
)


def _with_hedges(
    text: str, folded: str, start: int, end: int, value: float, high: float | None, unit: str, match: re.Match[str]
) -> Quantity:
    hedges = []
    clause_start = max(folded.rfind(mark, 0, start) for mark in ",;。:") + 1
    earlier = folded[max(clause_start, start - 24) : start]
    hedges += [found.group() for found in _EARLIER.finditer(earlier)]
    before = _BEFORE.search(earlier)
    if before:
        hedges.append(re.sub(r"[达到至了为]$", "", before.group()))
    found = match.groupdict()
    if found.get("more") or found.get("more2"):
        hedges.append(found.get("more") or found.get("more2") or "")
    after = _AFTER.match(folded[end:])
    if after:
        hedges.append(after.group())
    return Quantity(start, end, text[start:end], value, unit, high, tuple(dict.fromkeys(hedges)))


def same_figure(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities say the same by value and unit; 12000亿 and 1.2万亿 do, 5% and 5个百分点 do not."""
    return one.unit == other.unit and _close(one.value, other.value) and _close(one.high, other.high)


def _close(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= 1e-9 * max(1.0, abs(one), abs(other))
