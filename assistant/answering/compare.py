"""Answers with several sides: one line a side, then what the sides come to, computed from cited figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.compose import Line
from assistant.answering.extract import satisfied
from assistant.answering.indicators import Told, as_finding
from assistant.answering.reader import Reader
from assistant.answering.reading import Reading
from assistant.facts.fact import Fact
from assistant.language.quantities import find_quantities
from assistant.retrieval.question import Question
from assistant.retrieval.relevance import bare_text, weigh
from assistant.retrieval.shelf import same_period
from assistant.types import Evidence, Figure, Period

_WHICH_MORE = re.compile(r"哪个[^,，]{0,8}[大多高小少低]|谁[^,，]{0,4}[大多高小少低]|[比差]")
_ONLY_IN = re.compile(r"(?:指标|目标)[^,，]{0,16}没有(?:的|提|列)|新增(?:加|了)?(?:的|哪)[^,，]{0,4}(?:指标|目标)")
_KIND = {
    "level": "总量",
    "change": "增减幅度",
    "share": "占比",
    "rate": "比率",
    "rank": "位次",
    "comparison": "差距",
}


def read_sides(reader: Reader, sides: Sequence[Question], whole: Question) -> Reading:
    """Read each side by itself; a side without an answer says so, and all without one are not covered."""
    readings = [_read_side(reader, side) for side in sides]
    readings = _in_one_unit(readings)
    evidence = interleaved([reading.evidence for reading in readings], reader.top_k)
    if not any(reading.verdict == "answered" for reading in readings):
        return replace(readings[0], evidence=evidence)
    asking = next((reading for reading in readings if reading.verdict == "needs_clarification"), None)
    if asking is not None:
        return replace(asking, evidence=evidence)
    lines: list[Line] = []
    for side, reading in zip(sides, readings, strict=True):
        lines += reading.lines[:2] if reading.lines else [Line(words=_nothing(side, reader))]
    lines = _merged(lines)
    compared = [_figure(reading, side, reader) for reading, side in zip(readings, sides, strict=True)]
    of_one_thing = len({side.indicators for side in sides}) == 1 and (whole.compares or len(lines) > 1)
    if len(sides) == 2 and of_one_thing and all(reading.lines for reading in readings):
        names = [reading.lines[0].lead for reading in readings]
        if names[0] == names[1]:
            names = (
                ["".join(term.word for term in side.terms[:2]) for side in sides]
                if _WHICH_MORE.search(whole.text)
                else []
            )
        is_one_place = len({side.subject_regions for side in sides}) == 1
        lines += difference([(name, q) for name, q in zip(names, compared, strict=False) if q], is_one_place)
    return Reading("answered", tuple(lines), evidence=evidence, decided_by="sides")


def _merged(lines: Sequence[Line]) -> list[Line]:
    """Lines of one place and time as one, each of its findings once."""
    merged: list[Line] = []
    for line in lines:
        last = merged[-1] if merged else None
        if last and line.findings and last.findings and (last.lead, last.words) == (line.lead, line.words):
            shown = {(f.paragraph.id, f.shown) for f in last.findings}
            new = tuple(f for f in line.findings if (f.paragraph.id, f.shown) not in shown)
            merged[-1] = replace(last, findings=(*last.findings, *new))
        else:
            merged.append(line)
    return merged


def read_only_in(reader: Reader, question: Question) -> Reading | None:
    """「2025年的目标里，哪个指标是2023年没有的」: the indicators with a goal in the first time and none in the second."""
    if not _ONLY_IN.search(question.text) or len(question.periods) != 2 or len(question.subject_regions) != 1:
        return None
    here, there = (_goals_of(reader, question, period) for period in question.periods)
    only = [item for name, item in here.items() if name not in there]
    if not here or not there or not only:
        return None
    found = [as_finding(item) for item in only]
    cited = Reading("answered", tuple(Line((each,), lead=each.lead) for each in found), decided_by="sides")
    evidence = interleaved(
        [reader.retriever.retrieve(question, [i.report.id], reader.top_k) for i in only], reader.top_k
    )
    return replace(cited, evidence=reader.with_cited_first(cited, evidence))


def _goals_of(reader: Reader, question: Question, period: Period) -> dict[str, Told]:
    """The goals of one time that stand where a report sets out its goals, by indicator."""
    found: dict[str, Told] = {}
    for report in reader.shelf.covering(question.subject_regions, period, "target"):
        for paragraph in reader.shelf.paragraphs(report.id):
            stated = [fact for fact in reader.shelf.facts_of(paragraph.id) if fact.indicator]
            if len({fact.indicator for fact in stated}) < 3:
                continue
            for fact in stated:
                if fact.period and same_period(period, fact.period):
                    found.setdefault(fact.indicator or "", Told(report, paragraph, fact))
    return found


def read_parts(reader: Reader, parts: Sequence[Question], whole: Question) -> Reading:
    """Several numbers of one place and time: one sentence where one has them all, else the words for each part."""
    at_once = reader.read(whole)
    shown = " ".join(finding.text for line in at_once.lines for finding in line.findings)
    if at_once.verdict == "answered" and all(_is_told(part, shown, reader) for part in parts):
        return at_once
    readings = read_sides(reader, parts, whole)
    incomplete = not all(line.findings for line in readings.lines)
    if at_once.verdict == "answered" and incomplete and len(find_quantities(shown)) >= len(parts):
        return at_once
    return readings if readings.verdict == "answered" else at_once


def _is_told(part: Question, shown: str, reader: Reader) -> bool:
    enough = weigh(part.terms, reader.shelf.library).coverage(part.terms, shown) >= 0.6
    return enough and bool(satisfied(part, find_quantities(shown)))


def _read_side(reader: Reader, side: Question) -> Reading:
    """What is compared is mostly a number, even where the question does not say 多少."""
    if side.shape == "fact":
        reading = reader.read(replace(side, shape="number"))
        if reading.verdict == "answered":
            return reading
    return reader.read(side)


def difference(sides: Sequence[tuple[str, Fact]], is_one_place: bool = False) -> list[Line]:
    """What two figures of one unit come to: which is greater and by how much, with its arithmetic."""
    if len(sides) != 2:
        return []
    (one_name, one), (other_name, other) = sides
    if one.value is None or other.value is None or not one.unit:
        return []
    reason = unlike(one, other)
    if reason:
        return [Line(words=f"以上数字{reason}，不能直接相减，这里只并列。")]
    gap = float(abs(one.value - other.value))
    if not gap:
        return [Line(words="比较：两者相同。")]
    text, value = _amount(gap, "个百分点" if one.unit == "%" else one.unit)
    top, bottom = float(max(one.value, other.value)), float(min(one.value, other.value))
    sum_of = f"{_amount(top, one.unit)[0]}减{_amount(bottom, one.unit)[0]}"
    greater, lesser = (one, other) if one.value > other.value else (other, one)
    at_least = bool(set(greater.hedges) & {"以上", "不低于", "不少于"}) and not lesser.hedges
    hedge = "以上" if at_least else "约" if one.hedges or other.hedges else ""
    gap_text = text + hedge if at_least else hedge + text
    figure = Figure(
        text, value, "个百分点" if one.unit == "%" else one.unit, hedge or None, None, None, None, None, "computed"
    )
    names = _told_apart(one_name, other_name)
    first, second = (one, other) if _comes_first(one, other, is_one_place) else (other, one)
    named = names if first is one else names[::-1]
    than = "高于" if (first.value or 0) > (second.value or 0) else "低于"
    words = f"比较：{named[0]}{than}{named[1]}，相差{gap_text}（{sum_of}，由引用数据计算）。"
    return [Line(words=words, computed=(figure,))]


def _comes_first(one: Fact, other: Fact, is_one_place: bool) -> bool:
    """Whether the first of two is spoken of: of one place the later time, of two places the higher figure."""
    if is_one_place and one.period and other.period and one.period.last != other.period.last:
        return (one.period.last or 0) > (other.period.last or 0)
    return (one.value or 0) > (other.value or 0)


def unlike(one: Fact, other: Fact) -> str:
    """Say why two figures cannot be set against each other; empty where they can: same thing, kind, unit and length of time."""
    if one.unit != other.unit or one.measure != other.measure:
        return f"口径不同（{_KIND[one.measure]}和{_KIND[other.measure]}）"
    if one.aggregate != other.aggregate or _years(one.period) != _years(other.period):
        return f"时间跨度不同（{_span_of(one)}和{_span_of(other)}）"
    if one.indicator != other.indicator or (one.indicator is None and not _same_subject(one, other)):
        return "说的不是同一件事"
    return ""


def _years(period: Period | None) -> int | None:
    return None if period is None or period.first is None or period.last is None else period.last - period.first


def _span_of(fact: Fact) -> str:
    label = fact.period.label if fact.period else "未写明时间"
    return label + {"average": "年均", "cumulative": "累计", None: ""}[fact.aggregate]


def _same_subject(one: Fact, other: Fact) -> bool:
    """Whether most neighbouring characters of the shorter subject are neighbours in the longer."""
    shorter, longer = sorted((bare_text(one.subject or ""), bare_text(other.subject or "")), key=len)
    pairs = [shorter[at : at + 2] for at in range(len(shorter) - 1)]
    return bool(pairs) and 2 * sum(pair in longer for pair in pairs) >= len(pairs)


def _told_apart(one: str, other: str) -> tuple[str, str]:
    """Two leads without the words at their ends that they share."""
    shared = 0
    while shared < min(len(one), len(other)) and one[-1 - shared] == other[-1 - shared]:
        shared += 1
    cut = {name: name[: len(name) - shared] for name in (one, other)}
    kept = "年" if shared and one[len(one) - shared] == "年" else ""
    return (cut[one] + kept or one, cut[other] + kept or other)


def _amount(value: float, unit: str) -> tuple[str, float]:
    for size, name in ((1e8, "亿"), (1e4, "万")):
        if unit not in ("%", "个百分点") and value >= size:
            return f"{round(value / size, 4):g}{name}{unit}", value
    return f"{round(value, 4):g}{unit}", value


def _in_one_unit(readings: list[Reading]) -> list[Reading]:
    """Where both sides have statements in one unit, these: 155亿元 is compared with 120亿元 and not with 增长30%."""
    if len(readings) != 2 or not all(reading.options for reading in readings):
        return readings
    one, other = readings
    for first in one.options:
        for second in other.options:
            if first.fact.value is not None and second.fact.value is not None and first.fact.unit == second.fact.unit:
                return [one.choosing(first), other.choosing(second)]
    return readings


def _figure(reading: Reading, side: Question, reader: Reader) -> Fact | None:
    """The one figure of a side: the fact it was told by, else the one of the words shown that is most about what is asked."""
    if reading.told:
        return reading.told[0].fact if reading.told[0].fact.value is not None else None
    if not reading.lines or not reading.lines[0].findings:
        return None
    shown = reading.lines[0].findings[0]
    inside = [fact for fact in reader.shelf.facts_of(shown.paragraph.id) if shown.holds(fact)]
    if not inside:
        return None
    weights = weigh(side.terms, reader.shelf.library)

    def worth(fact: Fact) -> float:
        return weights.coverage(side.terms, fact.subject or "")

    best = max(map(worth, inside))
    of_it = [fact for fact in inside if worth(fact) == best]
    return of_it[0] if len(of_it) == 1 else None


def _nothing(side: Question, reader: Reader) -> str:
    region = "、".join(side.subject_regions)
    if not all(reader.shelf.of_region(name) for name in side.subject_regions):
        return f"{region}：资料库里没有它的报告。"
    period = side.periods[0].label if side.periods else ""
    return f"{region}{period}：没有查到能直接回答的内容。"


def interleaved(lists: Sequence[Sequence[Evidence]], limit: int) -> tuple[Evidence, ...]:
    """Passages of several searches in turn, each once, ranked anew."""
    merged: dict[str, Evidence] = {}
    for at in range(max((len(found) for found in lists), default=0)):
        for found in lists:
            if at < len(found):
                merged.setdefault(found[at].passage.id, found[at])
    return tuple(replace(item, rank=rank) for rank, item in enumerate(list(merged.values())[:limit], start=1))
