"""What a paragraph states about indicators: whose figure it is, of which time, as a goal or as a result."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.facts.meaning import this_year
from assistant.language.folding import fold
from assistant.language.injection import plain_sentences
from assistant.language.lexicon import Lexicon, Mention
from assistant.language.periods import find_periods
from assistant.language.quantities import Quantity, find_quantities
from assistant.language.sentences import Span, clauses
from assistant.retrieval.asking import Measure
from assistant.types import Paragraph, Period, Report, Role

LONGEST_SHOWN = 60
"""Characters from an indicator's name to the end of what is said of it that are printed together."""

_INHERITS = re.compile(
    r"^(?:同比|比上年|较上年|比\d|年均|分别|增长|下降|增加|减少|增速|增幅|占|达到?|实现|完成|预计|力争|超过|突破|其中|总量|总额|高于|低于|快于|位居|居)"
)
_GOES_ON = re.compile(r"(?:仍|还|均|都)(?:实现|保持|达到|完成)")
_GROWTH = re.compile(r"增长|提高|上升|增加|增速|增幅|增量|下降|降低|减少|回落|翻|涨|年均|升|高|低|快")
_SHARE = re.compile(r"占|比重|份额")
_TARGET = re.compile(r"力争|目标|计划|预期(?!完成)|争取|确保|努力|安排")
_ACTUAL = re.compile(r"预计完成|预计实现|完成了|实现了|达到了|预计增长|预计达到|预计同比")
# 研发投入占地区生产总值的比例: the share is not a figure of the 地区生产总值.
_OF_SOMETHING = re.compile(r"的?(?:比例|比率|比重|份额|能耗|挂钩|贡献|点|极|动|新|内生|质量|潜力|方式)")
_MACRO_UNITS = frozenset(("%", "个百分点", "番", "倍", "元", "美元", "人", "人次", "斤", "公斤", "吨", "吨标准煤", ""))
_IN_STEP = re.compile(r"同步|持平|相适应|相匹配")
_JOINED = re.compile(r"^(?:[、和与及以]|以及|\(.{0,12}\)|[“”])*$")
_COMPARED = re.compile(r"(?:比|较|高于|低于|同)[^,;]{0,8}$|(?:同步|同期|增速|同步增长|挂钩)$")


@dataclass(frozen=True, slots=True)
class Statement:
    """One figure with what it says."""

    indicators: tuple[str, ...]
    quantity: Quantity | None
    """None for a goal without a number: 城乡居民收入增长与经济增长同步."""
    measure: Measure | None
    role: Role | None
    period: Period | None
    subject_end: int
    """Where the words after the indicator's name begin, in the paragraph."""
    clause: Span
    sentence: Span
    paragraph: Paragraph


def statements(paragraph: Paragraph, report: Report, lexicon: Lexicon) -> list[Statement]:
    """Return the paragraph's figures that belong to a known indicator, in order.

    A clause without an indicator of its own goes on with that of the clause before (实现1029.8亿元,增长3.8%).
    """
    found = []
    for sentence in plain_sentences(paragraph.text):
        carried: tuple[tuple[str, ...], int] | None = None
        period = paragraph.period
        for clause in clauses(paragraph.text, *sentence):
            text = paragraph.text[slice(*clause)]
            period = period_in(text, period, report, paragraph.role)
            mentions = lexicon.written_in(text)
            if not mentions and not _INHERITS.match(fold(text)) and not _GOES_ON.search(fold(text)):
                carried = None
            in_step = _IN_STEP.search(fold(text))
            if mentions and in_step and not find_quantities(text):
                found.append(_without_number(mentions[0], clause, sentence, text, period, paragraph, report))
            for quantity in find_quantities(text):
                if quantity.unit not in _MACRO_UNITS:
                    continue
                own = _subject(text, mentions, quantity)
                if own is not None:
                    carried = (own[0], clause[0] + own[1])
                if carried is None:
                    continue
                names, subject_end = carried
                found.append(
                    Statement(
                        indicators=names,
                        quantity=quantity,
                        measure=measure_of(text, quantity),
                        role=role_in(text, period, paragraph, report),
                        period=period,
                        subject_end=subject_end if clause[1] - subject_end <= LONGEST_SHOWN else clause[0],
                        clause=clause,
                        sentence=sentence,
                        paragraph=paragraph,
                    )
                )
    return found


def _without_number(
    mention: Mention,
    clause: Span,
    sentence: Span,
    text: str,
    period: Period | None,
    paragraph: Paragraph,
    report: Report,
) -> Statement:
    return Statement(
        mention.names,
        None,
        "growth",
        role_in(text, period, paragraph, report),
        period,
        clause[0] + mention.end,
        clause,
        sentence,
        paragraph,
    )


def _subject(text: str, mentions: list[Mention], quantity: Quantity) -> tuple[tuple[str, ...], int] | None:
    """The indicators that a quantity is a figure of: the last named before it, with those joined to it by 和."""
    before = [m for m in mentions if m.end <= quantity.start and not _OF_SOMETHING.match(fold(text[m.end :]))]
    while before and _COMPARED.search(fold(text[: before[-1].start])) and len(before) > 1:
        before.pop()
    if not before:
        return None
    names = list(before[-1].names)
    for earlier, later in zip(before[-2::-1], before[:0:-1], strict=False):
        between = text[earlier.end : later.start]
        if find_quantities(between) or not _JOINED.match(fold(between)):
            break
        names += earlier.names
    return tuple(dict.fromkeys(names)), before[-1].end


def measure_of(text: str, quantity: Quantity) -> Measure | None:
    """Whether a figure is a growth, an amount or a share, from its unit and the words before it."""
    before = fold(text[: quantity.start])
    if quantity.unit in ("%", "个百分点", "番", "倍"):
        if _SHARE.search(before[-12:]):
            return "share"
        return "growth" if _GROWTH.search(before[-14:]) or quantity.unit in ("番", "个百分点") else None
    return "amount"


def role_in(text: str, period: Period | None, paragraph: Paragraph, report: Report) -> Role | None:
    """Goal or result: by the words of the clause, else by its time, else by where the paragraph stands."""
    folded = fold(text)
    if _ACTUAL.search(folded) and paragraph.role != "target":
        return "actual"
    if period is not None and period != paragraph.period and period.last is not None:
        return "actual" if period.last < report.report_year else "target"
    if paragraph.role is None and _TARGET.search(folded):
        return "target"
    return paragraph.role


def period_in(text: str, current: Period | None, report: Report, role: Role | None) -> Period | None:
    """The time a clause turns to, and with it the clauses that follow in the sentence."""
    for mention in find_periods(text, report.report_year, this_year(report, role)):
        before = fold(text[: mention.start])
        if not re.search(r"比$|较$|比[^,]{0,3}$", before) and len(before) <= 12:
            return mention.period
    return current
