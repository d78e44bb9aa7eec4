from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from embeddings import ExactIndex, Hit, VectorIndex

Entries = Callable[[int], tuple[list[str], list[str], np.ndarray]]


def test_the_nearest_come_first_with_their_cosine() -> None:
    index: VectorIndex = ExactIndex(["a", "b", "c"], ["x", "x", "y"], np.array([[2.0, 0], [0, 3], [1, 1]]))
    hits = index.search(np.array([5.0, 0]), 3)
    assert [hit.id for hit in hits] == ["a", "c", "b"]
    assert [round(hit.score, 4) for hit in hits] == [1.0, 0.7071, 0.0]
    assert len(index) == 3


def test_only_entries_of_the_named_groups_are_found(entries: Entries) -> None:
    ids, groups, vectors = entries(300)
    hits = ExactIndex(ids, groups, vectors).search(vectors[0], 300, ["small", "report-1", "unknown"])
    assert {hit.id for hit in hits} == {
        entry for entry, group in zip(ids, groups, strict=True) if group in ("small", "report-1")
    }
    scores = vectors @ vectors[0]
    assert [hit.score for hit in hits] == pytest.approx([float(scores[int(hit.id[2:])]) for hit in hits], abs=1e-5)


@pytest.mark.parametrize(("k", "groups"), [(0, None), (3, []), (3, ["unknown"])])
def test_nothing_asked_for_is_nothing_found(k: int, groups: list[str] | None, entries: Entries) -> None:
    assert ExactIndex(*entries(5)).search(np.ones(384), k, groups) == []


def test_ties_stand_in_the_order_given() -> None:
    index = ExactIndex(["z", "a", "m"], ["g"] * 3, np.ones((3, 4)))
    assert index.search(np.ones(4), 2) == [Hit("z", 1.0), Hit("a", 1.0)]


def test_an_empty_index_answers_with_nothing() -> None:
    assert ExactIndex([], [], np.zeros((0, 384))).search(np.ones(384), 5) == []


@pytest.mark.parametrize(
    ("ids", "groups", "vectors"),
    [
        (["a"], ["g"], np.ones((2, 3))),
        (["a", "b"], ["g"], np.ones((2, 3))),
        (["a", "a"], ["g", "g"], np.ones((2, 3))),
        (["a"], ["g"], np.ones(3)),
        (["a"], ["g"], np.array([[1.0, np.nan]])),
    ],
)
def test_entries_that_do_not_match_are_refused(ids: list[str], groups: list[str], vectors: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"match|unique|finite"):
        ExactIndex(ids, groups, vectors)
