"""Nothing is cited whose text is no longer what was taken in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from assistant.answering.reading import Reading
from assistant.errors import LibraryError
from assistant.retrieval.shelf import Shelf
from assistant.types import Report

DECIDED_BY = "altered text"
HINT = "请管理员运行 zhengwen doctor 查明，再重新收录这份报告，或从备份恢复。"


def citable(reading: Reading, shelf: Shelf) -> Reading:
    """Return the reading as it is; without the passages of reports whose text was changed; or, where it stands on one, a refusal."""
    cited = {finding.report.id for line in reading.lines for finding in line.findings}
    altered = shelf.altered(cited | {evidence.report.id for evidence in reading.evidence})
    if not altered:
        return reading
    ids = {report.id for report in altered}
    evidence = tuple(one for one in reading.evidence if one.report.id not in ids)
    if not cited & ids:
        return replace(reading, evidence=evidence)
    words = f"{_sentence(altered)}{HINT}"
    return Reading("not_covered", words=words, evidence=evidence, decided_by=DECIDED_BY)


def refuse_altered(report_ids: Iterable[str], shelf: Shelf) -> None:
    """Raise `LibraryError` where the text of any of these reports was changed."""
    if altered := shelf.altered(report_ids):
        raise LibraryError(_sentence(altered), HINT)


def _sentence(altered: list[Report]) -> str:
    titles = "、".join(f"《{report.title}》" for report in altered[:3]) + "等" * (len(altered) > 3)
    return f"{titles}在资料库里的文字和收录时不一致，不能引用。"
