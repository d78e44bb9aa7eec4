from __future__ import annotations

import hashlib
import random
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.corpus.ingest import IngestOutcome, ingest, ingest_seeds
from assistant.corpus.library import Library
from assistant.corpus.progress import Progress
from assistant.corpus.refreshing import encode_again
from assistant.corpus.tokens import tokenize
from assistant.corpus.turns import alone
from assistant.errors import LibraryError, ModelError, NotAReport, UnreadableFile
from tests.corpus.pdf_files import PICTURE, pdf, prose

HERE = Path(__file__).parent
SEEDS = Path(str(files("seeds")))


def tiny(texts: Sequence[str], progress: Progress | None = None) -> np.ndarray:
    """Encode by hash: what the encoder makes of a text is not what is tested here."""
    rows = [np.frombuffer(hashlib.sha256(text.encode()).digest(), np.uint8) for text in texts]
    if progress:
        progress(len(texts), len(texts))
    return np.array(rows, dtype=np.float32).reshape(len(texts), 32) / 255


def a_place(name: str) -> str:
    """A place of its own for each name: no two reports may be of one place and year."""
    number = int(name) if name.isdigit() else int(hashlib.sha256(name.encode()).hexdigest()[:8], 16)
    return (
        "".join("金木水火石土云风山林川河东南西北上下左右前后春夏秋冬红黄青白"[number // 30**n % 30] for n in range(4))
        + "甲县"
    )


def a_file(folder: Path, name: str, region: str | None = None, year: int = 2025) -> Path:
    """Write a small report whose paragraphs all name it."""
    region = region or a_place(name)
    subjects = ["地区生产总值", "固定资产投资", "社会消费品零售总额", "一般公共预算收入", "营商环境", "乡村振兴"]
    plan = [
        f"{subject}工作{name}号，" + "扎实推进高质量发展，坚持稳中求进工作总基调，" * 5 + "增长5%。"
        for subject in subjects
    ]
    lines = [
        f"{year}年{region}政府工作报告",
        f"——{year}年1月20日在{region}第五届人民代表大会第四次会议上",
        "各位代表：",
        f"一、{year}年工作安排",
        *plan * 3,
        f"二、政府自身建设{name}",
    ]
    path = folder / f"{name}.txt"
    path.write_text("\n".join(lines), "utf-8")
    return path


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "home" / "library.db") as opened:
        yield opened


def test_the_seeds_are_added_whole_in_one_encoder_call_and_known_the_second_time(library: Library) -> None:
    calls: list[int] = []
    seen: list[tuple[int, int]] = []

    def counting(texts: Sequence[str], progress: Progress | None = None) -> np.ndarray:
        calls.append(len(texts))
        return tiny(texts, progress)

    first = ingest_seeds(library, counting, "tiny", lambda done, total: seen.append((done, total)))
    again = ingest_seeds(library, counting, "tiny")
    assert [outcome.status for outcome in first] == ["added"] * 5
    assert [outcome.status for outcome in again] == ["already"] * 5
    assert [(each.report, each.passages, each.paragraphs) for each in first] == [
        (each.report, each.passages, each.paragraphs) for each in again
    ]
    assert calls == [library.passage_count()] == [sum(each.passages for each in first)]
    assert seen == [(calls[0], calls[0])]
    named = {(report.region, report.report_year) for report in library.reports()}
    assert named == {("松北区", 2025), ("松北区", 2023), ("呼兰区", 2022), ("道里区", 2023), ("南岗区", 2022)}


def test_every_passage_of_a_seed_lies_in_its_paragraph_and_has_the_vector_of_its_text(library: Library) -> None:
    ingest_seeds(library, tiny, "tiny")
    ids, owners, matrix = library.vectors()
    passages = library.passages(ids)
    assert [passages[identity].report_id for identity in ids] == owners
    np.testing.assert_array_equal(matrix, tiny([passages[identity].indexed for identity in ids]))
    for passage in passages.values():
        assert library.paragraph(passage.paragraph_id).text[passage.start : passage.end] == passage.text


def test_a_seed_under_another_name_keeps_its_catalogue_row(library: Library, tmp_path: Path) -> None:
    renamed = shutil.copy(SEEDS / "002_ae3b72a4d9ab043f.txt", tmp_path / "x.txt")
    (outcome,) = ingest([Path(renamed)], library, tiny, "tiny")
    assert outcome.report is not None
    assert (outcome.report.region, outcome.report.kind) == ("松北区", "新闻稿")
    assert "哈尔滨新区" in outcome.report.aliases


def test_a_seed_that_was_removed_does_not_come_back_by_itself(library: Library) -> None:
    removed = next(each.report for each in ingest_seeds(library, tiny, "tiny") if each.report)
    library.remove(removed.id)
    assert len(ingest_seeds(library, tiny, "tiny")) == 4
    assert removed.id not in library
    ingest([SEEDS], library, tiny, "tiny")
    assert removed.id in library


def test_one_bad_file_does_not_stop_the_others(library: Library, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "letter.txt").write_text("亲爱的朋友：见信好。")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    good = a_file(tmp_path, "good")
    paths = [tmp_path / "empty.txt", tmp_path / "letter.txt", tmp_path / "missing.txt", tmp_path / "broken.pdf", good]
    outcomes = ingest(paths, library, tiny, "tiny")
    assert [outcome.path for outcome in outcomes] == paths
    assert [outcome.status for outcome in outcomes] == ["failed"] * 4 + ["added"]
    kinds = [UnreadableFile, NotAReport, UnreadableFile, UnreadableFile]
    assert [type(outcome.error) for outcome in outcomes[:4]] == kinds
    assert all(outcome.error and outcome.error.hint for outcome in outcomes[:4])
    assert len(library.reports()) == 1


def test_folders_are_walked_in_order_and_what_is_no_document_is_named(library: Library, tmp_path: Path) -> None:
    for folder in ("b", "a/inner", ".hidden"):
        (tmp_path / "in" / folder).mkdir(parents=True)
        a_file(tmp_path / "in" / folder, folder[0] if folder[0] != "." else "h")
    (tmp_path / "in" / "photo.gif").write_bytes(b"GIF89a")
    outcomes = ingest([tmp_path / "in"], library, tiny, "tiny")
    assert [(outcome.path.name, outcome.status) for outcome in outcomes] == [
        ("photo.gif", "failed"),
        ("a.txt", "added"),
        ("b.txt", "added"),
    ]
    assert "图片" in str(outcomes[0].error)


def test_the_reports_in_a_zip_are_taken_in_each_by_itself(library: Library, tmp_path: Path) -> None:
    one, two = a_file(tmp_path, "one"), a_file(tmp_path, "two", year=2024)
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(one, "2025/one.txt")
        archive.write(two, "two.txt")
        archive.writestr("notes.exe", b"MZ")
    outcomes = ingest([tmp_path / "all.zip", two], library, tiny, "tiny")
    told = [(outcome.path.relative_to(tmp_path).as_posix(), outcome.status) for outcome in outcomes]
    assert told == [
        ("all.zip/2025/one.txt", "added"),
        ("all.zip/notes.exe", "failed"),
        ("all.zip/two.txt", "added"),
        ("two.txt", "already"),
    ]
    assert {report.source for report in library.reports()} == {"one.txt", "two.txt"}
    again = ingest([tmp_path / "all.zip"], library, tiny, "tiny")
    assert [outcome.status for outcome in again] == ["already", "failed", "already"]


def test_what_a_file_holds_and_was_not_read_is_told_with_its_outcome(library: Library, tmp_path: Path) -> None:
    text = a_file(tmp_path, "one").read_text("utf-8")
    lines = [text[at : at + 30] for at in range(0, len(text), 30)]
    pages = [prose(*lines[at : at + 30]) for at in range(0, len(lines), 30)]
    (tmp_path / "one.pdf").write_bytes(pdf(*pages, [PICTURE]))
    (outcome,) = ingest([tmp_path / "one.pdf"], library, tiny, "tiny", region="香坊区", report_year=2025)
    assert outcome.status == "added", outcome.error
    assert [f"第 {len(pages) + 1} 页" in note for note in outcome.notes] == [True]


def test_the_same_bytes_twice_in_one_call_are_one_report(library: Library, tmp_path: Path) -> None:
    one = a_file(tmp_path, "one")
    two = Path(shutil.copy(one, tmp_path / "two.txt"))
    assert [each.status for each in ingest([one, two], library, tiny, "tiny")] == ["added", "already"]
    assert len(library.reports()) == 1


def test_what_the_user_says_of_a_report_is_believed_even_the_second_time(library: Library, tmp_path: Path) -> None:
    path = a_file(tmp_path, "one")
    ingest([path], library, tiny, "tiny")
    told: dict[str, Any] = {"region": "平房区", "report_year": 2024, "title": "平房区的报告"}
    assert [each.status for each in ingest([path], library, tiny, "tiny", **told)] == ["added"]
    (report,) = library.reports()
    assert (report.region, report.report_year, report.title) == ("平房区", 2024, "平房区的报告")
    assert [each.status for each in ingest([path], library, tiny, "tiny", **told)] == ["already"]


def test_a_report_cut_by_older_rules_is_added_anew(library: Library, tmp_path: Path) -> None:
    path = a_file(tmp_path, "one")
    ingest([path], library, tiny, "tiny")
    state = library.state()
    with library._database.writing() as connection:
        connection.execute("UPDATE report SET rules = 'older'")
    assert [each.status for each in ingest([path], library, tiny, "tiny")] == ["added"]
    assert library.state() == state


def test_another_model_gets_its_vectors_without_the_files(library: Library, tmp_path: Path) -> None:
    path = a_file(tmp_path, "one")
    ingest([path, SEEDS / "003_b39c97ba8610aaf9.txt"], library, tiny, "tiny")
    path.unlink()
    seen: list[tuple[int, int]] = []
    total = library.passage_count()
    changed = encode_again(
        library, lambda texts, progress: tiny(texts, progress)[:, :8], "small", lambda *n: seen.append(n)
    )
    assert changed == 2
    assert seen[-1] == (total, total)
    assert library.embedding_identities() == {"small"}
    assert library.vectors()[2].shape == (total, 8)
    assert encode_again(library, tiny, "small") == 0


def test_a_model_that_fails_or_gives_too_few_vectors_adds_nothing(library: Library, tmp_path: Path) -> None:
    def missing(texts: Sequence[str], progress: Progress | None) -> np.ndarray:
        raise ModelError("没有模型。", "请安装。")

    path = a_file(tmp_path, "one")
    with pytest.raises(ModelError, match="没有模型") as raised:
        ingest([path], library, missing, "tiny")
    assert raised.value.hint == "请安装。"
    with pytest.raises(ModelError):
        ingest([path], library, lambda texts, progress: tiny(texts)[1:], "tiny")
    assert library.reports() == ()


def test_progress_counts_on_over_the_batches(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.corpus.ingest.BATCH", 1)
    seen: list[tuple[int, int]] = []
    outcomes = ingest([a_file(tmp_path, str(n)) for n in range(3)], library, tiny, "tiny", lambda *n: seen.append(n))
    each = outcomes[0].passages
    assert seen == [(each, 3 * each), (2 * each, 3 * each), (3 * each, 3 * each)]


def test_each_file_is_acknowledged_as_soon_as_it_stands(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.corpus.ingest.BATCH", 40)
    paths = [a_file(tmp_path, str(n), region) for n, region in enumerate(("甲乙县", "丙丁县", "戊己县", "庚辛县"))]
    paths.insert(1, tmp_path / "missing.txt")
    seen: list[tuple[str, int]] = []

    def acknowledge(outcome: IngestOutcome) -> None:
        with Library.open(library.path) as other:  # what another process would see
            seen.append((outcome.path.name, len(other.reports())))
            assert outcome.report is None or outcome.report.id in other

    outcomes = ingest(paths, library, tiny, "tiny", acknowledge=acknowledge)
    assert [outcome.path for outcome in outcomes] == paths
    assert seen == [("missing.txt", 0), ("0.txt", 1), ("1.txt", 2), ("2.txt", 3), ("3.txt", 4)]


def test_a_turn_is_waited_for_and_given_up_with_a_sentence(tmp_path: Path) -> None:
    order: list[str] = []

    def second() -> None:
        with alone(tmp_path / "a.lock"):
            order.append("second")

    with alone(tmp_path / "a.lock"):
        waiting = threading.Thread(target=second)
        waiting.start()
        with pytest.raises(LibraryError, match="另一个进程"), alone(tmp_path / "a.lock", patience=0.1):
            order.append("never")
        order.append("first")
    waiting.join(30)
    assert order == ["first", "second"]


FIRST_START = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_ingest import tiny
from assistant.corpus.ingest import ingest_seeds
from assistant.corpus.library import Library
def slow(texts, progress=None):
    print("encoded", len(texts), flush=True)
    time.sleep(0.5)
    return tiny(texts)
with Library.open(Path(sys.argv[1])) as library:
    print(*sorted({each.status for each in ingest_seeds(library, slow, "tiny")}), len(library.reports()))
"""


def test_of_two_processes_at_the_first_start_one_works_and_the_other_finds_it_done(tmp_path: Path) -> None:
    arguments = [sys.executable, "-c", FIRST_START, str(tmp_path / "library.db"), str(HERE)]
    children = [subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = sorted((child.communicate(timeout=60)[0].splitlines() for child in children), key=len)
    assert [child.returncode for child in children] == [0, 0]
    assert said[0] == ["already 5"]
    assert (len(said[1]), said[1][-1]) == (2, "added 5")


NURSERY = """
import os, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_ingest import a_file, tiny
from assistant.corpus.ingest import ingest
from assistant.corpus.library import Library
home = Path(sys.argv[1])
(home / "warm").mkdir()
with Library.open(home / "warm" / "library.db") as library:  # each child would load dictionaries anew, and be killed at it
    ingest([a_file(home / "warm", "1")], library, tiny, "tiny")
def add_for_ever(turn):
    acknowledged = os.open(home / "acknowledged", os.O_APPEND | os.O_CREAT | os.O_WRONLY)
    with Library.open(home / "library.db") as library:
        def acknowledge(outcome):
            os.write(acknowledged, f"{outcome.path.stem} {outcome.report.id} {outcome.status}\\n".encode())
        for number in range(0, 10_000, 3):
            files = [a_file(home, f"{turn}{number + at:04d}") for at in range(3)]
            ingest(files, library, tiny, "tiny", acknowledge=acknowledge)
def lines():
    return (home / "acknowledged").read_bytes().count(b"\\n") if (home / "acknowledged").exists() else 0
for line in sys.stdin:
    turn, seconds = line.split()
    before = lines()
    child = os.fork()
    if not child:
        try:
            add_for_ever(turn)
        finally:
            os._exit(1)
    begun = time.monotonic()
    while lines() < before + int(turn) % 4 and time.monotonic() < begun + 20:  # however busy the machine
        time.sleep(0.001)
    time.sleep(float(seconds))
    os.kill(child, 9)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


def test_killing_the_ingest_twenty_times_loses_no_acknowledged_report_and_leaves_none_partial(tmp_path: Path) -> None:
    chance = random.Random(20261122)
    reference = tmp_path / "reference"
    with Library.open(reference / "library.db") as library:
        (outcome,) = ingest([a_file(reference, "000000")], library, tiny, "tiny")
    whole = (outcome.passages, outcome.paragraphs)
    arguments = [sys.executable, "-c", NURSERY, str(tmp_path), str(HERE)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as nursery:
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        for turn in range(20):
            nursery.stdin.write(f"{turn + 10} {chance.uniform(0, 0.03):.4f}\n")
            nursery.stdin.flush()
            assert nursery.stdout.readline() == "-9\n"
            _assert_whole(tmp_path, whole, found_by_text=turn == 19)


def _assert_whole(home: Path, whole: tuple[int, int], found_by_text: bool) -> None:
    lines = (home / "acknowledged").read_text().splitlines() if (home / "acknowledged").exists() else []
    acknowledged = {identity: name for name, identity, _ in map(str.split, lines)}
    assert all(line.endswith(" added") for line in lines)
    with Library.open(home / "library.db") as library:
        held = [report.id for report in library.reports()]
        assert set(acknowledged) <= set(held)
        for identity in held:
            assert (len(library.passages_of(identity)), len(library.paragraphs(identity))) == whole
        ids, _, matrix = library.vectors()
        assert len(ids) == len(set(ids)) == len(matrix) == len(held) * whole[0]
        if found_by_text:
            assert len(acknowledged) >= 30  # so many were waited for
            for identity, name in acknowledged.items():
                hits = library.lexical.search(tokenize(f"{name}号"), None, 200)
                assert sum(hit.startswith(identity) for hit, _ in hits) >= 18
            with library._database.reading() as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
                connection.execute("INSERT INTO lexical (lexical) VALUES ('integrity-check')")
