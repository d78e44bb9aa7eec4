"""Whether the words of a sentence are grounded in the passages it stands on, where a model may choose its words freely.

Verbs and ordinary nouns are free. Held to the passages are all other nouns, numbers, words that tell something which can be
false (`rules/claims.toml`), and in each clause most of the words that say what it is about. Ordinary are the nouns that one in
seven of many reports has (`weights/ordinary.json`, made by `assistant.training`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from assistant.answering.writing import wording
from assistant.answering.writing.beside import pairs
from assistant.answering.writing.turning import bare, denies, runs
from assistant.language.folding import fold
from assistant.language.lexicon import Lexicon
from assistant.language.quantities import find_quantities
from assistant.language.ruleset import Rule, read_rules
from assistant.language.words import Segmenter

LEAST_OF_CLAUSE, LEAST_OF_SENTENCE = 0.5, 0.6
"""Share of the words with content that must stand in the passages, where two or more do not."""
_CLAIMS = tuple(read_rules("claims").values())
_COINED = 3
"""Characters of a word in no dictionary that must be strange for it to be a name."""
_ROW = re.compile(r"[、和与及]")
_LEAST_ITEM, _NAME, _LEAST_OF_ITEM = 3, 5, 0.5
"""Characters of an item of which something must stand in the passages, of one that is a name rather than a gist, and what share of that."""
_NEAR = 0.75
"""Share of the nearest sentence's overlap from which another one is near as well."""
_CLAUSE = re.compile(r"[，；,;：:]")
_TITLE = re.compile(r"《([^》]+)》")
_TOPIC = re.compile(r"(?:[上中]|方面|领域|工作|来看)$")


@dataclass(frozen=True)
class Known:
    """What a sentence may take its words from."""

    words: str
    """The paragraphs it stands on, their headings and leads, and the question: words may come from all of these."""
    names: str
    """The same without the question, which may name what no report has: 引进特斯拉."""
    sentences: tuple[str, ...]
    """The sentences of those paragraphs: what can be false must be said in those that a clause is nearest to."""
    around: str
    """The headings and leads of the sentences that it stands on."""
    own: tuple[str, ...] = ()
    """What the reports call their own places: 全区."""


def faults(text: str, known: Known, segmenter: Segmenter, lexicon: Lexicon) -> list[str]:
    """Return what is wrong with the words of a sentence that a model has written freely."""
    found = []
    parts = _CLAUSE.split(text)
    if any(_adds_a_claim(clause, before, known) for before, clause in zip(["", *parts], parts, strict=False)):
        found.append("wording")
    if any(_has_a_strange_item(clause, known) for clause in parts):
        found.append("name")
    if denies(text, known.words):
        found.append("denial")
    if wording.strange_numbers(text, known.words):
        found.append("number")
    clauses = [_Words.of(clause, known, segmenter, lexicon) for clause in parts]
    if any(words.is_strange and not _TOPIC.search(clause) for clause, words in zip(parts, clauses, strict=True)):
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


def _adds_a_claim(clause: str, before: str, known: Known) -> bool:
    """Whether a clause has a word that can be false and whose like none of the sentences has that it is nearest to.

    The clause `before` it may name what it is about: 灯塔村，已完成改造.
    """
    own = pairs(before + "，" + clause)
    shares = [len(own & pairs(sentence)) for sentence in known.sentences]
    nearest = [s for s, n in zip(known.sentences, shares, strict=True) if n and n >= _NEAR * max(shares)]
    among = fold("\n".join([*nearest, known.around]))
    plain = fold(clause)
    for name in known.own:
        plain = plain.replace(name, "")
    return any(_is_added(rule, plain, among) for rule in _CLAIMS)


def _is_added(rule: Rule, clause: str, among: str) -> bool:
    """Whether a clause has a word of a rule, or has it in a place, that what it is nearest to does not bear out."""
    if rule.row.get("beside"):
        return _is_moved(rule, clause, among)
    told = [found for found in rule.pattern.findall(clause) if found not in among]
    if not told or (rule.pattern.search(among) and not rule.row.get("exact")):
        return False
    return not (rule.row.get("counted") and any(quantity.unit for quantity in find_quantities(clause)))


def _is_moved(rule: Rule, clause: str, among: str) -> bool:
    """Whether a word of a rule stands beside other characters than in the passages, on both sides."""
    places = {place for found in rule.pattern.finditer(bare(among)) for place in _beside(found)}
    return any(not places & set(_beside(found)) for found in rule.pattern.finditer(bare(clause)))


def _beside(found: re.Match[str]) -> tuple[tuple[str, str], tuple[str, str]]:
    """A word with the character before it, and with the one behind it."""
    text, word = found.string, found.group()
    before, after = text[max(0, found.start() - 1) : found.start()], text[found.end() : found.end() + 1]
    return (f"<{before}", word), (f">{after}", word)


def _has_a_strange_item(clause: str, known: Known) -> bool:
    """Whether one of the things that a clause lists stands in no passage: what is listed is named."""
    items = _ROW.split(wording.without_figures(clause)) if "、" in clause else []
    among = bare(known.words)
    for item in map(bare, items):
        own = [item[at : at + 2] for at in range(len(item) - 1)]
        held = sum(pair in among for pair in own)
        if len(item) >= _LEAST_ITEM and (held == 0 or (len(item) >= _NAME and held < _LEAST_OF_ITEM * len(own))):
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
        told = wording.Among.of(known.names)
        names = [word for word in _own(clause, known.names, segmenter) if not told.holds(word, lexicon)]
        names += [title for title in _TITLE.findall(clause) if bare(title) not in told.bare]
        return cls(len(words), len(words) - len(strange), tuple(names))


def _own(clause: str, known: str, segmenter: Segmenter) -> Iterator[str]:
    """The words of a clause that may name something and are not wholly taken from the passages: any noun that not every report has.

    Of a word that is in no dictionary, some characters must be the writer's own: jieba takes 地和潮 and 从助餐 for words.
    """
    plain = wording.bare_of_figures(clause)
    taken = wording.taken(plain, known)
    among = wording.Among.of(known).bare
    at = 0
    for word in segmenter.cut(plain):
        own = not all(taken[at : at + len(word)])
        at += len(word)
        if not own or not wording.is_of_weight(word) or word in ordinary() or not segmenter.may_name(word):
            continue
        if segmenter.part_of_speech(word) or _coined(word, among) >= _COINED:
            yield word


def _coined(word: str, among: str) -> int:
    """How many characters of a word that is in no dictionary stand beside none of their neighbours in the passages or in common words."""
    known = [False] * len(word)
    for at in range(len(word) - 1):
        pair = word[at : at + 2]
        if pair in among or pair in ordinary():
            known[at : at + 2] = [True, True]
    return known.count(False)


@cache
def ordinary() -> frozenset[str]:
    """The nouns that tell no report from another."""
    folder = resources.files("assistant.answering").joinpath("weights")
    return frozenset(json.loads(folder.joinpath("ordinary.json").read_text("utf-8"))["words"])
