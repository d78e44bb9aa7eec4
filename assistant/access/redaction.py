"""Takes out of a text what no record may hold: numbers of identity cards and telephones, keys, passwords and tokens."""

from __future__ import annotations

import re
import unicodedata

_GAP = r"[\s\-·.]?"
_DIGIT_BEFORE, _DIGIT_AFTER = r"(?<![0-9])", r"(?![0-9])"
_RULES = (
    (re.compile(r"(?i)(?<![A-Za-z0-9])(?:bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}"), "[凭证]"),
    (
        re.compile(r"(?i)((?:proxy-)?authorization\s*[:=：＝]\s*)(?:[A-Za-z][A-Za-z0-9-]*\s+)?[^\s,，;；。]+"),
        r"\1[已隐去]",
    ),
    (re.compile(r"(?i)(:/+)[^\s/:@]*:[^\s/@]+@"), r"\1[已隐去]@"),
    (re.compile(r"(?<![A-Za-z0-9])zw_[0-9a-f]{8}_[A-Za-z0-9_-]{20,}"), "[密钥]"),
    (re.compile(r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?"), "[令牌]"),
    (re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])"), "[票]"),
    (re.compile(r"(?<![A-Za-z0-9])(?:sk|pk|ghp|gho|xox[abp]|AKIA)[-_A-Za-z0-9]{16,}"), "[密钥]"),
    (
        re.compile(
            r"(?i)(api[-_ ]?key|cookie|password|passwd|pwd|secret|token|密码|口令|密钥)(\s*[:=：＝]\s*|\s*(?:是|为)\s*)[^\s,，;；。]+"
        ),
        r"\1\2[已隐去]",
    ),
    (
        re.compile(
            rf"{_DIGIT_BEFORE}[1-9]\d{{5}}{_GAP}(?:18|19|20)\d{{2}}{_GAP}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]){_GAP}\d{{3}}[\dXx]{_DIGIT_AFTER}"
        ),
        "[身份证号]",
    ),
    (
        re.compile(rf"{_DIGIT_BEFORE}[1-9]\d{{5}}\d{{2}}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{{3}}{_DIGIT_AFTER}"),
        "[身份证号]",
    ),
    (
        re.compile(rf"{_DIGIT_BEFORE}(?:(?:\+?86|0086){_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}{_DIGIT_AFTER}"),
        "[手机号]",
    ),
)


def redacted(text: str, longest: int = 500) -> str:
    """The text without such things, in one line, cut at `longest` characters. Full-width digits count as digits."""
    text = "".join(unicodedata.normalize("NFKC", c) if "\uff00" <= c <= "\uffef" and c.isalnum() else c for c in text)
    # Cut after the rules: half of a number would not be known for what it is. What is beyond is never read.
    # What has no look goes without a trace: it could stand in the middle of a number.
    seen = (c for c in text[: longest * 4] if unicodedata.category(c) != "Cf")
    text = "".join(c if c.isprintable() else " " for c in seen)
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[:longest]}…"
