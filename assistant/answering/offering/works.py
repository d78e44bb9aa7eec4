"""The works that a report sets out under headings, as questions: 「一是加大招商引资力度」 becomes 松北区2025年怎么加大招商引资力度."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.language.folding import fold
from assistant.types import Paragraph, Report

_NUMBER = re.compile(r"^(?:[一二三四五六七八九十]+[是、]|\([一二三四五六七八九十\d]+\)|\d+[.、]|——)\s*")
_MANNER = re.compile(
    r"^(?:(?:不断|持续|着力|全面|高效|深入|大力|切实|扎实|有序|积极|努力|坚决|进一步|加快|强力|稳步|深入实施)(?=[\u4e00-\u9fff]{4}))+"
)
_DEED = re.compile(
    r"(?:加大|加强|优化|推进|强化|深化|推动|提升|建设|打造|发展|壮大|培育|完善|激发|扩大|保障|改善|巩固|构建|落实|支持|促进|健全|维护|防范|抓好?|做[好优强大])"
)
_LONGEST = 14


def works_beside(paragraphs: Sequence[Paragraph], ordinal: int, report: Report) -> Iterator[tuple[str, Paragraph]]:
    """Yield (question, the paragraph that answers it) for works that the same part plans, the nearest first."""
    own = next((paragraph for paragraph in paragraphs if paragraph.ordinal == ordinal), None)
    if own is None or own.role != "target" or own.period is None or not own.headings:
        return
    near = sorted(paragraphs, key=lambda paragraph: abs(paragraph.ordinal - ordinal))
    for paragraph in near:
        same_part = paragraph.headings[:1] == own.headings[:1] and paragraph.period == own.period
        if not same_part or paragraph.headings == own.headings or not paragraph.headings:
            continue
        deed = _MANNER.sub("", _NUMBER.sub("", fold(paragraph.headings[-1])).split(",")[0])
        if _DEED.match(deed) and 4 <= len(deed) <= _LONGEST and deed.isalpha():
            yield f"{report.region}{own.period.label}怎么{deed}", paragraph
