from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.corpus.library import Library
from assistant.corpus.tokens import tokenize
from assistant.errors import IndexMismatch, LibraryError, ModelError
from assistant.types import Paragraph, Passage, Period, Report

Content = tuple[Report, list[Paragraph], list[Passage], np.ndarray]


def a_report(name: str, *texts: str, rules: str = "1", dimension: int = 3) -> Content:
    """Return a report of one passage a paragraph, with vectors that follow from the texts."""
    report = Report(name, f"{name}工作报告", "松北区", 2025, aliases=("哈尔滨新区", "新区"), delivered="2024-12-30")
    paragraphs = [
        Paragraph(f"{name}-{rules}-{n}", name, n, ("二、安排", "(一)"), text, Period("2025年", 2025, 2025), "target")
        for n, text in enumerate(texts)
    ]
    passages = [
        Passage(f"{each.id}-0", each.id, name, 0, len(each.text), each.text, f"松北区 › {each.text}")
        for each in paragraphs
    ]
    generator = np.random.default_rng(sum(map(ord, "".join(texts))))
    return report, paragraphs, passages, generator.standard_normal((len(texts), dimension)).astype(np.float32)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


def found(library: Library, question: str) -> list[str]:
    return [identity for identity, _ in library.lexical.search(tokenize(question), None, 50)]


def test_what_was_added_comes_back_the_same_after_a_new_start(tmp_path: Path) -> None:
    report, paragraphs, passages, vectors = a_report("aa", "地区生产总值增长5.5%。", "固定资产投资增长6%。")
    bare = Paragraph("aa-1-2", "aa", 2, (), "散句\x00\u2028\U0001f600")
    with Library.open(tmp_path / "library.db") as library:
        assert library.add(report, [*paragraphs, bare], passages, vectors, "e5")
    with Library.open(tmp_path / "library.db") as library:
        assert library.reports() == (report,)
        assert library.report("aa") == report
        assert library.paragraphs("aa") == (*paragraphs, bare)
        assert library.paragraph("aa-1-2") == bare
        assert library.passages_of("aa") == tuple(passages)
        assert library.passages(["aa-1-1-0", "unknown", "aa-1-0-0"]) == {p.id: p for p in reversed(passages)}
        ids, reports, matrix = library.vectors()
        assert (ids, reports) == (["aa-1-0-0", "aa-1-1-0"], ["aa", "aa"])
        assert matrix.dtype == np.float32
        np.testing.assert_array_equal(matrix, vectors)
        assert library.made_with("aa") == ("1", "e5")


def test_the_catalogue_is_ordered_by_region_and_year(library: Library) -> None:
    for name, region, year in [("c", "道里区", 2023), ("a", "松北区", 2025), ("b", "松北区", 2023)]:
        report = Report(name, "报告", region, year)
        library.add(report, [], [], np.empty((0, 3)), "e5")
    assert [report.id for report in library.reports()] == ["b", "a", "c"]


def test_the_same_report_again_changes_nothing_unless_it_is_replaced(library: Library) -> None:
    library.add(*a_report("aa", "甲方案"), "e5")
    state = library.state()
    assert not library.add(*a_report("aa", "乙方案", "丙方案"), "e5")
    assert (library.passage_count(), library.state()) == (1, state)
    assert library.add(*a_report("aa", "乙方案", "丙方案", rules="2"), "e5", replace=True)
    assert library.passage_count() == 2
    assert library.state() != state
    assert found(library, "甲方") == []
    assert found(library, "丙方") == ["aa-2-1-0"]


def test_the_state_depends_on_what_is_held_and_not_on_the_order_it_came_in(tmp_path: Path) -> None:
    with Library.open(tmp_path / "one.db") as one, Library.open(tmp_path / "two.db") as two:
        for name in ("aa", "bb"):
            one.add(*a_report(name, "文"), "e5")
        for name in ("bb", "aa"):
            two.add(*a_report(name, "文"), "e5")
        assert one.state() == two.state()
        two.replace_vectors("aa", np.ones((1, 3)), "other")
        assert one.state() != two.state()


