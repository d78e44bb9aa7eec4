"""承诺与兑现: a goal beside what came of it, of one place over the years or of many places in one year."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.answering.asking_back import which_place
from assistant.answering.compose import Line
from assistant.answering.difference import difference
from assistant.answering.in_words import told_in_words
from assistant.answering.over import MOST_PLACES, OVER_PLACES, counted, is_of_level
from assistant.answering.pair_lines import pair_line, told_line
from assistant.answering.pairing import read_halves, read_pair
from assistant.answering.reader import Reader
from assistant.answering.reading import Reading
from assistant.language.folding import fold
from assistant.language.numerals import read_number
from assistant.language.ruleset import read_rules
from assistant.panel.fulfilment import OUTCOMES, Outcome
from assistant.panel.panel import Pair, Series
from assistant.retrieval.asking import numbers_asked
from assistant.retrieval.question import Question, Understanding
from assistant.retrieval.sides import measures_of, split_sides
from assistant.types import Figure

_RULES = read_rules("asking")
_ASKED = _RULES["asks whether goals were met"].pattern
_MISSED = _RULES["missed goals asked"].pattern
_IN_A_ROW = _RULES["years in a row"].pattern
_AGAINST_LAST = _RULES["goal against last year's result"].pattern
BOTH = 0.3
"""Probability from which a goal and its result are taken to be asked for together: best F1 (0.80) of 0.2 to 0.7 in cross-validation by place."""
_DECIDED: tuple[Outcome, ...] = ("met", "close", "missed")
_MOST_YEARS = 12
_MOST_ASKED = 6
_MOST_RUNS = 5
"""Places of which a run of years is shown, each year with two sentences."""
_RUN = 2
"""Years in a row that 连续 means where it says no number."""


def asks_for_fulfilment(question: Question) -> bool:
    """Whether somebody asks what became of goals."""
    return question.asked.probability("role", "both") >= BOTH or bool(_ASKED.search(fold(question.text)))


def _asks_each_half(question: Question, understanding: Understanding) -> bool:
    """Whether one clause asks for the goal of a year and another for its result: 2024年计划投多少，真投了多少."""
    texts = (question.topic, question.text)  # a space ends a clause, too, and the topic has none
    asking = ([c for c in re.split(r"[,，;；。?？\s]", text) if numbers_asked(fold(c))] for text in texts)
    clauses = next((found for found in asking if len(found) > 1), [])
    if not clauses or len(question.periods) != 1 or measures_of(question):
        return False
    scene = "".join((*question.subject_regions, *(period.label for period in question.periods)))
    once_set = _RULES["names a goal once set"].pattern  # a goal, however it sounds beside 涨多少
    roles = {"target" if once_set.search(c) else understanding.read(scene + c).asked.role for c in clauses}
    return roles >= {"target", "actual"}


def read_fulfilment(reader: Reader, question: Question) -> Reading | None:
    """Set goals against what came of them; None where that is not asked, or nothing is told of it."""
    text = fold(question.text)
    if _RULES["asks for reasons"].pattern.search(text):
        return None
    if question.indicators and _AGAINST_LAST.search(text):
        return _against_last_year(reader, question)
    if not asks_for_fulfilment(question) and not _asks_each_half(question, reader.understanding):
        return None
    sides = split_sides(question, reader.understanding)
    if {side.role for side in sides} == {"target", "actual"} and len({side.periods for side in sides}) > 1:
        return None  # 2024年实际超没超过2023年定的: of two years, each half is a side
    run = _IN_A_ROW.search(text)
    if question.indicators and (run or not question.subject_regions) and OVER_PLACES.search(text):
        return _in_a_row(reader, question, run) if run else _over_places(reader, question)
    if not question.subject_regions:
        places = _places_of(reader, question)
        if len(places) > 1:
            return _which_place(reader, question)
        question = replace(question, subject_regions=places)
    return _of_one_place(reader, question) if len(question.subject_regions) == 1 else None


def _places_of(reader: Reader, question: Question) -> tuple[str, ...]:
    """The places that may be meant where none is named: all that are held, or the one that tells of the thing: 东风汽车博物馆."""
    regions = tuple(reader.shelf.regions)
    if len(regions) < 2 or question.indicators or not _matter(question):
        return regions
    reading = reader.read(question)
    found = {f.report.region for line in reading.lines for f in line.findings} if reading.verdict == "answered" else ()
    return tuple(found) if len(found) == 1 else regions


def _which_place(reader: Reader, question: Question) -> Reading:
    """The reply where whose goals are meant is not said, and several places are held."""
    years = _years(question)
    held = [r for r in reader.shelf.reports.values() if not years or r.report_year in years]
    newest = sorted(held or reader.shelf.reports.values(), key=lambda report: (-report.report_year, report.region))
    places = list(dict.fromkeys(report.region for report in newest))[:_MOST_ASKED]
    return which_place(question, [(place, f"{years[0]}年" if len(years) == 1 else "") for place in places])


def _series(reader: Reader, question: Question, places: Sequence[str], indicators: Iterable[str]) -> list[Series]:
    """What is told of the indicators in the kind that is asked for, else in the one in which most goals have a result."""
    kind = {"growth": "change", "amount": "level", "share": "share"}.get(question.measure or "")
    best: dict[str, tuple[tuple[bool, int], Series]] = {}
    for one in reader.panel.table(reader.panel.select(list(indicators), places)).series:
        decided = len(_decided(one.pairs))
        # 完成了吗 sounds like an amount: a kind in which no goal has a result does not come first.
        rank = (one.kind == kind and decided > 0, decided)
        if one.indicator not in best or rank > best[one.indicator][0]:
            best[one.indicator] = (rank, one)
    return [one for _, one in best.values()]


def _decided(pairs: Iterable[Pair]) -> list[Pair]:
    return [pair for pair in pairs if pair.verdict.outcome in _DECIDED]


def _of_one_place(reader: Reader, question: Question) -> Reading | None:
    """「河北省2024年GDP目标完成了吗」「近十年GDP目标和完成情况」; without an indicator all that the year's goals name."""
    years = _years(question)
    named = [name for names in question.indicators for name in names]
    names = named or _subject_asked(reader, question)
    every = not names and not _matter(question)
    if every:
        names = [name for name, _ in reader.panel.indicators]
    if every and len(years) != 1:
        return None
    pairs = []
    for series in _series(reader, question, question.subject_regions, names):
        told = [pair for pair in series.pairs if "told" in (pair.goal.state, pair.result.state)]
        pairs += [(series, pair) for pair in told if not years or pair.year in years]
    # Of all goals of a year a result alone is no goal; where one indicator is named its result is told anyhow.
    pairs = [(series, pair) for series, pair in pairs if pair.goal.told or not every][-_MOST_YEARS:]
    everything = [pair for _, pair in pairs]
    if not every and not _decided(everything):
        found = _found(reader, question, years)
        if found or not named:
            return found
    if not pairs:
        return _no_goals(reader, question.subject_regions[0], years[0]) if every else None
    unit = "项" if len({series.indicator for series, _ in pairs}) > 1 else "年"
    head = [_counts(question.subject_regions[0], everything, unit)] if len(pairs) > 2 and _decided(everything) else []
    missed = [(series, pair) for series, pair in pairs if pair.verdict.outcome in ("missed", "close")]
    if head and missed and _MISSED.search(fold(question.text)):
        pairs = missed
    lines = [pair_line(f"{pair.place}{pair.year}年{series.indicator}", pair) for series, pair in pairs]
    return _reading(reader, [*head, *lines])


