"""`zhengwen backup`, `restore`: what a person at the command line sees."""

from __future__ import annotations

from pathlib import Path
from shutil import copy, copytree, ignore_patterns, rmtree

import pytest

from tests.access.audited import audited
from tests.keeping.test_backup import a_home, held
from tests.keeping.test_checkup import open_to_others
from tests.test_cli import run


def test_a_backup_is_made_and_restored_from_the_command_line(tmp_path: Path) -> None:
    home, file = a_home(tmp_path / "home", "aa", "bb"), tmp_path / "a.zip"
    done = run("backup", str(file), ZHENGWEN_HOME=str(home))
    assert (done.returncode, done.stdout) == (0, "")
    assert "2份报告" in done.stderr
    done = run("restore", str(file), ZHENGWEN_HOME=str(tmp_path / "new"))
    assert (done.returncode, done.stdout) == (0, "")
    assert "已恢复：2份报告" in done.stderr
    assert held(tmp_path / "new") == ["aa", "bb"]
    assert [line["event"] for line in audited(home)] == ["backup"]
    assert [line["event"] for line in audited(tmp_path / "new")] == ["restore"]


def test_what_is_no_backup_is_refused_with_a_hint(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_text("nothing")
    done = run("restore", str(tmp_path / "a.zip"), ZHENGWEN_HOME=str(tmp_path / "home"))
    assert done.returncode == 1
    assert done.stderr.startswith("错误：这个文件不是 zhengwen 的备份")
    assert "提示：" in done.stderr


def test_the_doctor_tells_what_is_wrong_and_mends_what_is_safe(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home", "aa")
    open_to_others(home)
    for arguments, code, last in ((["doctor"], 1, "有1处不对"), (["doctor", "--fix"], 0, ""), (["doctor"], 0, "")):
        done = run(*arguments, ZHENGWEN_HOME=str(home))
        assert (done.returncode, done.stderr.strip("。\n")) == (code, last)
        assert ("已修好" in done.stdout) == ("--fix" in arguments)
    assert "大模型：没有设置" in done.stdout


@pytest.mark.slow
def test_a_restored_home_answers_as_the_one_that_was_backed_up(seeded_home: Path, tmp_path: Path) -> None:
    from assistant import open_assistant
    from assistant.corpus.library import Library
    from assistant.keeping.backup import back_up
    from assistant.keeping.restore import restore

    with Library.open(seeded_home / "library.db") as library:
        back_up(seeded_home, library, tmp_path / "a.zip")
    restore(tmp_path / "new", tmp_path / "a.zip")
    (tmp_path / "new" / "models").symlink_to(seeded_home / "models")
    questions = (
        "松北区2025年GDP目标是多少",
        "呼兰区2022年有哪些主要任务",
        "香坊区2025年GDP目标是多少",
        "道里区怎么抓营商环境",
    )
    answers = []
    for home in (seeded_home, tmp_path / "new"):
        assistant = open_assistant(home=home)
        answers.append([assistant.ask(question) for question in questions])
        assistant.close()
    for before, after in zip(*answers, strict=True):
        assert (after.answer, after.citations, after.retrieved) == (before.answer, before.citations, before.retrieved)


@pytest.mark.slow
def test_a_removed_report_is_shown_to_be_gone_and_an_export_is_readable(seeded_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    copytree(seeded_home, home, ignore=ignore_patterns("models"))
    (home / "models").symlink_to(seeded_home / "models")
    (home / "replaced-1").mkdir()
    copy(home / "library.db", home / "replaced-1")
    done = run("remove", "8ed70c806e0b4433", ZHENGWEN_HOME=str(home))
    assert done.returncode == 1, "a copy of the library was left beside it"
    assert f"还留着　{home / 'replaced-1' / 'library.db'}" in done.stdout
    assert "目录 0，自然段 0，片段和向量 0" in done.stdout
    rmtree(home / "replaced-1")
    done = run("remove", "2447d2d09820073b", ZHENGWEN_HOME=str(home))
    assert (done.returncode, "都不再含有" in done.stdout) == (0, True)
    assert [line["event"] for line in audited(home)] == ["deletion"] * 2
    done = run("export", str(tmp_path / "all.jsonl"), ZHENGWEN_HOME=str(home))
    assert (done.returncode, "3份报告" in done.stderr) == (0, True)
