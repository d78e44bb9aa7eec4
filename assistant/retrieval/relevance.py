"""How well a piece of text covers the content words of a question."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from assistant.corpus.library import Library
from assistant.corpus.tokens import tokenize
from assistant.language.folding import fold
from assistant.query.words import share_of
from assistant.retrieval.question import Term

_MARKS = re.compile(r"[“”‘’\"'《》〈〉()（）\s、]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
LEAST_WEIGHT, PLACE_WEIGHT = 0.12, 0.7
SYNONYM = 0.96
"""What a synonym counts beside the very word."""


@dataclass(frozen=True)
class Weights:
    """Each term's weight in (0, 1]: rare words weigh more (inverse document frequency over passages)."""

    of_term: Mapping[str, float]

    @property
    def total(self) -> float:
        return sum(self.of_term.values()) or 1.0

    def coverage(self, terms: Iterable[Term], text: str) -> float:
        """The weighted share of the terms that a text holds, 0 to 1; without terms it is 0."""
        bare = bare_text(text)
        return sum(self.of_term[term.word] * match(term, bare) for term in terms) / self.total


def weigh(terms: Iterable[Term], library: Library) -> Weights:
    """Weigh terms by how many passages hold them; a word is as rare as its rarest pair of characters."""
    terms = tuple(terms)
    tokens = {term.word: tokenize(term.word) for term in terms}
    frequency = library.lexical.document_frequency({token for found in tokens.values() for token in found})
    passages = max(library.passage_count(), 1)
    weights = {}
    for term in terms:
        if term.is_place:
            weights[term.word] = PLACE_WEIGHT
            continue
        if len(term.word) == 1:
            weights[term.word] = LEAST_WEIGHT
            continue
        held = min((frequency[token] for token in tokens[term.word]), default=0)
        rare = math.log((passages + 1) / (held + 1)) / math.log(passages + 1)
        weights[term.word] = max(
            LEAST_WEIGHT, rare * (1.0 if term.is_indicator or term.is_matter else share_of(term.word))
        )
    return Weights(weights)


@lru_cache(maxsize=16_384)
def bare_text(text: str) -> str:
    """Folded, upper-case text without quotation marks and brackets, in which words are looked up."""
    return _THOUSANDS.sub("", _MARKS.sub("", fold(text))).upper()


@lru_cache(maxsize=65_536)
def match(term: Term, bare: str) -> float:
    """1 where the word stands in the text, a little less for a synonym, else what its characters tell, damped."""
    word = bare_text(term.word)
    if word and word in bare:
        return 1.0
    if any(bare_text(variant) in bare for variant in term.variants):
        return SYNONYM
    return _partly(word, bare)


def _partly(word: str, bare: str) -> float:
    """The share of a word's character pairs in a text; 0.7 where it abbreviates what stands there (未保站: 未成年人保护工作站)."""
    if not re.fullmatch(r"[\u4e00-\u9fff]{2,}", word):
        return 0.0
    if len(word) == 2:  # 文创: 文化创意
        return 0.6 if _abbreviated(word).search(bare) else 0.0
    if len(word) <= 5 and _abbreviated(word).search(bare):
        return 0.7
    pairs = [word[at : at + 2] for at in range(len(word) - 1)]
    if len(word) == 3:
        return 0.0  # 知名企业 is no half of 孵企业
    halves = [word[:2], word[2:]] if len(word) == 4 else pairs
    share = max(sum(part in bare for part in parts) / len(parts) for parts in (pairs, halves))
    return 0.8 * share if share >= 0.5 else 0.0


@lru_cache(maxsize=4096)
def _abbreviated(word: str) -> re.Pattern[str]:
    """What a word may be short for: its characters in order, few others between them."""
    han = "[\u4e00-\u9fff]"
    return re.compile(f"{word[0]}{han}{word[1]}{han}" if len(word) == 2 else f"{han}{{0,3}}".join(word))
