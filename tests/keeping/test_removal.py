"""That nothing of a removed report is left is shown by searching, and a piece that was left on purpose is found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.corpus.claims import Claim
from assistant.corpus.feedback import FeedbackBook
from assistant.corpus.library import Library
from assistant.corpus.review import Review
from assistant.keeping.removal import Marks, Proof, erase_evaluations, marks_of, remains, remove_with_proof
from assistant.types import Answer, Citation, Report, ReportRef
from tests.corpus.test_library import a_report

TEXTS = ("一年来，全县地区生产总值预计增长5.5%左右，主要指标好于预期。", "固定资产投资增长6%，新开工项目三十个以上。")
SHARED = "我们要坚持稳中求进工作总基调，完整准确全面贯彻新发展理念。"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    with Library.open(home / "library.db") as library:
        library.add(*a_report("f00d1234aa", *TEXTS, SHARED), "e5")
        library.add(*a_report("beef5678bb", SHARED, "另一份报告里的另一段话，说的是另外的事情。"), "e5")
    answer = Answer("问", "answered", TEXTS[0], (Citation(1, _ref(), (), TEXTS[0], TEXTS[0], "f00d1234aa-1-0"),))
    with FeedbackBook.open(home / "library.db") as book:
        book.add(answer, good=True)
    return home


def _ref() -> ReportRef:
    return ReportRef("f00d1234aa", "报告", "松北区", 2025)


@pytest.fixture
def marks(home: Path) -> Iterator[Marks]:
    with Library.open(home / "library.db") as library:
        marks = marks_of("f00d1234aa", library)
        assert [any(piece in text for piece in marks.pieces) for text in (*TEXTS, SHARED)] == [True, True, False]
        yield marks


def removed(home: Path) -> None:
    with Library.open(home / "library.db") as library:
        assert library.remove("f00d1234aa")


def test_before_it_is_removed_a_report_is_found_everywhere(home: Path, marks: Marks) -> None:
    rows, files, _ = remains(home, marks)
    assert rows == {
        **{"目录": 1, "自然段": 3, "片段和向量": 3, "数据": 0, "条目": 0, "更正": 0, "评价": 1, "审核": 1},
        **{"词语索引": 0, "原件": 0},
    }
    assert home / "library.db" in files or home / "library.db-wal" in files


def test_after_it_was_removed_nothing_of_it_is_found(home: Path, marks: Marks) -> None:
    removed(home)
    rows, files, count = remains(home, marks)
    assert (set(rows.values()), files) == ({0}, [])
    assert count >= 1


@pytest.mark.parametrize("write", [str, json.dumps, lambda text: f"<p>…{text}…</p>" * 9])
def test_a_file_that_shows_its_text_is_found_and_an_evaluation_that_does_goes(
    home: Path, marks: Marks, write: type[str]
) -> None:
    removed(home)
    for folder in ("evaluations/one", "evaluations/two", "replaced-1"):
        (home / folder).mkdir(parents=True)
        (home / folder / "file").write_text(write(TEXTS[1]) if folder != "evaluations/two" else "另外的事情", "utf-8")
    assert erase_evaluations(home, marks) == [home / "evaluations" / "one"]
    assert remains(home, marks)[1] == [home / "replaced-1" / "file"]
    assert (home / "evaluations" / "two").is_dir()


def test_an_index_that_still_names_it_is_found(home: Path, marks: Marks) -> None:
    removed(home)
    (home / "index").mkdir()
    (home / "index" / "entries").write_bytes(b"\0" * 5_000_000 + b"f00d1234aa-1-0-0")
    assert remains(home, marks)[1] == [home / "index" / "entries"]


def test_text_across_two_reads_is_found(home: Path, marks: Marks) -> None:
    removed(home)
    piece = TEXTS[1].encode()
    (home / "file").write_bytes(b" " * ((1 << 22) - 40) + piece)
    assert remains(home, marks)[1] == [home / "file"]


def removed_with_proof(home: Path, report_id: str) -> Proof:
    with Library.open(home / "library.db") as library:

        def remove(one: str) -> Report:
            report = library.report(one)
            library.remove(one)
            return report

        return remove_with_proof(home, report_id, library, remove)


def test_nothing_is_left_of_a_report_whose_every_paragraph_another_one_has_too(home: Path) -> None:
    """The same words in another file; the library itself names the removed one, so that no start brings it back."""
    with Library.open(home / "library.db") as library:
        library.add(*a_report("cafe9999cc", *TEXTS, SHARED, "短。"), "e5")
    proof = removed_with_proof(home, "cafe9999cc")
    assert (proof.left, proof.holds) == ((), True)


def test_what_another_report_has_for_a_heading_a_title_or_evidence_is_its_own(home: Path) -> None:
    heading, title, evidence = (f"以高质量发展的{word}全面推进现代化建设" for word in ("新成效", "新局面", "新担当"))
    with Library.open(home / "library.db") as library:
        report, (paragraph,), passages, vectors = a_report("cafe9999cc", "这一段和别的报告都不一样，说的是第三件事情。")
        review = Review(claims=(Claim("place", "松北区", "speech", evidence),))
        paragraphs = [replace(paragraph, headings=(heading,))]
        library.add(replace(report, title=title), paragraphs, passages, vectors, "e5", review=review)
        library.add(*a_report("dead8888dd", heading, title, evidence), "e5")
    proof = removed_with_proof(home, "dead8888dd")
    assert (proof.left, proof.holds) == ((), True)


def test_a_file_as_it_came_is_left_only_where_it_is_the_one_that_the_report_was_read_from(
    home: Path, marks: Marks
) -> None:
    """Another one may say the same; it is kept, or waits to be taken in, for its own sake."""
    other = f"{TEXTS[0]}\n{SHARED}".encode()
    for folder in ("originals", "uploads"):
        (home / folder).mkdir()
    (home / "originals" / f"{hashlib.sha256(other).hexdigest()[:16]}.txt").write_bytes(other)
    (home / "uploads" / "0123.file").write_bytes(other)
    (home / "uploads" / "0123.json").write_text(json.dumps({"instead_of": marks.report_id}))
    removed(home)
    assert remains(home, marks)[1] == []
    own = Marks(hashlib.sha256(TEXTS[0].encode()).hexdigest()[:16], marks.pieces)
    again, half = home / "uploads" / "4567.file", home / f"originals-{own.report_id}.txt.part"
    again.write_text(TEXTS[0], "utf-8")
    half.write_text(TEXTS[0][:9], "utf-8")
    assert remains(home, own)[1] == [half, again]
