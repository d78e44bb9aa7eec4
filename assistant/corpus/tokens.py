"""What the lexical index counts as a word: whole numbers, Latin words, and bigrams of Han characters.

No dictionary: bigrams with whole numbers find as much on government reports as a segmenter does, and they never depend
on a word list that lacks a place or a project. Whoever changes what `tokenize` returns also raises `SCHEMA` in `database`.
"""

from __future__ import annotations

import re
import unicodedata

_HAN = "々〇\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
_TOKEN = re.compile(
    rf"(?P<han>[{_HAN}]+)"
    r"|(?P<number>(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?)"
    rf"(?:\s?(?P<share>[%‰])|(?P<tail>(?:(?![{_HAN}])[^\W_0-9])+[a-z0-9]*))?"
    rf"|(?P<word>(?:(?![{_HAN}])[^\W_])+)"
)
# NFKC would glue a footnote mark to the figure before it (5① → 51) and make a Chinese comma a thousands separator.
_SET_APART = re.compile("[，\u2460-\u24ff\u2776-\u2793]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


def tokenize(text: str) -> list[str]:
    """Return the tokens of a text in order, repeated ones too.

    「GDP增长5.5%左右」 gives gdp, 增长, 5.5, 5.5%, 左右; 1,234.5 gives 1234.5; 5G gives 5, 5g; 区 by itself gives 区.
    """
    apart = _SET_APART.sub(lambda mark: " " if mark.group() == "，" else f" {mark.group()} ", _INVISIBLE.sub("", text))
    tokens: list[str] = []
    for match in _TOKEN.finditer(unicodedata.normalize("NFKC", apart).lower()):
        if match["han"]:
            tokens += _bigrams(match["han"])
        elif match["number"]:
            number = match["number"].replace(",", "")
            tokens.append(number)
            if unit := match["share"] or match["tail"]:
                tokens.append(number + unit)
        else:
            tokens.append(match["word"])
    return tokens


def _bigrams(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]
