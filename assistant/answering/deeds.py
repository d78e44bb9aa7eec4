"""Yes or no to a deed without a figure: 民生实事全办完了，是真的吗 against 年度民生实事项目全部完成."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.answering import coverage
from assistant.answering.about import RULES as ASKING
from assistant.answering.compose import Line
from assistant.answering.finding import Finding
from assistant.answering.fitting import PART, period_fit
from assistant.answering.reading import Reading
from assistant.language.folding import fold
from assistant.language.numerals import read_number
from assistant.language.quantities import find_quantities
from assistant.language.roles import ROLES
from assistant.language.ruleset import read_rules
from assistant.language.sentences import Span, clauses
from assistant.language.words import Segmenter, carries_content
from assistant.retrieval.question import Question, Term
from assistant.retrieval.relevance import SYNONYM, bare_text, match

_RULES = read_rules("deeds")
_DEEDS = {name: (rule.pattern, re.compile(rule.row["told"])) for name, rule in _RULES.items() if "told" in rule.row}
_NOT_YET, _DENIED = _RULES["not yet"].pattern, _RULES["denied"].pattern
_ALL, _NUMBERED = _RULES["all of it"].pattern, _RULES["numbers a thing"].pattern
_IN_A_ROW = _RULES["so often in a row"].pattern
_FIRST = _RULES["first of its kind"].pattern
_IDLE = _RULES["only asks for proof"].pattern
_ANYTHING = re.compile("")
_QUOTING = frozenset({"sentence", "figure", "topic"})
"""Parts of the reader that print the report's words, whatever is asked of them."""
_PAIRS = 0.5
"""Share of the neighbouring characters of a claim's own words that a clause must have side by side, beside all the characters."""


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A deed that a question takes to have come about, or not to have."""

    deed: str
    """What it is called in the question, empty where it has no name of its own."""
    told: re.Pattern[str]
    """How reports tell it."""
    terms: tuple[Term, ...]
    """What it was done to, as far as the question's terms say it."""
    words: tuple[str, ...]
    """What else is said of it."""
    numbers: tuple[str, ...]
    marks: frozenset[str]
    """What a clause must say of it too, see `_marks`."""
    denied: bool
    all_of_it: bool


def with_verdict(question: Question, reading: Reading, segmenter: Segmenter) -> Reading:
    """Put 是的 before an answer that tells the very deed that is claimed as done, 不是 where the claim is that it is not.

    A clause must name all that the question names, be of what has come about, and say nothing of plans; what 全 claims it must say.
    Where none does, the report's words are given as no more than its words.
    """
    has_verdict = any(line.findings and line.words for line in reading.lines)  # …；完成，多82张
    of_a_goal = question.role == "target" and ROLES["goal asked"].pattern.search(fold(question.text))
    if has_verdict or reading.verdict != "answered" or of_a_goal:
        return reading
    lines = tuple(line for line in reading.lines if line.findings)
    claimed = _claimed(question, segmenter)
    proofs = [
        line for line in lines if claimed and any(_bears_out(claimed, question, *t) for t in _clauses_of((line,)))
    ]
    if claimed and proofs:
        word = coverage.yes_or_no(is_so=not claimed.denied)
        # What was planned for it says nothing of whether it is so.
        told = [line for line in lines if line not in proofs and line.findings[0].paragraph.role != "target"]
        return replace(reading, lines=(word, *proofs, *told), decided_by=f"deed, {reading.decided_by}")
    claims = claimed is not None or ASKING["asks whether a claim is so"].pattern.search(fold(question.text))
    if claims and reading.decided_by in _QUOTING and lines == reading.lines:
        unsaid = claimed.deed if claimed and _leave_unsaid(claimed, lines) else ""
        return replace(reading, lines=(Line(words=coverage.undecided(unsaid)), *lines))
    return reading


def _claimed(question: Question, segmenter: Segmenter) -> _Claimed | None:
    """The last deed that a question names, else what it says in the report's own words; None where what it claims is not plain."""
    text = fold(question.topic)
    found = _deeds_of(text)
    plain = ASKING["asks whether a claim is so"].pattern.search(text) and not ASKING["denies a change"].pattern.search(
        text
    )
    if _RULES["denies the denial"].pattern.search(text) or not (found or plain):
        return None
    deed, told = found[-1] if found else (None, _ANYTHING)
    before, behind = (text[: deed.start()], text[deed.end() :]) if deed else ("", text)
    rest = _IDLE.sub(" ", f"{_DENIED.sub(' ', before)} {behind}")
    for said in (ASKING["asks for a yes"].pattern, _FIRST, _IN_A_ROW):
        rest = said.sub(" ", rest)
    terms = tuple(term for term in question.terms if not _says_no_thing(term.word))
    numbers = tuple(found.group() for found in _NUMBERED.finditer(rest))
    for term in terms:
        rest = rest.replace(term.word, " ")
    words = tuple(
        word
        for word in segmenter.cut(_NUMBERED.sub(" ", rest))
        if carries_content(word) and not segmenter.only_joins(word)
    )
    name = deed.group() if deed else ""
    return _Claimed(
        name,
        told,
        terms,
        words,
        numbers,
        _marks(text),
        bool(_DENIED.search(before)),
        bool(_ALL.search(text)),
    )


