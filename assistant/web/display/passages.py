"""The passages that an answer stands on, and what is near where nothing answers."""

from __future__ import annotations

from assistant.answering.recognised import caution_of
from assistant.types import Answer, Citation, Retrieved
from assistant.web.display.blocks import Near, Passage, Piece
from assistant.web.display.marking import figure_spans_in_quote, quote_span
from assistant.web.display.text import cut
from assistant.web.display.verdicts import is_not_found
from assistant.web.display.where import where
from assistant.web.export.official import official_citation

_SHOWN = 90
"""Characters of a passage in a list."""
_NEAREST = 3
"""Passages that are shown where nothing answers."""


def passages(answer: Answer) -> tuple[Passage, ...]:
    """The cited passages, those of one report together."""
    reports = list(dict.fromkeys(citation.report.id for citation in answer.citations))
    ordered = sorted(answer.citations, key=lambda citation: reports.index(citation.report.id))
    return tuple(_passage(citation, answer) for citation in ordered)


def nearest(answer: Answer) -> tuple[Near, ...]:
    """The passages that are near and no answer; none where something answers, or no report is held."""
    return tuple(map(_near, answer.retrieved[:_NEAREST])) if is_not_found(answer) else ()


def beginning(text: str) -> str:
    """As much of a passage as a list shows."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}……"


def _passage(citation: Citation, answer: Answer) -> Passage:
    """The whole paragraph, word for word: the quoted sentence set apart, the figures in it marked."""
    paragraph = citation.paragraph
    start, end = quote_span(citation) or (len(paragraph), len(paragraph))
    marks = [
        ((first - start, last - start), Piece(paragraph[first:last], "mark"))
        for first, last in figure_spans_in_quote(citation, answer.figures)
    ]
    return Passage(
        citation.number,
        citation.report.id,
        citation.paragraph_id,
        citation.report.title,
        where(citation),
        paragraph[:start],
        cut(paragraph[start:end], marks),
        paragraph[end:],
        official_citation(citation),
        citation.pages[0] if citation.pages else None,
        caution_of(citation),
    )


def _near(item: Retrieved) -> Near:
    return Near(item.report.id, item.paragraph_id, item.report.title, beginning(item.text))