def test_a_figure_is_found_whole_and_never_by_its_digits(library: Library) -> None:
    library.add(*a_report("aa", "地区生产总值增长5.5%。", "社会消费品零售总额增长5%。", "规上工业增长15.5%。"), "e5")
    assert found(library, "5.5%") == ["aa-1-0-0"]
    assert found(library, "5%") == ["aa-1-1-0"]
    assert library.lexical.document_frequency(["5.5%", "5%", "增长", "6%"]) == {"5.5%": 1, "5%": 1, "增长": 3, "6%": 0}


def test_lexical_search_ranks_scopes_and_limits(library: Library) -> None:
    library.add(*a_report("aa", "招商引资", "招商", "其他"), "e5")
    library.add(*a_report("bb", "招商引资大会"), "e5")
    every = library.lexical.search(tokenize("招商引资"), None, 10)
    assert [identity for identity, _ in every] == ["aa-1-0-0", "bb-1-0-0", "aa-1-1-0"]
    assert [score for _, score in every] == sorted((score for _, score in every), reverse=True)
    assert library.lexical.search(tokenize("招商引资"), ["bb"], 10) == [every[1]]
    assert library.lexical.search(tokenize("招商引资"), [], 10) == []
    assert library.lexical.search(tokenize("招商引资"), None, 1) == every[:1]
    assert library.lexical.search(tokenize("招商招商引资"), None, 10)[0][1] == pytest.approx(every[0][1])
    assert library.lexical.search([], None, 10) == []


HOSTILE = [
    '"',
    "'",
    "*",
    "a*",
    "^",
    "NEAR(",
    "AND",
    "a OR b",
    "a-b",
    "{x}:",
    "tokens:a",
    "\x00",
    "\ud800",
    "%",
    ".",
    ";--",
]


@pytest.mark.parametrize("token", HOSTILE)
def test_no_token_is_read_as_query_syntax(library: Library, token: str) -> None:
    library.add(*a_report("aa", "招商 a and b or near tokens"), "e5")
    assert library.lexical.search([token], None, 10) == []
    assert library.lexical.document_frequency([token]) == {token: 0}
    assert [identity for identity, _ in library.lexical.search([token, "招商", "招商"], None, 10)] == ["aa-1-0-0"]


def test_a_question_of_ten_thousand_characters_is_searched(library: Library) -> None:
    library.add(*a_report("aa", "招商引资"), "e5")
    tokens = tokenize("".join(chr(0x4E00 + n) for n in range(10_000)) + "。招商")
    assert [identity for identity, _ in library.lexical.search(tokens, None, 10)] == ["aa-1-0-0"]


NAMES = st.sampled_from(["aa", "bb", "cc"])
TEXTS = st.lists(st.text(alphabet="增长投资5.%元 ", min_size=1, max_size=6), max_size=3)
STEPS = st.lists(st.tuples(st.sampled_from(["add", "replace", "remove"]), NAMES, TEXTS), max_size=12)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_any_history_leaves_what_a_dictionary_would_hold(steps: list[tuple[str, str, list[str]]]) -> None:
    model: dict[str, Content] = {}
    with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder) / "library.db") as library:
        for action, name, texts in steps:
            content = a_report(name, *texts)
            if action == "remove":
                assert library.remove(name) == (model.pop(name, None) is not None)
            else:
                changes = action == "replace" or name not in model
                assert library.add(*content, "e5", replace=action == "replace") == changes
                model |= {name: content} if changes else {}
        _assert_holds(library, model)


def _assert_holds(library: Library, model: dict[str, Content]) -> None:
    passages = {passage.id: passage for _, _, each, _ in model.values() for passage in each}
    assert {report.id for report in library.reports()} == set(model)
    assert library.passages(passages) == passages
    assert library.passage_count() == len(passages)
    for name, (report, paragraphs, _, _) in model.items():
        assert library.report(name) == report
        assert library.paragraphs(name) == tuple(paragraphs)
    ids, _, matrix = library.vectors()
    stored = dict(zip(ids, matrix, strict=True))
    expected = {p.id: row for _, _, each, rows in model.values() for p, row in zip(each, rows, strict=True)}
    assert stored.keys() == expected.keys()
    assert all((stored[identity] == expected[identity]).all() for identity in expected)
    for term in ("增长", "5", "元"):
        holders = {identity for identity, passage in passages.items() if term in tokenize(passage.indexed)}
        assert {identity for identity, _ in library.lexical.search([term], None, 50)} == holders
        assert library.lexical.document_frequency([term]) == {term: len(holders)}


