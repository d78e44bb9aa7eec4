"""Years and horizons as questions and reports write them: 2025年, 五年来, 今后五年, 2021年1—11月, 到2026年."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.language.folding import fold
from assistant.language.numerals import read_number
from assistant.types import Period


@dataclass(frozen=True, slots=True)
class PeriodMention:
    """A period and the characters it was read from."""

    start: int
    end: int
    period: Period


_YEAR = r"(?:(?:19|20)\d{2}|[二一][〇零九][〇零一二三四五六七八九]{2})"
_SHORT = r"(?<![\d.\-—])[0-4]\d(?=年(?!来|内|前|后|以|间|的?时间))"
_DASH = r"[-—~至到]+"
_PATTERN = re.compile(
    rf"(?:去年|今年|前年|上年|明年)[(（](?P<gloss>{_YEAR})年?[)）]"
    rf"|(?P<span>{_YEAR})年?{_DASH}(?P<span_end>{_YEAR})年?"
    rf"|(?:(?P<months_year>{_YEAR})年)?(?P<months>\d{{1,2}}月?{_DASH}\d{{1,2}}月份?|前(?:\d{{1,2}}|十一|十|[三六九])个月|上半年|前三季度|一季度)"
    rf"|(?:到|至)(?P<until>{_YEAR})年(?:底|末)?"
    rf"|(?P<year>{_YEAR})(?:年度?|(?=$|[^\d年.%,人个家户名亩元万亿米公平吨处条项所件套台座次多余余位栋株]))"
    rf"|(?P<short>{_SHORT})年"
    r"|(?P<past>(?:过去|近|这|前|最近|上)的?[五5]年(?:里|来|间|中)?|(?<![十\d.—~-])[五5]年(?:来|里|间|以来)|(?<![第个十的\d.—~-])[五5]年(?!行动|规划|计划|普法|内|级|制|前|后|历程|奋斗|[,，。”])"
    r"|(?:过去|近|这|最近)几年|(?:本|上一?)届政府)"
    r"|(?P<future>(?:今后|未来|下一个|后|接下来)的?[五5]年)"
    r"|(?P<plan>[“\"]?十(?P<plan_number>[一二三四五六])五[”\"]?(?:时期|期间|以来|末|规划期))"
    r"|(?P<three>(?:近|过去|这)三年)"
    r"|(?P<last>去年|过去的?一年|上一?年度?)"
    r"|(?P<before_last>前年)"
    r"|(?P<this>今年|本年度?)"
    r"|(?P<next>明年|下一?年)"
)

PAST_FIVE = "过去五年"
NEXT_FIVE = "今后五年"


def read_year(text: str) -> int | None:
    """Read 2024, 24 or 二〇二四 as a year; two digits belong to this century."""
    value = read_number(fold(text)) if len(text) <= 4 else None
    if value is None or value < 0 or value % 1:
        return None
    return int(value) + 2000 if value < 100 else int(value)


def find_periods(text: str, report_year: int | None = None, this_year: int | None = None) -> list[PeriodMention]:
    """Find the periods a text names, in order.

    `report_year` anchors 五年来 and 今后五年; `this_year` anchors 今年 and 去年 and is the report year where it is
    not given. Without an anchor such periods have a label but no years.
    """
    anchor = this_year if this_year is not None else report_year
    mentions: list[PeriodMention] = []
    named: int | None = None
    for match in _PATTERN.finditer(fold(text)):
        # 「2021年社零,1-11月增速」: months belong to the year named before them.
        period = _read(match, report_year, (named or anchor) if match["months"] else anchor)
        if period is not None:
            mentions.append(PeriodMention(match.start(), match.end(), period))
            named = period.last if period.first is not None and period.first == period.last else named
    return mentions


def read_month(text: str) -> int:
    """Read 11 or 十一 as a month."""
    return int(read_number(text) or 0)


def year_period(year: int) -> Period:
    """Return the period of one whole calendar year."""
    return Period(f"{year}年", year, year)


def _read(match: re.Match[str], report_year: int | None, anchor: int | None) -> Period | None:
    found = match.groupdict()
    if found["span"]:
        first, last = read_year(found["span"]), read_year(found["span_end"])
        return Period(f"{first}—{last}年", first, last)
    if found["months"]:
        year = read_year(found["months_year"]) if found["months_year"] else anchor
        months = re.sub(r"^前(.+)个月$", lambda m: f"1—{read_month(m[1])}月", found["months"])
        return Period(f"{year}年{months}" if year else months, year, year, partial=True)
    if found["until"]:
        last = read_year(found["until"])
        return Period(f"到{last}年", report_year if report_year and last and report_year <= last else last, last)
    if found["gloss"] or found["year"] or found["short"]:
        year = read_year(found["gloss"] or found["year"] or found["short"])
        return year_period(year) if year and 1949 <= year <= 2100 else None
    if found["plan"]:
        first = 2021 + 5 * ("一二三四五六".index(found["plan_number"]) - 3)
        return Period(f"“十{found['plan_number']}五”时期", first, first + 4)
    return _read_relative(found, report_year, anchor)


def _read_relative(found: dict[str, str | None], report_year: int | None, anchor: int | None) -> Period:
    if found["past"]:
        return Period(PAST_FIVE, report_year and report_year - 5, report_year and report_year - 1)
    if found["future"]:
        return Period(NEXT_FIVE, report_year, report_year and report_year + 4)
    if found["three"]:
        return Period("近三年", report_year and report_year - 3, report_year and report_year - 1)
    for name, offset in (("last", -1), ("before_last", -2), ("this", 0), ("next", 1)):
        if found[name]:
            return year_period(anchor + offset) if anchor else Period(str(found[name]))
    raise AssertionError("the pattern has a branch that is not read")
