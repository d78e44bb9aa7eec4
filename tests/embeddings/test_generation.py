from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from embeddings import ExactIndex, IndexDamaged, IndexMismatch, IndexMissing, build_generation, open_generation

Entries = Callable[..., tuple[list[str], list[str], np.ndarray]]
MANIFEST = {"embedding": "model@1", "dimension": "384", "rules": "1", "catalogue": "a"}
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, entries: Entries) -> Path:
    root = tmp_path_factory.mktemp("index")
    build_generation(root, MANIFEST, *entries(1503))
    return root


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    """Give a copy that a test may break."""
    return Path(shutil.copytree(built, tmp_path / "index"))


def generation_of(root: Path) -> Path:
    return root / (root / "CURRENT").read_text().strip()


def copies_in(root: Path) -> list[Path]:
    return list(root.glob("reader-*"))


def test_chroma_and_the_exact_way_agree_on_the_first_ten(built: Path, entries: Entries) -> None:
    exact, index = ExactIndex(*entries(1503)), open_generation(built, MANIFEST)
    assert len(index) == 1503
    queries = entries(1533)[2][1503:]
    for groups in (None, ["report-1"], ["report-1", "report-3"], ["small"], ["small", "unknown"], ["unknown"], []):
        for query in queries:
            found, expected = index.search(query, 10, groups), exact.search(query, 10, groups)
            assert [hit.id for hit in found] == [hit.id for hit in expected]
            assert [hit.score for hit in found] == pytest.approx([hit.score for hit in expected], abs=1e-5)
    index.close()


def test_more_than_there_is_gives_all_there_is(built: Path, entries: Entries) -> None:
    index = open_generation(built, MANIFEST)
    small = [entry for entry, group in zip(*entries(1503)[:2], strict=True) if group == "small"]
    assert sorted(hit.id for hit in index.search(entries(1)[2][0], 500, ["small"])) == sorted(small)
    assert index.search(entries(1)[2][0], 0) == []
    index.close()


def test_reading_leaves_the_generation_as_it_was_built(root: Path, entries: Entries) -> None:
    def bytes_of(directory: Path) -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in directory.rglob("*") if path.is_file()}

    before = bytes_of(generation_of(root))
    first, second = open_generation(root, MANIFEST), open_generation(root, MANIFEST)
    assert first.search(entries(1)[2][0], 5) == second.search(entries(1)[2][0], 5)
    assert len(copies_in(root)) == 2
    first.close()
    second.close()
    assert bytes_of(generation_of(root)) == before
    assert not copies_in(root)


@pytest.mark.parametrize("key", sorted(MANIFEST))
def test_another_manifest_is_refused_and_the_difference_named(key: str, built: Path) -> None:
    with pytest.raises(IndexMismatch, match=key) as caught:
        open_generation(built, {**MANIFEST, key: "other"})
    assert "zhengwen ingest" in caught.value.hint
    with pytest.raises(IndexMismatch):
        open_generation(built, {name: value for name, value in MANIFEST.items() if name != key})


