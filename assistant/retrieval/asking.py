"""What the wording of a question asks for: a number in which unit, a list, a reason; a goal or a result; a comparison."""

from __future__ import annotations

import re
from typing import Literal

from assistant.language.periods import PeriodMention, find_periods
from assistant.language.quantities import UNITS
from assistant.language.ruleset import read_rules
from assistant.query.heads import Asked

Shape = Literal["number", "rank", "list", "explain", "define", "who", "when", "fact"]
Measure = Literal["growth", "amount", "share"]

_RULES = read_rules("asking")
_SUPERLATIVE = _RULES["asks for the most"].pattern
_UNIT_ASKED = _RULES["asks for a number"].pattern
_MONEY_ASKED = _RULES["asks for money"].pattern
_AREA_ASKED = _RULES["asks for an area"].pattern
_LENGTH_ASKED = _RULES["asks for a length"].pattern
_WHY = _RULES["asks for reasons"].pattern
_WHEN = _RULES["asks for a time"].pattern
_RANK = _RULES["asks for a rank"].pattern
_NAMES = _RULES["asks for names"].pattern
_GROWTH_BASE = _RULES["growth over a time"].pattern
_NEWEST = _RULES["asks for the newest"].pattern
_EXPLAIN = _RULES["asks to explain"].pattern
_DEFINE = _RULES["asks for a definition"].pattern
_WHO = _RULES["asks who"].pattern
_REPORT_NAMED = _RULES["names a report by its year"].pattern
_LATE = 11
"""The month from which a report is that of the year to come: what is delivered in December plans for the next one."""


def periods_asked(folded: str, this_year: int) -> list[PeriodMention]:
    """Return the times that a question names, but for those that a growth is measured from."""
    bases = [(match.start(), match.end()) for match in _GROWTH_BASE.finditer(folded)]
    named = report_years_named(folded)
    found = find_periods(folded, this_year=named[0] if len(named) == 1 else this_year, asked=True)
    if len(named) == 1 and len(found) > 1:
        # 2022年政府工作报告里，去年…: the report's year says what 去年 is, and is not asked about itself.
        found = [m for m in found if not _REPORT_NAMED.match(folded, m.start)]
    return [m for m in found if not any(start <= m.start < end for start, end in bases)]


def without_growth_bases(folded: str) -> str:
    """The text with the times that a growth is measured from blanked by line breaks."""
    return _GROWTH_BASE.sub(lambda match: "\n" * len(match.group()), folded)


def is_superlative(folded: str) -> bool:
    """Whether the highest or the lowest of all is asked for."""
    return bool(_SUPERLATIVE.search(folded))


def report_years_named(folded: str) -> tuple[int, ...]:
    """Years of reports named as such: 「2022年那份报告」, 「2022年1月那次报告」."""
    found = list(_REPORT_NAMED.finditer(folded))
    years = (int(match["year"]) + (int(match["month"] or 1) >= _LATE) for match in found)
    return tuple(year + 2000 if year < 100 else year for year in years)


def shape_asked(folded: str, asked: Asked) -> Shape:
    """What kind of answer is asked for."""
    if _DEFINE.search(folded):
        return "define"
    if _WHO.search(folded):
        return "who"
    if _RANK.search(folded):
        return "rank"
    if _WHY.search(folded):
        return "explain"
    counts = asked.wants == "names" and not _NAMES.search(folded) and numbers_asked(folded)
    if asked.wants == "number" or counts:  # 创建几个示范村 asks for no names, however the rest sounds
        return "number"
    if asked.wants == "names":
        return "list"
    if _WHEN.search(folded):
        return "when"
    return "explain" if _EXPLAIN.search(folded) else "fact"


_NUMBER_MEANT = _RULES["means a number"].pattern
_NOT_A_NUMBER = _RULES["asks for words"].pattern
_NOT_ASKED = _RULES["asks for no number"].pattern
_NAMES_ASKED = _RULES["asks what they are"].pattern


def numbers_asked(folded: str) -> list[re.Match[str]]:
    """One match for each number asked, with the unit named as group `unit`."""
    asked = [
        m for m in _UNIT_ASKED.finditer(folded) if not _NOT_ASKED.search(folded[: m.start()]) and m.group()[0] != "哪"
    ]
    asked = [
        m
        for m in asked
        if not re.match(r"[份]|几(?:份|点|时)", m["unit"] or m.group()) and not _NAMES_ASKED.match(folded[m.end() :])
    ]
    return asked or [m for m in _NUMBER_MEANT.finditer(folded) if not _NOT_A_NUMBER.search(folded)]


