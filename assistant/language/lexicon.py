"""Indicators and synonyms of the genre, read from `aliases.toml` and from the user's own file of the same form."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from assistant.errors import SettingsError
from assistant.language.folding import fold

_JOINT = re.compile(r"(?P<before>[\u4e00-\u9fff]{2,6})[和与跟及、]$")
_JOINT_LENGTH = 7
"""What joins two names of which the first leaves out what they share, and its characters."""
_ROW_STARTS = r"(?:^|(?<=[^\u4e00-\u9fff])|(?<=[年的区市县省州]))"
_ROW_ENDS = r"(?=$|[^\u4e00-\u9fff]|的?(?:目标|增速|增长|指标|预期|完成|情况)|各|分别|都|是|定|多少)"
"""What stands around a row of indicators: 工业投资 and 投资环境 are no 投资."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A macro indicator and the names it goes by."""

    name: str
    written: tuple[str, ...]
    asked: tuple[str, ...]
    stated: tuple[str, ...] = ()
    """What a report says for it where a figure is said of just that: 粮食生产 is a matter, and of 92.7亿斤 its amount."""
    brief: tuple[str, ...] = ()
    """What it is called where the words around it make an indicator of it: the 工业 of GDP、工业、投资目标."""
    parts: tuple[str, ...] = ()
    """Names of the indicators that tell it where a report does not tell it itself."""
    ratio: tuple[str, ...] = ()
    """Names of two indicators: the share of the first in the second is this one."""
    ceiling: bool = False
    """Whether a goal of it is the most that there should be: 失业率, 物价."""


@dataclass(frozen=True, slots=True)
class Mention:
    """An indicator named in a text, at `text[start:end]`; several where one word may mean either."""

    start: int
    end: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Lexicon:
    """What words mean here. Built once, shared by everything that reads questions or reports."""

    indicators: Mapping[str, Indicator]
    synonyms: Mapping[str, tuple[str, ...]]
    """Each word to all words of its groups, itself first."""
    _written: re.Pattern[str] = field(repr=False)
    _asked: re.Pattern[str] = field(repr=False)
    _written_names: Mapping[str, tuple[str, ...]] = field(repr=False)
    _asked_names: Mapping[str, tuple[str, ...]] = field(repr=False)
    matters: Mapping[str, tuple[str, ...]] = field(repr=False)
    """Each name of a matter (交通) to what reports tell of it under other names (高铁), for questions how it stands."""
    brief: Mapping[str, str] = field(repr=False)
    """Each short word to the indicator that it stands for beside others, or where nothing else is named."""

    def written_in(self, text: str) -> list[Mention]:
        """Find indicators as reports write them; the longest name wins, so 规上工业增加值 is never 工业增加值."""
        return _mentions(self._written, self._written_names, text)

    def asked_in(self, text: str) -> list[Mention]:
        """Find indicators in a question, where abbreviations count too, and in 城里和农村居民收入 the first one as well."""
        found = [mention for mention in _mentions(self._asked, self._asked_names, text) if mention.names]
        folded = fold(text).upper()
        told = {mention.end for mention in found}
        shared = [one for mention in found if (one := self._sharing(folded, mention)) and one.end not in told]
        return sorted([*found, *shared, *self._in_a_row(folded, found)], key=lambda mention: mention.start)

    def _in_a_row(self, folded: str, found: Sequence[Mention]) -> Iterator[Mention]:
        """The short words of a row that an indicator stands in: GDP、工业、投资目标."""
        named = "|".join(sorted({re.escape(folded[mention.start : mention.end]) for mention in found}))
        if not named:
            return
        short = "|".join(self.brief)
        word = rf"(?:{named}|{short})"
        for row in re.finditer(rf"{_ROW_STARTS}{word}(?:[和与跟及、]{word})+{_ROW_ENDS}", folded):
            if not any(row.start() <= mention.start < row.end() for mention in found):
                continue
            for one in re.finditer(rf"(?<![^和与跟及、])(?:{short})(?![^和与跟及、])", row.group()):
                start = row.start() + one.start()
                yield Mention(start, start + len(one.group()), (self.brief[one.group()],))

    def _sharing(self, folded: str, mention: Mention) -> Mention | None:
        """The indicator that is joined to the one mentioned and has its last words in common with it; None where none is."""
        left = max(0, mention.start - _JOINT_LENGTH)
        joint = _JOINT.search(folded[left : mention.start])
        if joint is None:
            return None
        form, before, end = folded[mention.start : mention.end], joint["before"], left + joint.end("before")
        for size in range(len(before), 1, -1):
            for cut in range(1, len(form) - 1):
                names = self._asked_names.get(before[-size:] + form[cut:], ())
                if names and names != mention.names:
                    return Mention(end - size, end, names)
        return None