def test_ten_threads_adding_one_report_leave_one(library: Library) -> None:
    for turn in range(5):
        content = a_report(f"r{turn}", *(f"第{n}项增长{n}%" for n in range(20)))
        with ThreadPoolExecutor(10) as pool:
            additions = [pool.submit(library.add, *content, "e5") for _ in range(10)]
        added = [addition.result() for addition in additions]
        assert sorted(added) == [False] * 9 + [True]
    assert library.passage_count() == 100
    assert len(set(library.vectors()[0])) == 100


def test_adding_removing_and_asking_at_once_never_shows_half_a_report(library: Library) -> None:
    content = a_report("aa", *(f"增长{n}%" for n in range(30)))

    def change(turn: int) -> None:
        if turn % 2:
            library.remove("aa")
        else:
            library.add(*content, "e5")

    def ask(_: int) -> set[int]:
        return {
            len(library.lexical.search(["增长"], None, 50)),
            len(library.vectors()[0]),
            len(library.paragraphs("aa")),
        }

    with ThreadPoolExecutor(6) as pool:
        changes = pool.map(change, range(30))
        seen = set().union(*pool.map(ask, range(60)))
        list(changes)
    assert seen <= {0, 30}


def test_processes_that_start_at_once_make_one_library(tmp_path: Path) -> None:
    code = "import sys, pathlib; from assistant.corpus.library import Library; Library.open(pathlib.Path(sys.argv[1]))"
    arguments = [sys.executable, "-c", code, str(tmp_path / "home" / "library.db")]
    children = [subprocess.Popen(arguments, stderr=subprocess.PIPE) for _ in range(4)]
    assert [(child.communicate()[1], child.returncode) for child in children] == [(b"", 0)] * 4


def test_every_connection_commits_durably(library: Library) -> None:
    with library._database.writing() as first, library._database.reading() as second:
        for connection in (first, second):
            values = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "foreign_keys")]
            assert values == [2, 1]
            assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_a_removed_report_leaves_no_byte_of_its_text(library: Library) -> None:
    library.add(*a_report("keep", "保留的报告"), "e5")
    library.add(*a_report("gone", "zqxjkv 翡翠琉璃工程"), "e5")
    assert library.remove("gone")
    assert not library.remove("gone")
    assert (library.was_removed("gone"), library.was_removed("keep")) == (True, False)
    left = b"".join(file.read_bytes() for file in library.path.parent.iterdir())
    assert "保留".encode() in left
    for trace in ("翡翠", "zqxjkv", "gone-1"):
        assert trace.encode() not in left


def test_an_unknown_report_or_paragraph_is_refused_with_a_hint(library: Library) -> None:
    for ask in (library.report, library.paragraph):
        with pytest.raises(LibraryError, match="没有这个") as raised:
            ask("nowhere")
        assert raised.value.hint
    assert "nowhere" not in library
    assert library.paragraphs("nowhere") == ()


@pytest.mark.parametrize("bad", [np.ones((1, 3)), np.ones((2,)), np.array([[1.0], [np.nan]])])
def test_vectors_that_do_not_fit_are_refused_and_nothing_is_added(library: Library, bad: np.ndarray) -> None:
    report, paragraphs, passages, _ = a_report("aa", "甲", "乙")
    with pytest.raises(ModelError):
        library.add(report, paragraphs, passages, bad, "e5")
    assert library.reports() == ()


def test_a_report_that_fails_half_way_is_not_there(library: Library) -> None:
    report, paragraphs, passages, vectors = a_report("aa", "甲", "乙")
    with pytest.raises(LibraryError):
        library.add(report, paragraphs, [passages[0], passages[0]], vectors, "e5")
    assert library.reports() == ()
    assert (library.passage_count(), found(library, "松北")) == (0, [])


def test_vectors_of_two_models_are_never_mixed(library: Library) -> None:
    library.add(*a_report("aa", "甲"), "e5")
    library.add(*a_report("bb", "乙", dimension=5), "other")
    assert library.embedding_identities() == {"e5", "other"}
    with pytest.raises(IndexMismatch):
        library.vectors()
    library.replace_vectors("aa", np.ones((1, 5)), "other")
    assert library.vectors()[2].shape == (2, 5)


