"""Scores answers against gold questions: `python -m tests.benchmarks.gold seeds/questions.jsonl [--failures]`.

How an answer is graded stands in `seeds/questions.md`. No LLM judges; two runs give the same figures.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant import Answer, Assistant, Turn, open_assistant
from assistant.answering.compose import plain
from assistant.answering.verification import unsupported
from assistant.language.folding import squeeze

SHORT_KINDS = ("target", "actual", "fact")
SHORT, LONG = 90, 320
CUTS = (1, 3, 5, 10)


@dataclass(frozen=True)
class Graded:
    """One question with its answer and what was right about it."""

    gold: dict[str, Any]
    answer: Answer
    right: bool
    why: str
    ranks: tuple[int, ...]
    """Rank of the first passage with each evidence quote; 99 where none has it."""
    cited: float | None
    """Share of the evidence quotes that lie in a cited paragraph."""
    precise: float | None
    """Share of the cited paragraphs that hold an evidence quote; None where nothing is cited."""
    unsupported: int
    seconds: float


@dataclass
class Score:
    """Means over many questions; a figure that nothing applies to is absent."""

    figures: dict[str, float] = field(default_factory=dict)
    graded: list[Graded] = field(default_factory=list)


def run(assistant: Assistant, questions: list[dict[str, Any]]) -> Score:
    graded = [grade(gold, *_timed(assistant, gold)) for gold in questions]
    return Score(summarise(graded), graded)


def _timed(assistant: Assistant, gold: dict[str, Any]) -> tuple[Answer, float]:
    started = time.perf_counter()
    answer = assistant.ask(gold["question"], [Turn(earlier) for earlier in gold["history"]])
    return answer, time.perf_counter() - started


def grade(gold: dict[str, Any], answer: Answer, seconds: float) -> Graded:
    right, why = is_right(gold, answer)
    quotes = [(squeeze(e["quote"]), e["file"]) for e in gold["evidence"]]
    paragraphs = [squeeze(c.paragraph) for c in answer.citations]
    found = [squeeze(r.text) for r in answer.retrieved]
    ranks = tuple(next((n for n, text in enumerate(found, 1) if quote in text), 99) for quote, _ in quotes)
    cited = statistics.fmean(any(q in p for p in paragraphs) for q, _ in quotes) if quotes else None
    precise = statistics.fmean(any(q in p for q, _ in quotes) for p in paragraphs) if quotes and paragraphs else None
    computed = [figure for figure in answer.figures if figure.status == "computed"]
    bad = (
        unsupported(plain(answer.answer), [c.paragraph for c in answer.citations], computed) if answer.citations else []
    )
    return Graded(gold, answer, right, why, ranks, cited, precise, len(bad), seconds)


def is_right(gold: dict[str, Any], answer: Answer) -> tuple[bool, str]:
    """The rule of the gold questions: everything that must be said, nothing tempting, no longer than it should be."""
    text = squeeze(plain(answer.answer))
    for wrong in gold["must_not_include"]:
        if _says(text, wrong):
            return False, f"says {wrong}"
    if gold["kind"] == "unanswerable":
        return answer.verdict == "not_covered", answer.verdict
    for wanted in gold["must_include"]:
        if not any(_says(text, variant) for variant in (wanted if isinstance(wanted, list) else [wanted])):
            return False, f"lacks {wanted}"
    longest = SHORT if gold["kind"] in SHORT_KINDS else LONG
    return len(text) <= longest, f"{len(text)} characters"


def _says(text: str, wanted: str) -> bool:
    wanted = squeeze(wanted)
    boundary = r"(?<![\d.])" if wanted[:1].isdigit() else ""
    return bool(re.search(boundary + re.escape(wanted), text))


def summarise(graded: list[Graded]) -> dict[str, float]:
    answerable = [g for g in graded if g.gold["kind"] != "unanswerable"]
    traps = [g for g in graded if g.gold["kind"] == "unanswerable"]
    refused = [g for g in graded if g.answer.verdict == "not_covered"]
    figures: dict[str, float] = {"questions": len(graded)}
    for cut in CUTS:
        figures[f"recall@{cut}"] = statistics.fmean(max(g.ranks) <= cut for g in answerable)
        figures[f"share of evidence@{cut}"] = statistics.fmean(
            statistics.fmean(r <= cut for r in g.ranks) for g in answerable
        )
    figures["right, answerable"] = statistics.fmean(g.right for g in answerable)
    by_kind: dict[str, list[bool]] = defaultdict(list)
    for g in graded:
        by_kind[g.gold["kind"]].append(g.right)
    figures |= {f"right, {kind}": statistics.fmean(rights) for kind, rights in sorted(by_kind.items())}
    figures["citation recall"] = statistics.fmean(g.cited for g in answerable if g.cited is not None)
    figures["citation precision"] = statistics.fmean([g.precise for g in answerable if g.precise is not None] or [0.0])
    if traps:
        figures["refusal recall"] = statistics.fmean(g.answer.verdict == "not_covered" for g in traps)
    if refused:
        figures["refusal precision"] = statistics.fmean(g.gold["kind"] == "unanswerable" for g in refused)
    figures["unsupported figures"] = sum(g.unsupported for g in graded)
    figures["median milliseconds"] = 1000 * statistics.median(g.seconds for g in graded)
    return figures


def load(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--failures", action="store_true", help="print each wrong answer beside what was expected")
    arguments = parser.parse_args()
    assistant = open_assistant()
    assistant.ask("松北区2025年GDP目标是多少")
    for path in arguments.files:
        score = run(assistant, load(path))
        sys.stdout.write(f"\n{path.name}\n")
        for name, value in score.figures.items():
            sys.stdout.write(f"  {name:24} {value:.3f}\n")
        for g in score.graded if arguments.failures else []:
            if not g.right:
                sys.stdout.write(
                    f"\n{g.gold['id']} [{g.gold['kind']}] {g.gold['question']} {g.gold['history'] or ''}\n  why: {g.why}; ranks {g.ranks}"
                    f"\n  got ({g.answer.verdict}): {g.answer.answer}\n  expected: {g.gold['answer']}\n"
                )
    assistant.close()


if __name__ == "__main__":
    main()
