"""Bytes of a text file to characters: the right encoding or a refusal, never mojibake."""

from __future__ import annotations

import codecs
import re
import unicodedata

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DAMAGE = re.compile(r"[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_TINY = 0.001
"""Share of damaged characters that one broken byte or an odd font symbol may cause in a good file."""
_SAMPLE = 4000
_RADICALS = str.maketrans(
    {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
    | dict(
        zip(
            "⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
            "民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
            strict=True,
        )
    )
)


def decode(data: bytes) -> str | None:
    """Return the text of these bytes, or None where no encoding gives text that can be trusted.

    Tries the byte order mark, UTF-8, UTF-16 without a mark, GB18030 and Big5, in this order.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _trusted(data[len(mark) :].decode(encoding, "replace"))
    text = _strict(data, "utf-8")
    if text is None and data.count(0) > len(data) // 20:
        return _trusted(
            data.decode("utf-16-le" if data[1::2].count(0) > data[::2].count(0) else "utf-16-be", "replace")
        )
    if text is not None:
        return _trusted(text)
    for encoding in ("gb18030", "big5hkscs"):
        text = _trusted(data.decode(encoding, "replace"))
        if text is not None and _is_common(text, encoding):
            return text
    return _trusted(data.decode("utf-8", "replace"))


def is_garbled(text: str) -> bool:
    """Say whether text was damaged before it came here: replacement marks, private characters or mojibake."""
    if len(_DAMAGE.findall(text)) > max(1, _TINY * len(text)) or len(_CONTROL.findall(text)) > _TINY * len(text):
        return True
    return _is_mojibake(text)


def _trusted(text: str) -> str | None:
    return None if is_garbled(text) else text


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_common(text: str, encoding: str) -> bool:
    """Say whether nearly all characters are of the frequent plane of their set; the wrong set gives rare ones."""
    level, first, last = ("gb2312", 0xB0, 0xD7) if encoding == "gb18030" else ("big5", 0xA4, 0xC6)
    found = _HAN.findall(text)
    sample = found[
        :: max(1, len(found) // _SAMPLE)
    ]  # from all of it: the first report of a table may be in other characters
    coded = (character.encode(level, "ignore") for character in sample)
    frequent: int = sum(bool(code) and first <= code[0] <= last for code in coded)
    return frequent >= 0.8 * len(sample)


def _is_mojibake(text: str) -> bool:
    """Say whether the text is UTF-8 that someone read as GBK or Latin-1 and saved again (鏀垮簻, æ”¿åºœ)."""
    sample = text[:_SAMPLE]
    for encoding in ("gb18030", "cp1252"):
        coded = sample.encode(encoding, "ignore")
        if not any(byte > 0x7F for byte in coded):
            continue
        again = coded.decode("utf-8", "ignore")
        foreign = len(re.findall(r"[^\x00-\x7f]", sample))
        if foreign > 20 and len(_HAN.findall(again)) > 0.25 * foreign and again != sample:
            return True
    return False


def without_radicals(text: str) -> str:
    """Return the text with the characters that it names by their radical (⼯, ⻓): PDF files and copies from them do."""
    return text.translate(_RADICALS)
