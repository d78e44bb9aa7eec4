"""What a person says of a report, in the place of what was found: at any time, and without embedding anything anew."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from assistant.corpus.catalogue import issuer_of, usual_title
from assistant.corpus.horizon import annotate
from assistant.corpus.library import Library
from assistant.corpus.passages import build_passages
from assistant.corpus.places import resolved
from assistant.corpus.review import TELLABLE, Review, Told
from assistant.corpus.turns import alone
from assistant.corpus.versions import rivals
from assistant.errors import AlreadyHeld, DescriptionError
from assistant.facts.report import read_report
from assistant.language.lexicon import Lexicon
from assistant.types import Report

_LONGEST = {"region": 40, "parent": 40, "kind": 20, "title": 100, "occasion": 80, "speaker": 40, "issuer": 60}
"""Characters; several times what any of them has."""


def checked(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a person said with outer blanks gone and empty fields left out; raises `DescriptionError` where it cannot be."""
    told: dict[str, Any] = {}
    for name in TELLABLE:
        value = said.get(name)
        value = " ".join(value.split()) if isinstance(value, str) else value
        if value in (None, ""):
            continue
        if name == "report_year":
            if not isinstance(value, int) or isinstance(value, bool) or not 1949 <= value <= 2100:
                raise DescriptionError("年份要写成1949到2100之间的数。", "例如 2025。")
        elif not isinstance(value, str) or not value.isprintable() or len(value) > _LONGEST.get(name, 10):
            raise DescriptionError(f"“{str(value)[:20]}”太长，或者有不能显示的字符。", "请改短一些再试。")
        elif name == "delivered" and not re.fullmatch(
            r"(?:19|20)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])", value
        ):
            raise DescriptionError("日期要写成 年-月-日。", "例如 2025-01-20。")
        told[name] = value
    return told


def described(report: Report, told: Told) -> Report:
    """Return the report as a person has described it; what they left out follows from what they said."""
    region, parent, _ = (
        (resolved(told["region"]) or (told["region"], None, None)) if "region" in told else _place(report)
    )
    if region == report.region and parent is None:
        parent = report.parent
    parent, year = told.get("parent", parent), told.get("report_year", report.report_year)
    is_moved = region != report.region
    is_same = not is_moved and (parent, year) == (report.parent, report.report_year)
    return replace(
        report,
        region=region,
        parent=parent,
        report_year=year,
        title=told.get("title") or (report.title if is_same else usual_title(region, parent, year)),
        aliases=() if is_moved else report.aliases,
        issuer=told.get("issuer") or (issuer_of(region) if is_moved else report.issuer),
        **{name: told[name] for name in ("kind", "delivered", "occasion", "speaker") if name in told},
    )


def describe(
    library: Library,
    report_id: str,
    said: Mapping[str, Any],
    lexicon: Lexicon,
    *,
    confirm: bool = False,
    replace_rivals: bool = False,
) -> Report:
    """Put what a person says of a report in the place of what was found, and read its times and facts anew; return the report.

    With `confirm` a report that waited is asked about from now on. Raises `DescriptionError` where what is said cannot be, or
    place or year is still missing, `AlreadyHeld` where another report of the same place, year and kind answers (with
    `replace_rivals` this one takes its place), and `LibraryError` where the report is not held.
    """
    given = checked(said)
    with alone(library.path.with_suffix(".lock")):
        held, before = library.report(report_id), library.reviews.of(report_id)
        report = described(held, given)
        waits = before.waiting and not confirm
        if not waits and not (report.region and report.report_year):
            missing = "地区" if not report.region else "年份"
            raise DescriptionError(f"还没有写明{missing}。", "写上以后再确认。")
        others = [] if waits else [one for one in rivals(report, library.reports()) if one.kind == report.kind]
        if others and not replace_rivals:
            raise AlreadyHeld(
                f"{report.region}{report.report_year}年的{report.kind}已经有一份：{others[0].id}《{others[0].title}》。",
                "可以换掉它；也可以改成别的地区、年份或种类，两份都留；或者不要这一份。",
            )
        told = {**before.told, **given}
        if confirm:
            told = {"region": report.region, "report_year": report.report_year, "kind": report.kind, **told}
        paragraphs = annotate(library.paragraphs(report_id), report)
        review = Review(waits, before.claims, before.doubts, told)
        texts = paragraphs, build_passages(paragraphs, report), read_report(paragraphs, report, lexicon)
        library.reviews.describe(report, *texts, review, [other.id for other in others])
    return report


def _place(report: Report) -> tuple[str, str | None, None]:
    return report.region, report.parent, None
