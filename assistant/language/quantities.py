"""Numbers with their units and hedges, as reports and people write them; the rules stand in `rules/quantities.toml`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from assistant.language import hedges
from assistant.language.folding import fold
from assistant.language.numerals import MAGNITUDES, read_chinese, read_number
from assistant.language.ruleset import read_rules, read_table, words_pattern

UNITS: dict[str, tuple[str, ...]] = {row["name"]: tuple(row["words"]) for row in read_table("units")["rule"]}
"""The words of units, by what they measure: money, area, length, percent, ratio, time, people, weight, energy, count."""
SAME = {word: usual for row in read_table("units")["rule"] for word, usual in row.get("same", {}).items()}
_LETTERS = re.compile(r"[A-Za-z]$")


def _unit_source() -> str:
    """One pattern for every unit; one that ends in a letter is no unit where a word goes on behind it (50PPP)."""
    words = [word for group in UNITS.values() for word in group]
    letters = [word for word in words if _LETTERS.search(word)]
    plain = words_pattern([w for w in words if w not in letters])
    # 台(套、组), 处（座）: counted in either, as it is written.
    either = rf"(?:\((?:{plain})(?:、(?:{plain}))*\))?"
    return rf"(?:(?:{plain}){either}|(?:{words_pattern(letters)})(?![A-Za-z\d]))"


def _magnitude_source() -> str:
    """One pattern for magnitudes; 百 and 千 that begin a unit (百分点, 千瓦) are none."""
    begun = {
        size: "".join(word[1] for group in UNITS.values() for word in group if word[0] == size and len(word) > 1)
        for size in ("百", "千")
    }
    longer = words_pattern([word for word in MAGNITUDES if word not in (*begun, "十")])
    return (
        "|".join([f"(?:{longer}", *(f"{size}(?![{after}])" if after else size for size, after in begun.items())]) + ")"
    )


_RULES = read_rules(
    "quantities",
    **{
        "unit": _unit_source(),
        "magnitude": _magnitude_source(),
        "number": r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)",
        "inside": f"(?:{hedges.INSIDE})",
        "not a name": r"(?!位(?:数|一体)|次(?:[、和][一二三四五六七八九十]+次)*(?:全会|会议|全体|党代会|人代会|代表大会)|村(?:民|庄|委|级|集体|卫生)|镇(?:域|区)|台(?:阶|账|风|湾)|户籍|人(?:才|民(?!币)|大代)|个多月)",  # 两位数, 三位一体, 八次全会
    },
)
_LASTS = re.compile(r"(?:连续|历时|为期|长达|用时)$")  # 连续7年 is a length of time, 24年 a year
_NEARLY = frozenset("近超约逾破上过达")
_EARLIER = 24
"""Characters before a figure, within its clause, in which 力争 and 预计 are looked for."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a text: `text[start:end]` without its hedges."""

    start: int
    end: int
    text: str
    value: Decimal
    """In the base of `unit`, exact; the lower end of a range."""
    unit: str
    """Normalised, without a magnitude: 元, %, 个百分点, 平方米, 户; empty where the text gives none."""
    high: Decimal | None = None
    """Upper end of a range."""
    hedges: tuple[str, ...] = ()

    @property
    def hedge(self) -> str | None:
        return " ".join(self.hedges) or None


def find_quantities(text: str) -> list[Quantity]:
    """Find the quantities of a text in order. Years, dates, ordinals and code names such as 1+3+19+N are none."""
    folded = fold(text)
    taken = [False] * len(folded)
    found = []
    for rule in _RULES.values():
        read = _READINGS[rule.row["reading"]]
        for match in rule.pattern.finditer(folded):
            if any(taken[match.start() : match.end()]):
                continue
            reading = read(match, folded)
            if reading is None:
                continue
            if reading is _NAME:
                taken[match.start() : match.end()] = [True] * (match.end() - match.start())
                continue
            value, high, unit, end = reading
            taken[match.start() : end] = [True] * (end - match.start())
            found.append(_with_hedges(text, folded, match.start(), end, value, high, unit, match))
    return sorted(found, key=lambda quantity: quantity.start)


_Reading = tuple[Decimal, Decimal | None, str, int] | None
_NAME: _Reading = (Decimal(0), None, "", 0)
"""What names something and counts nothing: no other rule may read it."""


def _read_name(match: re.Match[str], folded: str) -> _Reading:
    return _NAME


def _read_digits(match: re.Match[str], folded: str) -> _Reading:
    after = folded[match.end() : match.end() + 2].lstrip(" ")
    unit = str(match["unit"] or "")
    names = after[:1] in ("年", "月", "日", "号", "+", "届") or (after[:1].isascii() and after[:1].isalpha())
    if names and not unit and not match["magnitude"]:
        lasts = match["high"] or _LASTS.search(folded[: match.start()]) or hedges.AFTER.match(folded, match.end() + 1)
        if not (lasts and after[:1] == "年" and float(match["low"].replace(",", "")) < 100):
            return None
        unit = "年"
    if _in_code_name(folded, match.start(), match.end()):
        return None
    low = read_number(match["low"])
    high = read_number(match["high"]) if match["high"] else None
    if low is None or (match["high"] and high is None):
        return None
    if high is not None and high < low and not unit and not match["magnitude"]:
        return _NAME  # 渤中19-6, a field
    magnitude = MAGNITUDES.get(match["magnitude"] or "", 1)
    low_magnitude = MAGNITUDES.get(match["low_magnitude"] or "", magnitude)
    end = match.end() + (1 if unit == "年" else 0)
    return low * low_magnitude, None if high is None else high * magnitude, SAME.get(unit, unit), end


