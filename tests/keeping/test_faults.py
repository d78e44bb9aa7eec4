"""What goes wrong around the library: it was lost, its disk is full, it cannot be written, a command was killed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.access.audit import AuditLog
from assistant.access.callers import at_terminal
from assistant.assembly import open_corrections, open_feedback, open_library
from assistant.corpus.library import Library
from assistant.errors import LibraryError, StorageError
from assistant.keeping.restore import restore
from assistant.settings import Settings
from embeddings import leftovers
from tests.corpus.test_library import a_report
from tests.keeping.test_backup import a_home, backed_up, held


@pytest.mark.parametrize("loss", ["deleted", "emptied", "no tables"])
@pytest.mark.parametrize("known_by", ["audit log", "index"])
def test_a_library_that_was_lost_is_not_begun_anew(tmp_path: Path, loss: str, known_by: str) -> None:
    home = a_home(tmp_path / "home", "aa")
    backed_up(home, tmp_path / "a.zip")
    if known_by == "audit log":
        AuditLog(home).record("upload", at_terminal(), report="aa", result="added")
    else:
        generation = home / "index" / "generation-1"
        generation.mkdir(parents=True)
        (home / "index" / "CURRENT").write_text(generation.name)
        (generation / "record.json").write_text('{"count": 2}')
    (home / "library.db").unlink()
    if loss != "deleted":
        (home / "library.db").touch()
    if loss == "no tables":
        Library.open(home / "library.db").close()
    for opening in (open_library, open_feedback, open_corrections, open_library):
        with pytest.raises(LibraryError, match="资料库是空的") as raised:
            opening(Settings(home=home))
        assert "zhengwen restore" in raised.value.hint
    restore(home, tmp_path / "a.zip")
    open_library(Settings(home=home)).close()
    assert held(home) == ["aa"]


def test_a_library_whose_reports_were_all_removed_or_that_never_had_any_is_opened(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home", "aa")
    AuditLog(home).record("upload", at_terminal(), report="aa", result="added")
    with Library.open(home / "library.db") as library:
        library.remove("aa")
    open_library(Settings(home=home)).close()
    AuditLog(tmp_path / "new").record("key_added", at_terminal())
    AuditLog(tmp_path / "new").record("upload", at_terminal(), result="failed")
    open_library(Settings(home=tmp_path / "new")).close()


def test_what_the_home_holds_is_for_its_owner_alone(tmp_path: Path) -> None:
    os.umask(0o022)
    home = a_home(tmp_path / "new" / "home", "aa")
    with Library.open(home / "library.db") as library:
        library.add(*a_report("bb", "增长"), "e5")
        modes = {path.name: path.stat().st_mode & 0o777 for path in home.iterdir()}
    assert home.stat().st_mode & 0o777 == 0o700
    assert {name for name, mode in modes.items() if mode & 0o077} <= {"library.lock"}
    assert "library.db-wal" in modes


def test_files_of_an_older_version_are_closed_to_others_at_the_next_start(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home", "aa")
    (home / "evaluations").mkdir()
    for path, mode in ((home, 0o755), (home / "library.db", 0o644), (home / "evaluations", 0o755)):
        path.chmod(mode)
    open_library(Settings(home=home)).close()
    assert (home / "library.db").stat().st_mode & 0o777 == 0o600
    assert (home / "evaluations").stat().st_mode & 0o777 == 0o700
    assert home.stat().st_mode & 0o777 == 0o755, "the folder itself may be shared with other things"


@pytest.fixture
def read_only_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home that whoever runs the test cannot write, and can read."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        home = a_home(Path(folder) / "home", "aa")
        for path in home.iterdir():
            path.chmod(0o444)
        home.chmod(0o555)
        monkeypatch.setenv("ZHENGWEN_HOME", str(home))  # settings are looked for there
        before = os.geteuid()
        if before == 0:
            os.seteuid(65534)  # nothing is forbidden to root
        try:
            yield home
        finally:
            os.seteuid(before)
            home.chmod(0o755)


def test_a_home_that_cannot_be_written_can_be_asked(read_only_home: Path) -> None:
    with open_library(Settings(home=read_only_home)) as library:
        assert library.read_only
        assert library.lexical.search(["5.5"], None, 5)
        assert library.checksums.altered(["aa"]) == frozenset()
        with pytest.raises(LibraryError, match="不能写入"):
            library.add(*a_report("bb", "增长"), "e5")
        with pytest.raises(LibraryError, match="不能写入"):
            library.remove("aa")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device", "/data/x"), "磁盘已满：/data/x"),
        (PermissionError(13, "Permission denied", "/data/x"), "没有权限读写：/data/x"),
        (OSError(30, "Read-only file system", "/data/x"), "没有权限读写：/data/x"),
        (NotADirectoryError(20, "Not a directory", "/data/x"), "却是一个文件：/data/x"),
        (OSError(5, "Input/output error"), "读写文件时出错（Input/output error）。"),
    ],
)
def test_what_the_system_complains_of_is_one_sentence_with_a_hint(error: OSError, said: str) -> None:
    told = StorageError.of(error)
    assert said in told.located
    assert "/data/x" not in str(told)  # what readers are shown
    assert told.hint


def test_what_killed_commands_left_is_swept_and_what_lives_is_not(tmp_path: Path) -> None:
    import fcntl

    for name in ("building-1", "reader-dead/files", "reader-alive/files"):
        (tmp_path / name).mkdir(parents=True)
    with (tmp_path / "reader-alive" / "alive").open("w") as alive:
        fcntl.flock(alive, fcntl.LOCK_EX)
        assert sorted(path.name for path in leftovers(tmp_path)) == ["building-1", "reader-dead"]
        with (tmp_path / "build.lock").open("a") as building:
            fcntl.flock(building, fcntl.LOCK_EX)
            assert [path.name for path in leftovers(tmp_path)] == ["reader-dead"]
