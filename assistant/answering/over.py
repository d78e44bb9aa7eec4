"""Questions over many places or years: 各省, 哪些区, 历年. Each is asked of the facts; nothing is searched for each anew."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.checks import claim_of
from assistant.answering.compare import interleaved, read_sides
from assistant.answering.compose import Line
from assistant.answering.conversation import MEASURED
from assistant.answering.coverage import nothing_found
from assistant.answering.difference import difference
from assistant.answering.extract import opening
from assistant.answering.features import Candidate
from assistant.answering.finding import Finding
from assistant.answering.indicators import as_finding, fitting
from assistant.answering.judge import load_judge
from assistant.answering.reader import TOPIC, Reader
from assistant.answering.reading import Reading
from assistant.answering.stated import MOST_LINES
from assistant.corpus.fact_rows import FactQuery
from assistant.facts.told import Told
from assistant.language.folding import fold
from assistant.language.periods import year_period
from assistant.language.regions import divisions
from assistant.language.ruleset import read_rules
from assistant.retrieval.question import Question
from assistant.retrieval.relevance import weigh
from assistant.retrieval.sides import MOST_SIDES
from assistant.types import Figure, Report, Role

_RULES = read_rules("asking")
OVER_PLACES = _RULES["asks over places"].pattern
OVER_YEARS = _RULES["asks over years"].pattern
_WHICH_YEAR = _RULES["asks which year"].pattern
MOST_PLACES = 10
"""Places whose figures are shown; how many there are in all is said."""
MOST_OF_A_YEAR = 3
"""Points that are told of one matter of one year's results or plans, where several years are."""
SAID = 0.9
"""Share of the best coverage from which another report says the same."""


def read_places(reader: Reader, question: Question) -> Reading | None:
    """「哪个区的GDP目标最高」「各省GDP目标」「哪些省定在4.5%左右」: the figure of each place that has one, greatest first.

    None where it is no question over places, or fewer than two of them state the figure.
    """
    over = question.superlative or (not question.subject_regions and OVER_PLACES.search(fold(question.text)))
    if not question.indicators or not over:
        return None
    asked_of = [r for r in reader.shelf.covering(question.subject_regions, None, None) if is_of_level(r, question)]
    # Of one place over the years 最高 is what was reached; of many places what they have set themselves for the coming year.
    if len(question.subject_regions) == 1 and _WHICH_YEAR.search(fold(question.text)):
        first, last = _span(question)
        asked_of = [r for r in asked_of if first <= r.report_year - (question.role != "target") <= last]
        question = replace(question, periods=())
    found = _told_of_each(reader, question, asked_of, "actual" if len(question.subject_regions) == 1 else "target")
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


def _span(question: Question) -> tuple[int, int]:
    """The years among which one is looked for: 2019到2022年哪一年最快; all where none are named."""
    years = [year for period in question.periods for year in (period.first, period.last) if year]
    return (min(years), max(years)) if len(set(years)) > 1 else (0, 9999)


def read_years(reader: Reader, question: Question) -> Reading | None:
    """「松北这两年财政收入目标有什么变化」「历年GDP目标」: the figure of each report held of one place, in the order of years.

    None where several years are named, where no run of years is asked for, or where fewer than two reports state the figure.
    """
    named = [period for period in question.periods if period.first == period.last and period.first is not None]
    if len(question.subject_regions) != 1 or named or not OVER_YEARS.search(fold(question.text)):
        return None
    if not question.indicators:
        return _years_of_a_thing(reader, question) if question.shape == "number" else None
    over = replace(question, periods=())
    found = _told_of_each(reader, over, reader.shelf.covering(question.subject_regions, None, None), "actual")
    found = sorted(found, key=lambda item: item.period.first or 0 if item.period else 0)[-MOST_PLACES:]
    if len(found) < 2:
        return None
    lines = [Line((finding,), lead=finding.lead) for finding in map(as_finding, found)]
    if len(found) == 2:
        lines += difference([(line.lead, item.fact) for line, item in zip(lines, found, strict=True)], True)
    cited = Reading("answered", tuple(lines), told=tuple(found), decided_by="over years")
    return replace(cited, evidence=reader.with_cited_first(cited, ()))


def _years_of_a_thing(reader: Reader, question: Question) -> Reading | None:
    """「高新技术企业目标两年分别定的多少」: what no indicator names, as it is found for the year of each report held."""
    reports = sorted({report.report_year for report in reader.shelf.of_region(question.subject_regions[0])})
    years = [year - (question.role != "target") for year in reports[-MOST_SIDES:]]
    sides = [replace(question, periods=(year_period(year),)) for year in years]
    reading = read_sides(reader, sides, question) if len(sides) > 1 else None
    told = [line for line in reading.lines if line.findings] if reading and reading.verdict == "answered" else []
    return replace(reading, decided_by="over years") if reading and len(told) > 1 else None


def read_ends(reader: Reader, question: Question) -> Reading | None:
    """「旅游收入从2022到2024涨了多少」 where no report tells it of the span: the two years that it begins and ends with."""
    span = next((p for p in question.periods if p.first and p.last and p.first < p.last), None)
    if len(question.periods) != 1 or span is None or span.partial or question.shape != "number":
        return None
    assert span.first
    assert span.last
    # 涨了多少 between two years asks for the amount of each.
    of_amounts = question.asked.settled("measure", "amount")
    things = tuple(term for term in question.terms if not MEASURED.fullmatch(term.word))
    at_ends = replace(question, asked=of_amounts, measure=None, units=(), terms=things)
    sides = [replace(at_ends, periods=(year_period(year),)) for year in (span.first, span.last)]
    reading = read_sides(reader, sides, replace(at_ends, compares=True))
    return (
        reading
        if reading.verdict == "answered" and all(line.findings or line.computed for line in reading.lines)
        else None
    )


