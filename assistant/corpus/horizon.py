"""Which time each paragraph speaks of, and whether it reviews or plans.

A report is read from top to bottom as its hearers would: a heading or an opening such as 「五年来,」「2021年,」「今后五年,」
sets the time for what follows until another does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from assistant.facts.items import GLOSSARY
from assistant.facts.meaning import planned, this_year
from assistant.language.periods import NEXT_FIVE, PAST_FIVE, find_periods, year_period
from assistant.language.quantities import find_quantities
from assistant.language.roles import ROLES
from assistant.types import Paragraph, Period, Report, Role

_REVIEW, _PLAN = ROLES["result heading"].pattern, ROLES["goal heading"].pattern
_UNDER_WAY = ROLES["year under way"].pattern
# 「…始于足下。2022年,是新一届政府开局之年」 turns to a year although it does not open the paragraph with it.
_DECLARED = re.compile(r"(?:^|(?<=[。！!：:\n]))(?:19|20)\d{2}年[,，]?是(?=[^。]{2,60}年)")
_OPENING = re.compile(r"^[\s—\-(（)）一二三四五六七八九十\d、.．是]*(?:各位代表[,，!！:：])?[^,，。;；:：!！]{0,14}")


_TURNS = re.compile(r"(?:特别|尤其)是")
_THIS_YEAR = ROLES["opens with this year"].pattern
_TERM = 5
"""Years of a term and of a plan."""
_QUOTED = re.compile(r"“[^”]*”")
_BASE = re.compile(r"[由从比较]$")


@dataclass(frozen=True, slots=True)
class _Horizon:
    period: Period | None
    role: Role | None


def annotate(paragraphs: Iterable[Paragraph], report: Report) -> tuple[Paragraph, ...]:
    """Return the paragraphs with `period` and `role` filled in where the report tells."""
    horizon = _Horizon(year_period(report.report_year), "target") if _plans_only(report) else _Horizon(None, None)
    headings: tuple[str, ...] = ()
    annotated = []
    for paragraph in paragraphs:
        for depth, heading in _new_headings(headings, paragraph.headings):
            horizon = _after_heading(heading, horizon, report, is_outermost=depth == 0)
        headings = paragraph.headings
        # An entry of the glossary that is called …工作部署 is no plan.
        explains = GLOSSARY in headings
        horizon = _Horizon(None, None) if explains else _after_opening(paragraph, horizon, report)
        annotated.append(replace(paragraph, period=horizon.period, role=horizon.role))
        horizon = _after_end(paragraph.text, horizon, report)
    return tuple(annotated)


def _plans_only(report: Report) -> bool:
    # Excerpts and press articles of a plan open without a heading that says so.
    return report.kind != "政府工作报告"


def _new_headings(before: tuple[str, ...], now: tuple[str, ...]) -> list[tuple[int, str]]:
    """The headings that a paragraph stands under and the one before it did not, each with its depth from 0."""
    same = 0
    while same < min(len(before), len(now)) and before[same] == now[same]:
        same += 1
    return list(enumerate(now))[same:]


def _after_heading(heading: str, horizon: _Horizon, report: Report, is_outermost: bool) -> _Horizon:
    if heading == report.title:
        return horizon
    if heading == GLOSSARY:
        return _Horizon(None, None)
    reviews, plans = bool(_REVIEW.search(heading)), bool(_PLAN.search(heading))
    mentions = [m for m in find_periods(heading, report.report_year) if not m.period.partial]
    if mentions and (reviews or plans or mentions[0].start <= 4):
        return _of_period(mentions[0].period, report)
    if horizon.period is not None and not is_outermost:
        return horizon  # 「主要目标质效齐升」 inside a review is no plan
    if reviews and not plans:
        return _Horizon(year_period(report.report_year - 1), "actual")
    if plans and not reviews and (horizon.role != "target" or horizon.period is None):
        return _Horizon(year_period(report.report_year), "target")
    return horizon


def _after_end(text: str, horizon: _Horizon, report: Report) -> _Horizon:
    """What the last sentence turns to for the paragraphs that follow: 「…干成了许多大事。特别是2021年，我们…」

    So does one that opens with a span of years and tells no figure of it: 「2021年成效明显。五年来，全市上下攻坚克难…」,
    「…规划顺利收官。“十三五”时期，我们践行“五个扎实”新要求…」
    """
    last = max((text.rfind(mark, 0, len(text) - 1) for mark in "。！!"), default=-1) + 1
    turns = _TURNS.search(text, last)
    if horizon.role != "actual" or not (turns or last):
        return horizon
    found = find_periods(text[turns.end() if turns else last :], report.report_year, this_year(report, "actual"))
    if not turns and (not found or not _is_past_span(found[0].period, report) or _tells_figures(text[last:])):
        return horizon
    return (
        _of_period(found[0].period, report)
        if found and found[0].start == 0 and not found[0].period.partial
        else horizon
    )


def _is_past_span(period: Period, report: Report) -> bool:
    """Whether a whole term is meant that is over when the report is given: of the three years of an epidemic no review goes on."""
    return bool(period.first and period.last and period.first + _TERM <= period.last + 1 <= report.report_year)


def _tells_figures(text: str) -> bool:
    """Whether a sentence has a figure outside of the names in its quotation marks: “五个扎实” is none."""
    return bool(find_quantities(_QUOTED.sub("", text)))


def _of_period(period: Period, report: Report) -> _Horizon:
    if period.last is None:
        return _Horizon(period, None)
    return _Horizon(period, "actual" if period.last < report.report_year else "target")


def _after_opening(paragraph: Paragraph, horizon: _Horizon, report: Report) -> _Horizon:
    text, reviewed = paragraph.text, bool(paragraph.headings and _REVIEW.search(paragraph.headings[0]))
    if _UNDER_WAY.search(text):
        return _Horizon(year_period(this_year(report, "actual")), "actual")
    declared = _DECLARED.search(text[:160])
    if declared:
        return _of_period(find_periods(declared.group())[0].period, report)
    opening = _OPENING.match(text)
    if opening is None:
        return horizon
    for found in find_periods(text[: opening.end()], report.report_year, this_year(report, horizon.role)):
        mention = planned(found, text, report)
        if mention.period.partial or mention.period.label.startswith("到"):
            continue
        if reviewed and _THIS_YEAR.search(text[mention.start :]):
            continue
        if _BASE.search(text[: mention.start]) and text.startswith("的", mention.end):
            continue  # 由2024年的931亿元增加到980亿元
        after = text[mention.end : mention.end + 2]
        sets_the_scene = (
            not after or after[0] in ",，、是的我全经政区市县省工重" or mention.period.label in (PAST_FIVE, NEXT_FIVE)
        )
        if re.match(r"\d{1,2}月\d{0,2}日?", text[mention.end :]) or not sets_the_scene:
            continue
        return _of_period(mention.period, report)
    return horizon
