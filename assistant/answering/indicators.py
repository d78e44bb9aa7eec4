"""The reader for indicators (地区生产总值, 社零, 固投 …): the statement of the right place, time, role and measure, or none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering.finding import Finding
from assistant.answering.statements import Statement, statements
from assistant.language.folding import fold
from assistant.language.lexicon import Lexicon
from assistant.language.sentences import clauses
from assistant.retrieval.question import Question, Term
from assistant.retrieval.relevance import Weights
from assistant.retrieval.shelf import Shelf, holds, same_period
from assistant.types import Report

_GENERIC = re.compile(
    r"^(?:增长|增速|增幅|涨|涨幅|同比|同比增长|增加|总量|总额|规模|占|占比|比重|比例|最高|最低|对比|超过|控制目标|指标|年均|定得|下降|多少钱|金额|实现|情况|速度|百分点|目标值|预期目标)$"
)
_SCENE = re.compile(r"预期目标|主要目标|总体目标|主要任务目标|发展目标")
_HEDGE_BEFORE = re.compile(r"力争|预计|确保|争取|努力|计划")


@dataclass(frozen=True, slots=True)
class Told:
    """A statement that answers, and the report it stands in."""

    report: Report
    statement: Statement
    indicator: str


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
    names = question.indicators[0]
    rest = rest_of(question, lexicon)
    found = []
    for report in reports:
        for paragraph in shelf.paragraphs(report.id):
            if not any(set(m.names) & set(names) for m in lexicon.written_in(paragraph.text)):
                continue
            for statement in statements(paragraph, report, lexicon):
                indicator = next((name for name in statement.indicators if name in names), None)
                if indicator is None or not _fits(question, statement):
                    continue
                around = " ".join((*paragraph.headings, paragraph.text[slice(*statement.sentence)]))
                if rest and Weights({t.word: weights.of_term[t.word] for t in rest}).coverage(rest, around) < 0.5:
                    continue
                found.append(Told(report, statement, indicator))
    return sorted(found, key=lambda item: _preference(question, item), reverse=True)


def _written(names: Sequence[str], lexicon: Lexicon) -> set[str]:
    return {word for name in names for word in lexicon.indicators[name].written}


def _fits(question: Question, statement: Statement) -> bool:
    quantity = statement.quantity
    if question.measure and statement.measure not in (
        question.measure,
        *([None] if quantity and quantity.unit == "%" else []),
    ):
        return False
    if question.units and question.units[0] and (quantity is None or quantity.unit not in question.units[0]):
        return False
    if question.role and statement.role and statement.role != question.role:
        return False
    if re.match(r"比", fold(statement.paragraph.text[slice(*statement.clause)])):
        return False
    if not question.periods:
        return statement.period is None or not statement.period.partial
    period = statement.period
    if period is None:
        return False
    return any(same_period(asked, period) or (period.partial and holds(period, asked)) for asked in question.periods)


def _preference(question: Question, item: Told) -> tuple[float, ...]:
    statement = item.statement
    exact = any(statement.period and same_period(asked, statement.period) for asked in question.periods)
    whole = statement.period is not None and not statement.period.partial
    scene = bool(
        _SCENE.search(statement.paragraph.text[: statement.clause[0]] + "".join(statement.paragraph.headings[-1:]))
    )
    single = statement.period is not None and statement.period.first == statement.period.last
    share = statement.measure == "share"
    # Asked neither for a goal nor for a result, the result is the better answer where there is one.
    result = question.role is None and statement.role == "actual"
    return (
        exact,
        whole,
        -share,
        bool(question.periods) and result,
        scene,
        single,
        item.report.report_year,
        -statement.paragraph.ordinal,
        -statement.clause[0],
    )


def one_for_each_time(items: Sequence[Told]) -> list[Told]:
    """The best statement for each report, time and role, in the order of preference."""
    seen: dict[tuple[object, ...], Told] = {}
    for item in items:
        period = item.statement.period
        seen.setdefault((item.report.region, period.label if period else None, item.statement.role), item)
    return list(seen.values())


def as_finding(item: Told) -> Finding:
    """The words to print: from the indicator's name to the end of what is said of it, with what they are of in front."""
    statement = item.statement
    text = statement.paragraph.text
    start, end = statement.subject_end, statement.clause[1]
    before = (
        text[max(statement.sentence[0], start - 30) : start]
        if start < statement.clause[0]
        else text[statement.clause[0] : start]
    )
    hedge = _HEDGE_BEFORE.search(fold(before))
    if hedge:
        start -= len(before) - hedge.start()
    start += len(re.match(r"[\s、]*(?:[(（][^)）]{1,12}[)）]|[)）])?", text[start:end]).group())  # type: ignore[union-attr]
    for left, right in clauses(text, end, statement.sentence[1]):
        if (
            left != end
            or not re.match(r"(?:同比|年均)?(?:增长|增幅|增速|下降|提高)", fold(text[left:right]))
            or right - end > 24
        ):
            break
        end = right
    while end > start and text[end - 1] in ",，;；。、:： \n":
        end -= 1
    finding = Finding(item.report, statement.paragraph, (start, end), statement.sentence, lead=_lead(item))
    return replace(finding, quote=(min(statement.sentence[0], start), max(statement.sentence[1], end)))


def question_for(item: Told) -> str:
    """A question that the statement answers, to be offered."""
    return f"{_lead(item).removesuffix('预期目标')}{'目标' if item.statement.role == 'target' else ''}是多少"


def _lead(item: Told) -> str:
    period = item.statement.period.label if item.statement.period else f"{item.report.report_year}年报告"
    role = "预期目标" if item.statement.role == "target" else ""
    return f"{item.report.region}{period}{item.indicator}{role}"
