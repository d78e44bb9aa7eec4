"""Questions over many places or years: 各省, 哪些区, 历年. Each is asked of the facts; nothing is searched for each anew."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.checks import claim_of
from assistant.answering.compare import difference
from assistant.answering.compose import Line
from assistant.answering.coverage import nothing_found
from assistant.answering.features import Candidate
from assistant.answering.finding import Finding
from assistant.answering.indicators import Told, as_finding, told
from assistant.answering.judge import load_judge
from assistant.answering.reader import Reader
from assistant.answering.reading import Reading
from assistant.answering.stated import MOST_LINES
from assistant.answering.topic import opening
from assistant.language.folding import fold
from assistant.language.periods import year_period
from assistant.language.regions import divisions
from assistant.retrieval.question import Question
from assistant.retrieval.relevance import weigh
from assistant.types import Figure, Report

_OVER_PLACES = re.compile(
    r"(?:哪[几些]?个?|各个?|每个|所有|全部)(?P<level>省|区|县|市)|(?:哪[几些]个?|各个?)(?:地方|地区|地|份?报告)"
)
_OVER_YEARS = re.compile(r"历[年次届]|[这近]?[几两三四五六七八九十\d]+年(?!规划|计划|来)|这些年|逐年|走势|趋势")
MOST_PLACES = 10
"""Places whose figures are shown; how many there are in all is said."""
SAID = 0.9
"""Share of the best coverage from which another report says the same."""


def read_places(reader: Reader, question: Question) -> Reading | None:
    """「哪个区的GDP目标最高」「各省GDP目标」「哪些省定在4.5%左右」: the figure of each place that has one, greatest first.

    None where it is no question over places, or fewer than two of them state the figure.
    """
    over = question.superlative or (not question.subject_regions and _OVER_PLACES.search(fold(question.text)))
    if not question.indicators or not over:
        return None
    asked_of = [r for r in reader.shelf.covering(question.subject_regions, None, None) if _is_of_level(r, question)]
    found = _told_of_each(reader, question, asked_of)
    if not found and not question.superlative:
        return Reading("not_covered", words=nothing_found(reader.shelf), decided_by="not stated")
    units = [item.fact.unit for item in found]
    common = max(set(units), key=units.count) if units else ""
    found = [item for item in found if item.fact.unit == common]
    if len(found) < 2:
        return None
    claim = None if question.superlative else claim_of(question)
    fitting = [item for item in found if claim is None or claim.holds(item.fact)]
    least = bool(re.search(r"最[低少小慢]", question.text))
    fitting.sort(key=_value, reverse=not least)
    shown = fitting[: MOST_PLACES if not question.superlative else MOST_LINES + 1]
    lines = [Line((finding,), lead=finding.lead) for finding in map(as_finding, shown)]
    places = len({r.region for r in asked_of})
    head, counts = _head_of(question, found, fitting, least, places)
    cited = Reading("answered", tuple(lines))
    evidence = reader.with_cited_first(cited, ())
    lines = [Line(words=head, computed=counts), *lines]
    return Reading("answered", tuple(lines), evidence=evidence, told=tuple(fitting), decided_by="over places")


def read_years(reader: Reader, question: Question) -> Reading | None:
    """「松北这两年财政收入目标有什么变化」「历年GDP目标」: the figure of each report held of one place, in the order of years.

    None where several years are named, where no run of years is asked for, or where fewer than two reports state the figure.
    """
    named = [period for period in question.periods if period.first == period.last and period.first is not None]
    if len(question.subject_regions) != 1 or not question.indicators or named:
        return None
    if not _OVER_YEARS.search(fold(question.text)):
        return None
    over = replace(question, periods=())
    found = _told_of_each(reader, over, reader.shelf.covering(question.subject_regions, None, None))
    found = sorted(found, key=lambda item: item.period.first or 0 if item.period else 0)[-MOST_PLACES:]
    if len(found) < 2:
        return None
    lines = [Line((finding,), lead=finding.lead) for finding in map(as_finding, found)]
    if len(found) == 2:
        lines += difference([(line.lead, item.fact) for line, item in zip(lines, found, strict=True)], True)
    cited = Reading("answered", tuple(lines), told=tuple(found), decided_by="over years")
    return replace(cited, evidence=reader.with_cited_first(cited, ()))


def _told_of_each(reader: Reader, question: Question, reports: Sequence[Report]) -> list[Told]:
    """What each report states of the indicator, for the time asked or else its own year; one statement a place and time."""
    weights = weigh(question.terms, reader.shelf.library)
    found: dict[tuple[str, str], Told] = {}
    for report in reports:
        role = question.role or "target"
        own = year_period(report.report_year - (role == "actual"))
        asked = replace(question, role=role, periods=question.periods or (own,), terms=(), units=())
        for item in told(asked, [report], reader.shelf, reader.lexicon, weights):
            if item.fact.value is not None and item.period is not None:
                found.setdefault((report.region, item.period.label), item)
                break
    return list(found.values())


def _head_of(
    question: Question, found: Sequence[Told], fitting: Sequence[Told], least: bool, places: int
) -> tuple[str, tuple[Figure, ...]]:
    """The conclusion: who is first, or how many fit, and of how many places that was looked for; with what was counted."""
    regions = len({item.report.region for item in found})
    counts = [_counted(places), _counted(regions)]
    compared = (
        f"共查了{places}个地方，{regions}个写明了这项数字" if places > MOST_LINES else f"{regions}个地方写明了这项数字"
    )
    if question.superlative:
        ties = [item for item in fitting if _value(item) == _value(fitting[0])]
        named = "、".join(f"{item.report.region}{item.period.label if item.period else ''}" for item in ties)
        head = f"最{'低' if least else '高'}的是{named}。"
        return (f"{head}（{compared}。）", tuple(counts)) if places > MOST_LINES else (head, ())
    counts += [_counted(len(fitting)), _counted(MOST_PLACES)]
    cut = f"，显示前{MOST_PLACES}个" if len(fitting) > MOST_PLACES else ""
    if len(fitting) < len(found):
        named = "、".join(item.report.region for item in fitting)
        words = f"符合的有{len(fitting)}个：{named}{cut}" if fitting else "没有符合的"
        return f"{words}。（{compared}。）", tuple(counts)
    return f"{compared}，由{'低到高' if least else '高到低'}排列{cut}。", tuple(counts)


def _counted(number: int) -> Figure:
    return Figure(f"{number}个", number, "个", None, None, None, None, None, "computed")


def _is_of_level(report: Report, question: Question) -> bool:
    """Whether a place is one of those asked for: 各省 are provinces, 哪个区 districts; all where no level is named."""
    asked = _OVER_PLACES.search(fold(question.text))
    level = asked["level"] if asked else None
    if level == "省":
        return any(province == report.region for province, _, _ in divisions())
    if level in ("区", "县", "市"):
        return report.region.endswith(level) and not any(p == report.region for p, _, _ in divisions())
    return report.region != "全国" or not asked


def read_each_report(reader: Reader, question: Question) -> Reading | None:
    """「哪几个区的报告说粮食生产实现了“十八连丰”」: the reports that say it, a line each."""
    if question.subject_regions or question.indicators or not _OVER_PLACES.search(fold(question.text)):
        return None
    judge = load_judge("sentences")
    judged = reader.candidates(question, "sentences")
    if judge.confidence(judged) < judge.least:
        return None
    best: dict[str, Candidate] = {}
    for candidate in judged:
        if candidate.features[0] >= SAID * judged[0].features[0]:
            best.setdefault(candidate.report.id, candidate)
    if not best:
        return None
    lines = []
    for candidate in best.values():
        span = opening(candidate.paragraph, candidate.sentence, 80)
        found = Finding(candidate.report, candidate.paragraph, span, candidate.sentence, candidate.probability)
        lines.append(Line((found,), lead=f"{candidate.report.region}{candidate.report.report_year}年报告"))
    cited = Reading("answered", tuple(lines[:MOST_PLACES]), decided_by="over places")
    return replace(cited, evidence=reader.with_cited_first(cited, ()))


def _value(item: Told) -> float:
    return float(item.fact.value or 0)
