"""Questions that a yes or a no answers: the claim is set against the figure that the reports state."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from assistant.answering import coverage
from assistant.answering.about import RULES
from assistant.answering.compose import Line
from assistant.answering.finding import Finding
from assistant.facts.fact import Fact
from assistant.facts.phrases import RULES as PHRASES
from assistant.facts.ranks import RANK_UNIT
from assistant.language.folding import fold
from assistant.language.numerals import read_number
from assistant.language.quantities import Quantity, find_quantities
from assistant.language.ruleset import read_rules
from assistant.language.words import Segmenter
from assistant.retrieval.asking import periods_asked
from assistant.retrieval.question import Question, Term
from assistant.retrieval.relevance import SYNONYM, bare_text, match
from assistant.retrieval.shelf import Shelf

LEAST = 0.5
_NEAR = Decimal("0.0005")
"""Share by which two values may differ and be one: 1.5万 and 15000."""
_ABOUT = Decimal("0.05")
"""Share by which a value may differ from 5%左右; never more than half a step of its last digit: 4.5%左右 is not 4.7%."""
_COUNTED_ALIKE = frozenset({"个", "家", "户", "项", "处", "名", "人", "位", "所", "座", "条", "件", ""})
_RANK = PHRASES["rank"].pattern
_HEDGE_BEHIND = RULES["hedges a claim from behind"].pattern
_HOW_MUCH = ("claims a rise", "claims a fall", "claims more", "claims less", "only says how much", "only adds")
_ENDS = read_rules("deeds")["how a deed ends"].pattern
_LIMITS = RULES["limits what is counted"].pattern
_ASKS_AT_THE_END = re.compile(rf"\s*(?:{RULES['asks for a yes'].source})*[?？。]*$")
_POINTS = frozenset({"%", "个百分点"})
_RATES = ("rate", "change", "share")


@dataclass(frozen=True)
class Claim:
    """A figure that the question takes to be so, as the values that would bear it out."""

    figure: Quantity
    low: Decimal | None
    high: Decimal | None
    """Least and greatest of these values; None where there is no bound: 超过6%, 不到5%."""
    is_below: bool = False
    """Whether `high` itself does not bear it out: 不到1亿 is not 1亿."""
    is_rank: bool = False
    direction: int = 0
    """1 where a rise is claimed, -1 where a fall is, 0 where neither."""
    limits: tuple[Quantity, ...] = ()
    """Figures that only say which things are meant: 5亿以上的项目签满400个."""

    def holds(self, fact: Fact) -> bool | None:
        """Return whether a fact bears the claim out; None where the two cannot be set against each other."""
        if fact.value is None or not _alike(fact, self.figure) or self.is_rank != (fact.measure == "rank"):
            return None
        if fact.measure == "change" and self.direction * fact.direction < 0:
            return False
        if self.is_below and fact.value == self.high:
            return False
        return (self.low is None or fact.value >= self.low) and (self.high is None or fact.value <= self.high)


def is_check(question: Question) -> bool:
    """Whether a yes or a no is asked for."""
    return max(question.asked.probability("wants", "yesno"), question.asked.probability("intent", "check")) >= LEAST


def claim_of(question: Question) -> Claim | None:
    """Return the one figure that the question claims; None where it claims none, or several."""
    text = _in_digits(fold(question.text))
    figures = _claimed(text)
    if not figures:
        return _rank_of(text)
    limits = tuple(one for one in figures if _LIMITS.search(text[one.end :])) if len(figures) > 1 else ()
    claimed = [one for one in figures if one not in limits]
    if len(claimed) != 1:
        return None
    low, high, is_below = _bounds(claimed[0], text)
    return Claim(claimed[0], low, high, is_below, direction=_direction(text), limits=limits)


def _bounds(figure: Quantity, text: str) -> tuple[Decimal | None, Decimal | None, bool]:
    """The values that a figure with the words around it may mean, and whether they end below the upper one.

    三成多 is 30% to 40%, 近千亿 900亿 to 1000亿, 不到6% anything below.
    """
    before, after = text[max(0, figure.start - 6) : figure.start], text[figure.end : figure.end + 6]
    written = text[figure.start : figure.end] + after[:3]
    value = figure.value
    step = Decimal(1).scaleb(_last_digit(value))
    near = _NEAR * abs(value)
    if RULES["claims less"].pattern.search(before + after):
        return None, value, not RULES["claims no more"].pattern.search(before + after)
    if RULES["claims a little more"].pattern.search(written):
        return value, value + step, False
    if RULES["claims more"].pattern.search(before + after):
        return value, None, False
    if RULES["claims a little less"].pattern.search(before):
        return value - step, value, False
    if RULES["claims about"].pattern.search(before + written):
        near = min(abs(value) * _ABOUT, step / 2)
    return value - near, (figure.high or value) + near, False


def _last_digit(value: Decimal) -> int:
    """The power of ten of the last digit that is written: -1 of 4.5, 10 of 300亿."""
    exponent = value.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def rank_beside(question: Question) -> Claim | None:
    """Return the rank that a question claims besides its figure (2.13%，排第二); None where it claims none."""
    text = _in_digits(fold(question.text))
    return _rank_of(text) if _claimed(text) else None


def _claimed(text: str) -> list[Quantity]:
    """The figures of a text that are no years, with 年 or without (2021贷款)."""
    times = [(mention.start, mention.end) for mention in periods_asked(text, date.today().year)]
    return [
        figure
        for figure in find_quantities(text)
        if figure.unit != "年" and not any(start <= figure.start < end for start, end in times)
    ]


def without_claim(question: Question, claim: Claim) -> str:
    """The question with the claim asked for instead of taken: 新增了3家上市公司对吧 → 新增了多少家上市公司."""
    text = _in_digits(fold(question.text))
    head, figure, rest = text[: claim.figure.start], claim.figure, text[claim.figure.end :]
    if claim.is_rank:
        return f"{head}第几"
    unit = re.sub(r"^[\d.,]+", "", figure.text) if figure.unit not in _POINTS else ""
    # What is counted may stand behind the number; what comes after the next mark says only that one wants to know.
    rest = re.split(r"[,，。;；、?？!！ ]", _HEDGE_BEHIND.sub("", rest))[0]
    counted = RULES["asks for a yes"].pattern.split(rest)[0]
    return f"{head}多少{unit}{counted}"


def asked_for(claim: Claim, question: Question) -> Question:
    """The question that asks for what is claimed: 少了三成 claims a change, though 少了多少 sounds like an amount."""
    if not claim.direction or claim.figure.unit not in _POINTS:
        return question
    return replace(question, measure="growth", asked=question.asked.settled("measure", "growth"))


def _rank_of(text: str) -> Claim | None:
    """The place in an order that a question claims (是不是全省头名, 进没进前三); None where it claims none."""
    found = _RANK.search(_ASKS_AT_THE_END.sub("", text))
    if found is None or (value := read_number(found["place"] or found["top"] or found["top2"] or "一")) is None:
        return None
    start, end = found.span("figure")
    return Claim(
        Quantity(start, end, text[start:end], value, RANK_UNIT),
        None if found["top"] or found["top2"] else value,
        value,
        is_rank=True,
    )


def names_all(question: Question, shown: Sequence[Finding]) -> bool:
    """Whether what was found speaks of all the things and places that a question names."""
    told = bare_text(" ".join(" ".join((*f.paragraph.headings[-1:], f.quoted)) for f in shown))
    names = [term for term in question.terms if (term.is_name or term.is_place) and not term.is_indicator]
    return all(match(term, told) > 0 for term in names)


def verdict(claim: Claim, facts: Sequence[Fact]) -> Line | None:
    """Return 是 or 不是 where all facts that the claim can be set against say the same; None where they do not, or there is none."""
    held = {claim.holds(fact) for fact in facts} - {None}
    return coverage.yes_or_no(is_so=held == {True}) if len(held) == 1 else None


def meant(claim: Claim, asked: Question, shown: Sequence[Finding], shelf: Shelf, segmenter: Segmenter) -> list[Fact]:
    """The figures that are likeliest to be what is claimed, of those shown and of those in one clause with them.

    Each is of the deed that is claimed and of the things that are meant: 卖了520万平方米 is no claim of the first figure of
    开工建设商品房1000万平方米、销售520万平方米.
    """
    terms = [term for term in asked.terms if not term.is_place]
    deeds = [term for term in terms if _is_deed(term, segmenter)]
    worth: list[tuple[float, float, bool, Fact]] = []
    for finding in shown:
        facts = shelf.facts_of(finding.paragraph.id)
        clauses = {fact.clause for fact in facts if finding.holds(fact)}
        able = [fact for fact in facts if fact.clause in clauses and claim.holds(fact) is not None]
        for fact in able:
            before = [one.end for one in able if one.clause == fact.clause and one.end <= fact.start]
            own = finding.paragraph.text[max(before, default=fact.clause[0]) : fact.start]
            if not _is_held(claim, fact, finding.paragraph.text, own):
                continue
            if not names_all(asked, [replace(finding, quote=fact.sentence)]):
                continue
            limits = {figure.value for figure in find_quantities(own)}
            clause, sentence = (finding.paragraph.text[slice(*span)] for span in (fact.clause, fact.sentence))
            done = all(_tells(deed, clause) or match(deed, bare_text(sentence)) >= SYNONYM for deed in deeds)
            fits = done and all(one.value in limits for one in claim.limits)
            things = sum(match(term, bare_text(own)) for term in terms if term not in deeds)
            worth.append((sum(_tells(deed, own) for deed in deeds), things, fits, fact))
    best = max((one[:2] for one in worth), default=None)
    # Of 内资项目389个、外资项目97个 the first is not what is claimed of 外资, whatever else fits it.
    return [fact for *rank, fits, fact in worth if tuple(rank) == best and fits]


def _is_held(claim: Claim, fact: Fact, text: str, before: str) -> bool:
    """Whether a rank is the one that is held now, and says more than that it is at least so: 十强 may be first."""
    if fact.measure != "rank":
        return True
    bounds = PHRASES["bounds a rank"].pattern.search(text[fact.start : fact.end])
    return not (bounds and claim.holds(fact) is False) and not PHRASES["leaves a rank behind"].pattern.search(before)


def change_claimed(question: Question, facts: Sequence[Fact]) -> Line | None:
    """Return 是 or 不是 where a rise or a fall is claimed without a figure, and the facts tell one of the indicator asked."""
    text = fold(question.text)
    claimed = _direction(text)
    told = {
        f.direction for f in facts if f.measure == "change" and f.direction and f.indicator in question.indicators[0]
    }
    if not claimed or len(told) != 1 or RULES["denies a change"].pattern.search(text):
        return None
    return coverage.yes_or_no(is_so=told == {claimed})


def _direction(text: str) -> int:
    """1 where a rise is claimed, -1 where a fall is, 0 where neither or both are."""
    return bool(RULES["claims a rise"].pattern.search(text)) - bool(RULES["claims a fall"].pattern.search(text))


def showing(line: Line, proofs: Sequence[Fact]) -> Line:
    """A line of which each finding prints the figures of its sentence that decide, too."""
    findings = []
    for one in line.findings:
        for fact in proofs:
            quoted = one.quote[0] <= fact.sentence[0] and fact.sentence[1] <= one.quote[1]
            if fact.paragraph_id == one.paragraph.id and quoted and not one.holds(fact):
                one = replace(one, shown=(min(one.shown[0], fact.clause[0]), max(one.shown[1], fact.end)))
        findings.append(one)
    return replace(line, findings=tuple(findings))


def _is_deed(term: Term, segmenter: Segmenter) -> bool:
    """Whether a term is what was done, and not a thing or by how much."""
    says_how_much = any(RULES[name].pattern.search(term.word) for name in _HOW_MUCH)
    verb = segmenter.part_of_speech(term.word)[:1] in ("v", "")
    return verb and not (says_how_much or term.is_name or term.is_indicator)


def _tells(deed: Term, text: str) -> bool:
    """Whether a text has a character of what a deed may be called: 签满 and 新签约; 卖掉 has none of 开工建设."""
    return any(set(_ENDS.sub("", form)) & set(text) for form in deed.variants)


def _in_digits(text: str) -> str:
    """The text with a single Chinese numeral before 亿, 万 and the like as a digit: 一亿美元, 两千家, 破千亿 → 破1千亿."""
    text = RULES["claims a round size"].pattern.sub("1", text)
    return re.sub(
        r"[一二两三四五六七八九](?=[亿万千百])",
        lambda found: str("零一二三四五六七八九".find(found.group().replace("两", "二"))),
        text,
    )


def _alike(fact: Fact, figure: Quantity) -> bool:
    """Whether a fact is in a unit in which a figure may be claimed."""
    told, claimed = fact.unit, figure.unit
    if not claimed:  # 破千亿 may be of anything that is counted or measured, 控制在3.5以内 of a rate as well
        return told not in _POINTS or ("." in figure.text and fact.measure in _RATES)
    return told == claimed or {told, claimed} <= _COUNTED_ALIKE or {told, claimed} <= _POINTS
