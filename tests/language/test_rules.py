"""Every rule of the data files holds in its examples and does not in its counter-examples."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from importlib import resources

import pytest

from assistant.language import hedges
from assistant.language.numerals import read_number
from assistant.language.periods import find_periods
from assistant.language.quantities import Quantity, find_quantities
from assistant.language.ruleset import Rule, read_rules, read_table

FILES = sorted(
    file.name.removesuffix(".toml")
    for file in resources.files("assistant.language").joinpath("rules").iterdir()
    if file.name.endswith(".toml")
)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _as_written(quantity: Quantity) -> str:
    high = "" if quantity.high is None else f"—{_plain(quantity.high)}"
    return f"{_plain(quantity.value)}{high} {quantity.unit}".strip()


def _quantities(text: str) -> list[str]:
    return [_as_written(quantity) for quantity in find_quantities(text)]


def _numbers(text: str) -> list[str]:
    value = read_number(text)
    return [] if value is None else [_plain(value)]


def _hedges(text: str) -> list[str]:
    return [" ".join(quantity.hedges) for quantity in find_quantities(text) if quantity.hedges]


def _periods(text: str) -> list[str]:
    return [f"{m.period.label} {m.period.first} {m.period.last}" for m in find_periods(text, 2025, asked=True)]


READERS: dict[str, Callable[[str], list[str]]] = {
    "hedges": _hedges,
    "numerals": _numbers,
    "periods": _periods,
    "quantities": _quantities,
    "units": _quantities,
}
"""What the texts of a file are read by; the rules of the other files are patterns that stand for themselves."""


def _rules(file: str) -> Iterator[tuple[str, Rule]]:
    rows = read_rules(file).values() if file not in READERS else _named_only(file)
    for rule in rows:
        yield file, rule


def _named_only(file: str) -> list[Rule]:
    return [
        Rule(
            row["name"],
            row.get("pattern", "") if row.get("part") else "",
            tuple(row.get("examples", ())),
            tuple(row.get("counter_examples", ())),
            row,
        )
        for row in read_table(file)["rule"]
    ]


ALL = [pair for file in FILES for pair in _rules(file)]
EXAMPLES = [(file, rule, text) for file, rule in ALL for text in rule.examples]
COUNTER_EXAMPLES = [(file, rule, text) for file, rule in ALL for text in rule.counter_examples]


def _name(value: object) -> str:
    return value.name if isinstance(value, Rule) else str(value)


@pytest.mark.parametrize(("file", "rule", "example"), EXAMPLES, ids=_name)
def test_a_rule_holds_in_its_examples(file: str, rule: Rule, example: str) -> None:
    text, _, wanted = example.partition(" → ")
    wanted = wanted.strip()
    if file in READERS and not rule.source:
        assert "; ".join(READERS[file](text)) == wanted
    elif wanted:
        assert [found.group() for found in rule.pattern.finditer(text)] == [wanted]
    else:
        assert rule.pattern.search(text)


@pytest.mark.parametrize(("file", "rule", "text"), COUNTER_EXAMPLES, ids=_name)
def test_a_rule_does_not_hold_in_its_counter_examples(file: str, rule: Rule, text: str) -> None:
    if file == "units":
        assert {quantity.unit for quantity in find_quantities(text)}.isdisjoint(rule.row["words"])
    elif file in READERS and not rule.source:
        assert READERS[file](text) == []
    else:
        assert not rule.pattern.search(text)


@pytest.mark.parametrize(("file", "rule"), ALL, ids=_name)
def test_every_rule_has_an_example(file: str, rule: Rule) -> None:
    assert rule.examples


def test_no_unit_means_two_things() -> None:
    words = [word for row in read_table("units")["rule"] for word in row["words"]]
    assert sorted(words) == sorted(set(words))


def test_every_hedge_that_is_found_has_a_meaning() -> None:
    for row in read_table("hedges")["rule"]:
        for place in ("before", "after", "inside", "opening"):
            assert set(row.get(place, ())) <= set(row["words"])
    assert hedges.meanings(["左右"]) == {"about"}


@pytest.mark.parametrize("row", read_table("units")["rule"], ids=lambda row: row["name"])
def test_every_unit_is_read_behind_a_number(row: dict[str, list[str]]) -> None:
    for word in row["words"]:
        found = find_quantities(f"共12{word}，")
        assert [quantity.text for quantity in found] == [f"12{word}"], word
        assert not re.search(r"\d", found[0].unit.replace("m3", ""))
