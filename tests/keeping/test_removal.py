"""That nothing of a removed report is left is shown by searching, and a piece that was left on purpose is found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.corpus.feedback import FeedbackBook
from assistant.corpus.library import Library
from assistant.keeping.removal import Marks, erase_evaluations, marks_of, remains
from assistant.types import Answer, Citation, ReportRef
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