def _found(reader: Reader, question: Question, years: Sequence[int]) -> Reading | None:
    """「技术合同成交额超额了吗」, of which the result is told as 交易额: both halves as the reader finds them."""
    newest = reader.shelf.newest_year(question.subject_regions)
    year = next(iter(years), newest - 1 if newest else 0)
    if len(years) > 1:
        return None
    halves = read_halves(reader, question, year)
    for series in _series(reader, question, question.subject_regions, halves.indicators):
        # 工业增长达到目标没有 names no indicator, and what was found is one: its series holds both.
        for pair in _decided(series.pairs):
            if pair.year == year:
                return _reading(reader, [pair_line(f"{pair.place}{year}年{series.indicator}", pair)])
    lines = [*told_in_words(reader, question, year, _matter(question)), *read_pair(reader, question, year, halves)]
    return _reading(reader, lines) if lines else None


def _no_goals(reader: Reader, place: str, year: int) -> Reading | None:
    """The reply where the report that sets a year's goals is not held; None where it is."""
    held = sorted({r.report_year for r in reader.shelf.of_region(place)})
    if year in held:
        return None
    years = "、".join(map(str, held))
    words = f"没有收录{place}{year}年的报告，{year}年定了哪些目标无从查起。已收录{place}{years}年的报告。"
    asked = [f"{place}{one}年的目标完成了吗" for one in held if one + 1 in held]
    return Reading("not_covered", words=words, suggestions=tuple(asked[-2:]), decided_by="catalogue: time")


