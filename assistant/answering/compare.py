"""Answers with several sides: one line a side, then what the sides come to, computed from cited figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.beside import given_out, is_total, of_the_same
from assistant.answering.compose import Line
from assistant.answering.difference import SAID_OTHERWISE, are_of_other_things, difference, side_by_side
from assistant.answering.extract import satisfied
from assistant.answering.indicators import as_finding, fits_measure
from assistant.answering.near import as_what_it_is
from assistant.answering.reader import Reader
from assistant.answering.reading import Reading
from assistant.facts.fact import Fact
from assistant.facts.told import Told
from assistant.language.quantities import find_quantities
from assistant.language.ruleset import read_rules
from assistant.retrieval.question import Question
from assistant.retrieval.relevance import SYNONYM, bare_text, match, weigh
from assistant.retrieval.shelf import same_period
from assistant.types import Evidence, Period

_RULES = read_rules("asking")
_WHICH_MORE = _RULES["asks which is more"].pattern
_PARTS = frozenset({"%", "个百分点", "番", "倍"})
_ONLY_IN = _RULES["asks what is new among goals"].pattern


def read_sides(reader: Reader, sides: Sequence[Question], whole: Question) -> Reading:
    """Read each side by itself; a side without an answer says so, and all without one are not covered."""
    apart = {"amount", "growth"} <= {side.measure for side in sides}  # 收入多少，涨几个点
    readings = [_read_side(reader, side) for side in sides]
    if apart:
        readings = [_of_its_measure(reading, side) for reading, side in zip(readings, sides, strict=True)]
    else:
        readings = _in_one_unit(readings)
    evidence = interleaved([reading.evidence for reading in readings], reader.top_k)
    if not any(reading.verdict == "answered" for reading in readings):
        return replace(readings[0], evidence=evidence)
    asking = next((reading for reading in readings if reading.verdict == "needs_clarification"), None)
    if asking is not None:
        return replace(asking, evidence=evidence)
    lines: list[Line] = []
    quoted = bare_text(" ".join(f.quoted for reading in readings for line in reading.lines for f in line.findings))
    for side, reading in zip(sides, readings, strict=True):
        if reading.lines:
            lines += reading.lines[:2]
        elif len({(o.subject_regions, o.periods, o.measure) for o in sides}) > 1 or not _is_named(side, quoted):
            # That nothing is said of 物价 would be false beside a sentence that names it.
            lines.append(Line(words=_nothing(side, reader, apart)))
    lines = _merged(lines)
    compared = [_figure(reading, side, reader) for reading, side in zip(readings, sides, strict=True)]
    if whole.asked.measure in ("share", "growth"):
        # Of 70%村集体年经营性收入过10万元 the share is asked for.
        compared = [fact if fact and fact.unit in _PARTS else None for fact in compared]
    compared = _of_one_nature(compared, reader)
    if not whole.indicators and any(fact and given_out(fact, reader.shelf) for fact in compared):
        compared = []  # 城乡低保标准分别提高到840元、700元: which of both is compared, no words would say
    of_numbers = whole.compares or (whole.shape in ("number", "rank") and len(lines) > 1)
    of_one_thing = len({side.indicators for side in sides}) == 1 and of_numbers and not apart
    if len(sides) == 2 and of_one_thing and all(len(reading.lines) == 1 for reading in readings):
        names = [reading.lines[0].lead for reading in readings]
        if names[0] == names[1]:
            names = (
                ["".join(term.word for term in side.terms[:2]) for side in sides]
                if _WHICH_MORE.search(whole.text)
                else []
            )
        is_one_place = len({side.subject_regions for side in sides}) == 1
        facts = [fact for fact in compared if fact]
        segmenter = reader.understanding.segmenter
        if len(facts) == 2 and not whole.indicators and are_of_other_things(facts[0], facts[1], segmenter):
            lines.append(side_by_side(SAID_OTHERWISE))
        else:
            lines += difference([(name, q) for name, q in zip(names, compared, strict=False) if q], is_one_place)
    return Reading("answered", tuple(lines), evidence=evidence, decided_by="sides")


def _of_its_measure(reading: Reading, side: Question) -> Reading:
    """A reading without lines where it tells a growth and an amount is asked for beside it, or the other way round."""
    told = [one.fact for one in reading.told]
    fits = not told or side.measure is None or any(fits_measure(side.measure, fact) for fact in told)
    return reading if fits else replace(reading, lines=(), told=(), verdict="not_covered")


def _of_one_nature(compared: list[Fact | None], reader: Reader) -> list[Fact | None]:
    """Where one side tells a total and the other what was added, of 新增36家、达305家 the total; an addition is compared with no total."""
    told = [fact for fact in compared if fact is not None]
    totals = [is_total(fact, reader.shelf) for fact in told]
    if len(told) < 2 or all(totals) or not any(totals):
        return compared
    either = [[fact, *of_the_same(fact, reader.shelf)] if fact else [] for fact in compared]
    return [next((one for one in facts if is_total(one, reader.shelf)), None) for facts in either]


def _merged(lines: Sequence[Line]) -> list[Line]:
    """Lines of one place and time as one, each of its findings once."""
    merged: list[Line] = []
    for line in lines:
        last = merged[-1] if merged else None
        if last and line.findings and last.findings and (last.lead, last.words) == (line.lead, line.words):
            kept = tuple(f for f in last.findings if not any(f.lies_in(one) for one in line.findings))
            new = tuple(f for f in line.findings if not any(f.lies_in(one) for one in kept))
            merged[-1] = replace(last, findings=(*kept, *new))
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


def read_matters(reader: Reader, question: Question) -> Reading | None:
    """「养老和带娃这块准备做哪些事」: what is told of each matter; None where but one is named, or nothing is told of the others."""
    told_of = reader.lexicon.matters
    named = {told_of[term.word]: term for term in reversed(question.terms) if term.word in told_of}
    if len(named) < 2 or question.indicators or question.shape in ("number", "rank", "define"):
        return None
    words = [term.word for term in reversed(named.values())]
    texts = [_without([other for other in words if other != word], question.text) for word in words]
    readings = [reader.read(reader.understanding.read(text)) for text in texts]
    answered = [reading for reading in readings if reading.verdict == "answered"]
    if len(answered) < 2:
        return None
    lines = _merged([line for reading in answered for line in reading.lines])
    evidence = interleaved([reading.evidence for reading in answered], reader.top_k)
    return Reading("answered", tuple(lines), evidence=evidence, decided_by="topic")


def _without(words: Sequence[str], text: str) -> str:
    """A text without some words and what joins them to others."""
    for word in words:
        text = re.sub(rf"[和与跟及、]?{re.escape(word)}|{re.escape(word)}[和与跟及、]?", "", text, count=1)
    return text


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
            return as_what_it_is(side, reading)
    return as_what_it_is(side, reader.read(side))


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


def _is_named(side: Question, quoted: str) -> bool:
    """Whether the sentences that are quoted for other sides name what a side is about."""
    about = [term for term in side.terms if term.is_indicator or term.is_name]
    return bool(about) and all(match(term, quoted) >= SYNONYM for term in about)


def _nothing(side: Question, reader: Reader, of_measure: bool) -> str:
    region = "、".join(side.subject_regions)
    if not all(reader.shelf.of_region(name) for name in side.subject_regions):
        return f"{region}：资料库里没有它的报告。"
    period = side.periods[0].label if side.periods else ""
    thing = "、".join(term.word for term in side.terms if term.is_indicator)
    thing += {"growth": "的增速", "amount": "的数额"}.get(side.measure or "", "") if of_measure else ""
    return f"{region}{period}{thing}：没有查到能直接回答的内容。"


def interleaved(lists: Sequence[Sequence[Evidence]], limit: int) -> tuple[Evidence, ...]:
    """Passages of several searches in turn, each once, ranked anew."""
    merged: dict[str, Evidence] = {}
    for at in range(max((len(found) for found in lists), default=0)):
        for found in lists:
            if at < len(found):
                merged.setdefault(found[at].passage.id, found[at])
    return tuple(replace(item, rank=rank) for rank, item in enumerate(list(merged.values())[:limit], start=1))