def test_an_empty_library_has_no_vectors(library: Library) -> None:
    ids, reports, matrix = library.vectors()
    assert (ids, reports, matrix.shape, library.reports()) == ([], [], (0, 0), ())


def _refusal(path: Path) -> LibraryError:
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(LibraryError) as raised:
        Library.open(path, wait_seconds=0.1)
    assert raised.value.hint
    assert (path.read_bytes() if path.is_file() else b"") == before
    return raised.value


def test_a_library_of_a_newer_version_is_refused_and_left_alone(library: Library) -> None:
    library.close()
    connection = sqlite3.connect(library.path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    assert "更新版本" in str(_refusal(library.path))


def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "library.db")
    connection.execute("CREATE TABLE theirs (a)")
    connection.close()
    assert "不是 zhengwen 的资料库" in str(_refusal(tmp_path / "library.db"))


@pytest.mark.parametrize("damage", ["text", "cut", "header"])
def test_a_damaged_library_is_refused_with_what_to_do(library: Library, damage: str) -> None:
    library.add(*a_report("aa", "增长" * 5000), "e5")
    library.close()
    whole = library.path.read_bytes()
    broken = {
        "text": "这不是数据库。".encode() * 500,
        "cut": whole[: len(whole) // 2],
        "header": b"x" * 50 + whole[50:],
    }
    library.path.write_bytes(broken[damage])
    error = _refusal(library.path)
    assert "已损坏" in str(error)
    assert "备份" in error.hint


def test_damage_met_while_reading_is_an_error_and_not_an_answer(library: Library) -> None:
    library.add(*a_report("aa", *("增长" * 400 for _ in range(40))), "e5")
    library.close()
    content = bytearray(library.path.read_bytes())
    schema = 4096 * 40  # the first pages hold the names of the tables; without them nothing can be opened
    content[schema:] = b"\xff" * (len(content) - schema)
    library.path.write_bytes(content)
    with Library.open(library.path) as opened:
        for ask in (lambda: opened.paragraphs("aa"), opened.vectors, lambda: opened.lexical.search(["增长"], None, 5)):
            with pytest.raises(LibraryError, match="已损坏"):
                ask()


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    assert "数据目录" in str(_refusal(tmp_path / "file" / "library.db"))
    assert "打不开" in str(_refusal(tmp_path / "folder"))


def test_a_library_that_another_program_keeps_locked_says_so(library: Library) -> None:
    other = sqlite3.connect(library.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Library.open(library.path, wait_seconds=0.1) as waiting:
        with pytest.raises(LibraryError, match="占用"):
            waiting.add(*a_report("aa", "甲"), "e5")
        assert waiting.reports() == ()
        other.execute("ROLLBACK")
        assert waiting.add(*a_report("aa", "甲"), "e5")
    other.close()


def test_a_closed_library_says_so(library: Library) -> None:
    library.close()
    with pytest.raises(LibraryError, match="关闭"):
        library.reports()


def test_a_copy_made_while_writing_opens_and_holds_the_same(library: Library, tmp_path: Path) -> None:
    library.add(*a_report("aa", "增长5.5%"), "e5")
    with library._database.reading() as connection:
        connection.execute("VACUUM INTO ?", (str(tmp_path / "copy.db"),))
    with Library.open(tmp_path / "copy.db") as copy:
        assert copy.state() == library.state()
        assert found(copy, "5.5%") == ["aa-1-0-0"]


FULL_DISK = """
import pathlib, resource, sys
sys.path.insert(0, sys.argv[2])
from assistant.corpus.library import Library
from assistant.errors import LibraryError
from test_library import a_report
library = Library.open(pathlib.Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
for n in range(1000):
    try:
        library.add(*a_report(f"r{n}", *("增长" * 400 for _ in range(20))), "e5")
    except LibraryError as error:
        print(n, error, error.hint)
        break
"""


def test_a_full_disk_is_named_and_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    arguments = [sys.executable, "-c", FULL_DISK, str(path), str(Path(__file__).parent)]
    said = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout
    acknowledged = int(said.split()[0])
    assert "磁盘" in said
    assert acknowledged >= 1
    with Library.open(path) as library:
        assert {report.id for report in library.reports()} == {f"r{n}" for n in range(acknowledged)}
        assert library.passage_count() == 20 * acknowledged
        assert library.add(*a_report("later", "甲"), "e5")