def _matter(question: Question) -> str:
    """What is asked about beside place, time and that goals were met: 文旅康养产值."""
    asked = _ASKED.sub("", fold(question.topic))
    words = [term.word for term in question.terms if term.word in asked]
    return "".join(word for word in words if not _RULES["only asks for goals"].pattern.fullmatch(word))


def _subject_asked(reader: Reader, question: Question) -> list[str]:
    """The subject of the place's reports that is called so, where it is no named indicator."""
    matter = _matter(question)
    if len(matter) < 2:
        return []
    held = [report.id for report in reader.shelf.covering(question.subject_regions, None, None)]
    return [name for name, _ in reader.shelf.library.subjects(matter, held, 1)]


def _years(question: Question) -> list[int]:
    named = [p.first for p in question.periods if p.first is not None and p.first == p.last]
    if named or not (span := next((p for p in question.periods if p.first and p.last), None)):
        return [year for year in named if year is not None]
    assert span.first
    assert span.last
    return list(range(span.first, span.last + 1))


def _over_places(reader: Reader, question: Question) -> Reading | None:
    """「2024年哪些省没完成GDP目标」: the year's goals and results of all places, and those of them that are asked for."""
    asked_of = [r for r in reader.shelf.reports.values() if is_of_level(r, question)]
    places = list(dict.fromkeys(reader.panel.name_of(report.region) for report in asked_of))
    every = [pair for one in _series(reader, question, places, question.indicators[0]) for pair in _decided(one.pairs)]
    if not every:
        return _nothing_matches(places)
    year = next(iter(_years(question)), max(pair.year for pair in every))
    pairs = sorted((pair for pair in every if pair.year == year), key=lambda pair: -_gap(pair))
    if not pairs:
        return _nothing_matches(places)
    wanted: tuple[Outcome, ...] = ("missed", "close") if _MISSED.search(fold(question.text)) else _DECIDED
    fitting = [pair for pair in pairs if pair.verdict.outcome in wanted]
    if "met" not in wanted:
        fitting.sort(key=lambda pair: (pair.verdict.outcome != "missed", _gap(pair)))
    counts = {outcome: sum(pair.verdict.outcome == outcome for pair in pairs) for outcome in _DECIDED}
    told = "、".join(f"{OUTCOMES[outcome]}{number}个" for outcome, number in counts.items() if number)
    cut = f"下面是前{MOST_PLACES}个。" if len(fitting) > MOST_PLACES else ""
    words = f"共查了{len(places)}个地方，{len(pairs)}个写明了{year}年的目标和完成情况：{told}。{cut}"
    numbers = (len(places), len(pairs), *counts.values(), MOST_PLACES)
    head = Line(words=words, computed=tuple(counted(number) for number in dict.fromkeys(numbers)))
    lines = [pair_line(f"{pair.place}{pair.year}年{question.indicators[0][0]}", pair) for pair in fitting[:MOST_PLACES]]
    return _reading(reader, [head, *lines])


def _nothing_matches(places: Sequence[str]) -> Reading:
    """The reply where no place tells both a goal and its result."""
    words = f"共查了{len(places)}个地方，没有一个地方的目标和完成情况能对上：某年的完成情况写在下一年的报告里。"
    return Reading("not_covered", words=words, decided_by="fulfilment")


