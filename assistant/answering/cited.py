"""The passages that stand beside an answer: those that it cites first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.reading import Reading
from assistant.retrieval.shelf import Shelf
from assistant.types import Evidence


def cited_first(reading: Reading, evidence: Sequence[Evidence], shelf: Shelf, most: int) -> tuple[Evidence, ...]:
    """Return the passages found, at most `most`, with those that the answer stands on in front, all of them."""
    cited = [(f.paragraph.id, f.shown) for line in reading.lines for f in line.findings]
    if not cited:
        return tuple(evidence)
    first: list[Evidence] = []
    for paragraph_id, shown in cited:
        held = [e for e in evidence if e.paragraph.id == paragraph_id and e.passage.start <= shown[0] < e.passage.end]
        first += held or _evidence_for(paragraph_id, shown, shelf)
    ordered = list({e.passage.id: e for e in [*first, *evidence]}.values())[: max(most, len(first))]
    return tuple(replace(e, rank=rank) for rank, e in enumerate(ordered, start=1))


def _evidence_for(paragraph_id: str, shown: tuple[int, int], shelf: Shelf) -> list[Evidence]:
    report_id = paragraph_id.split("-", 1)[0]
    for passage in shelf.library.passages_of(report_id):
        if passage.paragraph_id == paragraph_id and passage.start <= shown[0] < passage.end:
            return [Evidence(1, 0.0, passage, shelf.paragraph(paragraph_id), shelf.reports[report_id])]
    return []
