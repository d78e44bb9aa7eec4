"""Named rules of the language, read from the data files in `rules/`: words and patterns, each with examples of both kinds.

A rule is a row of a TOML file: `name`, and either `words` (a list) or `pattern` (a regular expression in which `{{name}}` stands
for another rule of the same file or for what the reader of the file supplies). `examples` are texts in which the rule must
find something, `counter_examples` are texts in which it must not; `tests/language/test_rules.py` runs them all. The form is
that of duckling's corpora (rules with the texts that prove them), the language of the patterns is Python's `re`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Rule:
    """One named rule."""

    name: str
    source: str
    """Its regular expression, with no placeholder left."""
    examples: tuple[str, ...] = ()
    """Texts in which it holds; 「text → what it reads」 where the reader of the file makes a value of it."""
    counter_examples: tuple[str, ...] = ()
    row: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The row of the file, for what only the reader of that file knows."""

    @property
    def pattern(self) -> re.Pattern[str]:
        return _compiled(self.source)


PLACE = re.compile(r"\{\{([\w ]+)\}\}")
"""Where another rule goes into a pattern."""


@cache
def read_table(file: str) -> dict[str, Any]:
    """Return a data file as it stands, `rules/{file}.toml`."""
    text = resources.files("assistant.language").joinpath("rules", f"{file}.toml").read_text("utf-8")
    return tomllib.loads(text)


def read_rules(file: str, **supplied: str) -> dict[str, Rule]:
    """Return the rules of a file by name, in their order; `supplied` are sources for placeholders that no rule of it has.

    Raises `ValueError` where a name stands twice.
    """
    known = dict(supplied)
    rules: dict[str, Rule] = {}
    for row in read_table(file)["rule"]:
        if row["name"] in rules:
            raise ValueError(f"{file}.toml: {row['name']} stands twice")
        known[row["name"]] = source = _source(row, known)
        examples, counter = row.get("examples", ()), row.get("counter_examples", ())
        rules[row["name"]] = Rule(row["name"], source, tuple(examples), tuple(counter), row)
    return rules


def words_pattern(words: list[str]) -> str:
    """Return the source of a pattern that finds any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def _source(row: Mapping[str, Any], known: Mapping[str, str]) -> str:
    if "words" in row:
        return f"(?:{words_pattern(row['words'])})"
    return f"(?:{re.sub(PLACE, lambda found: known[found[1]], str(row['pattern']))})"


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source)
