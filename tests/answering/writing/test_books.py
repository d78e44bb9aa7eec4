"""What a strong model, played from two books, would write, and what of it is shown: nearly all that is honest, hardly anything false."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from assistant import Assistant
from assistant.answering.verification import unsupported
from assistant.answering.writing.drafting import cleaned, sentences_of
from assistant.answering.writing.proven import Proven
from assistant.answering.writing.telling import Said
from assistant.language.folding import squeeze
from tests.answering.writing.books_of import EMPTY, Played, played
from tests.answering.writing.red_team import SEED
from tests.answering.writing.red_team_altered import EXACT, INVENTED, MUTATIONS

MOST_STALE = 0.2
LEAST_SHOWN = 0.86
"""Of the honest book's sentences, as written; 0.89 when the book was written. Some of them do say too much."""
MOST_FALSE = 0.19
"""Of the wicked book's falsehoods; 0.12 when it was written: things true of one subject, told of another in the passages' own words."""
LEAST_HELD_BACK = 0.975
"""0.990 of 3,464 when the book was written."""
_MARKS = re.compile(r"〔[^〕]*〕|\[\d+\]")


@pytest.fixture(scope="module")
def books(assistant: Assistant) -> dict[str, list[Played]]:
    return played(assistant, "honest", "wicked")


@pytest.fixture(scope="module")
def honest(books: dict[str, list[Played]]) -> list[Played]:
    return books["honest"]


@pytest.fixture(scope="module")
def wicked(books: dict[str, list[Played]]) -> list[Played]:
    return books["wicked"]


def test_the_books_reply_to_the_prompts_that_are_written_today(honest: list[Played], wicked: list[Played]) -> None:
    rows = [*honest, *wicked]
    assert len(honest) >= 120
    stale = [one.question for one in rows if one.is_stale]
    assert len(stale) <= MOST_STALE * len(rows), f"answer these anew, see books/README.md: {stale}"


def test_prompts_stay_short(honest: list[Played]) -> None:
    lengths = sorted(len(one.prompt) for one in honest)
    assert lengths[len(lengths) // 2] <= 2000
    assert lengths[-1] <= 3500


def test_honest_sentences_are_shown_as_they_are_written(honest: list[Played]) -> None:
    told = [(sentence.text, is_shown) for one in honest if not one.is_stale for sentence, is_shown in one.proven()[1]]
    assert len(told) >= 300
    held_back = [text for text, is_shown in told if not is_shown]
    assert len(held_back) <= (1 - LEAST_SHOWN) * len(told), "\n".join(held_back)


def test_falsehoods_are_held_back_and_no_figure_is_shown_that_its_passages_do_not_hold(wicked: list[Played]) -> None:
    told = shown = 0
    for one in wicked:
        if one.is_stale:
            continue
        proven, _ = one.proven()
        text = squeeze(_MARKS.sub("", proven.text))
        told += len(one.false)
        shown += sum(bool(words := _bare(false)) and words in text for false in one.false)
        cited = [citation.paragraph for citation in proven.citations()]
        assert unsupported(_MARKS.sub("", proven.text), cited, proven.figures) == [], proven.text
    assert told >= 80
    assert shown <= MOST_FALSE * told


@dataclass(frozen=True)
class Changed:
    """An honest sentence that has been made to say something else."""

    one: Played
    said: Said
    text: str


def _bare(text: str) -> str:
    return squeeze(cleaned(_MARKS.sub("", text))).strip("。，；：")


@pytest.mark.parametrize("each", [15, pytest.param(200, marks=pytest.mark.slow)])
def test_an_honest_sentence_made_to_say_something_else_is_held_back(honest: list[Played], each: int) -> None:
    rng = random.Random(SEED)
    pool: dict[str, list[Changed]] = {}
    for one in honest:
        for kind, changed in _changed(one, rng):
            pool.setdefault(kind, []).append(changed)
    tried: Counter[str] = Counter()
    shown: dict[str, list[str]] = {}
    for kind, items in pool.items():
        for item in rng.sample(items, min(each, len(items))):
            proven = Proven(item.one.checker, item.one.shown, EMPTY)
            proven._said = item.said
            tried[kind] += 1
            if all(proven.check(sentence).passes for sentence in sentences_of([item.text])):
                shown.setdefault(kind, []).append(item.text)
    assert tried.total() >= 250
    assert len(tried) >= 20
    assert sum(map(len, shown.values())) <= (1 - LEAST_HELD_BACK) * tried.total(), shown


def _changed(one: Played, rng: random.Random) -> Iterator[tuple[str, Changed]]:
    """The sentences of a reply that pass, each changed in every way there is."""
    proven = Proven(one.checker, one.shown, EMPTY)
    case: Any = SimpleNamespace(material=one.shown.material)
    known = squeeze("".join(source.text + source.around for source in one.shown.material.sources))
    for sentence in sentences_of([one.reply]):
        said = proven._said
        if not proven.add(sentence):
            continue
        text = sentence.text + "".join(f"[{number}]" for number in sentence.numbers) + "。"
        for kind, mutation in MUTATIONS.items():
            for changed in mutation(text, case, rng):
                if _says_something_else(changed, text, known, exact=kind in EXACT[:4]):
                    yield kind, Changed(one, said, changed)
        for invented in INVENTED:
            yield "sentence invented", Changed(one, said, invented)


def _says_something_else(changed: str, text: str, known: str, *, exact: bool) -> bool:
    figures = set(re.findall(r"\d+(?:\.\d+)?[^\d\[]?", changed)) - set(re.findall(r"\d+(?:\.\d+)?[^\d\[]?", text))
    if exact and any(figure in known for figure in figures):
        return False
    return _bare(changed) != _bare(text) and _bare(changed) not in known