def _mentions(pattern: re.Pattern[str], names: Mapping[str, tuple[str, ...]], text: str) -> list[Mention]:
    return [Mention(m.start(), m.end(), names.get(m.group(), ())) for m in pattern.finditer(fold(text).upper())]


def load_lexicon(extra: Path | None = None) -> Lexicon:
    """Read the packaged file and, where it exists, the user's. Raises `SettingsError` naming what is wrong in the latter."""
    if extra is None or not extra.is_file():
        return _packaged()
    try:
        own = tomllib.loads(extra.read_text("utf-8"))
        _check(own)
    except (ValueError, OSError) as error:  # TOML and UTF-8 errors are ValueErrors
        raise SettingsError(f"别名文件 {extra.name} 读不懂：{error}", "格式见 README 的“添加别名”。") from error
    return _build([_packaged_table(), own])


@cache
def _packaged() -> Lexicon:
    return _build([_packaged_table()])


def _packaged_table() -> dict[str, Any]:
    return tomllib.loads(resources.files("assistant.language").joinpath("aliases.toml").read_text("utf-8"))


def _check(table: dict[str, Any]) -> None:
    """Raise `ValueError` where a table is not of the packaged file's form: a text in the place of a list would be cut into characters."""
    for kind, lists in (
        ("indicator", ("written", "asked", "stated", "brief", "parts", "ratio")),
        ("synonym", ("words",)),
        ("matter", ("names", "told")),
    ):
        rows = table.get(kind, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise ValueError(f"{kind} 要写成 [[{kind}]]")
        for row in rows:
            if kind == "indicator" and not (isinstance(row.get("name"), str) and row["name"]):
                raise ValueError("每个 [[indicator]] 都要有 name")
            if not isinstance(row.get("ceiling", False), bool):
                raise ValueError("ceiling 要写成 true 或 false")
            needed = {"synonym": ("words",), "matter": ("names", "told")}.get(kind, ())
            if missing := [key for key in needed if key not in row]:
                raise ValueError(f"每个 [[{kind}]] 都要有 {'、'.join(missing)}")
            for key in lists:
                words = row.get(key, [])
                if not isinstance(words, list) or not all(isinstance(word, str) and word for word in words):
                    raise ValueError(f'{kind} 的 {key} 要写成一列词，例如 ["甲", "乙"]')


def _build(tables: list[dict[str, Any]]) -> Lexicon:
    indicators: dict[str, Indicator] = {}
    synonyms: dict[str, tuple[str, ...]] = {}
    for table in tables:
        for row in table.get("indicator", []):
            known = indicators.get(row["name"], Indicator(row["name"], (), ()))
            forms = (*known.written, *row.get("written", ()))
            asked_by = (*known.asked, *row.get("asked", ()))
            others = {key: (*getattr(known, key), *row.get(key, ())) for key in ("stated", "brief", "parts", "ratio")}
            ceiling = row.get("ceiling", known.ceiling)
            indicators[row["name"]] = Indicator(row["name"], forms, asked_by, **others, ceiling=ceiling)
        for row in table.get("synonym", []):
            for word in row["words"]:
                synonyms[word] = tuple(dict.fromkeys((*synonyms.get(word, (word,)), *row["words"])))
    rows = [row for table in tables for row in table.get("matter", [])]
    matters = {name: (*row["names"], *row["told"]) for row in rows for name in row["names"]}
    written: dict[str, tuple[str, ...]] = {}
    asked: dict[str, tuple[str, ...]] = {}
    for indicator in indicators.values():
        for word in map(str.upper, indicator.written):
            written[word] = tuple(dict.fromkeys((*written.get(word, ()), indicator.name)))
        spoken = [
            f"{word[:-2]}的{word[-2:]}" for word in (*indicator.written, *indicator.asked) if word.endswith("收入")
        ]
        for word in map(str.upper, (*indicator.written, *indicator.asked, *spoken)):
            asked[word] = tuple(dict.fromkeys((*asked.get(word, ()), indicator.name)))
    # Synonyms compete for the longest match: 规上工业企业 counts firms and is not 规上工业.
    competing = set(asked) | {word.upper() for word in synonyms if len(word) > 3}
    brief = {word: indicator.name for indicator in indicators.values() for word in indicator.brief}
    return Lexicon(indicators, synonyms, _any_of(set(written)), _any_of(competing), written, asked, matters, brief)


def _any_of(words: set[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))
