"""Years and horizons as questions and reports write them: 2025年, 五年来, 今后五年, 2021年1—11月; the rules stand in `rules/periods.toml`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.language.folding import fold
from assistant.language.numerals import read_chinese, read_number
from assistant.language.ruleset import read_rules
from assistant.types import Period


@dataclass(frozen=True, slots=True)
class PeriodMention:
    """A period and the characters it was read from."""

    start: int
    end: int
    period: Period


_RULES = [rule for rule in read_rules("periods").values() if not rule.row.get("part")]
_PATTERN = re.compile("|".join(rule.source for rule in _RULES if not rule.row.get("asked")))
_ASKED = re.compile("|".join(rule.source for rule in _RULES))

PAST_FIVE = "过去五年"
NEXT_FIVE = "今后五年"


def read_year(text: str) -> int | None:
    """Read 2024, 24 or 二〇二四 as a year; two digits belong to this century."""
    value = read_number(fold(text)) if len(text) <= 4 else None
    if value is None or value < 0 or value % 1:
        return None
    return int(value) + 2000 if value < 100 else int(value)


def find_periods(
    text: str, report_year: int | None = None, this_year: int | None = None, *, asked: bool = False
) -> list[PeriodMention]:
    """Find the periods a text names, in order; where it is `asked`, a question, those too that only questions name so.

    `report_year` anchors 五年来 and 今后五年; `this_year` anchors 今年 and 去年 and is the report year where it is
    not given. Without an anchor such periods have a label but no years.
    """
    anchor = this_year if this_year is not None else report_year
    mentions: list[PeriodMention] = []
    named: int | None = None
    for match in (_ASKED if asked else _PATTERN).finditer(fold(text)):
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
    if found["since"]:
        first = read_year(found["since"])
        return Period(f"{first}年以来", first, report_year and max(first or report_year, report_year - 1))
    if found["until"]:
        last = read_year(found["until"])
        return Period(f"到{last}年", report_year if report_year and last and report_year <= last else last, last)
    if found["gloss"] or found["year"] or found["short"]:
        year = read_year(found["gloss"] or found["year"] or found["short"])
        return year_period(year) if year and 1949 <= year <= 2100 else None
    if number := found["plan_number"] or found.get("plan_said_number"):
        first = 2021 + 5 * ("一二三四五六".index(number) - 3)
        return Period(f"“十{number}五”时期", first, first + 4)
    return _read_relative(found, report_year, anchor)


def _read_relative(found: dict[str, str | None], report_year: int | None, anchor: int | None) -> Period:
    if found["past"]:
        return Period(PAST_FIVE, report_year and report_year - 5, report_year and report_year - 1)
    if found["future"]:
        return Period(NEXT_FIVE, report_year, report_year and report_year + 4)
    if few := found["recent"] or found["recent_too"]:
        years = int(read_chinese(few) or 0)
        return Period(f"近{few}年", report_year and report_year - years, report_year and report_year - 1)
    for name, offset in (("last", -1), ("before_last", -2), ("this", 0), ("next", 1)):
        if found[name]:
            return year_period(anchor + offset) if anchor else Period(str(found[name]))
    raise AssertionError("the pattern has a branch that is not read")
