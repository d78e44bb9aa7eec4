"""How well retrieval ranked what a question needs: recall, MRR and nDCG over `Answer.retrieved`."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable

from assistant.evaluation.questions import GoldQuestion
from assistant.language.folding import squeeze
from assistant.types import Answer, Retrieved

Score = Callable[[GoldQuestion, Answer], float | None]


def recall_at(k: int) -> Score:
    """Return the metric recall@k.

    Of a question with evidence: 1 where all quotes lie within the first k passages, else 0, for an answer needs all of
    them. Of one with qrels: the share of the relevant documents that do, as BEIR (Thakur et al. 2021) and trec_eval count.
    """

    def recall(gold: GoldQuestion, answer: Answer) -> float | None:
        ranks = ranks_of_needed(gold, answer)
        if not ranks:
            return None
        found = [rank is not None and rank <= k for rank in ranks]
        return float(all(found)) if gold.relevant is None else sum(found) / len(found)

    return recall


def mrr_at(k: int) -> Score:
    """Return the metric MRR@k: 1 / rank of the first passage with any of the evidence, 0 where none of k has it.

    Voorhees 1999 (TREC-8 question answering); the cut-off as in MS MARCO.
    """

    def reciprocal_rank(gold: GoldQuestion, answer: Answer) -> float | None:
        ranks = ranks_of_needed(gold, answer)
        if not ranks:
            return None
        return 1 / min((rank for rank in ranks if rank is not None and rank <= k), default=math.inf)

    return reciprocal_rank


def ndcg_at(k: int) -> Score:
    """Return the metric nDCG@k with the discount 1 / log2(rank + 1) (Järvelin & Kekäläinen 2002).

    A passage gains by each quote that no passage before it holds; the ideal puts the passages with most quotes first
    and each missing quote into one passage of its own. With qrels the gain is the grade, as in trec_eval and BEIR.
    """

    def ndcg(gold: GoldQuestion, answer: Answer) -> float | None:
        ranks = ranks_of_needed(gold, answer)
        if not ranks:
            return None
        if gold.relevant is not None:
            grades = [float(grade) for grade in gold.relevant.values() if grade > 0]
            gains = {rank: grade for rank, grade in zip(ranks, grades, strict=True) if rank is not None}
        else:
            gains = {rank: float(count) for rank, count in Counter(rank for rank in ranks if rank is not None).items()}
            grades = [*gains.values(), *(1.0 for rank in ranks if rank is None)]
        ideal = sum(gain / math.log2(place + 1) for place, gain in enumerate(sorted(grades, reverse=True)[:k], 1))
        return sum(gain / math.log2(rank + 1) for rank, gain in gains.items() if rank <= k) / ideal

    return ndcg


def ranks_of_needed(gold: GoldQuestion, answer: Answer) -> tuple[int | None, ...]:
    """Return for each evidence quote, or each relevant document, the rank at which it is first found; None where it is not.

    Empty where the question needs nothing found: it is unanswerable or has no evidence.
    """
    if gold.kind == "unanswerable":
        return ()
    if gold.relevant is not None:
        ranks = _ranks_of_documents(gold, answer)
        return tuple(ranks.get(document) for document, grade in gold.relevant.items() if grade > 0)
    texts = [squeeze(line.text) for line in answer.retrieved]
    quotes = [squeeze(evidence.quote) for evidence in gold.evidence]
    return tuple(next((rank for rank, text in enumerate(texts, 1) if quote in text), None) for quote in quotes)


def _ranks_of_documents(gold: GoldQuestion, answer: Answer) -> dict[str, int]:
    """Rank of each document, one rank a document: several passages of one report are one line of the run."""
    ranks: dict[str, int] = {}
    for line in answer.retrieved:
        ranks.setdefault(document_of(line, gold), len(ranks) + 1)
    return ranks


def document_of(line: Retrieved, gold: GoldQuestion) -> str:
    """Return the id that a retrieved line has in a run: the corpus's, known by paragraph, report or text; else the paragraph's."""
    relevant = gold.relevant or {}
    if line.paragraph_id in relevant:
        return line.paragraph_id
    if line.report.id in relevant:
        return line.report.id
    text = squeeze(line.text)
    for document in gold.evidence if gold.relevant is not None else ():
        whole = squeeze(document.quote)
        if document.file and text and whole and (text in whole or whole in text):
            return document.file
    return line.paragraph_id