def read_topic_years(reader: Reader, question: Question) -> Reading | None:
    """「这几年房地产怎么样」: what each report held of one place tells of a matter, in the order of years.

    None where a year is named, no run of years is asked for, or no matter; and where fewer than two reports tell of it.
    """
    named = [period for period in question.periods if period.first == period.last and period.first is not None]
    if len(question.subject_regions) != 1 or question.indicators or named:
        return None
    if question.asked.probability("intent", "topic") < TOPIC or not OVER_YEARS.search(fold(question.text)):
        return None
    # Of years gone by what was done is told, and what was planned only where nothing else is.
    done = question.asked.settled("role", "actual")
    lines, evidence = [], []
    for report in sorted(reader.shelf.of_region(question.subject_regions[0]), key=lambda report: report.report_year):
        of_report = replace(question, periods=(), report_years=(report.report_year,))
        readings = (reader.read(replace(of_report, asked=asked)) for asked in (done, question.asked))
        reading = next((reading for reading in readings if reading.verdict == "answered"), None)
        if reading is not None:
            lines += [line for line in map(_shortened, reading.lines) if line.findings]
            evidence.append(reading.evidence)
    if len(evidence) < 2:
        return None
    return Reading("answered", tuple(lines), evidence=interleaved(evidence, reader.top_k), decided_by="topic, years")


def _shortened(line: Line) -> Line:
    """The first points of a line: of several years each has room for a few."""
    return replace(line, findings=line.findings[:MOST_OF_A_YEAR])


def _told_of_each(
    reader: Reader, question: Question, reports: Sequence[Report], otherwise: Role = "target"
) -> list[Told]:
    """What each report states of the indicator, for the time asked or else its own year; one statement a place and time.

    `otherwise` is meant where neither goals nor results are asked for.
    """
    weights = weigh(question.terms, reader.shelf.library)
    wanted = FactQuery([report.id for report in reports], indicators=question.indicators[0])
    stated: dict[str, list[Told]] = defaultdict(list)
    for one in reader.shelf.told(wanted):
        stated[one.report.id].append(one)
    found: dict[tuple[str, str], Told] = {}
    for report in reports:
        role = question.role or otherwise
        own = year_period(report.report_year - (role == "actual"))
        asked = replace(question, role=role, periods=question.periods or (own,), terms=(), units=())
        for item in fitting(asked, stated[report.id], reader.lexicon, weights):
            if item.fact.value is not None and item.period is not None:
                found.setdefault((report.region, item.period.label), item)
                break
    return list(found.values())


def _head_of(
    question: Question, found: Sequence[Told], fitting: Sequence[Told], least: bool, places: int
) -> tuple[str, tuple[Figure, ...]]:
    """The conclusion: who is first, or how many fit, and of how many places that was looked for; with what was counted."""
    regions = len({item.report.region for item in found})
    counts = [counted(places), counted(regions)]
    compared = (
        f"共查了{places}个地方，{regions}个写明了这项数字" if places > MOST_LINES else f"{regions}个地方写明了这项数字"
    )
    if question.superlative:
        ties = [item for item in fitting if _value(item) == _value(fitting[0])]
        place = "" if regions == 1 else "{}"
        named = "、".join(
            f"{place.format(item.report.region)}{item.period.label if item.period else ''}" for item in ties
        )
        head = f"最{'低' if least else '高'}的是{named}。"
        return (f"{head}（{compared}。）", tuple(counts)) if places > MOST_LINES else (head, ())
    counts += [counted(len(fitting)), counted(MOST_PLACES)]
    cut = f"，显示前{MOST_PLACES}个" if len(fitting) > MOST_PLACES else ""
    if len(fitting) < len(found):
        named = "、".join(item.report.region for item in fitting)
        words = f"符合的有{len(fitting)}个：{named}{cut}" if fitting else "没有符合的"
        return f"{words}。（{compared}。）", tuple(counts)
    return f"{compared}，由{'低到高' if least else '高到低'}排列{cut}。", tuple(counts)


def counted(number: int) -> Figure:
    """How many places there are of a kind: counted by us, and found in no passage."""
    return Figure(f"{number}个", number, "个", None, None, None, None, None, "computed")


def is_of_level(report: Report, question: Question) -> bool:
    """Whether a place is one of those asked for: 各省 are provinces, 哪个区 districts; all where no level is named."""
    asked = OVER_PLACES.search(fold(question.text))
    level = asked["level"] if asked else None
    if level == "省":
        return any(province == report.region for province, _, _ in divisions())
    if level in ("区", "县", "市"):
        return report.region.endswith(level) and not any(p == report.region for p, _, _ in divisions())
    return report.region != "全国" or not asked


def read_each_report(reader: Reader, question: Question) -> Reading | None:
    """「哪几个区的报告说粮食生产实现了“十八连丰”」: the reports that say it, a line each."""
    if question.subject_regions or question.indicators or not OVER_PLACES.search(fold(question.text)):
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
    return float(item.signed or 0)