def asks_of_deed(question: Question) -> bool:
    """Whether a deed is claimed of so and so many, or is denied, and not how many they are: 207项民生实事还没完成."""
    text = fold(question.text)
    deeds = [deed.start() for deed, _ in _deeds_of(text)]
    figures = [one for one in find_quantities(text[: max(deeds, default=0)]) if one.unit != "年"]
    return bool(figures) or any(_DENIED.search(text[:start]) for start in deeds)


def _deeds_of(text: str) -> list[tuple[re.Match[str], re.Pattern[str]]]:
    """The deeds that a text names, and how reports tell each; of two that share characters (创|建成|功) the first."""
    found = [(named, told) for deed, told in _DEEDS.values() for named in deed.finditer(text)]
    kept: list[tuple[re.Match[str], re.Pattern[str]]] = []
    for one in sorted(found, key=lambda one: (one[0].start(), -one[0].end())):
        if not kept or one[0].start() >= kept[-1][0].end():
            kept.append(one)
    return kept


def _says_no_thing(word: str) -> bool:
    """Whether a word of a question is the deed itself, or only asks for proof."""
    return bool(_IDLE.search(word)) or any(deed.search(word) for deed, _ in _DEEDS.values())


def _clauses_of(lines: tuple[Line, ...]) -> Iterator[tuple[Finding, Span]]:
    """The clauses that an answer quotes, each cut at 、 where it tells of several deeds: 1号线开通、2号线开工."""
    for finding in (finding for line in lines for finding in line.findings):
        text = finding.paragraph.text
        for start, end in clauses(text, *finding.quote):
            told = [found.start() for _, told in _DEEDS.values() for found in told.finditer(text, start, end)]
            between = range(min(told, default=end), max(told, default=end))
            marks = [start, *(at + 1 for at in between if text[at] == "、"), end]
            for left, right in pairwise(marks):
                yield finding, (left, right)


def _bears_out(claimed: _Claimed, question: Question, finding: Finding, clause: Span) -> bool:
    """Whether a clause tells a deed as done, of all that is named, and of the time that is asked about."""
    words = bare_text(finding.paragraph.text[slice(*clause)])
    told = finding.paragraph.role == "actual" and claimed.told.search(words)
    if not told or len(claimed.terms) + len(claimed.words) < 1 + (claimed.told is _ANYTHING):
        return False
    if not claimed.marks <= _marks(fold(finding.paragraph.text[slice(*clause)])):
        return False
    if _NOT_YET.search(words) or (claimed.all_of_it and "全" not in words):
        return False
    if period_fit(question, finding.paragraph.period) not in (0.0, PART, 1.0):
        return False
    numbered = all(re.search(rf"(?<!\d){re.escape(bare_text(number))}(?!\d)", words) for number in claimed.numbers)
    named = all(match(t, words) >= SYNONYM or (not t.is_name and _said(t.word, words)) for t in claimed.terms)
    return numbered and named and all(_said(word, words) for word in claimed.words)


def _marks(text: str) -> frozenset[str]:
    """How often in a row something was so (3年), and of what it is the first: 全省首个 is 首 and 首省, whoever claims either."""
    often = {f"{read_number(found['count'])}{found['of']}" for found in _IN_A_ROW.finditer(text)}
    first = {f"首{found['of'] or found['of2'] or ''}" for found in _FIRST.finditer(text)}
    return frozenset(often | first | {one[:1] for one in first})


def _leave_unsaid(claimed: _Claimed, lines: Sequence[Line]) -> bool:
    """Whether a clause of some lines names all that the deed was done to as something under way, and none of these tells the deed."""
    said = [bare_text(finding.paragraph.text[slice(*clause)]) for finding, clause in _clauses_of(tuple(lines))]
    about = [words for words in said if all(match(term, words) >= SYNONYM for term in claimed.terms)]
    under_way = any(_NOT_YET.search(words) for words in about)
    return bool(claimed.deed and claimed.terms) and under_way and not any(map(claimed.told.search, about))


def _said(word: str, words: str) -> bool:
    """Whether a clause has all characters of a word, and half of its neighbours side by side: 赫六高速 in 赫六、镇赫高速."""
    bare = bare_text(word)
    pairs = [bare[at : at + 2] for at in range(len(bare) - 1)]
    return all(one in words for one in bare) and sum(pair in words for pair in pairs) >= _PAIRS * len(pairs)
