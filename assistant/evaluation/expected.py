"""What an answer that somebody wrote down requires: its figures with their hedges, and its key strings."""

from __future__ import annotations

import re
from decimal import Decimal

from assistant.language.folding import squeeze
from assistant.language.hedges import HEDGES, meanings
from assistant.language.periods import find_periods
from assistant.language.quantities import Quantity, find_quantities

Required = tuple[tuple[str, ...], ...]

_QUOTED = re.compile(r"[“「『《]([^”」』》]{2,30})[”」』》]")
_REFUSES = re.compile(
    r"(?:无法|不能|没法|难以)(?:回答|作答|判断|得知)|(?:没有|未)(?:被)?收录|(?:报告|资料|材料|文件)(?:中|里|里面)?(?:都|并)?(?:没有|没|未)(?:有)?(?:提到|提及|给出|写|说|涉及|披露|公布)"
)
_SHORT = 24
"""Characters; a reference answer up to this long without figures is itself a key string, or a list of them."""
_OPENING = re.compile(r"^(?:是|为|有|叫|包括|分别是|分别为|主要是|主要有)[:：]?")
_COUNTERS = ("个", "家", "户")


def refuses(answer: str) -> bool:
    """Say whether a reference answer says that the reports do not tell."""
    return bool(_REFUSES.search(squeeze(answer)))


def requirements(answer: str) -> Required:
    """Return what an answer like this one has to say, each a choice of variants.

    Every figure in the ways it is usually written, the hedge of each in any word of the same meaning, and every quoted
    name. A short answer without figures is required itself, cut at 、 and ，. A long one without any of these gives
    nothing: what it requires must then be written into a column of its own.
    """
    bare = _without_periods(answer)
    figures = find_quantities(bare)
    required: list[tuple[str, ...]] = []
    for figure in figures:
        required.append(forms(figure))
        required += [_hedge_words(meaning) for meaning in sorted(meanings(figure.hedges))]
    required += [(name,) for name in _QUOTED.findall(answer)]
    if not required and len(squeeze(answer)) <= _SHORT:
        required = [(part,) for part in _key_strings(answer)]
    return tuple(dict.fromkeys(required))


def forms(figure: Quantity) -> tuple[str, ...]:
    """Return the ways a figure is usually written: 12000亿元, 1.2万亿, 12,000亿; 百分之五 and 5%; 3户, 3家, 3个."""
    units = _COUNTERS if figure.unit in _COUNTERS else ("",) if figure.unit == "元" else (figure.unit,)
    written = squeeze(figure.text).removesuffix("元")
    found = [written, written.replace(",", "")]
    if figure.high is None:
        plain = _number(figure.value)
        found += [number + unit for number in (plain, _grouped(plain)) for unit in units]
        for magnitude, size in (("万", 10**4), ("亿", 10**8), ("万亿", 10**12)):
            if figure.value >= size:
                scaled = _number(figure.value / size)
                found += [f"{number}{magnitude}{unit}" for number in (scaled, _grouped(scaled)) for unit in units]
    return tuple(dict.fromkeys(found))


def _number(value: Decimal) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _grouped(number: str) -> str:
    whole, point, fraction = number.partition(".")
    return f"{int(whole):,}{point}{fraction}"


def _hedge_words(meaning: str) -> tuple[str, ...]:
    return HEDGES.get(meaning, (meaning,))


def _key_strings(answer: str) -> list[str]:
    text = _OPENING.sub("", squeeze(answer).strip("。.!！？?"))
    return [part for part in re.split(r"[、,，;；和与及]|以及", text) if len(part) >= 2] or ([text] if text else [])


def _without_periods(text: str) -> str:
    characters = list(text)
    for mention in find_periods(text):
        characters[mention.start : mention.end] = " " * (mention.end - mention.start)
    return re.sub(r"\d{1,2}月\d{1,2}日", " ", "".join(characters))
