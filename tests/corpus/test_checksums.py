from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from assistant.corpus.ingest import ingest
from assistant.corpus.library import Library
from tests.corpus.older import as_version
from tests.corpus.test_ingest import a_file, tiny
from tests.corpus.test_library import a_report

EDITS = [
    "UPDATE paragraph SET text = replace(text, '5.5%', '9.5%') WHERE report_id = 'aa'",
    "UPDATE passage SET text = replace(text, '5.5%', '9.5%') WHERE report_id = 'aa'",
    "UPDATE paragraph SET headings = '[\"三\"]' WHERE id = 'aa-1-1'",
    "UPDATE paragraph SET role = 'result' WHERE id = 'aa-1-1'",
    "UPDATE paragraph SET period = NULL WHERE id = 'aa-1-1'",
    "DELETE FROM paragraph WHERE id = 'aa-1-1'",
]


def edit(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Library.open(tmp_path / "library.db") as library:
        for name in ("aa", "bb"):
            library.add(*a_report(name, "地区生产总值增长5.5%。", "固定资产投资增长6%。"), "e5")
    return tmp_path / "library.db"


@pytest.mark.parametrize("statement", EDITS)
def test_a_report_whose_text_was_changed_is_told_from_the_others(path: Path, statement: str) -> None:
    with Library.open(path) as library:
        assert library.checksums.altered(["aa", "bb"]) == frozenset()
        edit(path, statement)
        assert library.checksums.altered(["aa", "bb"]) == {"aa"}
    with Library.open(path) as library:
        assert library.checksums.altered(["bb", "aa", "none"]) == {"aa"}


def test_bytes_changed_in_the_file_itself_are_noticed(path: Path) -> None:
    content = path.read_bytes()
    assert b"5.5%" in content
    path.write_bytes(content.replace("增长5.5%".encode(), "增长9.5%".encode(), 1))
    with Library.open(path) as library:
        assert library.checksums.altered(["aa", "bb"])


def test_what_the_library_itself_changes_keeps_a_report_sound(path: Path) -> None:
    with Library.open(path) as library:
        library.replace_vectors("aa", a_report("cc", "一", "二")[3], "other")
        library.add(*a_report("cc", "增长1%。"), "e5")
        library.remove("bb")
        assert library.checksums.altered(["aa", "cc"]) == frozenset()


def test_an_older_library_gets_its_checksums_once(path: Path) -> None:
    as_version(path, 5)
    with Library.open(path) as library:
        assert library.checksums.altered(["aa"]) == frozenset()
        assert library.checksums.fill() == 2
        assert library.checksums.fill() == 0
        edit(path, EDITS[0])
        assert library.checksums.altered(["aa", "bb"]) == {"aa"}


def test_a_report_that_was_changed_is_mended_by_taking_its_file_in_again(tmp_path: Path) -> None:
    file = a_file(tmp_path, "a")
    with Library.open(tmp_path / "library.db") as library:
        (first,) = ingest([file], library, tiny, "tiny")
        assert first.report is not None
        edit(library.path, "UPDATE paragraph SET text = replace(text, '5%', '9%')")
        (again,) = ingest([file], library, tiny, "tiny")
        assert again.status == "added"
        assert library.checksums.altered([first.report.id]) == frozenset()
        assert "9%" not in "".join(paragraph.text for paragraph in library.paragraphs(first.report.id))
