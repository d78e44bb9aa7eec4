"""The reader for indicators (地区生产总值, 社零, 固投 …): the statement of the right place, time, role and measure, or none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.answering.finding import Finding
from assistant.corpus.fact_rows import FactQuery
from assistant.facts.fact import Fact
from assistant.facts.phrases import RULES, trimmed
from assistant.facts.told import Told
from assistant.language.folding import fold
from assistant.language.hedges import AFTER
from assistant.language.lexicon import Lexicon
from assistant.language.sentences import clauses
from assistant.panel.cells import SCENE, is_announced, is_compared, tells_what_was_passed
from assistant.retrieval.asking import Measure
from assistant.retrieval.question import HALF, Question, Term
from assistant.retrieval.relevance import Weights
from assistant.retrieval.shelf import Shelf, holds, same_period
from assistant.types import Paragraph, Period, Report

LONGEST_SHOWN = 60
"""Characters from an indicator's name to the end of what is said of it that are printed together."""
_KINDS = {"growth": "change", "amount": "level", "share": "share"}
"""The measure of a fact that each measure asked for is told by."""
_GENERIC = re.compile(
    r"^(?:增长|增速|增幅|涨|涨幅|同比|同比增长|增加|总量|总额|规模|占|占比|比重|比例|最高|最低|对比|超过|控制目标|指标|年均|定得|下降|多少钱|金额|实现|情况|速度|百分点|目标值|预期目标)$"
)
_JOINED = RULES["joined"].pattern
_HEDGE_BEFORE = re.compile(r"力争|预计|确保|争取|努力|计划")


def rest_of(question: Question, lexicon: Lexicon) -> list[Term]:
    """The content words of the question beside its indicator and words such as 增速."""
    names = [name for names in question.indicators for name in names]
    written = _written(names, lexicon)
    return [
        term
        for term in question.terms
        if not _GENERIC.match(term.word) and not term.word[0].isdigit() and not set(term.variants) & written
    ]


def told(question: Question, reports: Sequence[Report], shelf: Shelf, lexicon: Lexicon, weights: Weights) -> list[Told]:
    """Return what the reports state about the indicator asked, best first; empty where they state nothing that fits."""
    if not question.indicators:
        return []
    wanted = FactQuery(reports=[report.id for report in reports], indicators=question.indicators[0])
    return fitting(question, shelf.told(wanted), lexicon, weights)


def fitting(question: Question, stated: Iterable[Told], lexicon: Lexicon, weights: Weights) -> list[Told]:
    """Of what is stated of the indicator asked, return what answers, best first."""
    rest = rest_of(question, lexicon)
    found = []
    for item in stated:
        if not _fits(question, item.fact, item.paragraph):
            continue
        around = " ".join((*item.paragraph.headings, item.sentence))
        things = [term for term in rest if term.is_name or term.is_place]  # 又定 is of no other thing
        if things and Weights({t.word: weights.of_term[t.word] for t in things}).coverage(things, around) < HALF:
            continue
        found.append(item)
    return sorted(found, key=lambda item: _preference(question, item), reverse=True)


def _written(names: Sequence[str], lexicon: Lexicon) -> set[str]:
    return {word for name in names for word in lexicon.indicators[name].written}


def fits_measure(asked: Measure | None, fact: Fact) -> bool:
    """Whether a fact is of the kind asked for; a percentage that is a level (失业率5.5%) may be asked for as any."""
    if fact.measure in ("rank", "comparison"):
        return False
    if asked is None or (fact.measure == "rate" and fact.unit == "%"):
        return True
    return fact.measure == _KINDS[asked]


def _fits(question: Question, fact: Fact, paragraph: Paragraph) -> bool:
    if fact.place is not None or not fits_measure(question.measure, fact):
        return False
    if question.units and question.units[0] and (fact.value is None or fact.unit not in question.units[0]):
        return False
    if question.role and fact.role and fact.role != question.role:
        return False
    if is_compared(fact, paragraph):
        return False
    period = fact.period
    if not question.periods:
        return period is None or not period.partial
    if period is None:
        return False
    return any(
        same_period(asked, period) or (period.partial and holds(period, asked)) or _is_due(fact, asked)
        for asked in question.periods
    )


def _is_due(fact: Fact, asked: Period) -> bool:
    """Whether a goal of a span of years is to be reached in the year asked about, its last: 到2026年城镇化率达到56.5%."""
    period = fact.period
    of_the_end = fact.role == "target" and fact.measure in ("level", "rate", "share") and not fact.aggregate
    return of_the_end and period is not None and (period.last, period.last) == (asked.first, asked.last)


