"""Dense and lexical search over the reports in scope, fused, then ordered by how well place, time and words fit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from statistics import fmean, pstdev
from typing import Protocol

import numpy as np

from assistant.corpus.tokens import tokenize
from assistant.language.lexicon import Lexicon
from assistant.retrieval.question import Question
from assistant.retrieval.relevance import Weights, weigh
from assistant.retrieval.shelf import Shelf, holds, same_period
from assistant.types import Evidence, Paragraph

CANDIDATES = 60
"""Passages that each search hands to the fusion."""

# Set by hand on the seed questions; other questions on the same reports and on reports of other places agree with them.
DENSE, LEXICAL, COVERAGE = 0.5, 1.0, 2.5
SAME_PERIOD, HELD_PERIOD, SAME_ROLE, INDICATOR = 1.0, 0.3, 0.4, 0.6


class QueryEncoder(Protocol):
    """Turns a question into a vector, (d,) float32."""

    def encode_query(self, text: str) -> np.ndarray: ...


class Found(Protocol):
    """An entry of the index with its cosine similarity."""

    @property
    def id(self) -> str: ...
    @property
    def score(self) -> float: ...


class DenseIndex(Protocol):
    """Finds the entries nearest to a vector, among `groups` (report ids) where given."""

    def search(self, query: np.ndarray, k: int, groups: Collection[str] | None = None) -> Sequence[Found]: ...


class Retriever:
    """Finds the passages that may answer a question about one place and one time."""

    def __init__(self, shelf: Shelf, encoder: QueryEncoder, index: DenseIndex, lexicon: Lexicon) -> None:
        self._shelf = shelf
        self._encoder = encoder
        self._index = index
        self._lexicon = lexicon

    def over(self, shelf: Shelf) -> Retriever:
        """The same searches over another shelf of the same library."""
        return Retriever(shelf, self._encoder, self._index, self._lexicon)

    def retrieve(self, question: Question, report_ids: Collection[str] | None, limit: int) -> list[Evidence]:
        """Return at most `limit` passages of the reports (of all on the shelf where None), best first."""
        if report_ids is None and self._shelf.only is not None:
            report_ids = self._shelf.reports.keys()  # the searches know all that the library holds
        if report_ids is not None and not report_ids:
            return []
        dense = {hit.id: hit.score for hit in self._dense(question, report_ids)}
        lexical = dict(self._shelf.library.lexical.search(self._tokens(question), report_ids, CANDIDATES))
        return self._ranked(question, dense, lexical, limit)

    def _dense(self, question: Question, report_ids: Collection[str] | None) -> Sequence[Found]:
        return self._index.search(self._encoder.encode_query(question.text), CANDIDATES, report_ids)

    def _tokens(self, question: Question) -> list[str]:
        tokens = tokenize(question.topic)
        for term in question.terms:
            for variant in term.variants[:6]:
                tokens += tokenize(variant)
        return list(dict.fromkeys(tokens))

    def _ranked(
        self, question: Question, dense: Mapping[str, float], lexical: Mapping[str, float], limit: int
    ) -> list[Evidence]:
        passages = self._shelf.library.passages({**dense, **lexical})
        by_dense, by_lexical = _z_scores(dense, passages), _z_scores(lexical, passages)
        weights = weigh(question.terms, self._shelf.library)
        paragraphs = {p.paragraph_id: self._paragraph(p.report_id, p.paragraph_id) for p in passages.values()}
        scored = []
        for passage_id, passage in passages.items():
            paragraph = paragraphs[passage.paragraph_id]
            score = DENSE * by_dense[passage_id] + LEXICAL * by_lexical[passage_id]
            score += COVERAGE * _coverage(weights, question, passage.text, paragraph) + self._fit(
                question, paragraph, passage.text
            )
            scored.append((score, passage))
        scored.sort(key=lambda pair: (-pair[0], pair[1].id))
        return [
            Evidence(
                rank=rank,
                score=round(score, 4),
                passage=passage,
                paragraph=paragraphs[passage.paragraph_id],
                report=self._shelf.reports[passage.report_id],
                dense=dense.get(passage.id),
                lexical=lexical.get(passage.id),
            )
            for rank, (score, passage) in enumerate(scored[:limit], start=1)
        ]

    def _paragraph(self, report_id: str, paragraph_id: str) -> Paragraph:
        ordinal = int(paragraph_id.rsplit("-", 1)[1])
        return self._shelf.paragraphs(report_id)[ordinal]

    def _fit(self, question: Question, paragraph: Paragraph, text: str) -> float:
        fit = 0.0
        if question.periods and paragraph.period is not None:
            if any(same_period(asked, paragraph.period) for asked in question.periods):
                fit += SAME_PERIOD
            elif any(holds(paragraph.period, asked) for asked in question.periods):
                fit += HELD_PERIOD
        if question.role and paragraph.role == question.role:
            fit += SAME_ROLE
        if question.indicators:
            written = {name for mention in self._lexicon.written_in(text) for name in mention.names}
            fit += (
                INDICATOR * sum(bool(written & set(names)) for names in question.indicators) / len(question.indicators)
            )
        return fit


def _coverage(weights: Weights, question: Question, text: str, paragraph: Paragraph) -> float:
    within = weights.coverage(question.terms, text)
    around = weights.coverage(question.terms, " ".join(paragraph.headings[-2:]) + text)
    return within + 0.4 * (around - within)


def _z_scores(scores: Mapping[str, float], among: Collection[str]) -> dict[str, float]:
    """Standard scores; a passage that one search did not find stands one step below the worst that it found."""
    if not scores:
        return dict.fromkeys(among, 0.0)
    mean, spread = fmean(scores.values()), pstdev(scores.values()) or 1.0
    worst = (min(scores.values()) - mean) / spread - 0.5
    return {name: (scores[name] - mean) / spread if name in scores else worst for name in among}
