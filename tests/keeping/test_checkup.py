"""Each fault that is planted in a sound data directory is found by its name, and mended where that is safe."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.access.audit import AuditLog
from assistant.access.callers import at_terminal
from assistant.corpus.library import Library
from assistant.corpus.originals import Originals
from assistant.corpus.structure import RULES_VERSION
from assistant.keeping import home_checks
from assistant.keeping.checkup import check_up
from assistant.keeping.finding import Finding
from assistant.keeping.restore import restore
from assistant.settings import Settings
from embeddings import build_generation
from tests.corpus.test_library import a_report, found
from tests.keeping.test_backup import a_home, backed_up


@pytest.fixture(scope="session")
def sound_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a home in which all agrees: library, index and audit log."""
    home = tmp_path_factory.mktemp("sound") / "home"
    with Library.open(home / "library.db") as library:
        for name in ("aa", "bb"):
            library.add(*a_report(name, "地区生产总值增长5.5%。", "固定资产投资增长6%。", rules=RULES_VERSION), "e5")
            library.remove("aa" if name == "bb" else "none")
        manifest = {"embedding": "e5", "dimension": "3", "passage rules": RULES_VERSION, "catalogue": library.state()}
        build_generation(home / "index", manifest, *library.vectors())
    for name in ("aa", "bb"):
        AuditLog(home).record("upload", at_terminal(), report=name, result="added")
    AuditLog(home).record("deletion", at_terminal(), report="aa")
    return home


@pytest.fixture
def home(sound_home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound_home, tmp_path / "home"))


def findings(home: Path, **settings: str) -> list[Finding]:
    """What is not as it should be."""
    return [one for one in check_up(Settings(home=home, **settings)) if one.level != "good"]  # type: ignore[arg-type]


def _generation(home: Path) -> Path:
    return home / "index" / (home / "index" / "CURRENT").read_text()


def _other_report(home: Path, name: str = "cc", year: int = 2024) -> None:
    with Library.open(home / "library.db") as library:
        report, paragraphs, passages, vectors = a_report(name, "增长5.5%。", rules=RULES_VERSION)
        library.add(replace(report, report_year=year), paragraphs, passages, vectors, "e5")


def _sql(statement: str) -> Callable[[Path], None]:
    def run(home: Path) -> None:
        connection = sqlite3.connect(home / "library.db")
        connection.execute(statement)
        connection.commit()
        connection.close()

    return run


def _chroma_file(home: Path) -> None:
    file = next(path for path in (_generation(home) / "store").rglob("*") if path.is_file())
    file.write_bytes(file.read_bytes()[:-1] + b"x")


def _rubbish(home: Path) -> None:
    for name in ("reader-1/files", "building-1"):
        (home / "index" / name).mkdir(parents=True)


def _stray_original(home: Path) -> None:
    (home / "originals").mkdir(mode=0o700)
    (home / "originals" / f"{'0' * 16}.pdf").write_bytes(b"%PDF")
    (home / f"originals-{'1' * 16}.pdf.part").write_bytes(b"%PDF")


def open_to_others(home: Path) -> None:
    home.chmod(0o755)
    (home / "library.db").chmod(0o644)


MENDED: dict[str, tuple[Callable[[Path], object], str]] = {
    "others can read": (open_to_others, "其他人能读到：library.db"),
    "left over": (_rubbish, "被中断"),
    "originals of no report": (_stray_original, "有2个原件不属于任何报告"),
    "no index": (lambda home: shutil.rmtree(home / "index"), "还没有建立向量索引"),
    "a changed index": (_chroma_file, "校验和不符"),
    "an index of another library": (_other_report, "另一种设置"),
    "a word that is not found": (_sql("DELETE FROM lexical WHERE rowid = 4"), "1个片段对不上"),
    "a word that is nowhere": (_sql("INSERT INTO lexical (rowid, tokens) VALUES (99, '增长')"), "1个片段对不上"),
}


def test_a_sound_home_has_nothing_to_be_mended(home: Path) -> None:
    assert findings(home) == []


