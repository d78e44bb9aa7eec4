"""Feedback of readers as candidates for gold questions: what is known is filled in, and a person has to look at each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.answering.compose import plain
from assistant.corpus.corrections import Correction
from assistant.corpus.feedback import Feedback
from assistant.errors import ZhengwenError
from assistant.json_lines import as_json_line

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=年)")
_LONGEST_SHORT = 90
"""Characters; a right answer to a question of a short kind is not longer (`seeds/questions.md`)."""
_NO_EVIDENCE = frozenset({"wrong_citation", "should_refuse"})
"""Reasons that say that the cited words are not what a right answer stands on."""


class CannotExport(ZhengwenError):
    """The file of candidates cannot be written."""


def write_candidates(file: Path, candidates: Sequence[Mapping[str, Any]]) -> None:
    """Write a JSON object a line into a file that is not there yet; raises `CannotExport`."""
    try:
        with file.open("x", encoding="utf-8", errors="backslashreplace", newline="\n") as written:
            written.writelines(as_json_line(one) + "\n" for one in candidates)
    except FileExistsError as error:
        raise CannotExport(f"{file} 已经有了。", "里面可能有审过的题，所以不覆盖：请换一个文件名。") from error
    except OSError as error:
        raise CannotExport(f"写不进 {file}：{error.strerror or error}", "请换一个可以写入的地方。") from error


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


def corrected_questions(given: Iterable[Correction]) -> list[dict[str, Any]]:
    """Return one object of the own gold format for each correction that was accepted and says what is right."""
    return [_corrected(one) for one in given if one.state == "accepted" and one.right]


def _corrected(one: Correction) -> dict[str, Any]:
    asked = "目标" if one.role == "target" else "完成情况"
    return {
        "id": f"correction-{one.id}",
        "question": f"{one.place}{one.year}年{one.indicator}{asked}是多少",
        "history": [],
        "kind": one.role,
        "district": one.place,
        "year": one.year,
        "answer": one.right,
        "must_include": [one.right],
        "must_not_include": [one.figure],
        "evidence": [],
        "tags": ["correction", "needs_review", one.fault],
    }
