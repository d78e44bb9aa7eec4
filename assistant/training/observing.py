"""What the judge is trained on: for each question the candidates that were found, with their features and whether they are right.

Candidates can only be found where the reports are held, and only five reports come with the project. So what was observed on
libraries that hold the others is kept as numbers in `seeds/asked/observed.npz`; whoever changes a feature observes anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answering.conversation import standalone
from assistant.answering.features import Candidate, named_values
from assistant.answering.judge import Kind
from assistant.answering.reader import Reader
from assistant.language.folding import squeeze
from assistant.language.regions import county_name
from assistant.query.heads import Asked
from assistant.retrieval.question import Question
from assistant.retrieval.relevance import bare_text, match, weigh
from assistant.training.questions import AskedQuestion

ELSEWHERE = 2
"""Of so many questions one is put to another place as well."""
RARE = 0.6
"""Weight from which a word is rare."""
ANOTHER = -0.75
"""Fit below which a figure is of another indicator than the one asked."""
OF_FIGURES = frozenset({"value", "check"})
OF_SENTENCES = frozenset({"list", "passage", "topic", "check"})


@dataclass(frozen=True)
class Observed:
    """Candidates of one kind: features (n, features), and for each row whether it is right and which question found it.

    A number beyond the questions is that of a question put to another place, which has no answer there.
    """

    features: np.ndarray
    right: np.ndarray
    question: np.ndarray

    @classmethod
    def joined(cls, parts: Sequence[tuple[int, Sequence[Candidate], Sequence[bool]]]) -> Observed:
        """Join the candidates of questions, each with the question's number."""
        return cls(
            np.stack([c.features for _, found, _ in parts for c in found]).astype(np.float16),
            np.array([right for _, _, rights in parts for right in rights], bool),
            np.array([number for number, found, _ in parts for _ in found], np.int32),
        )


def observe(
    readers: Sequence[Reader], questions: Sequence[AskedQuestion], unseen: Sequence[Mapping[str, Mapping[str, float]]]
) -> tuple[Observed, Observed]:
    """Return the figures and the sentences that are found for the questions whose reports some reader holds.

    `unseen` is what heads say of each question that never saw its place: the judge must not learn from heads that know the answer.
    A question that neither names evidence nor says why there is none teaches only the heads.
    """
    figures, sentences = [], []
    for number, (question, slots) in enumerate(zip(questions, unseen, strict=True)):
        reader = next((one for one in readers if _holds(one, question)), None)
        if reader is None or not (question.evidence or question.refusal):
            continue
        asked = _asked(reader, question, slots)
        if question.intent in OF_FIGURES:
            found = reader.candidates(asked, "figures")
            figures.append((number, found, [_is_figure(candidate, question) for candidate in found]))
        if question.intent in OF_SENTENCES:
            found = reader.candidates(asked, "sentences")
            sentences.append((number, found, [_is_evidence(candidate, question) for candidate in found]))
        elsewhere = _elsewhere(reader, question, asked) if number % ELSEWHERE == 0 else None
        if elsewhere is not None:
            kind: Kind
            kind, kept = ("figures", figures) if question.wants == "number" else ("sentences", sentences)
            found = reader.candidates(elsewhere, kind)
            kept.append((number + len(questions), found, [False] * len(found)))
    return Observed.joined([p for p in figures if p[1]]), Observed.joined([p for p in sentences if p[1]])


def save(file: Path, figures: Observed, sentences: Observed) -> None:
    """Write what was observed as plain arrays."""
    arrays: dict[str, Any] = {f"{kind}_{name}": array for kind, name, array in _arrays(figures, sentences)}
    np.savez_compressed(file, **arrays)


def load(file: Path) -> tuple[Observed, Observed]:
    """Read what was observed: of figures, and of sentences."""
    with np.load(file, allow_pickle=False) as arrays:
        read = [
            Observed(*(arrays[f"{k}_{n}"] for n in ("features", "right", "question"))) for k in ("figures", "sentences")
        ]
    return read[0], read[1]


def _arrays(figures: Observed, sentences: Observed) -> Iterator[tuple[str, str, np.ndarray]]:
    for kind, observed in (("figures", figures), ("sentences", sentences)):
        for name in ("features", "right", "question"):
            yield kind, name, getattr(observed, name)


def _holds(reader: Reader, question: AskedQuestion) -> bool:
    return any(
        _is_of(report.region, question) and report.report_year == question.year
        for report in reader.shelf.reports.values()
    )


def _is_of(region: str, question: AskedQuestion) -> bool:
    return question.district in (region, county_name(region))


def _asked(reader: Reader, question: AskedQuestion, slots: Mapping[str, Mapping[str, float]]) -> Question:
    """The question as the reader takes it, with heads that have not seen its place."""
    asked = reader.understanding.read(standalone(question.question, question.history, reader.understanding).text)
    return replace(asked, asked=Asked(slots), role=Asked(slots).role) if slots and not question.history else asked


def _elsewhere(reader: Reader, question: AskedQuestion, asked: Question) -> Question | None:
    """The same question about another place whose report nowhere has its rarest word: one that this report does not answer.

    None where the question has no answer, no rare word, or the other report has it.
    """
    weights = weigh(asked.terms, reader.shelf.library)
    rarest = max(asked.terms, key=lambda term: weights.of_term[term.word], default=None)
    if question.refusal or rarest is None or weights.of_term[rarest.word] < RARE or asked.indicators:
        return None
    others = [report for report in reader.shelf.reports.values() if not _is_of(report.region, question)]
    other = others[int(sha256(question.id.encode()).hexdigest(), 16) % len(others)]
    text = bare_text("".join(paragraph.text for paragraph in reader.shelf.paragraphs(other.id)))
    if match(rarest, text) > 0:
        return None
    return replace(asked, subject_regions=(other.region,), periods=(), report_years=(other.report_year,))


def _is_evidence(candidate: Candidate, question: AskedQuestion) -> bool:
    """Whether a sentence holds or overlaps a quote of the evidence."""
    if not _is_of(candidate.report.region, question):
        return False
    text, whole = squeeze(candidate.text), squeeze(candidate.paragraph.text)
    start = whole.find(text)
    for quote in map(squeeze, question.evidence):
        at = whole.find(quote)
        if quote in text or (at >= 0 and start >= 0 and at < start + len(text) and start < at + len(quote)):
            return True
    return False


def _is_figure(candidate: Candidate, question: AskedQuestion) -> bool:
    """Whether a figure stands in the evidence, is one that a right answer must say, and not by chance that of another indicator."""
    fact, text = candidate.fact, candidate.paragraph.text
    if fact is None or not _is_evidence(candidate, question) or dict(named_values(candidate))["indicator"] < ANOTHER:
        return False
    own, around = squeeze(text[fact.start : fact.end]), squeeze(text[max(0, fact.start - 1) : fact.end + 2])
    wanted = [squeeze(form) for forms in question.must_include for form in forms]
    return any(form in own or own in form or form in around for form in wanted)
