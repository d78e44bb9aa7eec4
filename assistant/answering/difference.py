"""What two figures come to: which is greater and by how much, with its arithmetic, or why they are not set against each other."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import takewhile
from operator import eq

from assistant.answering.compose import Line
from assistant.facts.fact import Fact
from assistant.facts.phrases import RULES as PHRASES
from assistant.language.hedges import meanings
from assistant.language.words import Segmenter
from assistant.panel.amounts import amount, arithmetic, gap_unit, more_or_less
from assistant.retrieval.relevance import bare_text
from assistant.types import Figure, Period

_HEAD = 2
"""Characters at the end of two subjects from which they name things of one kind: 项目, 学位."""
_OPENS = PHRASES["begins a deed"].pattern, PHRASES["sets a threshold"].pattern
SAID_OTHERWISE = "在报告里的说法不同，是不是同一口径要看原文"
_KIND = {
    "level": "总量",
    "change": "增减幅度",
    "share": "占比",
    "rate": "比率",
    "rank": "位次",
    "comparison": "差距",
}


def difference(sides: Sequence[tuple[str, Fact]], is_one_place: bool = False) -> list[Line]:
    """What two figures of one unit come to: which is greater and by how much, with its arithmetic."""
    if len(sides) != 2:
        return []
    (one_name, one), (other_name, other) = sides
    if one.value is None or other.value is None or not one.unit:
        return []
    reason = unlike(one, other)
    if reason:
        return [side_by_side(reason)]
    worth, other_worth = _signed(one), _signed(other)
    gap = abs(worth - other_worth)
    if not gap:
        # 超78% and 78% are not the same.
        return [] if one.hedges or other.hedges else [Line(words="比较：两者相同。")]
    unit = gap_unit(one.unit)
    text, sum_of = amount(gap, unit), arithmetic(worth, other_worth, one.unit)
    greater, lesser = (one, other) if worth > other_worth else (other, one)
    if lesser.role == "actual" and "at least" in meanings(lesser.hedges):
        return [side_by_side("有一个只写了下限")]  # 3%以上 may be more than 3.2%
    at_least = bool(set(greater.hedges) & {"以上", "不低于", "不少于"}) and not lesser.hedges
    hedge = "以上" if at_least else "约" if one.hedges or other.hedges else ""
    gap_text = text + hedge if at_least else hedge + text
    figure = Figure(text, float(gap), unit, hedge or None, None, None, None, None, "computed")
    names = _told_apart(one_name, other_name)
    first, second = (one, other) if _comes_first(one, other, is_one_place) else (other, one)
    named = names if first is one else names[::-1]
    than = more_or_less(_signed(first) - _signed(second), one.unit)
    goals = {fact.role for fact in (one, other)} == {"target"}
    what = "的目标" if goals else "的增速" if one.measure == "change" else ""
    words = f"比较：{named[0]}{what}比{named[1]}{than}{gap_text}（{sum_of}，由引用数据计算）。"
    return [Line(words=words, computed=(figure,))]


def side_by_side(reason: str) -> Line:
    """The line that says why no difference is given."""
    return Line(words=f"以上数字{reason}，这里只并列，不直接相减。")


def _signed(fact: Fact) -> Decimal:
    """A value, below zero where something has fallen."""
    return (fact.value or Decimal(0)) * (-1 if fact.measure == "change" and fact.direction < 0 else 1)


def _comes_first(one: Fact, other: Fact, is_one_place: bool) -> bool:
    """Whether the first of two is spoken of: of one place the later time, of two places the higher figure."""
    if is_one_place and one.period and other.period and one.period.last != other.period.last:
        return (one.period.last or 0) > (other.period.last or 0)
    return _signed(one) > _signed(other)


def unlike(one: Fact, other: Fact) -> str:
    """Say why two figures cannot be set against each other; empty where they can: same thing, kind, unit and length of time."""
    if one.measure != other.measure:
        return f"口径不同（{_KIND[one.measure]}和{_KIND[other.measure]}）"
    if one.unit != other.unit:
        return f"单位不同（{one.unit}和{other.unit}）"
    if one.aggregate != other.aggregate or _years(one.period) != _years(other.period):
        return f"时间跨度不同（{_span_of(one)}和{_span_of(other)}）"
    if one.indicator != other.indicator or (one.indicator is None and not same_subject(one, other)):
        return SAID_OTHERWISE
    return ""


def _years(period: Period | None) -> int | None:
    return None if period is None or period.first is None or period.last is None else period.last - period.first


def _span_of(fact: Fact) -> str:
    label = fact.period.label if fact.period else "未写明时间"
    return label + {"average": "年均", "cumulative": "累计", None: ""}[fact.aggregate]


def same_subject(one: Fact, other: Fact) -> bool:
    """Whether most neighbouring characters of the shorter subject are neighbours in the longer."""
    shorter, longer = sorted((bare_text(one.subject or ""), bare_text(other.subject or "")), key=len)
    pairs = [shorter[at : at + 2] for at in range(len(shorter) - 1)]
    return bool(pairs) and 2 * sum(pair in longer for pair in pairs) >= len(pairs)


def are_of_other_things(one: Fact, other: Fact, segmenter: Segmenter) -> bool:
    """Whether two subjects end alike and what stands before has nothing in common: 新开工亿元以上产业项目 and 工业项目."""
    first, second = (_bare_subject(fact, segmenter) for fact in (one, other))
    shared = _shared_end(first, second)
    before = first[: len(first) - shared], second[: len(second) - shared]
    return shared >= _HEAD and all(before) and not set(before[0]) & set(before[1])


def _shared_end(one: str, other: str) -> int:
    """How many characters two texts have in common at their ends."""
    return sum(takewhile(bool, map(eq, reversed(one), reversed(other))))


def _bare_subject(fact: Fact, segmenter: Segmenter) -> str:
    """A subject without the verbs and amounts that it begins with."""
    words = segmenter.cut((fact.subject or "").replace(" · ", ""))
    opens = (
        segmenter.part_of_speech(word)[:1] in ("v", "m", "f") or any(rule.fullmatch(word) for rule in _OPENS)
        for word in words
    )
    return "".join(words[sum(takewhile(bool, opens)) :])


def _told_apart(one: str, other: str) -> tuple[str, str]:
    """Two leads without the words at their ends that they share."""
    shared = _shared_end(one, other)
    cut = {name: name[: len(name) - shared] for name in (one, other)}
    kept = "年" if shared and one[len(one) - shared] == "年" else ""
    return (cut[one] + kept or one, cut[other] + kept or other)
