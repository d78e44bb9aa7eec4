"""Whether a question has an answer, found out as quickly as can be."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from assistant.answering.finding import Finding
from assistant.answering.reader import Reader
from assistant.answering.reading import Reading
from assistant.retrieval.question import Question
from assistant.retrieval.retriever import Retriever
from assistant.types import Evidence

Read = Callable[[Reader, Question], Reading]
"""How a whole question is answered with a reader."""


class _NoSearch(Retriever):
    """Finds nothing, and that at once: what the reader tells of an indicator without evidence, it tells with it too."""

    def __init__(self) -> None:
        pass

    def retrieve(self, question: Question, report_ids: Collection[str] | None, limit: int) -> list[Evidence]:
        return []


class _WordsAlone:
    """Stands in for encoder and vectors: 7 ms instead of 60, and the same verdict on 502 of 503 questions about the seeds."""

    def encode_query(self, text: str) -> None:
        return None

    def search(self, query: object, k: int, groups: Collection[str] | None = None) -> tuple[()]:
        return ()


class Trial:
    """Tries questions on the reports of one shelf."""

    def __init__(self, reader: Reader, read: Read) -> None:
        self._reader = reader
        self._read = read
        words = Retriever(reader.shelf, _WordsAlone(), _WordsAlone(), reader.lexicon)  # type: ignore[arg-type]
        self._at_once = replace(reader, retriever=_NoSearch())
        self._by_words = replace(reader, retriever=words)

    def seems_answered(self, text: str) -> bool:
        """Certain for a question about an indicator, nearly so for others."""
        return self._reading(text).verdict == "answered"

    def is_answered(self, text: str) -> bool:
        """Certain; where no indicator is asked, it takes a whole search."""
        if not self.seems_answered(text):
            return False
        question = self._reader.understanding.read(text)
        return bool(question.indicators) or self._read(self._reader, question).verdict == "answered"

    def found(self, text: str) -> list[Finding]:
        """What the reader finds by the words alone; nothing where that is no answer."""
        reading = self._reading(text)
        return [finding for line in reading.lines for finding in line.findings] if reading.verdict == "answered" else []

    def _reading(self, text: str) -> Reading:
        question = self._reader.understanding.read(text)
        return self._read(self._at_once if question.indicators else self._by_words, question)
