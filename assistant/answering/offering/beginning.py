"""Questions to begin with: one of each kind, made of what is held, each of them tried before it is offered."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import resources

from assistant.language.regions import short_name
from assistant.types import Report

MOST_REPORTS = 6
"""Reports that a kind of question is tried with: each try may take a search."""


@cache
def _kinds() -> dict[str, tuple[str, ...]]:
    text = resources.files("assistant.answering.offering").joinpath("beginning.toml").read_text("utf-8")
    return {row["kind"]: tuple(row["questions"]) for row in tomllib.loads(text)["rule"]}


def questions_to_begin_with(
    reports: Sequence[Report], is_answered: Callable[[str], bool]
) -> tuple[tuple[str, str], ...]:
    """Return (kind, question) pairs, at most one a kind; the kinds take the newest reports of different places in turn."""
    newest: dict[str, Report] = {}
    for report in sorted(reports, key=lambda report: (-report.report_year, report.region)):
        newest.setdefault(report.region, report)
    held = list(newest.values())
    found = []
    for turn, (kind, templates) in enumerate(_kinds().items()):
        order = [*held[turn % len(held) :], *held[: turn % len(held)]] if held else []
        asked = (q for report in order[:MOST_REPORTS] for q in _filled(templates, report, reports))
        question = next((q for q in asked if is_answered(q)), None)
        if question:
            found.append((kind, question))
    return tuple(found)


def _filled(templates: Sequence[str], report: Report, reports: Sequence[Report]) -> Iterator[str]:
    earlier = [r for r in reports if r.region == report.region and r.report_year < report.report_year]
    other = next((r for r in reports if r.region != report.region and r.report_year == report.report_year), None)
    known = {
        "place": short_name(report.region) if len(short_name(report.region)) > 2 else report.region,
        "year": report.report_year,
        "last": report.report_year - 1,
        "before": earlier[0].report_year if earlier else "",
        "other": other.region if other else "",
    }
    for template in templates:
        if not any(not known[name] and f"{{{name}}}" in template for name in known):
            yield template.format(**known)
