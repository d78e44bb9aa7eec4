from __future__ import annotations

import pytest
from hypothesis import settings

from assistant.language.lexicon import Lexicon, load_lexicon
from assistant.language.regions import Gazetteer
from assistant.types import Report

# The same examples in every run, and no time limit for each: the machine may be busy.
settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    """The places of the five seeds."""
    new_area = ("哈尔滨新区", "新区", "松北")
    held = (
        ("松北区", 2025, new_area),
        ("松北区", 2023, new_area),
        ("道里区", 2023, ()),
        ("南岗区", 2022, ()),
        ("呼兰区", 2022, ()),
    )
    return Gazetteer(
        Report(f"{at:016}", f"{region}报告", region, year, parent="哈尔滨市", aliases=aliases)
        for at, (region, year, aliases) in enumerate(held)
    )
