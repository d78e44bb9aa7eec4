"""What readers say of answers is kept, beside the reports, in homes old and new."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from assistant.corpus import database
from assistant.corpus.feedback import LONGEST_NOTE, FeedbackBook
from assistant.corpus.library import Library
from assistant.types import Answer, Citation, Paragraph, Passage, Report, ReportRef, Retrieved

QUOTE = "地区生产总值增长5.5%"
REPORT = Report("aa", "2025年松北区政府工作报告", "松北区", 2025)


def an_answer(report: Report = REPORT, quote: str = QUOTE) -> Answer:
    cited = Citation(1, ReportRef.of(report), ("二、安排",), f"目标是:{quote}。", quote, f"{report.id}-1-0")
    return Answer("松北区2025年GDP目标是多少", "answered", f"{quote}〔1〕", (cited,))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.db"


@pytest.fixture
def book(path: Path) -> Iterator[FeedbackBook]:
    with FeedbackBook.open(path) as opened:
        yield opened


def test_feedback_comes_back_the_same_after_a_new_start(book: FeedbackBook, path: Path) -> None:
    given = book.add(an_answer(), ["GDP目标是多少"], good=False, reason="wrong_figure", note=" 应为\n6% ")
    liked = book.add(an_answer(), good=True, reason="incomplete")
    book.close()
    with FeedbackBook.open(path) as again:
        assert [(one.id, one.time, one.reason) for one in again.all()] == [
            (given.id, given.time, "wrong_figure"),
            (liked.id, liked.time, ""),
        ]
        kept = again.all()[0]
    assert (kept.question, kept.history, kept.verdict) == (an_answer().question, ("GDP目标是多少",), "answered")
    assert (kept.good, kept.note) == (False, "应为 6%")
    assert kept.answer["citations"][0]["quote"] == QUOTE
    assert kept.answer.keys() == asdict(an_answer()).keys()
    assert datetime.fromisoformat(kept.time).tzinfo is not None


def test_a_reason_nobody_knows_a_long_note_and_broken_characters_do_no_harm(book: FeedbackBook) -> None:
    book.add(an_answer(quote="\ud800"), ["\udfff"], good=False, reason="'; DROP TABLE feedback", note="长" * 9999)  # type: ignore[arg-type]
    (kept,) = book.all()
    assert (kept.reason, len(kept.note)) == ("other", LONGEST_NOTE)


def test_a_home_made_before_there_was_feedback_takes_it_and_keeps_its_reports(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_STEPS", database._STEPS[:1])
    monkeypatch.setattr(database, "SCHEMA", 1)
    Library.open(path).close()
    with closing(sqlite3.connect(path)) as older, older:
        columns = "id, title, region, report_year, kind, aliases, rules, embedding"
        kept = (REPORT.id, REPORT.title, REPORT.region, REPORT.report_year, REPORT.kind, "[]", "1", "tiny")
        older.execute(f"INSERT INTO report ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", kept)
    assert _tables_and_version(path) == (False, 1)
    monkeypatch.undo()
    with Library.open(path) as library:
        assert library.reports() == (REPORT,)
    assert _tables_and_version(path) == (True, database.SCHEMA)
    with FeedbackBook.open(path) as opened:
        opened.add(an_answer(), good=True)
        assert len(opened.all()) == 1


def test_two_starts_at_once_bring_an_older_home_up_to_date_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_STEPS", database._STEPS[:1])
    monkeypatch.setattr(database, "SCHEMA", 1)
    Library.open(path).close()
    monkeypatch.undo()
    with ThreadPoolExecutor(8) as starts:
        for opened in list(starts.map(lambda _: FeedbackBook.open(path), range(8))):
            opened.close()
    assert _tables_and_version(path) == (True, database.SCHEMA)


def test_a_removed_report_leaves_no_byte_in_the_feedback_either(book: FeedbackBook, path: Path) -> None:
    gone = Report("gone", "翡翠区工作报告", "翡翠区", 2025)
    _shelve(path, REPORT, QUOTE)
    _shelve(path, gone, "琉璃工程")
    listed = Retrieved(1, 1.0, "gone-1-0", "琉璃工程", ReportRef.of(gone))
    book.add(an_answer(gone, "琉璃工程"), good=True)
    book.add(Answer("问", "not_covered", "没有收录。", retrieved=(listed,)), good=True)
    kept = book.add(an_answer(), good=True)
    with Library.open(path) as library:
        assert library.remove("gone")
    assert [one.id for one in book.all()] == [kept.id]
    left = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert QUOTE.encode() in left
    for trace in ("琉璃", "翡翠"):
        assert trace.encode() not in left
        assert trace.encode("unicode_escape") not in left


def test_feedback_from_many_threads_is_all_kept(book: FeedbackBook) -> None:
    with ThreadPoolExecutor(8) as readers:
        ids = {one.id for one in readers.map(lambda _: book.add(an_answer(), good=True), range(40))}
    assert {one.id for one in book.all()} == ids
    assert len(ids) == 40


def _shelve(path: Path, report: Report, text: str) -> None:
    paragraph = Paragraph(f"{report.id}-1-0", report.id, 0, (), text)
    passage = Passage(f"{paragraph.id}-0", paragraph.id, report.id, 0, len(text), text, text)
    with Library.open(path) as library:
        assert library.add(report, [paragraph], [passage], np.ones((1, 3), np.float32), "e5")


def _tables_and_version(path: Path) -> tuple[bool, int]:
    connection = sqlite3.connect(path)
    try:
        tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'feedback'").fetchone()[0]
        return bool(tables), connection.execute("PRAGMA user_version").fetchone()[0]
    finally:
        connection.close()
