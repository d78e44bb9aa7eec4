"""The files that reports were read from are kept as they came, belong to their reports alone, and go with them."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from assistant.corpus.ingest import ingest
from assistant.corpus.library import Library
from assistant.corpus.originals import Originals
from assistant.corpus.parsing.parsed import ParserError
from assistant.corpus.sandbox import picture_of
from assistant.keeping.removal import marks_of, remains
from tests.corpus.pdf_files import pdf, prose
from tests.corpus.test_ingest import a_file, tiny


def taken_in(home: Path, *files: Path, replace: bool = False) -> list[str]:
    """Take files in as the command does; return the ids of their reports."""
    with Library.open(home / "library.db") as library, Originals(home).agreeing(library) as keep:
        outcomes = ingest(files, library, tiny, "tiny", keep=keep, replace_rivals=replace)
    return [outcome.report.id if outcome.report else "" for outcome in outcomes]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def test_a_file_is_kept_as_it_came_and_only_its_owner_can_read_it(tmp_path: Path, home: Path) -> None:
    file = a_file(tmp_path, "a")
    (identity,) = taken_in(home, file)
    path = Originals(home).held()[identity]
    assert Originals(home).read(identity) == (file.suffix, file.read_bytes())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(home.glob("*.part")) == []


def test_the_file_of_a_report_that_waits_is_kept_and_one_that_is_refused_is_not(tmp_path: Path, home: Path) -> None:
    first = a_file(tmp_path, "a")
    other = tmp_path / "other.txt"
    other.write_text(first.read_text("utf-8") + "\n我们还要再接再厉。", "utf-8")
    no_report = tmp_path / "novel.txt"
    no_report.write_text("很久很久以前。" * 300, "utf-8")
    identity, waiting, refused = taken_in(home, first, other, no_report)
    assert refused == ""
    assert set(Originals(home).held()) == {identity, waiting}


def test_a_file_goes_when_another_takes_its_place(tmp_path: Path, home: Path) -> None:
    first = a_file(tmp_path, "a")
    (before,) = taken_in(home, first)
    first.write_text(first.read_text("utf-8") + "\n我们还要再接再厉。", "utf-8")
    (after,) = taken_in(home, first, replace=True)
    assert set(Originals(home).held()) == {after} != {before}


def test_a_file_that_was_changed_since_is_not_shown_as_the_original(tmp_path: Path, home: Path) -> None:
    (identity,) = taken_in(home, a_file(tmp_path, "a"))
    with Originals(home).held()[identity].open("ab") as file:
        file.write(b"!")
    assert Originals(home).read(identity) is None


def test_the_proof_of_a_removal_counts_the_original(tmp_path: Path, home: Path) -> None:
    (identity,) = taken_in(home, a_file(tmp_path, "a"))
    with Library.open(home / "library.db") as library:
        marks = marks_of(identity, library)
        library.remove(identity)
        assert Originals(home).strays(library) == [Originals(home).held()[identity]]
    assert remains(home, marks)[0]["原件"] == 1
    Originals(home).remove(identity)
    rows, files, _ = remains(home, marks)
    assert (rows["原件"], files) == (0, [])


def test_a_page_of_a_pdf_is_drawn_in_a_child(tmp_path: Path) -> None:
    data = pdf(prose("临溪县2026年政府工作报告"), prose("第二页"))
    picture, pages = picture_of(data, 2)
    assert (picture[:3], pages) == (b"\xff\xd8\xff", 2)
    for number, content in ((3, data), (1, b"%PDF-1.4 broken")):
        with pytest.raises(ParserError):
            picture_of(content, number)