def _preference(question: Question, item: Told) -> tuple[float, ...]:
    fact, paragraph, period = item.fact, item.paragraph, item.period
    exact = any(period and same_period(asked, period) for asked in question.periods)
    whole = period is not None and not period.partial
    announced = bool(SCENE.search(paragraph.text[: fact.clause[0]]))
    # Of 突破500亿元 and 预计达到510亿元 the second says how much it is.
    passed = tells_what_was_passed(item)
    single = period is not None and period.first == period.last
    share = fact.measure == "share"
    # Asked neither for a goal nor for a result, the result is the better answer where there is one.
    result = question.role is None and item.role == "actual"
    return (
        exact,
        whole,
        -share,
        bool(question.periods) and result,
        announced,
        is_announced(fact, paragraph),
        -passed,
        single,
        item.report.report_year,
        -paragraph.ordinal,
        -fact.start,
    )


def one_for_each_time(items: Sequence[Told]) -> list[Told]:
    """The best statement for each report, time and role, in the order of preference."""
    seen: dict[tuple[object, ...], Told] = {}
    for item in items:
        seen.setdefault((item.report.region, item.period.label if item.period else None, item.role), item)
    return list(seen.values())


def as_finding(item: Told) -> Finding:
    """The words to print: from the indicator's name to the end of what is said of it, with what they are of in front."""
    fact, text = item.fact, item.paragraph.text
    start, end = _subject_end(fact, text), fact.clause[1]
    before = text[max(fact.sentence[0], start - 30) : start] if start < fact.clause[0] else text[fact.clause[0] : start]
    hedge = _HEDGE_BEFORE.search(fold(before))
    if hedge:
        start -= len(before) - hedge.start()
    start += len(re.match(r"[\s、]*(?:[(（][^)）]{1,12}[)）]|[)）])?", text[start:end]).group())  # type: ignore[union-attr]
    for left, right in clauses(text, end, fact.sentence[1]):
        if (
            left != end
            or not re.match(r"(?:同比)?(?:增长|增幅|增速|下降|提高)", fold(text[left:right]))
            or right - end > 24
        ):
            break
        end = right
    while end > start and text[end - 1] in ",，;；。、:： \n":
        end -= 1
    apart = RULES["respectively"].pattern.search(text, fact.clause[0], fact.start) or _is_in_a_row(fact, text)
    said = own_value(fact, text) if apart else ""
    finding = Finding(item.report, item.paragraph, (start, end), fact.sentence, lead=_lead(item), said=said)
    return replace(finding, quote=(min(fact.sentence[0], start), max(fact.sentence[1], end)))


def _is_in_a_row(fact: Fact, text: str) -> bool:
    """Whether another figure stands right beside one, parted by 、 alone: 城乡居民人均可支配收入50009元、23364元."""
    before, behind = fold(text[fact.clause[0] : fact.start]), fold(text[fact.end : fact.clause[1]])
    return bool(re.match(r"[、和]\d", behind) or re.search(r"\d[^\d、和,，]{0,6}[、和]$", before))


def own_value(fact: Fact, text: str) -> str:
    """A figure by itself, with its hedges and its direction: of 分别增长5.4%、13.2% only the one that is the indicator's."""
    behind = [hedge for hedge in fact.hedges if AFTER.fullmatch(hedge)]
    before = [hedge for hedge in fact.hedges if hedge not in behind]
    grown = {1: "增长", -1: "下降", 0: ""}[fact.direction]
    return f"{''.join(before)}{grown}{text[fact.start : fact.end]}{''.join(behind)}"


def _subject_end(fact: Fact, text: str) -> int:
    """Where the words behind the indicator's name begin, or the clause where these stand behind the figure or far before it."""
    ends = [end for _, end in fact.subject_spans if end <= fact.start]
    if not ends or fact.clause[1] - ends[-1] > LONGEST_SHOWN:
        return fact.clause[0]
    if _JOINED.match(text, ends[-1]):
        # 进出口总额和实际利用外资增长30%: said of both, and told of the one that was asked for.
        return trimmed(text, ends[-1], fact.start)[1]
    return ends[-1]


def question_for(item: Told) -> str:
    """A question that the statement answers, to be offered."""
    return f"{_lead(item).removesuffix('预期目标')}{'目标' if item.role == 'target' else ''}是多少"


def _lead(item: Told) -> str:
    period = item.period.label if item.period else f"{item.report.report_year}年报告"
    role = "预期目标" if item.role == "target" else ""
    return f"{item.report.region}{period}{item.indicator}{role}"
