"""Two files that claim the same place and year: shown side by side, or the one put in the place of the other; never both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from assistant.corpus.ingest import ingest, ingest_seeds
from assistant.corpus.library import Library
from assistant.corpus.versions import rivals
from assistant.types import Report
from tests.corpus.test_ingest import a_file, tiny


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "home" / "library.db") as opened:
        yield opened


def corrected(path: Path) -> Path:
    path.write_text(path.read_text("utf-8").replace("增长5%", "增长6%", 3), "utf-8")
    return path


def test_another_file_of_the_same_place_and_year_is_shown_beside_it_and_waits(library: Library, tmp_path: Path) -> None:
    path = a_file(tmp_path, "one", "甲乙县")
    (first,) = ingest([path], library, tiny, "tiny")
    (second,) = ingest([corrected(path)], library, tiny, "tiny")
    assert first.report is not None
    assert second.status == "waiting"
    (told,) = second.doubts
    assert "甲乙县2025年" in told
    assert first.report.id in told
    assert "其中 18 段相同" in told
    assert library.reports() == (first.report,)
    assert [one.report for one in library.reviews.waiting()] == [second.report]


def test_two_such_files_in_one_call_leave_the_first(library: Library, tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    paths = [a_file(tmp_path, "one", "甲乙县"), corrected(a_file(tmp_path / "second", "one", "甲乙县"))]
    assert [outcome.status for outcome in ingest(paths, library, tiny, "tiny")] == ["added", "waiting"]
    assert len(library.reports()) == 1


def test_a_corrected_version_takes_the_place_of_the_other_and_its_history_is_kept(
    library: Library, tmp_path: Path
) -> None:
    path = a_file(tmp_path, "one", "甲乙县")
    (first,) = ingest([path], library, tiny, "tiny")
    (second,) = ingest([corrected(path)], library, tiny, "tiny", replace_rivals=True)
    assert first.report is not None
    assert second.report is not None
    assert second.status == "added"
    assert library.reports() == (second.report,)
    assert {passage for passage, _ in library.lexical.search(["增长"], None, 999)} == {
        passage.id for passage in library.passages_of(second.report.id) if "增长" in passage.indexed
    }
    (kept,) = library.versions.replacements()
    assert (kept.before, kept.after) == (first.report.id, second.report.id)
    assert kept.before_checksum != kept.after_checksum
    assert len(kept.before_checksum) == len(kept.after_checksum) == 64
    assert datetime.fromisoformat(kept.time).tzinfo is not None
    (again,) = ingest([path], library, tiny, "tiny", replace_rivals=True)
    assert again.status == "already"
    assert len(library.versions.replacements()) == 1


def test_a_seed_that_was_replaced_does_not_come_back(library: Library, tmp_path: Path) -> None:
    ingest_seeds(library, tiny, "tiny")
    (outcome,) = ingest([a_file(tmp_path, "one", "松北区")], library, tiny, "tiny", replace_rivals=True)
    assert outcome.status == "added"
    ingest_seeds(library, tiny, "tiny")
    assert len(library.reports()) == 5
    assert [report.id for report in library.reports() if (report.region, report.report_year) == ("松北区", 2025)] == [
        outcome.report.id if outcome.report else ""
    ]


def test_who_is_a_rival_depends_on_place_year_and_the_city_above() -> None:
    one = Report("a", "报告", "朝阳区", 2025, parent="北京市")
    held = [
        one,
        replace(one, id="b"),
        replace(one, id="c", report_year=2024),
        replace(one, id="d", parent="长春市"),
        replace(one, id="e", parent=None),
        replace(one, id="f", region="海淀区"),
    ]
    assert [other.id for other in rivals(one, held)] == ["b", "e"]
