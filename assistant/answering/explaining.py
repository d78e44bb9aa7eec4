"""Why a question was answered as it was: how it was read, what was found for it, and which part decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.answering.features import Candidate
from assistant.answering.judge import Kind, load_judge
from assistant.answering.reader import Reader
from assistant.answering.reading import Reading
from assistant.retrieval.question import Question
from assistant.types import Verdict


@dataclass(frozen=True)
class Explained:
    """How a question was read, and what decided its answer."""

    question: Question
    kind: Kind
    """The kind of candidates that were judged: figures, or sentences."""
    confidence: float
    """How surely the first candidate answers, 0 to 1."""
    least: float
    """Confidence from which it does."""
    candidates: tuple[Candidate, ...]
    """Likeliest first, of the places that the question names."""
    verdict: Verdict
    decided_by: str


def explained(reader: Reader, text: str, read: Callable[[Reader, Question], Reading]) -> Explained:
    """Return how a whole question is read and what decides its answer; `read` is what answers it."""
    question = reader.understanding.read(text)
    reading = read(reader, question)
    held = all(reader.shelf.of_region(name) for name in question.subject_regions)
    kind: Kind = "figures" if question.shape in ("number", "rank") else "sentences"
    found = reader.candidates(question, kind) if held else []
    judge = load_judge(kind)
    confidence = judge.confidence(found)
    return Explained(question, kind, confidence, judge.least, tuple(found), reading.verdict, reading.decided_by)
