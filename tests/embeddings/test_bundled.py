from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from embeddings import ModelDamaged, bundled, native, open_encoder

ROOT = Path(__file__).parents[2]


def convert(cache: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "embeddings.bundled", str(cache)]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_after_a_killed_conversion_two_at_once_leave_one_whole_folder(tmp_path: Path) -> None:
    child = convert(tmp_path)
    while child.poll() is None and not list(tmp_path.glob("*.part/tokenizer.json")):
        time.sleep(0.01)
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    assert not bundled.is_whole(bundled.folder_in(tmp_path))
    for child in [convert(tmp_path), convert(tmp_path)]:
        assert child.communicate()[1] == ""
        assert child.returncode == 0
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [bundled.folder_in(tmp_path).name]
    assert bundled.is_whole(bundled.folder_in(tmp_path))


@pytest.mark.slow
def test_a_changed_byte_in_the_cached_folder_is_seen_and_mended(models: Path, tmp_path: Path) -> None:
    good = bundled.converted_folder(models)
    folder = bundled.folder_in(tmp_path)
    shutil.copytree(good, folder)
    with (folder / "model.safetensors").open("r+b") as file:
        file.seek(100_000_000)
        byte = file.read(1)
        file.seek(100_000_000)
        file.write(bytes([byte[0] ^ 1]))
    assert not bundled.is_whole(folder)
    assert bundled.is_whole(bundled.converted_folder(tmp_path))


def test_a_folder_without_its_record_or_with_a_torn_one_is_not_whole(models: Path, tmp_path: Path) -> None:
    assert not bundled.is_whole(tmp_path)
    for text in ("", "{}", "[]", '{"config.json": 3}', '{"config.json": [1, "x"]}'):
        (tmp_path / bundled.RECORD).write_text(text)
        assert not bundled.is_whole(tmp_path)
    assert bundled.is_whole(bundled.converted_folder(models))


@pytest.mark.parametrize("damage", ["truncated", "changed", "absent"])
def test_a_damaged_package_file_is_refused_with_the_command_that_mends_it(damage: str, tmp_path: Path) -> None:
    packed = bytearray(bundled.packed_file().read_bytes())
    path = tmp_path / "e5-small-q4.bin"
    if damage == "truncated":
        path.write_bytes(packed[:-1])
    elif damage == "changed":
        packed[50_000_000] ^= 1
        path.write_bytes(packed)
    with pytest.raises(ModelDamaged) as caught:
        bundled.read_packed(path)
    assert bundled.PACKAGE in caught.value.hint


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelDamaged) as caught:
        bundled.converted_folder(tmp_path / "file")
    assert str(tmp_path / "file") in caught.value.hint
    with pytest.raises(ModelDamaged):
        open_encoder("bundled", tmp_path / "file").encode_passages(["一"])


def test_the_engine_is_used_only_where_the_processor_can_run_it() -> None:
    cpuinfo = Path("/proc/cpuinfo")
    assert native.runs_here() == (not cpuinfo.exists() or "avx2" in cpuinfo.read_text().split())
