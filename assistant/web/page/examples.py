"""Questions to begin with, made from what the library holds."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.types import Report
from assistant.web.page.markup import storable

EXAMPLES = (
    "{region}{year}年GDP目标是多少？",
    "{region}{year}年社会消费品零售总额目标是多少？",
    "{region}{year}年固定资产投资目标是多少？",
    "{region}{year}年计划改造多少个老旧小区？",
)


def example_questions(reports: Sequence[Report]) -> list[str]:
    """Questions about the newest reports, one region after the other; none where nothing is covered."""
    newest: dict[str, Report] = {}
    for report in sorted(reports, key=lambda report: (-report.report_year, report.region)):
        newest.setdefault(report.region, report)
    chosen = list(newest.values())
    return [
        template.format(region=storable(report.region), year=report.report_year)
        for template, report in zip(EXAMPLES, chosen * len(EXAMPLES), strict=False)
    ]
