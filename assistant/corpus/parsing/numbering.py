"""The numbers that Word puts in front of paragraphs by itself: 一、 （一） 1. ① as they are displayed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DEEPEST = 9
_HAN = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_DASHES = re.compile(r"[-—–―－]+")


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    """`%1` stands for the number of the first level: `（%2）`, `%1.%2`."""
    restarts_after: int | None = None
    """The level, counted from 1, whose next number makes this one begin anew; 0 never, None any higher one."""
    digits_only: bool = False
    """True where the numbers of higher levels are shown in digits, whatever their format."""
    style: str = ""


@dataclass(slots=True)
class _List:
    """A list that goes on through the document."""

    levels: dict[int, Level]
    at: dict[int, int] = field(default_factory=dict)
    """The number that each level has reached."""


class Numbering:
    """Tells the number of each paragraph; they must be asked for in the order of the document."""

    def __init__(self, numbering: Any | None, styles: Any | None) -> None:
        self._lists: dict[str, _List] = {}
        self._nums: dict[str, tuple[str, dict[int, int], dict[int, Level]]] = {}
        self._begun: set[tuple[str, int]] = set()
        self._styles = {_value(each, "styleId"): each for each in _children(styles, "style")}
        self._default = next(
            (
                name
                for name, each in self._styles.items()
                if _value(each, "type") == "paragraph" and _value(each, "default") in {"1", "true"}
            ),
            "",
        )
        if numbering is not None:
            self._read(numbering)

    def label(self, paragraph: Any) -> str:
        """Return what Word shows in front of a paragraph; empty where it has no number or only a bullet."""
        numbered = self._numbered(paragraph)
        if numbered is None:
            return ""
        num, depth = numbered
        abstract, starts, changed = self._nums[num]
        running = self._lists[abstract]
        levels = {**running.levels, **changed}
        level = levels.get(depth)
        if level is None:
            return ""
        if depth in starts and (num, depth) not in self._begun:
            running.at[depth] = starts[depth]
        else:
            running.at[depth] = running.at[depth] + 1 if depth in running.at else level.start
        self._begun.add((num, depth))
        for deeper in [at for at in running.at if at > depth]:
            after = levels[deeper].restarts_after if deeper in levels else None
            if after is None or (after and depth < after):
                del running.at[deeper]
        if level.format == "bullet":
            return level.text if _DASHES.fullmatch(level.text) else ""
        return re.sub(r"%([1-9])", lambda found: self._shown(int(found[1]) - 1, level, levels, running), level.text)

    def _shown(self, depth: int, level: Level, levels: dict[int, Level], running: _List) -> str:
        shown = levels.get(depth, Level())
        form = "decimal" if level.digits_only and shown.format != "none" else shown.format
        return written(running.at.get(depth, shown.start), form)

    def _numbered(self, paragraph: Any) -> tuple[str, int] | None:
        """Return the list of a paragraph and its depth there: its own, or that of its style or of one below it."""
        properties = _child(paragraph, "pPr")
        own = _child(properties, "numPr")
        num, depth = _text(own, "numId"), _text(own, "ilvl")
        style = _text(properties, "pStyle") or self._default
        for _ in range(20):  # styles may be based on one another in a ring
            if num or style not in self._styles:
                break
            of_style = _child(_child(self._styles[style], "pPr"), "numPr")
            num, depth = _text(of_style, "numId"), depth or _text(of_style, "ilvl") or self._depth_of(num, style)
            style = style if num else _text(self._styles[style], "basedOn")
        if num not in self._nums:
            return None
        return num, int(depth or self._depth_of(num, style) or 0)

    def _depth_of(self, num: str, style: str) -> str:
        """Return the level that belongs to a style."""
        levels = self._lists[self._nums[num][0]].levels if num in self._nums else {}
        return next((str(depth) for depth, level in levels.items() if level.style == style), "")

    def _read(self, numbering: Any) -> None:
        linked: dict[str, str] = {}
        for each in _children(numbering, "abstractNum"):
            identity = _value(each, "abstractNumId")
            self._lists[identity] = _List(dict(_levels(each)))
            if style := _text(each, "styleLink"):
                linked[style] = identity
        for each in _children(numbering, "abstractNum"):
            target = linked.get(_text(each, "numStyleLink"))
            if target is not None:
                self._lists[_value(each, "abstractNumId")] = self._lists[target]
        for each in _children(numbering, "num"):
            abstract = _text(each, "abstractNumId")
            if abstract in self._lists:
                self._nums[_value(each, "numId")] = (abstract, *_changes(each, self._lists[abstract].levels))


def _changes(num: Any, levels: dict[int, Level]) -> tuple[dict[int, int], dict[int, Level]]:
    """Return the starts and the levels that one use of a list has for itself."""
    starts: dict[int, int] = {}
    changed: dict[int, Level] = {}
    for each in _children(num, "lvlOverride"):
        depth = int(_value(each, "ilvl") or 0)
        changed.update(_levels(each))
        if start := _text(each, "startOverride"):
            starts[depth] = int(start)
            changed[depth] = replace(changed.get(depth, levels.get(depth, Level())), start=int(start))
    return starts, changed


def _levels(element: Any) -> Iterator[tuple[int, Level]]:
    for each in _children(element, "lvl"):
        form = _child(each, "numFmt")
        restart = _text(each, "lvlRestart")
        legal = _child(each, "isLgl")
        level = Level(
            start=int(_text(each, "start") or 0),
            format=_value(form, "val") or "decimal",
            text=_text(each, "lvlText"),
            restarts_after=int(restart) if restart else None,
            digits_only=legal is not None and _value(legal, "val") not in {"0", "false"},
            style=_text(each, "pStyle"),
        )
        yield int(_value(each, "ilvl") or 0), level


def written(number: int, form: str) -> str:
    """Write a number in one of the formats of Office Open XML (ST_NumberFormat); in digits where it is another."""
    if form == "none":
        return ""
    writer = _FORMATS.get(form)
    return writer(number) if writer and number > 0 else str(number)


def _counted(number: int, digits: str = _HAN, units: str = "十百千", bare_ten: bool = True) -> str:
    """Write 1 to 9999 in words: 十二, 二十, 一百零三."""
    if number > 9999:
        return str(number)
    out, pending = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            out += ("零" if pending and out else "") + digits[digit] + (units[place - 1] if place else "")
        pending = not digit and bool(out)
    return out[1:] if bare_ten and out.startswith(digits[1] + units[0]) else out


def _spelled(number: int) -> str:
    return "".join(_HAN[int(digit)] for digit in str(number))


def _one_of(characters: str) -> Callable[[int], str]:
    return lambda number: characters[number - 1] if number <= len(characters) else str(number)


def _from(first: str, last: int) -> Callable[[int], str]:
    return lambda number: chr(ord(first) + number - 1) if number <= last else str(number)


def _letters(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * min(9, (number - 1) // 26 + 1)


_ROMAN = {
    1000: "m",
    900: "cm",
    500: "d",
    400: "cd",
    100: "c",
    90: "xc",
    50: "l",
    40: "xl",
    10: "x",
    9: "ix",
    5: "v",
    4: "iv",
    1: "i",
}


def _roman(number: int) -> str:
    if number >= 4000:
        return str(number)
    out = ""
    for value, sign in _ROMAN.items():
        count, number = divmod(number, value)
        out += sign * count
    return out


_FORMATS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(
        (
            "chineseCounting",
            "chineseCountingThousand",
            "taiwaneseCounting",
            "taiwaneseCountingThousand",
            "japaneseCounting",
            "koreanCounting",
        ),
        _counted,
    ),
    **dict.fromkeys(("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital", "koreanDigital2"), _spelled),
    **dict.fromkeys(
        ("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"),
        lambda number: _counted(number, _LEGAL, "拾佰仟", bare_ten=False),
    ),
    **dict.fromkeys(
        ("decimalEnclosedCircle", "decimalEnclosedCircleChinese"),
        _one_of("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟"),
    ),
    "decimalEnclosedParen": _from("⑴", 20),
    "decimalEnclosedFullstop": _from("⒈", 20),
    "ideographEnclosedCircle": _from("㊀", 10),
    "ideographTraditional": _one_of("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _one_of("子丑寅卯辰巳午未申酉戌亥"),
    **dict.fromkeys(
        ("decimalFullWidth", "decimalFullWidth2"),
        lambda number: str(number).translate({at: at + 0xFEE0 for at in range(0x30, 0x3A)}),
    ),
    "decimalZero": lambda number: f"{number:02d}",
    "numberInDash": lambda number: f"- {number} -",
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
}


def _child(element: Any | None, name: str) -> Any | None:
    return None if element is None else element.find(f"{_W}{name}")


def _children(element: Any | None, name: str) -> Iterator[Any]:
    return iter(()) if element is None else element.iterchildren(f"{_W}{name}")


def _value(element: Any | None, name: str) -> str:
    return "" if element is None else element.get(f"{_W}{name}") or ""


def _text(element: Any | None, name: str) -> str:
    """Return the value of a child element."""
    return _value(_child(element, name), "val")