def without_idle_measures(folded: str) -> str:
    """The text without the 个 of 多少个亿, which counts nothing."""
    return re.sub(r"(?<=[少几])个(?=亿|万)", "", folded)


def units_asked(folded: str, shape: Shape, measure: Measure | None) -> tuple[tuple[str, ...], ...]:
    """For each number asked, the units it may come in; an empty tuple where any will do."""
    if shape != "number":
        return ()
    return tuple(_unit_family(match, folded, measure) for match in numbers_asked(folded))


def _unit_family(match: re.Match[str], folded: str, measure: Measure | None) -> tuple[str, ...]:
    """The units that an answer to 多少X may come in, best first."""
    unit = re.sub(r"^个(?=小时|月)", "", match["unit"] or "")
    unit = "个月" if unit == "月" else unit
    for asked, family in _FAMILIES.items():
        if unit in asked:
            return ("美元",) if "美元" in folded and family is _MONEY else family
    if unit in _COUNTING:
        return tuple(dict.fromkeys((unit, *_COUNTING)))
    if unit:
        return (unit,)
    if _PEOPLE_ASKED.search(folded[: match.start()]) and measure not in ("growth", "share"):
        return PEOPLE
    if "亿" in match.group():
        return _MONEY
    if "万" in match.group():
        return _NO_PERCENT
    around = folded[max(0, match.start() - 10) : match.end() + 2]
    if measure in ("growth", "share"):
        return ()
    if _AREA_ASKED.search(around):
        return _AREA
    if _LENGTH_ASKED.search(around):
        return _LENGTH
    if _MONEY_ASKED.search(around):
        return (*_MONEY, "%")
    # 多少 before a noun counts things; 多少 at the end may be anything.
    return _NO_PERCENT if re.match(r"[\u4e00-\u9fff]{2,}", folded[match.end() :]) else ()


_NO_PERCENT = tuple(
    dict.fromkeys(
        (
            *UNITS["count"],
            *UNITS["people"],
            "元",
            "美元",
            "平方米",
            "亩",
            "公顷",
            "平方公里",
            "公里",
            "米",
            "延长米",
            *UNITS["weight"],
            *UNITS["time"],
            "年",
            "",
        )
    )
)
_MONEY = ("元", "美元")
PEOPLE = ("人", "名", "位", "人次", "个")
"""Units that an answer to 多少人 may come in."""
_AREA = ("平方米", "亩", "公顷", "平方公里")
_LENGTH = ("公里", "米", "延长米")
_FAMILIES: dict[tuple[str, ...], tuple[str, ...]] = {
    ("个百分点", "百分点", "个点", "比例"): ("%", "个百分点"),
    ("元", "钱", "资金", "投资", "收入"): _MONEY,
    ("平方米", "平米", "㎡", "面积"): _AREA,
    ("公里", "米", "延长米"): _LENGTH,
    ("人", "名", "位"): PEOPLE,
    ("棵", "株"): ("株", "棵"),
    ("周年",): ("周年", "年"),
    ("年",): ("年", "周年"),
    ("样",): ("个", "项", "种", "类"),
}
_COUNTING = (
    "个",
    "家",
    "户",
    "项",
    "处",
    "名",
    "所",
    "条",
    "座",
    "栋",
    "幢",
    "件",
    "种",
    "类",
    "方面",
    "台",
    "套",
    "人",
    "场",
    "次",
    "块",
    "村",
    "人次",
)


def without_asking(text: str) -> str:
    """The text with question words, modal words and their units blanked by line breaks, for segmentation."""
    for pattern in (_NEWEST, _NO_CONTENT):
        text = pattern.sub(lambda match: "\n" * len(match.group()), text)
    return text


def is_of_the_newest(folded: str) -> bool:
    """Whether the newest of what is held is asked for, in so many words."""
    return bool(_NEWEST.search(folded))


_NO_CONTENT = _RULES["asks and says nothing"].pattern
_PEOPLE_ASKED = _RULES["people asked"].pattern
