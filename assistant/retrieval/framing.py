"""What people say around a question: greetings, who asks and what for. It is no part of what is asked."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.language.folding import fold
from assistant.language.lexicon import Lexicon
from assistant.language.ruleset import read_rules
from assistant.retrieval import asking

_RULES = read_rules("asking")
_FRAME = _RULES["frame"].pattern
_STORY = _RULES["speaks of oneself"].pattern
_PURPOSE = _RULES["says what it is for"].pattern
_ASKED = _RULES["asks something"].pattern
_CHECKED = _RULES["asks whether"].pattern
_FAVOUR = _RULES["asks a favour"].pattern
_CLAUSE = re.compile(r"[^,，。;；!！:：?？\s]+[,，。;；!！:：?？\s]*")
_SHORTEST = 5
"""Characters, with the place, from which what is left of a question still asks something."""


def without_frame(text: str) -> str:
    """A question, or a follow-up, without polite words and without clauses at its end that only say what it is for."""
    text = _FAVOUR.sub("", _FRAME.sub("", text.strip())).strip()
    parts = [match.span() for match in _CLAUSE.finditer(text)]
    last = len(parts)
    while last > 1 and _only_says_why(fold(text[slice(*parts[last - 1])])):
        last -= 1
    return text if last == len(parts) else text[: parts[last - 1][1]].rstrip(",，、;； ")


def without_story(text: str, begins: Callable[[str], int | None], lexicon: Lexicon) -> str:
    """A question without the clauses before it that only tell who asks and what for: 我做餐饮的，….

    `begins` gives where a text first names a place or a time; the clause that does so is the first of the question.
    """
    parts = [match.span() for match in _CLAUSE.finditer(text)]
    folded = fold(text)
    first = begins(folded) if len(parts) > 1 and len(folded) == len(text) else None
    if first is None:
        return text
    start = next(start for start, end in parts if first < end)
    before, rest = folded[:start], _FRAME.sub("", text[start:].strip()).strip()
    if not _STORY.search(before) or lexicon.asked_in(before):
        return text
    return rest if len(re.sub(r"[\W\d年]", "", asking.without_asking(fold(rest)))) >= _SHORTEST else text


def _only_says_why(clause: str) -> bool:
    return bool(_PURPOSE.search(clause)) and not _ASKED.search(clause) and not _CHECKED.search(clause)
