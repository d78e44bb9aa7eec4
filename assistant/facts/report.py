"""A whole report read into facts and items, and by which rules."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from assistant.facts.fact import Fact, Item
from assistant.facts.items import read_items
from assistant.facts.reading import read_facts
from assistant.language.lexicon import Lexicon
from assistant.types import Paragraph, Report

READING = "14"
"""Raised when the code reads a report differently; the rules' own files are counted in without it."""


@dataclass(frozen=True, slots=True)
class ReadReport:
    """What was read out of one report."""

    facts: tuple[Fact, ...]
    items: tuple[Item, ...]
    rules: str
    """What `reading_rules` said when it was read."""


def read_report(paragraphs: Sequence[Paragraph], report: Report, lexicon: Lexicon) -> ReadReport:
    """Read the paragraphs of a report into facts and items, both in the order of its text."""
    facts = tuple(fact for paragraph in paragraphs for fact in read_facts(paragraph, report, lexicon))
    return ReadReport(facts, read_items(paragraphs, report), reading_rules(lexicon))


def reading_rules(lexicon: Lexicon) -> str:
    """Return 12 hex digits that change with the rules of the language, the words for indicators and the code that reads."""
    names = {one.name: (one.written, one.asked, one.stated) for one in lexicon.indicators.values()}
    whole = f"{READING}\n{_rule_files()}\n{json.dumps(names, sort_keys=True, ensure_ascii=False)}"
    return hashlib.sha256(whole.encode()).hexdigest()[:12]


@cache
def _rule_files() -> str:
    folder = resources.files("assistant.language").joinpath("rules")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return "\n".join(file.read_text("utf-8") for file in files)