def _in_a_row(reader: Reader, question: Question, run: re.Match[str] | None) -> Reading | None:
    """「连续三年没完成GDP目标的有哪些地方」: the places with so many misses one after the other, the latest first."""
    size = int((run and read_number(run["years"])) or _RUN)
    wanted: Outcome = "missed" if _MISSED.search(fold(question.text)) else "met"
    asked_of = [r for r in reader.shelf.reports.values() if is_of_level(r, question)]
    places = list(dict.fromkeys(reader.panel.name_of(report.region) for report in asked_of))
    found: list[list[Pair]] = []
    for series in _series(reader, question, places, question.indicators[0]):
        for place in places:
            long = [years for years in series.runs(place, wanted) if len(years) >= size]
            found += long[-1:]
    told = f"连续{size}年{OUTCOMES[wanted]}"
    if not found:
        words = (
            f"共查了{len(places)}个地方，没有{told}目标的。完成情况写在下一年的报告里，没有收录下一年报告的年份不算。"
        )
        return Reading("not_covered", words=words, decided_by="fulfilment")
    found.sort(key=lambda one: (-one[-1].year, -len(one)))
    cut = f"，下面是前{_MOST_RUNS}个" if len(found) > _MOST_RUNS else ""
    named = "、".join(f"{one[0].place}（{one[0].year}—{one[-1].year}年）" for one in found)
    words = f"共查了{len(places)}个地方，{told}目标的有{len(found)}个：{named}{cut}。"
    counts = tuple(counted(number) for number in dict.fromkeys((len(places), len(found), _MOST_RUNS)))
    years = Figure(f"{size}年", size, "年", None, None, None, None, None, "computed")
    head = Line(words=words, computed=(*counts, years))
    lines = [
        pair_line(f"{pair.place}{pair.year}年{question.indicators[0][0]}", pair)
        for one in found[:_MOST_RUNS]
        for pair in one[-size:]
    ]
    return _reading(reader, [head, *lines])


def _against_last_year(reader: Reader, question: Question) -> Reading | None:
    """「外资目标比去年完成的高多少」: a year's goal and the result of the year before, in one kind."""
    if len(question.subject_regions) != 1:
        return None
    for series in _series(reader, question, question.subject_regions, question.indicators[0]):
        goals = {pair.year: pair.goal.told for pair in series.pairs if pair.goal.told}
        results = {pair.year: pair.result.told for pair in series.pairs if pair.result.told}
        years = [year for year in _years(question) if year in goals] or sorted(goals)
        year = next((year for year in reversed(years) if year - 1 in results), None)
        if year is None:
            continue
        goal, result = goals[year], results[year - 1]
        assert goal is not None
        assert result is not None
        place = question.subject_regions[0]
        lines = [
            told_line(f"{place}{year}年{series.indicator}预期目标", goal),
            told_line(f"{place}{year - 1}年{series.indicator}", result),
        ]
        return _reading(
            reader,
            [
                *lines,
                *difference([(f"{year}年目标", goal.fact), (f"{year - 1}年完成", result.fact)], is_one_place=True),
            ],
        )
    return None


def _counts(place: str, pairs: Sequence[Pair], unit: str) -> Line:
    """How many of the years, or of the goals, were met."""
    decided = _decided(pairs)
    counts = {outcome: sum(pair.verdict.outcome == outcome for pair in decided) for outcome in _DECIDED}
    told = "、".join(f"{number}{unit}{OUTCOMES[outcome]}" for outcome, number in counts.items() if number)
    rest = len(pairs) - len(decided)
    others = f"另有{rest}{unit}不能比：目标和完成情况没有都写明，或者口径不同。" if rest else ""
    numbers = dict.fromkeys((len(decided), rest, *counts.values()))
    figures = [Figure(f"{n}{unit}", n, unit, None, None, None, None, None, "computed") for n in numbers if n]
    kind = "的指标" if unit == "项" else "的"
    words = f"{place}能把目标和完成情况对上{kind}有{len(decided)}{unit}：{told}。{others}"
    return Line(words=words, computed=tuple(figures))


def _gap(pair: Pair) -> float:
    return float(pair.verdict.gap or 0)


def _reading(reader: Reader, lines: Sequence[Line]) -> Reading:
    cited = Reading("answered", tuple(lines), decided_by="fulfilment")
    return replace(cited, evidence=reader.with_cited_first(cited, ()))
