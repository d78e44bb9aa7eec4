"""The reading of reports against what people read in them; the half that was kept aside is the gate."""

from __future__ import annotations

import pytest

from assistant.language.lexicon import Lexicon
from tests.facts.gold import load, score

LEAST_KEPT = {
    "quantity recall": 0.99,
    "quantity precision": 0.99,
    "subject precision": 0.93,
    "subject recall": 0.91,
    "period": 0.98,
    "role": 0.99,
    "kind": 0.98,
    "indicator": 0.975,
}
"""What holds on 37 paragraphs; a little under what was measured."""
LEAST_TUNED = LEAST_KEPT | {"subject precision": 0.92, "period": 0.99, "kind": 0.99}
LEAST_ASIDE = LEAST_KEPT | {
    "quantity recall": 0.98,
    "subject precision": 0.96,
    "subject recall": 0.92,
    "period": 0.99,
    "kind": 0.97,
    "indicator": 0.99,
}
"""On 32 paragraphs of sixteen more cities, marked after the first rules were made; subject recall was 0.80 when they were first asked.
Rules have been made on them since, so they tell what is held and no longer what an unseen report gives."""


@pytest.mark.parametrize(("name", "least"), [("kept", LEAST_KEPT), ("tuned", LEAST_TUNED), ("aside", LEAST_ASIDE)])
def test_facts_are_read_as_people_read_them(lexicon: Lexicon, name: str, least: dict[str, float]) -> None:
    wrong: list[str] = []
    scored = score(load(name), lexicon, wrong)
    assert sum(scored.of[asked] for asked in ("quantity recall", "subject recall")) > 500
    short = {asked: round(scored.share(asked), 3) for asked in least if scored.share(asked) < least[asked]}
    assert short == {}, "\n".join(wrong)


def test_the_gold_is_large_and_its_halves_share_no_place() -> None:
    kept, tuned = load("kept"), load("tuned")
    assert len(kept) + len(tuned) >= 60
    assert sum(len(one.facts) for one in (*kept, *tuned)) >= 600
    assert len({(one.report.region, one.report.report_year) for one in (*kept, *tuned)}) >= 30
    assert not {one.report.region for one in kept} & {one.report.region for one in tuned}
