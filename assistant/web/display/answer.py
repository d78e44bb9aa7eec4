"""An answer as it is shown: what stands where, and every word that is said about it."""

from __future__ import annotations

from assistant.types import Answer
from assistant.web.display.blocks import Display
from assistant.web.display.figures import checks
from assistant.web.display.passages import nearest, passages
from assistant.web.display.text import body
from assistant.web.display.verdicts import verdict_words
from assistant.web.export.official import full_width, official_citation
from assistant.web.export.record import label_of

_EXTRACT = "原文摘录，未经大模型改写"
_MEANT, _HELD = "您是不是想问：", "资料里有，可以这样问："


def display(answer: Answer) -> Display:
    """Decide how an answer is shown; whoever shows it adds nothing but looks."""
    return Display(
        verdict_words(answer),
        body(answer),
        _label(answer),
        checks(answer),
        _MEANT if answer.verdict == "needs_clarification" else _HELD,
        nearest(answer),
        passages(answer),
        _copied(answer),
    )


def _label(answer: Answer) -> str:
    """Who wrote the answer. A reply that the reader wrote from the catalogue, without citations, is no extract."""
    if answer.model == "reader":
        return _EXTRACT if answer.citations else label_of(answer)
    said = f"AI生成（{answer.model}），请以引用的原文为准"
    if answer.writing and answer.writing.replaced > 0:
        said += f"；其中{answer.writing.replaced}句没有通过核对，已换成报告原文"
    return said


def _copied(answer: Answer) -> str:
    """The answer as official writing has it: full-width marks, and each citation with its report, part and words."""
    told = [full_width(line) for line in answer.answer.splitlines() if line.strip()]
    sources = [f"〔{citation.number}〕{official_citation(citation)}" for citation in answer.citations]
    return "\n".join((*told, *sources))
