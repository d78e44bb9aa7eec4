"""The wording of a question without what it is about: places, times, indicators and numbers become single marks.

What is left is how it is asked (Ｐ Ｔ Ｉ 定的多少), which is much the same whatever the place: the heads learn from it, and a
place or an indicator that no training question names costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.language.folding import fold
from assistant.language.lexicon import Lexicon
from assistant.language.periods import find_periods
from assistant.language.regions import Gazetteer
from assistant.language.roles import ROLES
from assistant.language.ruleset import read_rules

LONGEST = 4
"""Characters of the longest n-gram; 5 added nothing in cross-validation."""

_TELLING = {name: ROLES[name] for name in ("goal asked", "result asked")} | {
    name: rule
    for name, rule in read_rules("asking").items()
    if name
    in (
        *("share asked", "growth asked", "asks for reasons", "asks for problems", "asks what is held"),
        *("asks for names", "asks for a time"),
    )
}
"""Rules whose words tell something of what is asked."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_PAUSE = re.compile(r"[\s,，。、;；:：]+")
_UNIT_OF_MEANING = re.compile(r"[?？!！~～…]+")
_ANY_YEAR = 2000


def masked(text: str, gazetteer: Gazetteer, lexicon: Lexicon) -> str:
    """Return the wording between ^ and $: P for a place, T for a time, I for an indicator, N for a number, _ for a pause."""
    wording = fold(text).lower()
    # Which year 今年 means does not matter here.
    spans = [(m.start, m.end, "T") for m in find_periods(wording, this_year=_ANY_YEAR)]
    spans += [(p.start, p.end, "P") for p in gazetteer.find(wording)]
    spans += [(m.start, m.end, "I") for m in lexicon.asked_in(wording)]
    wording = _replaced(wording, spans)
    wording = _NUMBER.sub("N", wording)
    return f"^{_PAUSE.sub('_', _UNIT_OF_MEANING.sub('?', wording))}$"


def ngrams(wording: str) -> set[str]:
    """Return the runs of one to `LONGEST` characters of a masked wording, each once, and `<rule>` for each rule that it meets.

    A rule is one feature more beside the n-grams: the words that it knows count alike, those too that no training question has.
    """
    runs = {wording[at : at + size] for size in range(1, LONGEST + 1) for at in range(len(wording) - size + 1)}
    return runs | {f"<{name}>" for name, rule in _TELLING.items() if rule.pattern.search(wording)}


def _replaced(text: str, spans: Iterable[tuple[int, int, str]]) -> str:
    """The text with each span as its mark; of spans that overlap the first stands."""
    parts, at = [], 0
    for start, end, mark in sorted(spans):
        if start < at:
            continue
        parts += [text[at:start], mark]
        at = end
    return "".join((*parts, text[at:]))
