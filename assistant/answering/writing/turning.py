"""Small words that turn or narrow what is said: denials, limits, how far a thing has come, and in how wide a circle."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.language.folding import fold

_HAN = r"[\u4e00-\u9fff]"
_DENIAL = re.compile(r"(?:没有|[不未没无])(?!断|仅|来|[低高少]于|超过)")
_LIMIT = re.compile(rf"(?<={_HAN}{{2}})(?:以上|以下|以内|左右)(?={_HAN})")
_STILL = re.compile(r"[还仍尚并都]$")
_IN_PLACE = re.compile(
    rf"{_LIMIT.pattern}|完成(?![^,，“]{{0,12}}\d)|建成|竣工|落成|投产|投用|开通|通车|完工"
    r"|国家级|省级|市级|区级|县级|全球|全国|全省|全市|全县"
)
"""Words of which it matters what they stand beside."""


def bare(text: str) -> str:
    """Folded text without marks and white space, in which runs of words are looked up."""
    return re.sub(r"[^\w%‰]", "", fold(text))


def runs(text: str) -> str:
    """The words of a text with a line break for each mark."""
    return re.sub(r"[^\w%‰]+", "\n", fold(text))


def turns(text: str, known: str, passages: Sequence[str]) -> bool:
    """Whether a sentence turns what its passages say: denies it, drops a denial, moves a limit or calls a beginning an end."""
    said = runs(text)
    return (
        any(_lost(said, runs(passage)) for passage in passages)
        or _denies(said, runs(known))
        or _moved(fold(text), bare(known))
    )


def _lost(said: str, passage: str) -> bool:
    """Whether a sentence says 后劲足 for 后劲不足, or 省级改革 for 省级以上改革."""
    for word in (*_DENIAL.finditer(passage), *_LIMIT.finditer(passage)):
        before = re.search(rf"{_HAN}{{2}}$", _STILL.sub("", passage[: word.start()]))
        after = re.match(rf"{_HAN}{{1,4}}", passage[word.end() :])
        if before and after and before.group() + after.group()[:2] in said:
            return True
        is_denial = word.re is _DENIAL
        if is_denial and after and len(after.group()) >= 3:
            behind = after.group()
            if behind in said and word.group()[-1] + behind[:2] not in said:
                return True
    return False


def _denies(said: str, known: str) -> bool:
    """Whether a sentence denies what no passage denies; 没有得到充分释放 may become 未充分释放."""
    for denial in _DENIAL.finditer(said):
        start, end = denial.span()
        if said[max(0, start - 1) : end + 1] in known or said[start : end + 2] in known:
            continue
        after = re.match(rf"{_HAN}{{0,3}}", said[end:])
        at = known.find(after.group()) if after and len(after.group()) >= 2 else -1
        if at < 0 or not _DENIAL.search(known[max(0, at - 8) : at]):
            return True
    return False


_ANSWERS = re.compile(
    r"^(?:不是|没有|不)(?=[，,。]|$)|(?:不是|并非)(?=[“])|^[^，,]{0,6}没有(?=更|再)|不(?:够|足|[强高优大快多全实](?=$|[，,、和]))"
)
"""What answers a question, and what a report says of its own shortcomings: these are told by the words they stand with."""


def denies(text: str, known: str) -> bool:
    """Whether a sentence denies what is nowhere denied; the 不是 that answers a question is no denial."""
    return _denies(runs(_ANSWERS.sub("", text)), runs(known))


def _moved(said: str, known: str) -> bool:
    """Whether 完成, 国家级 or 以上 stand beside other words than in a passage."""
    for found in _IN_PLACE.finditer(said):
        before, after = bare(said[: found.start()])[-1:], bare(said[found.end() :])[:1]
        if before + found.group() not in known and found.group() + after not in known:
            return True
    return False
