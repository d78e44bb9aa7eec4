"""Amounts as one reads them, and how far two of them are apart, with the arithmetic."""

from __future__ import annotations

from decimal import Decimal

from assistant.corpus.fact_rows import plain

POINTS = "个百分点"
_PER_CENT = ("%", POINTS)
_MAGNITUDES = ((Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))


def amount(value: Decimal, unit: str, like: Decimal | None = None) -> str:
    """A value as one reads it: 1029.8亿元, -2%; with the magnitude that another one is read in."""
    measured = abs(value if like is None else like)
    for size, name in _MAGNITUDES:
        if unit not in _PER_CENT and measured >= size:
            return f"{plain((value / size).quantize(Decimal('0.0001')).normalize())}{name}{unit}"
    return f"{plain(value.normalize())}{unit}"


def gap_unit(unit: str) -> str:
    """The unit in which two amounts are apart: points for per cent."""
    return POINTS if unit in _PER_CENT else unit


def more_or_less(gap: Decimal, unit: str) -> str:
    """高 or 低 of per cent, 多 or 少 of anything else."""
    more, less = ("高", "低") if unit in _PER_CENT else ("多", "少")
    return more if gap > 0 else less


def arithmetic(one: Decimal, other: Decimal, unit: str) -> str:
    """The greater less the smaller: 5.5%减5.3%; a rise and a fall go together: 39.7%加64.3%."""
    top, bottom = max(one, other), min(one, other)
    word, second = ("加", -bottom) if bottom < 0 <= top else ("减", bottom)
    return f"{amount(top, unit)}{word}{amount(second, unit)}"