def _in_code_name(folded: str, start: int, end: int) -> bool:
    """“1123”, “125培养体系”, 1+20+X: digits that name something and count nothing."""
    if folded[start - 1 : start] == "+" or folded[end : end + 1] == "+":
        return True
    return folded[start - 1 : start] in ("“", "‘") and folded[end - 1].isdigit()


def _read_chinese(match: re.Match[str], folded: str) -> _Reading:
    value = read_chinese(match["low"])
    if match["low"] in ("百", "千") and folded[match.start() - 1 : match.start()] not in _NEARLY:
        return None  # 千企帮千村; 近百公里 is a number
    if match["low"] == "一" or match["unit"] in ("期", "届", "步", "级", "轮"):
        return None  # 一批, 一个 count nothing; 二期, 三届 are ordinals
    if value is None:
        return None
    value *= MAGNITUDES.get(match["magnitude"] or "", 1)
    return value, None, SAME.get(str(match["unit"]), str(match["unit"])), match.end()


def _read_fraction(match: re.Match[str], folded: str) -> _Reading:
    under = Decimal(10_000) if match["under"] == "万" else read_chinese(match["under"])
    over = read_number(match["over"])
    if not under or over is None:
        return None
    return (over, None, "‰", match.end()) if under == 1000 else (100 * over / under, None, "%", match.end())


def _read_years(match: re.Match[str], folded: str) -> _Reading:
    value = read_chinese(match["low"])
    return None if value is None else (value, None, "年", match.end())


def _read_half(match: re.Match[str], folded: str) -> _Reading:
    return Decimal(50), None, "%", match.end()


def _read_tenths(match: re.Match[str], folded: str) -> _Reading:
    value = read_number(match["low"])
    return None if value is None else (10 * value + (5 if match["half"] else 0), None, "%", match.end())


def _read_times(match: re.Match[str], folded: str) -> _Reading:
    value = read_number(match["low"])
    return None if value is None else (value, None, "倍", match.end())


def _read_doubled(match: re.Match[str], folded: str) -> _Reading:
    times = read_number(match["low"]) if match["low"] else Decimal(1)
    return None if times is None else (times, None, "番", match.end())


def _read_bare(match: re.Match[str], folded: str) -> _Reading:
    magnitude = match["magnitude"] or match.groupdict().get("myriad")
    return Decimal(MAGNITUDES[str(magnitude)]), None, SAME.get(str(match["unit"]), str(match["unit"])), match.end()


def _read_plain(match: re.Match[str], folded: str) -> _Reading:
    value = read_number(match["low"])
    return None if value is None else (value, None, str(match["unit"]), match.end())


def _read_half_of(match: re.Match[str], folded: str) -> _Reading:
    return Decimal("0.5"), None, str(match["unit"]), match.end()


_READINGS: dict[str, Callable[[re.Match[str], str], _Reading]] = {
    "name": _read_name,
    "fraction": _read_fraction,
    "half": _read_half,
    "years": _read_years,
    "tenths": _read_tenths,
    "digits": _read_digits,
    "doubled": _read_doubled,
    "times": _read_times,
    "chinese": _read_chinese,
    "bare": _read_bare,
    "half of": _read_half_of,
    "plain": _read_plain,
}


def _with_hedges(
    text: str,
    folded: str,
    start: int,
    end: int,
    value: Decimal,
    high: Decimal | None,
    unit: str,
    match: re.Match[str],
) -> Quantity:
    clause_start = max(folded.rfind(mark, 0, start) for mark in ",;。:") + 1
    earlier = folded[max(clause_start, start - _EARLIER) : start]
    found = hedges.OPENING.findall(earlier)
    before = hedges.BEFORE.search(earlier)
    if before:
        found.append(before["hedge"])
    inside = match.groupdict()
    if inside.get("more") or inside.get("more2"):
        found.append(inside.get("more") or inside.get("more2") or "")
    after = hedges.AFTER.match(folded, end)
    if after:
        found.append(after.group())
    return Quantity(start, end, text[start:end], value, unit, high, tuple(dict.fromkeys(found)))


def same_figure(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities say the same by value and unit; 12000亿 and 1.2万亿 do, 5名 and 5人 too, 5% and 5个百分点 do not."""
    return (_counted(one.unit), one.value, one.high) == (_counted(other.unit), other.value, other.high)


def _counted(unit: str) -> str:
    return "人" if unit in ("名", "位") else unit
