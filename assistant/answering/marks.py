"""What a sentence or a figure has that a question asks for beside its words: names in a row, a total, a date, a reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.facts.fact import Fact
from assistant.facts.items import GLOSSARY
from assistant.language.folding import fold
from assistant.language.quantities import UNITS, find_quantities
from assistant.language.ruleset import read_rules
from assistant.language.sentences import Span, clauses
from assistant.retrieval.question import Question
from assistant.retrieval.relevance import bare_text
from assistant.types import Paragraph

Coverage = Callable[[str], float]
"""Gives the share of the question's content that a text holds, 0 to 1."""
_RULES = read_rules("asking")
_NEEDED = tuple(
    (_RULES[asks].pattern, _RULES[tells].pattern)
    for asks, tells in (
        ("asks for a time", "tells a time"),
        ("asks for a rank", "tells a rank"),
        ("asks for reasons", "gives reasons"),
        ("asks for a meaning", "tells a meaning"),
    )
)
"""What may be asked for that not every text has, and what a text must have for it."""
_NAMES_ASKED = _RULES["asks for names"].pattern
_LEADING_IN = (":", "：")
_IN_A_ROW = re.compile(r"[、“”]|(?<=[\u4e00-\u9fff])[和及](?=[\u4e00-\u9fff]{2})")
_ROW_BEFORE = re.compile(r"(?P<row>[^,，。;；:：]+)等(?:共|了)?$")
_ROW_BEHIND = re.compile(r"[^,，。;；:：（(\d]{0,14}(?:[（(:：]|，即|包括|分别(?:是|为))(?P<row>[^。；;）)]+)")


def names_asked(question: Question) -> float:
    """1 where the wording asks for names (分别叫什么), else 0."""
    return float(bool(_NAMES_ASKED.search(fold(question.text))))


def in_clauses(coverage: Coverage, text: str, span: Span) -> tuple[float, float]:
    """How much of the question the best clause holds, and how many names stand in a row in it or in what it leads in."""
    spans = clauses(text, *span)
    shares = [coverage(text[slice(*clause)]) for clause in spans]
    best = shares.index(max(shares))
    start, end = spans[best]
    row = text[start : span[1] if text[start:end].rstrip().endswith(_LEADING_IN) else end]
    return shares[best], min(1.0, max(0, _names_in(row) - 1) / 4) if shares[best] > 0 else 0.0


def _names_in(row: str) -> int:
    """How many of the parts of a row name something: those that hold a number count it."""
    return sum(len(part) > 1 and not any(map(str.isdigit, part)) for part in _IN_A_ROW.split(fold(row)))


def counted(coverage: Coverage, text: str, span: Span, facts: Sequence[Fact]) -> tuple[float, float]:
    """How much of the question a thing holds that the sentence counts, and how many of those things it names beside their number."""
    share, named = 0.0, 0.0
    for fact in facts:
        if fact.sentence != span or fact.value is None or fact.measure != "level" or fact.unit not in UNITS["count"]:
            continue
        own = coverage(f"{fact.subject or ''}{text[fact.end : fact.clause[1]]}")
        if own > share or (own == share > 0 and not named):
            before = _ROW_BEFORE.search(text[span[0] : fact.start])
            behind = _ROW_BEHIND.match(text, fact.end, span[1])
            share, named = own, float(sum(_names_in(row["row"]) for row in (before, behind) if row))
    return share, min(1.0, named / 3)


def series(text: str, full: int) -> float:
    """Marks of a series, as a share of those of a long one."""
    return min(1.0, sum(map(text.count, "、；;“")) / full)


def kind(question: Question, text: str) -> float:
    """Whether a text has what only some texts have and the question asks for."""
    asked = fold(question.text)
    needed = next((tells for asks, tells in _NEEDED if asks.search(asked)), None)
    return 0.0 if needed is None else 1.0 if needed.search(fold(text)) else -1.0


def pairs_of(text: str) -> list[str]:
    """The neighbouring characters of a text, two by two."""
    return [text[at : at + 2] for at in range(len(text) - 1) if text[at : at + 2].isalnum()]


def phrases(question: Question, text: str) -> float:
    """The share of the question's neighbouring characters that are neighbours in a text, too."""
    asked, bare = bare_text(question.topic), bare_text(text)
    pairs = [pair for pair in pairs_of(asked) if pair.isalpha()]
    return sum(pair in bare for pair in pairs) / len(pairs) if pairs else 0.0


def numbers(question: Question, text: str) -> float:
    """1 where every number of the question (这13个村) stands in a text, -1 where one is missing, 0 where it has none."""
    asked = {q.value for q in find_quantities(question.topic) if q.unit not in ("年", "")}
    if not asked:
        return 0.0
    return 1.0 if asked <= {quantity.value for quantity in find_quantities(text)} else -1.0


def section(question: Question, paragraph: Paragraph, owns_up: bool) -> float:
    """1 where a part of the report is asked for that a paragraph is in, -1 where it is in one that is not asked for, else 0.

    The parts are the explanations of terms and what the report owns up to: neither is what was done, nor what is planned.
    """
    asked = fold(question.text)
    if GLOSSARY in paragraph.headings:
        return 1.0 if _RULES["asks for a meaning"].pattern.search(asked) else -1.0
    if owns_up:
        explains = _RULES["asks for reasons"].pattern.search(asked)
        return 1.0 if _RULES["asks for problems"].pattern.search(asked) else 0.0 if explains else -1.0
    return 0.0


def in_all(question: Question, before: str) -> float:
    """Whether the words before a figure make a total of it where one is asked for, or an addition where that is."""
    asked = fold(question.text)
    total, added = (bool(_RULES[f"asks for {kind}"].pattern.search(asked)) for kind in ("a total", "an addition"))
    if total == added:
        return 0.0
    tells = [bool(_RULES[f"tells {kind}"].pattern.search(fold(before))) for kind in ("a total", "an addition")]
    return float(tells[0] - tells[1]) * (1 if total else -1)
