"""Training of the heads: a multinomial logistic regression a slot, by L-BFGS, which finds the one best solution there is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.language.lexicon import Lexicon
from assistant.query.heads import SLOTS, VECTOR, Heads, scale_of
from assistant.query.masking import masked, ngrams
from assistant.training.questions import AskedQuestion, folds, gazetteer_of

LEAST_SEEN = 4
"""Questions that an n-gram must stand in to be counted."""
FOLDS = 5
PENALTY = 1.0
"""Inverse of the L2 penalty; best of 0.3, 1 and 3 in cross-validation by place."""


def train_heads(
    questions: Sequence[AskedQuestion], encode: Callable[[str], np.ndarray], lexicon: Lexicon
) -> tuple[Heads, dict[str, float], list[dict[str, dict[str, float]]]]:
    """Return the heads, their accuracy in cross-validation by place, and for each question what heads say that never saw its place.

    Follow-ups are left out of the training: they are made whole before they are read.
    """
    gazetteer = gazetteer_of(questions)
    wordings = [masked(question.question, gazetteer, lexicon) for question in questions]
    vectors = np.array([encode(question.question) for question in questions], np.float32)
    whole = np.array([not question.history for question in questions])
    number = np.array(folds(questions, FOLDS))
    unseen: list[dict[str, dict[str, float]]] = [{} for _ in questions]
    for fold in range(FOLDS):
        heads = _fitted(questions, wordings, vectors, whole & (number != fold))
        for at in np.flatnonzero(number == fold).tolist():
            read = heads.read(wordings[at], vectors[at]).of
            unseen[at] = {slot: dict(read[slot]) for slot in SLOTS}
    accuracy = {}
    for slot in SLOTS:
        taught = [at for at in np.flatnonzero(whole).tolist() if _teaches(questions[at], slot)]
        accuracy[slot] = round(_accuracy(questions, unseen, slot, taught), 4)
    return _fitted(questions, wordings, vectors, whole), accuracy, unseen


def _teaches(question: AskedQuestion, slot: str) -> bool:
    """How somebody asks for the weather tells nothing of how reports are asked, but that they are not."""
    return question.matter == "reports" or slot == "matter"


def _accuracy(
    questions: Sequence[AskedQuestion], read: Sequence[dict[str, dict[str, float]]], slot: str, among: Sequence[int]
) -> float:
    likeliest = [max(read[at][slot], key=read[at][slot].__getitem__) for at in among]
    return sum(value == questions[at].label(slot) for value, at in zip(likeliest, among, strict=True)) / len(among)


def save_heads(heads: Heads, manifest: dict[str, Any], folder: Path) -> None:
    """Write the weights as plain arrays, and beside them what they were made from."""
    vocabulary = np.array(sorted(heads.vocabulary, key=heads.vocabulary.__getitem__))
    arrays: dict[str, Any] = {slot: heads.weights[slot].astype(np.float16) for slot in SLOTS}
    np.savez_compressed(folder / "heads.npz", vocabulary=vocabulary, mean=heads.mean.astype(np.float16), **arrays)
    manifest = {"classes": {slot: list(heads.classes[slot]) for slot in SLOTS}, **manifest}
    (folder / "heads.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _fitted(
    questions: Sequence[AskedQuestion], wordings: Sequence[str], vectors: np.ndarray, among: np.ndarray
) -> Heads:
    from scipy import sparse
    from sklearn.linear_model import LogisticRegression

    rows = np.flatnonzero(among).tolist()
    seen = Counter(gram for at in rows for gram in ngrams(wordings[at]))
    vocabulary = {gram: at for at, gram in enumerate(sorted(gram for gram, n in seen.items() if n >= LEAST_SEEN))}
    mean = vectors[rows].mean(0)
    known = [sorted((gram for gram in ngrams(wordings[at]) if gram in vocabulary), key=vocabulary.get) for at in rows]  # type: ignore[arg-type]
    ends = np.cumsum([0, *map(len, known)])
    flat = np.fromiter((vocabulary[gram] for of_one in known for gram in of_one), int)
    scales = np.fromiter((scale_of(gram) for of_one in known for gram in of_one), float)
    grams = sparse.csr_matrix((scales, flat, ends), shape=(len(rows), len(vocabulary)))
    inputs = sparse.hstack([grams, sparse.csr_matrix(VECTOR * (vectors[rows] - mean))]).tocsr()
    weights, classes = {}, {}
    for slot in SLOTS:
        taught = np.array([_teaches(questions[at], slot) for at in rows])
        model = LogisticRegression(C=PENALTY, max_iter=2000)
        model.fit(inputs[taught], [questions[at].label(slot) for at, used in zip(rows, taught, strict=True) if used])
        # Of two classes the regression keeps one row, that of the second.
        rows_of = np.hstack([model.coef_, model.intercept_[:, None]])
        weights[slot] = (np.vstack([0 * rows_of, rows_of]) if len(rows_of) == 1 else rows_of).astype(np.float32)
        classes[slot] = tuple(map(str, model.classes_))
    return Heads(vocabulary, mean, weights, classes)
