"""What a figure says of its subject: a level or a change, which way, of which time, as a goal or as a result."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from assistant.facts.fact import Aggregate, Measure
from assistant.facts.phrases import RULES
from assistant.language.periods import PeriodMention, find_periods, year_period
from assistant.language.quantities import Quantity
from assistant.language.regions import divisions
from assistant.language.roles import ROLES
from assistant.language.sentences import Span
from assistant.types import Paragraph, Period, Report, Role

PERCENT = ("%", "个百分点", "倍", "番", "‰")
_NEAR = 16
"""Characters before a figure in which a word says what it measures."""
_UP_TO = RULES["up to"].pattern
_BARE_CHANGE = re.compile(rf"{RULES['change'].source}(?:分别|均|都)?(?:了|约|近|超过?|逾|不低于|不少于|幅度)*$")
_SHARE_OF = re.compile(
    r"占(?!比|到|据)(?P<whole>[^,，。;；、]{1,16}?)(?:的?(?:比重|比例|份额|比))?(?:的|达到?|为|超过?|约|近|提高|提升|上升|降|分别|均|预计|力争|将|已|由|从|到|至)*$"
)
_BASE = re.compile(
    r"(?:[比较]|高于|低于|快于|慢于|多于|少于|高出|超出|超)(?P<base>[^,，。;；]{1,14}?)(?:提?[高低快慢多少大小]|平均(?:水平)?)?(?:出|了|约|近|达)*$"
)
_SINCE = "比"
_HAS_GROWN = re.compile(r"(?:年?[末底])?(?:分别|累计|均|共|净|大幅)*(?:增|提高|翻|下降|减|降|上升|扩大)")
_BASE_YEAR = re.compile(r"比$|较$|比[^,]{0,3}$|[高低快慢好优大小多少]于$|超过?$")
_SAME_AS = re.compile(r"[与和同跟](?=[上去前])")
"""进出口总额与上年持平: the year before is what is compared with."""
_OF_ONE_FIGURE = re.compile(r"的\d")
"""从2015年的2681元提高到…: the year is that of the figure behind it, and not of the clause."""
_SPEED = re.compile(r"(?:增速|增幅|涨幅|降幅|(?<!自然)增长率|增长速度)[^,，]{0,8}$")
_AT_A_SPEED = re.compile(r"的(?:年均|平均)?(?:速度|增速|增幅|幅度|增长)")
_BARE_YEAR = re.compile(r"(?<=[\u4e00-\u9fff])(?<![到至在从自截由年])\d{4}")
"""A year without its word inside a name: 中国制造2025朝阳行动."""
_SINCE_THEN = re.compile(r"(?:是|为|自|自从)\d{4}年(?:的|[^,，。;；]{0,16}以来)")
_OPENING = 12
"""Characters from the start of a clause within which a time turns all of it to that time."""
_ANNOUNCED = 30
"""Characters behind 明年 within which it is said that goals follow."""
_MARKS = "，,、。；; \n其中"
_DISTRICT = re.compile(r"[市州盟].+[市区县旗]$")
_TIMES_OF = re.compile(r"是(?P<base>[^,，。;；]{2,12})的$")


def this_year(report: Report, role: Role | None) -> int:
    """The year that 今年 means: a report given in December speaks of the year that is ending when it reviews."""
    if role == "actual" and report.delivered and report.delivered[:4].isdigit():
        return min(int(report.delivered[:4]), report.report_year)
    return report.report_year


def planned(time: PeriodMention, text: str, report: Report) -> PeriodMention:
    """The time that a report names; 明年 may be the year that it plans for, since it was given before that year began."""
    words = text[time.start : time.end]
    if words in ("过去一年", "过去的一年"):
        return replace(
            time, period=year_period(report.report_year - 1)
        )  # the year that it looks back on, in December too
    if words not in ("明年", "下年", "下一年"):
        return time
    before = report.delivered is not None and report.delivered[:4] < str(report.report_year)
    if before or RULES["announces goals"].pattern.search(text, time.end, time.end + _ANNOUNCED):
        return replace(time, period=year_period(report.report_year))
    return time


def measure_of(before: str, quantity: Quantity, behind: str) -> Measure | None:
    """Which kind of figure the words before it (of its clause) make of it; None where they do not tell."""
    before = before.rstrip()
    near = before[-_NEAR:]
    if RULES["comparison"].pattern.search(before[-24:]) and not RULES["against the year before"].pattern.search(near):
        return "comparison"
    if quantity.unit not in PERCENT:
        return "change" if _BARE_CHANGE.search(near) or quantity.unit == "个位次" else "level"
    if quantity.unit == "个百分点" and _BARE_CHANGE.search(near):
        return "change"  # 占比提高1个百分点
    if RULES["of a plan"].pattern.search(before[-24:]):
        return "rate"
    if _SHARE_OF.search(before[-24:]) or re.search(r"(?:占比|比重|份额)[^,，]{0,6}$", before):
        return "share"
    if quantity.unit in ("番", "个百分点"):
        return "change"
    if _SPEED.search(near) or _AT_A_SPEED.match(behind):
        return "change"
    if RULES["change of a density"].pattern.search(near):
        return "change"
    if RULES["rate"].pattern.search(near):
        return "rate"
    if RULES["change"].pattern.search(near) and not _UP_TO.search(_without_hedges(near)):
        return "change"
    if behind.startswith("的"):
        return "share"
    return None


def _without_hedges(text: str) -> str:
    return re.sub(r"(?:约|近|超过?|突破|逾)+$", "", text)


def direction_of(before: str, behind: str) -> int:
    """Return -1 where the words before a figure, or else behind it, tell of a fall, 1 of a rise, 0 of neither."""
    near = _without_hedges(before)[-_NEAR:]  # 能耗降幅超过3% is no rise
    down, up = _last("down", near), _last("up", near)
    if down < 0 and up < 0:
        down, up = _last("down", behind[:4]), _last("up", behind[:4])
    return 0 if down == up else -1 if down > up else 1


def _last(rule: str, text: str) -> int:
    return max([match.start() for match in RULES[rule].pattern.finditer(text)], default=-1)


def compared_with(before: str, measure: Measure) -> str | None:
    """The whole of a share, or what a comparison is made with, as it is written."""
    if measure == "share":
        found = _SHARE_OF.search(before[-28:])
        return found["whole"].strip() if found else None
    if measure == "comparison":
        found = _TIMES_OF.search(before) or _BASE.search(before)
        return found["base"].strip() if found else None
    return None


def counts(figure: Quantity, subject: Sequence[Span]) -> bool:
    """Whether a figure counts the thing that is named behind it: 增加1万个停车位, unlike 优良天数增加19天."""
    return figure.unit != "个位次" and any(start >= figure.end for start, _ in subject)


def aggregate_of(before: str, measure: Measure, period: Period | None, role: Role | None) -> Aggregate | None:
    """Whether a figure is an average per year or a sum over several; a goal for several years is one only where it says so."""
    if RULES["a year"].pattern.search(before):
        return "average"
    if measure in ("level", "change") and RULES["in all"].pattern.search(before):
        return "cumulative"
    if RULES["stock"].pattern.search(before) or (role == "target" and not RULES["adds up"].pattern.search(before)):
        return None
    spans = period is not None and period.first is not None and period.last is not None and period.first < period.last
    return "cumulative" if spans and measure in ("level", "change") and not period_ends(period) else None


def period_ends(period: Period | None) -> bool:
    """Whether a span of years is a date to be met (到2025年) and no time over which things add up."""
    return period is not None and period.label.startswith("到")


def grown_since(text: str, times: Sequence[PeriodMention], current: Period | None) -> Period | None:
    """The years that 「比2011年增长21.9%」 has grown over; None where the base is the year before or none is named."""
    if current is None or current.last is None:
        return None
    for time in times:
        base = time.period.last
        if base is None or time.period.first != base or text[time.start - 1 : time.start] not in ("比", "较"):
            continue
        if base < current.last - 1 and _HAS_GROWN.match(text, time.end):
            return Period(f"{_SINCE}{base}年", base + 1, current.last)
    return None


def is_since(period: Period) -> bool:
    """Whether a period is the time since a base: 比2011年增长."""
    return period.label.startswith(_SINCE)


def is_yearly(text: str) -> bool:
    """Whether a clause tells an average per year."""
    return RULES["a year"].pattern.search(text) is not None


def is_one_year(period: Period | None) -> bool:
    """Whether a period is one whole year."""
    return period is not None and period.first == period.last and period.first is not None and not period.partial


def is_span(period: Period | None, year: Period | None) -> bool:
    """Whether a period is several years, this one among them."""
    if period is None or year is None or None in (period.first, period.last, year.last):
        return False
    return period.first < period.last and period.first <= year.last <= period.last  # type: ignore[operator]


def years_spoken_of(paragraph: Paragraph, report: Report) -> Period | None:
    """The years that a paragraph, or the heading above it, looks back on: those of 「2020年和“十三五”工作回顾」 too."""
    if not is_one_year(paragraph.period):
        return paragraph.period
    for heading in paragraph.headings:
        for mention in find_periods(heading, report.report_year):
            if is_span(mention.period, paragraph.period):
                return mention.period
    return paragraph.period


def names_last_year_too(paragraph: Paragraph, report: Report) -> bool:
    """Whether a heading above a paragraph that looks back on several years names the last of them as well."""
    years = paragraph.period
    return years is not None and any(
        is_one_year(mention.period) and mention.period.last == years.last
        for heading in paragraph.headings
        for mention in find_periods(heading, report.report_year)
    )


def said_ahead(clause: str) -> tuple[str, ...]:
    """The hedge of a clause that names but a time or a way, and holds for the next one: 力争到2030年，…."""
    found = RULES["said ahead"].pattern.match(clause)
    return (found["hedge"],) if found else ()


def year_before(period: Period) -> Period:
    """The year before that of a period."""
    return year_period(period.first - 1) if period.first is not None else period


def last_year(period: Period) -> Period:
    """The last year of a span."""
    return year_period(period.last) if period.last is not None else period


def period_of(period: Period | None, measure: Measure | None, before: str, report: Report) -> Period | None:
    """The time of one figure: in a look back on several years a stock (余额, 覆盖率达到) is of the last of them; `measure` None is none."""
    if period is None or period.first is None or period.last is None or period_ends(period) or is_since(period):
        return period
    if not period.first < period.last < report.report_year:
        return period
    if measure == "level":
        # 城镇新增就业累计达22.8万人 adds up, though 达 ends it.
        stock = RULES["stock"].pattern.search(before) and not RULES["in all"].pattern.search(before)
    else:
        stock = measure in ("rate", "share")
    return last_year(period) if stock and not is_yearly(before) else period


def period_in(text: str, clause: Span, times: Sequence[PeriodMention], current: Period | None) -> Period | None:
    """The time a clause turns to, and with it the clauses that follow in the sentence; `times` are those that it names."""
    for time in times:
        before = text[clause[0] : time.start]
        if len(before) > _OPENING or _BASE_YEAR.search(before) or _OF_ONE_FIGURE.match(text, time.end):
            continue
        if _BARE_YEAR.fullmatch(text, time.start, time.end):
            continue
        if text.startswith(("相比", "相较"), time.end):
            continue
        if _SAME_AS.search(text, max(clause[0], time.start - 1), time.start + 1):
            continue
        if not _SINCE_THEN.search(text, max(clause[0], time.start - 2), time.end + 2):
            return time.period
    return current


def place_in(before: str, report: Report) -> str | None:
    """The other place that a figure is of, where its statement opens with one: 全省首批30家 in a county's report."""
    opened = RULES["whole place"].pattern.search(before)
    if opened is None or before[: opened.start()].strip(_MARKS):
        return None
    return None if is_own(opened.group(), report) else opened.group()


