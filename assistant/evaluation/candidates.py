"""Feedback of readers as candidates for gold questions: what is known is filled in, and a person has to look at each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assistant.answering.compose import plain
from assistant.corpus.feedback import Feedback

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=年)")
_LONGEST_SHORT = 90
"""Characters; a right answer to a question of a short kind is not longer (`seeds/questions.md`)."""
_NO_EVIDENCE = frozenset({"wrong_citation", "should_refuse"})
"""Reasons that say that the cited words are not what a right answer stands on."""


def gold_candidates(given: Iterable[Feedback]) -> list[dict[str, Any]]:
    """Return one object of the own gold format for each judgement; of equal ones the last counts.

    A praised answer is the expected one, and its figures must be said; of another the reader's note is the expected
    answer. Each has the tags `feedback` and `needs_review`, and `good` or the reason.
    """
    last = {(one.question, one.history, one.good, one.reason): one for one in given}
    return [_candidate(one) for one in last.values()]


def _candidate(one: Feedback) -> dict[str, Any]:
    citations = one.answer.get("citations", ())
    kind = _kind(one, citations)
    kept = kind != "unanswerable" and one.reason not in _NO_EVIDENCE
    said = [figure["text"] for figure in one.answer.get("figures", ())] if one.good else []
    regions = {citation["report"]["region"] for citation in citations}
    years = set(_YEAR.findall(one.question))
    return {
        "id": f"feedback-{one.id[:12]}",
        "question": one.question,
        "history": list(one.history),
        "kind": kind,
        "district": regions.pop() if kept and len(regions) == 1 else None,
        "year": int(years.pop()) if len(years) == 1 else None,
        "answer": plain(one.answer.get("answer", "")) if one.good else one.note,
        "must_include": list(dict.fromkeys(said)),
        "must_not_include": [],
        "evidence": [{"file": None, "quote": quote} for quote in _quotes(citations)] if kept else [],
        "tags": ["feedback", "needs_review", "good" if one.good else one.reason],
    }


def _quotes(citations: Sequence[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(citation["quote"] for citation in citations if citation["quote"]))


def _kind(one: Feedback, citations: Sequence[Mapping[str, Any]]) -> str:
    """Guess the kind from what was answered and what was said of it."""
    if one.reason == "should_refuse" or (one.good and one.verdict == "not_covered"):
        return "unanswerable"
    if len({citation["report"]["id"] for citation in citations}) > 1:
        return "compare"
    text = plain(one.answer.get("answer", ""))
    if len([line for line in text.splitlines() if line.strip()]) > 2:
        return "list"
    if len(text) > _LONGEST_SHORT:
        return "explain"
    roles = {figure["role"] for figure in one.answer.get("figures", ())}
    return roles.pop() or "fact" if len(roles) == 1 else "fact"
