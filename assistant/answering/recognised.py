"""Says of an answer which of its figures were recognised in a picture and have to be compared with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from assistant.types import Answer, Citation, Figure, Preview

CAUTION = "识别所得，请核对"


def with_cautions(parts: Iterable[Preview | str | Answer]) -> Iterator[Preview | str | Answer]:
    """Pass on the parts of a stream, its answers as `cautioned` gives them and the last line as a part of its own."""
    for part in parts:
        if isinstance(part, Preview):
            yield replace(part, answer=cautioned(part.answer))
        elif isinstance(part, Answer):
            told = cautioned(part)
            if line := told.answer[len(part.answer) :]:
                yield line
            yield told
        else:
            yield part


def cautioned(answer: Answer) -> Answer:
    """Return the answer with its doubtful figures marked, and a last line that names those which it prints."""
    doubted = {citation.number: citation.doubtful for citation in answer.citations if citation.doubtful}
    if not doubted:
        return answer
    figures = tuple(
        replace(figure, doubtful=True) if _is_doubted(figure, answer.answer, doubted) else figure
        for figure in answer.figures
    )
    named = "、".join(dict.fromkeys(_named(answer)))
    line = f"\n{CAUTION}：{named}。" if named else ""
    return replace(answer, answer=answer.answer + line, figures=figures)


def caution_of(citation: Citation) -> str:
    """Return what is to be said beside a citation; empty where nothing of its quote is doubtful."""
    return f"{CAUTION}：{'、'.join(citation.doubtful)}" if citation.doubtful else ""


def _named(answer: Answer) -> Iterator[str]:
    for citation in answer.citations:
        for written in citation.doubtful:
            if written in answer.answer:
                yield f"{written}〔{citation.number}〕"


def _is_doubted(figure: Figure, text: str, doubted: dict[int, tuple[str, ...]]) -> bool:
    """Say whether a figure is doubtful itself, or was reckoned in an answer that prints one that is."""
    if figure.citation is None:
        return any(written in text for words in doubted.values() for written in words)
    return any(written in figure.text or figure.text in written for written in doubted.get(figure.citation, ()))