def part_in(text: str, report: Report) -> str | None:
    """Return the district, county or city of the report's place with whose name a text begins; None where it begins with none."""
    return next((part for part in _parts_of(report.region) if text.startswith(part)), None)


def zone_in(text: str, report: Report) -> str | None:
    """Return the zone or other part of the report's place with whose name a text begins; None for a name of the place itself."""
    zone = RULES["zone"].pattern.match(text)
    own = (report.region, *report.aliases)
    if zone is None or any(zone.group() in name or name in zone.group() for name in own):
        return None
    return zone.group()


@cache
def _parts_of(region: str) -> tuple[str, ...]:
    """The places right below a province or a prefecture, longest names first."""
    below: set[str] = set()
    for province, prefecture, counties in divisions():
        if region == province:
            below.add(prefecture)
        if region in (province, prefecture):
            below.update(counties)
    return tuple(sorted((name for name in below if len(name) > 2), key=len, reverse=True))


def is_review_of_years(period: Period | None, report: Report) -> bool:
    """Whether a period is a span of years that ends before the report's own."""
    if period is None or period.first is None or period.last is None:
        return False
    return period.first < period.last < report.report_year


def is_own(place: str, report: Report) -> bool:
    """Whether 全国, 全省, 全市 mean the place that a report is about."""
    if place in ("全国", "我国", "国内"):
        return report.region == "全国"
    return report.region.endswith(place[-1]) and not _DISTRICT.search(report.region)


def role_in(text: str, period: Period | None, paragraph: Paragraph, report: Report) -> Role | None:
    """Goal or result: by the words of the clause, else by its time, else by where the paragraph stands."""
    if ROLES["result expected"].pattern.search(text) and paragraph.role != "target":
        return "actual"
    if period is not None and period != paragraph.period and period.last is not None:
        return "actual" if period.last < report.report_year else "target"
    if paragraph.role is None and ROLES["goal in a report"].pattern.search(text):
        return "target"
    return paragraph.role
