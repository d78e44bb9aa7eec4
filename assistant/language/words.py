"""Words of a question: segmentation with jieba, and which words carry no content in a question."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable
from functools import cache

from assistant.language.lexicon import Lexicon
from assistant.language.ruleset import read_rules

_RULES = read_rules("words")
_STOP, _POINTS = _RULES["carries no content"].pattern, _RULES["points at one"].pattern
_HOW_LONG = _RULES["opens with how long"].pattern


_LONGEST_WORD = 4
_JOINING = ("c", "p", "u", "y", "e", "o")
_POINTING = "这那哪某啥咋有他它她别其每各"
"""How pronouns begin; the dictionary takes 本科 and 我国 for pronouns, too."""


class Segmenter:
    """Cuts a question into words; the genre's words stay whole."""

    def __init__(self, own_words: Iterable[str]) -> None:
        import jieba  # a second of dictionary loading that `--help` need not pay

        jieba.setLogLevel(logging.WARNING)
        self._names: dict[str, bool] = {}
        self._tokenizer = jieba.Tokenizer()
        for word in own_words:
            if len(word) > 1:
                self._tokenizer.add_word(word, freq=100_000)

    def cut(self, text: str) -> list[str]:
        words: list[str] = self._tokenizer.lcut(text)
        return words

    def is_name(self, word: str) -> bool:
        """Whether a word names a thing, by the part of speech in jieba's dictionary; longer unknown words do too."""
        if word not in self._names:
            self._names[word] = self._names_a_thing(word)
        return self._names[word]

    def _names_a_thing(self, word: str) -> bool:
        if word[:1].isdigit() or word.isascii():
            return True
        part = self.part_of_speech(word)
        return part[:1] in ("n", "j") if part else len(word) >= 3

    def is_short_noun(self, word: str) -> bool:
        """Whether a word of one character names a thing, and is none of those that carry no content: 煤, 路."""
        return len(word) == 1 and carries_content(word) and self.part_of_speech(word) == "n"

    def only_joins(self, word: str) -> bool:
        """Whether a word only points or joins and names nothing, by the part of speech in jieba's dictionary: 这么, 有些, 由于."""
        part = self.part_of_speech(word)
        return part[:1] in _JOINING or (part[:1] == "r" and word[0] in _POINTING)

    def may_name(self, word: str) -> bool:
        """Whether a word is a noun or a name, or none that jieba's dictionary has."""
        return self.part_of_speech(word)[:1] in ("n", "j", "l", "i", "")

    def part_of_speech(self, word: str) -> str:
        """The tag of a word in jieba's dictionary, n… for nouns and v… for verbs; empty for a word that is not in it."""
        return _parts_of_speech().get(word, "")


@cache
def _parts_of_speech() -> dict[str, str]:
    """The tag of each word of jieba's dictionary, read without jieba's own tagger, which takes a second to load."""
    import jieba

    with jieba.dt.get_dict_file() as file:
        rows = (line.split(" ") for line in file.read().decode("utf-8").splitlines())
        return {row[0]: sys.intern(row[2]) for row in rows if len(row) == 3}


def opens_with_a_verb(text: str) -> bool:
    """Whether the longest word of the dictionary that opens a text is a verb, or says how something is done: 开办|全省首家专门学校."""
    words = (text[:end] for end in range(_LONGEST_WORD, 1, -1) if text[:end] in _parts_of_speech())
    return _parts_of_speech().get(next(words, "")) in ("v", "d", "vd", "ad")


def ends_with_a_noun(text: str) -> bool:
    """Whether the last two characters of a text are a noun: 开办全省首家专门|学校."""
    return _parts_of_speech().get(text[-2:], "").startswith("n")


def words_of(lexicon: Lexicon) -> set[str]:
    """Return the words that a segmenter keeps whole: the names of indicators and matters, and synonyms."""
    names = {word for one in lexicon.indicators.values() for word in (*one.written, *one.asked)}
    return names | set(lexicon.synonyms) | set(lexicon.matters)


def trimmed(word: str) -> str:
    """A word of a question without what a segmenter took for its beginning or its end: 还有, 三年进, 建了."""
    return _HOW_LONG.sub("", re.sub(r"^[再又还](?=..)|(?<=.)[了过着的得里]$", "", word.strip()))


def carries_content(word: str) -> bool:
    """Whether a word of a question says what is asked about, rather than that something is asked."""
    return bool(re.search(r"[\w]", word)) and not _STOP.fullmatch(word) and not _POINTS.fullmatch(word)
