"""A draft as it comes: cut into sentences in the stream, and cleaned of all that is not plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_END = re.compile(r"[。！？!?；;\n]+")
_MARKS_BEHIND = re.compile(
    r"[\s。；;]*(?:[\[【〔［(（]\s*\d{1,3}(?:\s*[,，、]\s*\d{1,3})*\s*[\]】〕］)）]\s*)+[。；;]?"
)
_MAY_BE_MARK = re.compile(r"[\s。；;]*(?:[\[【〔［(（][\s\d,，、]*)?$")
_MARK = re.compile(r"[\[【〔［]\s*(?:资料|来源)?\s*(\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)\s*[\]】〕］]")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_URL = re.compile(
    r"(?:https?|ftp|file|data|javascript):[^\s\u3400-\u9fff，。；）]+|www\.[^\s\u3400-\u9fff，。；）]+",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^>]{0,400}>|<[a-z/!][^>\u3400-\u9fff]*$|&(?:[a-z]{2,8}|#\d{1,6}|#x[0-9a-f]{1,6});", re.IGNORECASE)
_SPEAKER = re.compile(r"<\|[^|>]{0,40}\|>|\[/?INST\]|<</?SYS>>")
_LOOK = re.compile(r"[*_`#~|]{1,3}(?=\S)|(?<=\S)[*_`~|]{1,3}")
_BOLD = re.compile(r"^\s*\*\*")
_BULLET = re.compile(r"^\s*(?:[-*•·●>#]+|\d{1,2}[.)、．](?!\d)|[(（]\d{1,2}[)）])\s*")
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f\ud800-\udfff]"
)
_PREFACE = re.compile(
    r"^(?:答案?|回答|根据(?:以上|上述|所给|提供的)?(?:资料|材料|报告)(?:内容|显示|可知)?|资料(?:显示|中提到))[:：,，]\s*"
)
_BETWEEN_HAN = str.maketrans({",": "，", ";": "；", ":": "：", "(": "（", ")": "）", "!": "！", "?": "？"})
# 「道里区2023年计划，大力开展…」: the comma parts a verb from its object.
_PARTED = re.compile(r"(?<=[年区县市省]计划)(?:中)?[，,](?=[\u3400-\u9fff“])")
LONGEST_SENTENCE = 400
"""Characters; a sentence that does not end is cut here, and fails."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a draft: plain words, and the numbers that the model put behind it."""

    text: str
    numbers: tuple[int, ...]
    end: str
    """The mark that ends it: 。 or ；, or empty at the end of a line."""
    opens_line: bool = False
    is_item: bool = False
    """Whether it opens a line with a bullet or a number."""
    is_label: bool = False
    """Whether it ends its line with a colon: what follows is its matter."""


def sentences_of(pieces: Iterable[str]) -> Iterator[Sentence]:
    """Yield each sentence as soon as it, and the marks behind it, have come. Nothing that is no plain word comes through."""
    buffer, opens_line = "", True
    for piece in pieces:
        buffer += piece
        while (cut := _cut(buffer)) is not None:
            raw, buffer = buffer[:cut], buffer[cut:]
            sentence = _sentence(raw, opens_line)
            opens_line = raw.rstrip(" \t").endswith("\n") or (opens_line and sentence is None)
            if sentence:
                yield sentence
    if sentence := _sentence(buffer, opens_line):
        yield sentence


def _cut(buffer: str) -> int | None:
    """Where the first whole sentence ends; None where it, or a mark behind it, may still be coming."""
    for end in _END.finditer(buffer):
        if _is_in_number(buffer, end.start()):
            continue
        behind = _MARKS_BEHIND.match(buffer, end.end())
        if behind and behind.end() < len(buffer):
            return behind.end()
        if _MAY_BE_MARK.fullmatch(buffer, end.end()) or behind:
            return None
        return end.end()
    return len(buffer) if len(buffer) > LONGEST_SENTENCE else None


def _is_in_number(buffer: str, at: int) -> bool:
    return buffer[at] in "!?" and buffer[at - 1 : at].isascii() and buffer[at + 1 : at + 2].isalnum()


def _sentence(raw: str, opens_line: bool) -> Sentence | None:
    numbers = tuple(dict.fromkeys(int(n) for marks in _MARK.findall(raw) for n in re.findall(r"\d+", marks)))
    end = (
        "；" if re.search(r"[;；]\s*$", _MARK.sub("", raw)) else "" if raw.endswith("\n") and "。" not in raw else "。"
    )
    text = _PARTED.sub("", cleaned(raw))
    text = re.sub(r"^[\s,，;；、。:：]+|[\s,，;；、。:：]+$", "", text)
    if not re.search(r"\w", text):
        return None
    line = raw.lstrip("\n")
    is_item = opens_line and bool(_BULLET.match(_BOLD.sub("", line)))
    is_label = raw.endswith("\n") and bool(re.search(r"[：:][*\s]*$", _MARK.sub("", raw)))
    return Sentence(text, numbers, end, opens_line, is_item, is_label)


def cleaned(raw: str) -> str:
    """The words of a draft without addresses, markup, marks, characters that cannot be seen, and polite openings."""
    text = _UNSEEN.sub("", raw)
    text = _SPEAKER.sub("", text)
    text = _MARK.sub("", text)
    text = _URL.sub("", _TAG.sub("", _LINK.sub(r"\1", text)))
    text = _BULLET.sub("", _LOOK.sub("", _BULLET.sub("", text)))
    text = _PREFACE.sub("", " ".join(text.split()))
    text = re.sub(r"(?<=[\u3400-\u9fff%”])\s+(?=[\u3400-\u9fff\d“])|(?<=\d)\s+(?=[\u3400-\u9fff%])", "", text)
    return re.sub(
        r"(?<=[\u3400-\u9fff%”）)\d])[,;:()!?](?!\d)|(?<=[\u3400-\u9fff])\((?=\d)",
        lambda m: m.group().translate(_BETWEEN_HAN),
        text,
    )
