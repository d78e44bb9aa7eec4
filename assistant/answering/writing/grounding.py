"""Whether the words of a sentence are grounded in the passages it stands on, where a model may choose its words freely.

Ordinary words are free. Held to the passages are names, numbers, words that tell something which can be false (`rules/claims.toml`),
and in each clause most of the words that say what it is about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.writing import wording
from assistant.answering.writing.turning import bare, runs
from assistant.language.folding import fold
from assistant.language.lexicon import Lexicon
from assistant.language.ruleset import read_rules
from assistant.language.words import Segmenter

LEAST_OF_CLAUSE, LEAST_OF_SENTENCE = 0.5, 0.6
"""Share of the words with content that must stand in the passages, where two or more do not."""
_CLAIMS = tuple(rule.pattern for rule in read_rules("claims").values())
_CLAUSE = re.compile(r"[，；,;：:]")
_NAMES = ("nr", "ns", "nt", "nz")
"""Parts of speech of names, as jieba's dictionary has them: of people, places, bodies, and others."""


@dataclass(frozen=True)
class Known:
    """What a sentence may take its words from."""

    words: str
    """The paragraphs it stands on, their headings and leads, and the question: words and names may come from all of these."""
    claims: str
    """The very sentences it stands on, and their headings: what can be false must be said there."""


def faults(text: str, known: Known, segmenter: Segmenter, lexicon: Lexicon) -> list[str]:
    """Return what is wrong with the words of a sentence that a model has written freely."""
    found = []
    if _adds_a_claim(text, known):
        found.append("wording")
    if wording.strange_numbers(text, known.words):
        found.append("number")
    clauses = [_Words.of(clause, known, segmenter, lexicon) for clause in _CLAUSE.split(text)]
    if any(clause.is_strange for clause in clauses):
        found.append("invented")
    elif any(words.names for words in clauses):
        found.append("name")
    else:
        held, all_of_them = sum(c.held for c in clauses), sum(c.count for c in clauses)
        if all_of_them - held > 1 and held < LEAST_OF_SENTENCE * all_of_them:
            found.append("invented")
    if wording.breaks_off(text):
        found.append("unfinished")
    return found


def _adds_a_claim(text: str, known: Known) -> bool:
    """Whether a sentence has a word that can be false and whose like no passage has."""
    folded, among = fold(text), fold(known.claims)
    for pattern in _CLAIMS:
        told = [found for found in pattern.findall(folded) if found not in among]
        if told and not pattern.search(among):
            return True
    return False


@dataclass(frozen=True)
class _Words:
    """The words of one clause that have content: how many there are, how many are held, and the names that are not."""

    count: int
    held: int
    names: tuple[str, ...]

    @property
    def is_strange(self) -> bool:
        return self.count - self.held > 1 and self.held < LEAST_OF_CLAUSE * self.count

    @classmethod
    def of(cls, clause: str, known: Known, segmenter: Segmenter, lexicon: Lexicon) -> _Words:
        words = [word for run in runs(wording.without_figures(clause)).split() for word in segmenter.cut(run)]
        words = [word for word in words if wording.is_of_weight(word)]
        among = wording.Among.of(known.words)
        strange = [word for word in words if not among.holds(word, lexicon)]
        names = [word for word in strange if segmenter.part_of_speech(word) in _NAMES or word.isascii()]
        names += [name for name in quoted_or_coined(clause) if bare(name) not in among.bare]
        return cls(len(words), len(words) - len(strange), tuple(names))


def quoted_or_coined(clause: str) -> Sequence[str]:
    """What a clause puts into book marks, which is a name whoever writes it."""
    return re.findall(r"《([^》]+)》", clause)
