"""Backups made while others write, and put back whole or not at all."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.access.audit import AuditLog
from assistant.access.callers import at_terminal
from assistant.corpus.feedback import FeedbackBook
from assistant.corpus.library import Library
from assistant.errors import LibraryError
from assistant.keeping.backup import MANIFEST, BackupError, Manifest, back_up
from assistant.keeping.restore import finish_restore, restore
from assistant.types import Answer
from tests.access.audited import audited
from tests.corpus.test_library import a_report

ROOT = Path(__file__).resolve().parents[2]


def a_home(home: Path, *names: str) -> Path:
    """A home with a report of each name."""
    with Library.open(home / "library.db") as library:
        for name in names:
            library.add(*a_report(name, f"{name}地区生产总值增长5.5%。", "固定资产投资增长6%。"), "e5")
    return home


def backed_up(home: Path, file: Path) -> Manifest:
    with Library.open(home / "library.db") as library:
        return back_up(home, library, file)


def held(home: Path) -> list[str]:
    finish_restore(home)
    with Library.open(home / "library.db") as library:
        return [report.id for report in library.reports()]


def test_an_empty_home_restored_holds_the_same_as_the_one_that_was_backed_up(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home", "aa", "bb")
    for name in ("aliases.toml", "zhengwen.toml", "keys.json", "evaluations/one/answers.jsonl", "originals/aa.pdf"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(f"# {name}")
    with FeedbackBook.open(home / "library.db") as book:
        given = book.add(Answer("问", "answered", "答"), good=True)
    for derived in ("index/CURRENT", "models/model.bin", "mine/letter.txt"):
        (home / derived).parent.mkdir()
        (home / derived).write_text("made again")
    AuditLog(home).record("upload", at_terminal(), result="added")
    manifest = backed_up(home, tmp_path / "a.zip")
    assert (tmp_path / "a.zip").stat().st_mode & 0o777 == 0o600
    done = restore(tmp_path / "new", tmp_path / "a.zip")
    assert (done.manifest, done.aside, done.left_out) == (manifest, None, ())
    with Library.open(home / "library.db") as old, Library.open(tmp_path / "new" / "library.db") as new:
        assert new.reports() == old.reports()
        assert new.passages_of("bb") == old.passages_of("bb")
        assert new.vectors()[2].tobytes() == old.vectors()[2].tobytes()
        assert new.lexical.search(["5.5"], None, 5) == old.lexical.search(["5.5"], None, 5)
    with FeedbackBook.open(tmp_path / "new" / "library.db") as book:
        assert [one.id for one in book.all()] == [given.id]
    assert len(audited(tmp_path / "new")) == 1
    files = {path.relative_to(tmp_path / "new").as_posix() for path in (tmp_path / "new").rglob("*") if path.is_file()}
    assert {name for name in files if not name.endswith((".use", ".lock"))} - {"audit/lock"} == set(manifest.files)
    assert not any(name.startswith(("index", "models", "mine")) for name in files)


def test_a_backup_of_a_library_that_is_written_is_of_one_moment(tmp_path: Path) -> None:
    home, stop = a_home(tmp_path / "home", "aa"), threading.Event()
    with Library.open(home / "library.db") as library:

        def write() -> None:
            number = 0
            while not stop.is_set():
                library.add(*a_report(f"r{number:04d}", "增长5.5%。" * 50, "增长6%。"), "e5")
                number += 1

        writer = threading.Thread(target=write)
        writer.start()
        made = [back_up(home, library, tmp_path / f"{number}.zip") for number in range(3)]
        stop.set()
        writer.join()
    assert made[0].reports < made[2].reports
    for number, manifest in enumerate(made):
        restore(tmp_path / "new", tmp_path / f"{number}.zip")  # opens it and compares it with the manifest
        assert len(held(tmp_path / "new")) == manifest.reports


def _flip(file: Path, name: str) -> None:
    with zipfile.ZipFile(file) as archive:
        at = archive.getinfo(name).header_offset + 200
    content = bytearray(file.read_bytes())
    content[at] ^= 0x55
    file.write_bytes(content)


def _rewritten(change: Callable[[dict[str, Any], dict[str, bytes]], object]) -> Callable[[Path], None]:
    """Write the backup anew, its manifest and files changed."""

    def damage(file: Path) -> None:
        with zipfile.ZipFile(file) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        manifest = json.loads(files.pop(MANIFEST))
        change(manifest, files)
        with zipfile.ZipFile(file, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
            archive.writestr(MANIFEST, json.dumps(manifest))

    return damage


def _at(place: str) -> Callable[[Path], None]:
    """Add a file that is to lie somewhere else."""

    def add(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
        manifest["files"][place] = manifest["files"]["aliases.toml"]
        files[place] = files["aliases.toml"]

    return _rewritten(add)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "gone": Path.unlink,
    "no zip": lambda file: file.write_bytes(b"nothing"),
    "cut off": lambda file: file.write_bytes(file.read_bytes()[:-300]),
    "a byte of the library": lambda file: _flip(file, "library.db"),
    "a file is missing": _rewritten(lambda manifest, files: files.pop("aliases.toml")),
    "a file was edited": _rewritten(lambda manifest, files: files.update({"aliases.toml": b"other"})),
    "another library": _rewritten(lambda manifest, files: manifest.update(reports=7)),
    "a newer program's": _rewritten(lambda manifest, files: manifest.update(format=2)),
    "no library": _rewritten(lambda manifest, files: manifest.update(files={})),
    "another manifest": _rewritten(lambda manifest, files: manifest.pop("state")),
    "a path that leads outside": _at("evaluations/../../outside"),
    "a path from the root": _at("/outside"),
    "a model": _at("models/model.bin"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_backup_that_is_not_whole_changes_nothing(tmp_path: Path, damage: str) -> None:
    source = a_home(tmp_path / "source", "aa")
    (source / "aliases.toml").write_text("# words")
    backed_up(source, tmp_path / "a.zip")
    DAMAGES[damage](tmp_path / "a.zip")
    home = a_home(tmp_path / "home", "bb")
    before = {path.name for path in home.iterdir()}
    with pytest.raises(BackupError) as raised:
        restore(home, tmp_path / "a.zip")
    assert str(raised.value)
    assert raised.value.hint
    assert {path.name for path in home.iterdir()} == before
    assert held(home) == ["bb"]
    assert not (tmp_path / "outside").exists()


def test_a_library_in_use_is_not_replaced(tmp_path: Path) -> None:
    backed_up(a_home(tmp_path / "source", "aa"), tmp_path / "a.zip")
    home = a_home(tmp_path / "home", "bb")
    with Library.open(home / "library.db"), pytest.raises(LibraryError, match="正在使用") as raised:
        restore(home, tmp_path / "a.zip")
    assert "zhengwen serve" in raised.value.hint
    assert held(home) == ["bb"]
    restore(home, tmp_path / "a.zip")
    assert held(home) == ["aa"]


def test_what_was_there_before_is_kept_whole_and_keys_and_log_are_not_set_back(tmp_path: Path) -> None:
    source = a_home(tmp_path / "source", "aa")
    (source / "keys.json").write_text("old")
    AuditLog(source).record("upload", at_terminal())
    backed_up(source, tmp_path / "a.zip")
    home = a_home(tmp_path / "home", "bb")
    (home / "keys.json").write_text("new")
    (home / "aliases.toml").write_text("# mine")
    for _ in range(2):
        AuditLog(home).record("key_revoked", at_terminal())
    done = restore(home, tmp_path / "a.zip")
    assert done.left_out == ("audit", "audit.head.json", "keys.json")
    assert (home / "keys.json").read_text() == "new"
    assert [line["event"] for line in audited(home)] == ["key_revoked"] * 2
    assert not (home / "aliases.toml").exists()
    assert done.aside is not None
    assert held(done.aside) == ["bb"]
    assert (done.aside / "aliases.toml").read_text() == "# mine"


def test_a_backup_takes_no_existing_files_place_and_sweeps_up_after_one_that_was_killed(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home", "aa")
    (tmp_path / "kept.zip").write_text("mine")
    (tmp_path / "old.zip.zhengwen-part").write_text("half")
    with pytest.raises(BackupError, match="已经有"):
        backed_up(home, tmp_path / "kept.zip")
    with pytest.raises(BackupError, match="写不进去"):
        backed_up(home, tmp_path / "nowhere" / "a.zip")
    backed_up(home, tmp_path / "new.zip")
    assert (tmp_path / "kept.zip").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "kept.zip", "new.zip"]


KILLED = """
import os, sys
from pathlib import Path
from assistant.keeping.restore import restore
home, file = Path(sys.argv[1]), Path(sys.argv[2])
for line in sys.stdin:
    left = int(line)
    child = os.fork()
    if not child:
        def count(event, arguments):
            global left
            if event in ("os.rename", "os.mkdir", "os.remove", "shutil.rmtree") and str(home) in str(arguments[0]):
                left -= 1
                if not left:
                    os.kill(os.getpid(), 9)
        sys.addaudithook(count)
        restore(home, file)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


def test_a_restore_killed_at_any_step_leaves_the_one_library_or_the_other_whole(tmp_path: Path) -> None:
    homes = {name: a_home(tmp_path / name, name) for name in ("aa", "bb")}
    for name, home in homes.items():
        (home / "aliases.toml").write_text(f"# {name}")
        backed_up(home, tmp_path / f"{name}.zip")
    home, other = homes["aa"], "bb"
    children = {
        name: subprocess.Popen(
            [sys.executable, "-c", KILLED, str(home), str(tmp_path / f"{name}.zip")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for name in homes
    }
    seen, step, ended = [], 0, "-9"
    while ended == "-9":
        step += 1
        child = children[other]
        assert child.stdin
        assert child.stdout
        child.stdin.write(f"{step}\n")
        child.stdin.flush()
        ended = child.stdout.readline().strip()
        (now,) = held(home)
        assert (home / "aliases.toml").read_text() == f"# {now}"
        seen.append(now)
        other = "bb" if now == "aa" else "aa"
    for child in children.values():
        child.communicate()
    assert ended == "0"
    assert step > 10, "so many steps were killed, each of them once"
    assert len(set(seen)) == 2
    assert not (home / "restored").exists()