SLOW = ("no index", "an index of another library")
"""They are mended as a changed index is, which takes a few seconds."""


@pytest.mark.parametrize("fault", [pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW)) for name in MENDED])
def test_what_can_be_mended_safely_is_found_and_mended(home: Path, fault: str) -> None:
    plant, said = MENDED[fault]
    plant(home)
    (finding,) = findings(home)
    assert said in finding.sentence
    assert finding.remedy
    assert finding.mend is not None
    finding.mend()
    assert findings(home) == []
    with Library.open(home / "library.db") as library:
        assert found(library, "投资") == [f"bb-{RULES_VERSION}-1-0"]


def test_an_original_is_no_stray_while_its_report_is_being_taken_in(home: Path) -> None:
    with Library.open(home / "library.db") as library, Originals(home).agreeing(library):
        _stray_original(home)
        assert findings(home) == []
        Originals(home).sweep(library)
    (finding,) = findings(home)
    assert "有2个原件不属于任何报告" in finding.sentence


def test_right_after_a_restore_nothing_is_wrong_with_the_index_of_the_library_before(
    home: Path, tmp_path: Path
) -> None:
    backed_up(a_home(tmp_path / "other", "dd"), tmp_path / "a.zip")
    restore(home, tmp_path / "a.zip")
    (index,) = [one for one in findings(home) if one.area == "向量索引"]
    assert (index.level, index.sentence) == ("note", "还没有建立向量索引。")


def _truncated(home: Path) -> None:
    path = home / "library.db"
    path.write_bytes(path.read_bytes()[:8192])


def _audit_line(home: Path) -> None:
    (path,) = (home / "audit").glob("*.jsonl")
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def _emptied(home: Path) -> None:
    (home / "library.db").write_bytes(b"")


TOLD: dict[str, tuple[Callable[[Path], object], str]] = {
    "library gone": (lambda home: (home / "library.db").unlink(), "资料库不见了"),
    "library emptied": (_emptied, "资料库是空的"),
    "library cut off": (_truncated, "损坏"),
    "library of another program": (lambda home: (home / "library.db").write_bytes(b"x" * 5000), "损坏"),
    "two reports of one year": (lambda home: _other_report(home, year=2025), "松北区2025年有2份报告"),
    "an audit line is missing": (_audit_line, "审计日志"),
    "vectors of two models": (_sql("UPDATE passage SET vector = x'00' WHERE number = 4"), "向量不一致"),
}


@pytest.mark.parametrize("fault", TOLD)
def test_what_a_person_must_decide_is_told_with_what_to_do(home: Path, fault: str) -> None:
    plant, said = TOLD[fault]
    plant(home)
    wrong = [one for one in findings(home) if one.level == "wrong"]
    assert any(said in f"{one.area}{one.sentence}" for one in wrong)
    assert all(one.remedy for one in wrong)


def test_a_report_that_only_the_audit_log_knows_is_told(home: Path) -> None:
    AuditLog(home).record("upload", at_terminal(), report="dd", result="added")
    (finding,) = findings(home)
    assert (finding.level, "dd" in finding.sentence) == ("note", True)


def test_a_model_that_is_not_there_and_a_full_disk_are_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert any("没有向量模型" in one.sentence for one in findings(home, embedding_model="no/such-model"))
    monkeypatch.setattr(home_checks, "_LEAST_FREE", 1 << 60)
    assert ["磁盘只剩" in one.sentence for one in findings(home)] == [True]


def test_what_is_no_folder_or_not_there_is_told_and_nothing_is_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert [one.level for one in findings(tmp_path / "file")] == ["wrong"]
    assert [one.level for one in findings(tmp_path / "none")] == ["note"]
    (tmp_path / "empty").mkdir(mode=0o700)
    assert ["还没有资料库" in one.sentence for one in findings(tmp_path / "empty")] == [True]
    assert not (tmp_path / "none").exists()
    assert not list((tmp_path / "empty").iterdir())
