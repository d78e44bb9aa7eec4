"""A paragraph with its figures and times marked, before any sentence of it is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.facts.meaning import is_one_year, planned, this_year
from assistant.facts.phrases import RULES
from assistant.language import hedges
from assistant.language.folding import fold
from assistant.language.numerals import read_chinese
from assistant.language.periods import PeriodMention, find_periods, year_period
from assistant.language.quantities import Quantity, find_quantities
from assistant.language.sentences import Span
from assistant.types import Paragraph, Period, Report

GAP = "\n"
"""What stands in `masked` for characters that belong to no subject."""
_LIST_MARK = re.compile(
    r"(?:^|(?<=[\n。；;]))\s*(?:[(（]?\d{1,3}(?:\s*[.．、:：)）](?!\d)|\s+(?=[\u4e00-\u9fff]))|[(（][一二三四五六七八九十]{1,3}[)）])"
)
_NOTE = re.compile(r"[\[〔【(（]\s*\d{1,3}\s*[\]〕】)）]")
_ASIDE = re.compile(r"[（(](?:[A-Za-z&]+|[^（）()]{4,80})[）)]")
"""A short one is part of a name: 示范乡（镇）."""
_QUOTE_OPENS = re.compile(r"[“‘《「]$")
_IN_A_NAME = re.compile(r"[“‘、][^“”]*$")
_LINES = re.compile(r"(?:、\d+)*号")
_YEAR_NAMED = re.compile(r"[\d〇零一二三四五六七八九]{2,4}年|[去今上明]年")
_PLANNED = re.compile(r"(?:攻坚|行动|计划|规划|倍增|提升|专项|滚动)")
_IN_A_ROW = re.compile(r"[和与]\d")
_RAISED_FROM = re.compile(r"[由从]$")
_GOES_ON = re.compile(r"[\u4e00-\u9fff”’×]|[，,]即")


@dataclass(frozen=True, slots=True)
class Annotated:
    """A paragraph with what is found in it by the rules of the language alone."""

    paragraph: Paragraph
    report: Report
    folded: str
    masked: str
    """`folded` with times, notes, asides and opening hedges blanked by `GAP`; every offset holds."""
    figures: tuple[Quantity, ...]
    times: tuple[PeriodMention, ...]

    @property
    def text(self) -> str:
        return self.paragraph.text

    def figures_in(self, span: Span) -> list[Quantity]:
        return [figure for figure in self.figures if span[0] <= figure.start and figure.end <= span[1]]

    def times_in(self, span: Span) -> list[PeriodMention]:
        return [time for time in self.times if span[0] <= time.start and time.end <= span[1]]


def annotate(paragraph: Paragraph, report: Report) -> Annotated:
    """Mark the figures and times of a paragraph."""
    text = paragraph.text
    folded = fold(text)
    times = [
        _in_its_year(planned(time, folded, report), folded, paragraph)
        for time in find_periods(text, report.report_year, this_year(report, paragraph.role))
    ]
    times = sorted([*times, *_in_reports_only(folded, report, paragraph)], key=lambda time: time.start)
    notes = [match.span() for pattern in (_LIST_MARK, _NOTE) for match in pattern.finditer(folded)]
    figures = tuple(
        figure
        for figure in find_quantities(text)
        if not _is_covered(figure, [*((time.start, time.end) for time in times), *notes])
        and not _is_name(figure, folded)
    )
    blanks = [(time.start, time.end) for time in times] + notes
    blanks += [match.span() for match in hedges.OPENING.finditer(folded)]
    blanks += [match.span() for match in _ASIDE.finditer(folded) if not _holds(match.span(), figures)]
    return Annotated(paragraph, report, folded, _blank(folded, blanks), figures, tuple(times))


def _in_reports_only(text: str, report: Report, paragraph: Paragraph) -> Iterator[PeriodMention]:
    """一年来 and 五年前, which a report says of its own years; 五年前 in a look back on five is the year before the first of them."""
    for match in RULES["counted from the report"].pattern.finditer(text):
        years, spoken_of = read_chinese(match["years"] or ""), paragraph.period
        year = report.report_year - 1
        if years is not None:
            year = this_year(report, paragraph.role) - int(years)
            if spoken_of and spoken_of.first and spoken_of.last and spoken_of.last - spoken_of.first + 1 == years:
                year = spoken_of.first - 1
        yield PeriodMention(match.start(), match.end(), year_period(year))


def _in_its_year(time: PeriodMention, text: str, paragraph: Paragraph) -> PeriodMention:
    """Months that name no year are of the year that their paragraph looks back on: 1—11月 in a review of 2024."""
    year = paragraph.period
    named = _YEAR_NAMED.search(text, time.start, time.end)
    if year is None or named or not time.period.partial or paragraph.role != "actual" or not is_one_year(year):
        return time
    months = time.period.label.rpartition("年")[2]
    return replace(time, period=Period(f"{year.label}{months}", year.first, year.last, partial=True))


def _blank(text: str, spans: list[Span]) -> str:
    characters = list(text)
    for start, end in spans:
        characters[start:end] = GAP * (end - start)
    return "".join(characters)


def _holds(span: Span, figures: tuple[Quantity, ...]) -> bool:
    return any(span[0] <= figure.start < span[1] for figure in figures)


def _is_covered(figure: Quantity, taken: list[Span]) -> bool:
    """Whether a number is part of a time, of a list's mark or of a note; 1—11月 goes beyond the time it begins with."""
    over = [span for span in taken if span[0] < figure.end and figure.start < span[1]]
    return any(not figure.unit or end > figure.end for _, end in over)


def _is_name(figure: Quantity, text: str) -> bool:
    """Whether a number counts nothing: 1园2馆, “四个一”, a year without its word, the code at the head of a note."""
    before, after = text[: figure.start], text[figure.end : figure.end + 2]
    if figure.unit == "年" and _PLANNED.match(text, figure.end):
        return True  # 三年行动
    if figure.unit in ("", "元") and after.startswith("级"):
        return True  # 500亿级产业集群
    if not figure.text[0].isdigit():
        return bool(_QUOTE_OPENS.search(before))
    if figure.unit or not figure.text.replace(",", "").replace("，", "").replace(".", "").isdigit():
        return False
    if "." not in figure.text and 1949 <= figure.value <= 2100:
        return True
    if _LINES.match(text, figure.end):
        return True  # 轨道交通7、9号线
    if _RAISED_FROM.search(before) or _IN_A_ROW.match(after):
        return False  # 从1.77缩小至1.62; 12.5和7.4个百分点
    if _GOES_ON.match(after) and not hedges.AFTER.match(text, figure.end):
        return True
    if _IN_A_NAME.search(before) and before.count("“") > before.count("”"):
        return True
    return not before.strip("[]〔〕0123456789 ") and after[:1] in ("：", ":")