def test_where_nothing_was_built_the_index_is_missing(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        open_generation(tmp_path, MANIFEST)


def test_every_truncated_changed_or_absent_file_is_refused_and_the_program_lives(root: Path) -> None:
    generation = generation_of(root)
    files = [path for path in (generation / "store").rglob("*") if path.is_file()]
    assert any(path.name == "data_level0.bin" for path in files), "HNSW is on disk"
    for path in [*files, generation / "record.json"]:
        whole = path.read_bytes()
        changed = bytearray(whole)
        changed[len(whole) // 2] ^= 0xFF
        for damaged in (whole[: len(whole) // 2], b"", bytes(changed), None):
            path.unlink() if damaged is None else path.write_bytes(damaged)
            with pytest.raises((IndexDamaged, IndexMismatch)):
                open_generation(root, MANIFEST)
            path.write_bytes(whole)
    open_generation(root, MANIFEST).close()
    assert not copies_in(root)


@pytest.mark.parametrize("text", ["", "generation-gone", "../elsewhere", "generation-../../x", "\udcff"])
def test_a_current_file_that_names_no_generation_is_refused(text: str, root: Path) -> None:
    (root / "CURRENT").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(IndexDamaged):
        open_generation(root, MANIFEST)


def test_a_new_generation_takes_over_and_an_open_reader_keeps_the_old(root: Path, entries: Entries) -> None:
    old, query = open_generation(root, MANIFEST), entries(1)[2][0]
    expected = old.search(query, 5)
    built = build_generation(root, {**MANIFEST, "catalogue": "b"}, *entries(40, seed=8))
    assert generation_of(root) == built
    assert [path.name for path in root.glob("generation-*")] == [built.name]
    assert old.search(query, 5) == expected
    new = open_generation(root, {**MANIFEST, "catalogue": "b"})
    assert len(new) == 40
    assert sorted(new.ids()) == sorted(entries(40)[0])
    old.close()
    new.close()


@pytest.mark.parametrize("count", [0, 1])
def test_a_library_with_hardly_anything_in_it_has_an_index_too(count: int, tmp_path: Path, entries: Entries) -> None:
    build_generation(tmp_path, MANIFEST, *entries(count))
    index = open_generation(tmp_path, MANIFEST)
    assert len(index) == count
    assert len(index.search(np.ones(384, np.float32), 10)) == count
    index.close()


def test_entries_that_do_not_match_change_nothing(root: Path, entries: Entries) -> None:
    _, groups, vectors = entries(3)
    with pytest.raises(ValueError, match="unique"):
        build_generation(root, MANIFEST, ["a", "a", "b"], groups, vectors)
    open_generation(root, MANIFEST).close()


def test_a_build_whose_children_fail_leaves_the_generation_before_in_force(
    root: Path, entries: Entries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONHOME", "/nowhere")  # No interpreter starts under this.
    with pytest.raises(IndexDamaged, match="build"):
        build_generation(root, MANIFEST, *entries(3))
    monkeypatch.undo()
    assert not list(root.glob("building-*"))
    open_generation(root, MANIFEST).close()


BUILD = """
import sys; from pathlib import Path; import numpy as np; from embeddings import build_generation
vectors = np.random.default_rng(0).normal(size=(3000, 384)).astype('f4')
build_generation(Path(sys.argv[1]), {"embedding": "killed"}, [str(n) for n in range(3000)], ["g"] * 3000, vectors)
"""


def kill_a_build(root: Path, seconds: float, *, whole_group: bool) -> None:
    child = subprocess.Popen([sys.executable, "-c", BUILD, str(root)], cwd=ROOT, start_new_session=True)
    while child.poll() is None and not list(root.glob("building-*")):
        time.sleep(0.01)
    time.sleep(seconds)
    try:
        os.killpg(child.pid, signal.SIGKILL) if whole_group else os.kill(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pytest.fail("the build was over before it could be killed")
    child.wait()


@pytest.mark.slow
def test_a_killed_build_leaves_the_generation_before_in_force(root: Path, entries: Entries) -> None:
    for seconds, whole_group in ((0.1, True), (0.9, True), (0.4, False)):
        kill_a_build(root, seconds, whole_group=whole_group)
        index = open_generation(root, MANIFEST)
        assert [hit.id for hit in index.search(entries(1)[2][0], 1)] == ["p-0"]
        index.close()
    build_generation(root, MANIFEST, *entries(20))
    assert not list(root.glob("building-*"))
    index = open_generation(root, MANIFEST)
    assert len(index) == 20
    index.close()


@pytest.mark.slow
def test_thirty_kills_at_all_stages_lose_nothing(root: Path, entries: Entries) -> None:
    for turn in range(30):
        kill_a_build(root, 0.08 * turn, whole_group=bool(turn % 2))
        try:
            index = open_generation(root, MANIFEST)
        except IndexMismatch:  # This one was finished before the kill reached it.
            build_generation(root, MANIFEST, *entries(1503))
            continue
        assert len(index) == 1503
        index.close()


def test_the_copy_of_a_killed_reader_is_swept_by_the_next_build(root: Path, entries: Entries) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path; from embeddings import open_generation;"
        f"index = open_generation(Path(sys.argv[1]), {MANIFEST!r}); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", script, str(root)], cwd=ROOT, check=False)
    assert len(copies_in(root)) == 1
    living = open_generation(root, MANIFEST)
    build_generation(root, MANIFEST, *entries(10))
    assert len(copies_in(root)) == 1
    assert len(living.search(entries(1)[2][0], 3)) == 3
    living.close()


def test_a_reader_that_just_ends_takes_its_copy_along(root: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from embeddings import open_generation;"
        f"index = open_generation(Path(sys.argv[1]), {MANIFEST!r})"
    )
    subprocess.run([sys.executable, "-c", script, str(root)], cwd=ROOT, check=True)
    assert not copies_in(root)


@pytest.mark.parametrize("noise", [0.0, 1e-4])
def test_hundreds_of_equal_entries_keep_none_from_being_found(root: Path, entries: Entries, noise: float) -> None:
    ids, groups, vectors = entries(1500)
    vectors[:600] = vectors[0] + noise * np.random.default_rng(1).standard_normal((600, 384)) * np.abs(vectors[0])
    build_generation(root, MANIFEST, ids, groups, vectors)
    with closing(open_generation(root, MANIFEST)) as index:
        assert sorted(index.ids()) == sorted(ids)
        assert len(index) == 1500
        for row in range(600, 1500, 50):
            assert index.search(vectors[row], 1)[0].id == ids[row]
            assert index.search(vectors[row], 1, [groups[row]])[0].id == ids[row]
        alike = index.search(vectors[0], 600)
        assert {hit.id for hit in alike} == set(ids[:600])
        assert [hit.score for hit in alike] == sorted((hit.score for hit in alike), reverse=True)
