"""去年 and 前年 in a follow-up, counted from the year that was asked about."""

from __future__ import annotations

import re

from assistant.language.ruleset import read_rules
from assistant.retrieval.question import Understanding

_OFFSETS = {
    "去年": -1,
    "上年": -1,
    "上一年": -1,
    "前一年": -1,
    "前年": -2,
    "明年": 1,
    "次年": 1,
    "下一年": 1,
    "后年": 2,
}
_RELATIVE = read_rules("asking")["year beside another"].pattern
_NOW = re.compile("今年|本年")  # beside it, 去年 is the year before this one


def years_from(before: str, text: str, understanding: Understanding) -> int | None:
    """The year that 去年 in a follow-up counts from: the one the earlier question names."""
    if not _RELATIVE.search(text) or _NOW.search(text):
        return None
    years = [
        period.first for period in understanding.read(before).periods if period.first and period.first == period.last
    ]
    return years[-1] if years else None


def with_years(text: str, year: int) -> str:
    """The text with 去年, 前年 and the like as years counted from `year`."""
    return _RELATIVE.sub(lambda match: f"{year + _OFFSETS[match.group()]}年", text)
