"""`zhengwen feedback export`: what readers said becomes candidates for gold questions."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.corpus.feedback import FeedbackBook
from assistant.evaluation.candidates import gold_candidates
from assistant.evaluation.gold import load_gold
from assistant.types import Answer, Citation, Figure, ReportRef

SONGBEI = ReportRef("aa", "2025年松北区政府工作报告", "松北区", 2025)
QUOTE = "地区生产总值增长5.5%"
QUESTION = "松北区2025年GDP目标是多少"
ANSWER = Answer(
    QUESTION,
    "answered",
    "松北区2025年地区生产总值预期目标：增长5.5%〔1〕",
    (Citation(1, SONGBEI, ("二、安排",), f"主要目标是:{QUOTE}。", QUOTE, "aa-1-0"),),
    (Figure("5.5%", 5.5, "%", None, "地区生产总值", "target", "2025年", 1, "verified"),),
)
REFUSED = Answer("香坊区2025年GDP目标是多少", "not_covered", "没有收录香坊区的报告。")


def export(file: Path, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant", "feedback", "export", str(file)],
        capture_output=True,
        env={**os.environ, "ZHENGWEN_HOME": str(home), "PYTHONUTF8": "1"},
        timeout=60,
        encoding="utf-8",
    )


@pytest.fixture
def book(tmp_path: Path) -> FeedbackBook:
    return FeedbackBook.open(tmp_path / "library.db")


def test_feedback_is_exported_as_gold_that_can_be_read(book: FeedbackBook, tmp_path: Path) -> None:
    book.add(ANSWER, ["GDP目标是多少"], good=True)
    book.add(ANSWER, good=False, reason="wrong_figure", note="应为6%\u2028<b>")
    book.add(REFUSED, good=True)
    book.close()
    done = export(tmp_path / "gold.jsonl", tmp_path)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "导出 3 道" in done.stderr
    praised, wrong, refused = map(json.loads, (tmp_path / "gold.jsonl").read_text("utf-8").splitlines())
    assert (praised["kind"], praised["district"], praised["year"]) == ("target", "松北区", 2025)
    assert praised["answer"] == "松北区2025年地区生产总值预期目标：增长5.5%"
    assert (praised["must_include"], praised["history"]) == (["5.5%"], ["GDP目标是多少"])
    assert praised["evidence"] == [{"file": None, "quote": QUOTE}]
    assert praised["tags"] == ["feedback", "needs_review", "good"]
    assert (wrong["answer"], wrong["must_include"]) == ("应为6%\u2028<b>".replace("\u2028", " "), [])
    assert wrong["tags"] == ["feedback", "needs_review", "wrong_figure"]
    assert (refused["kind"], refused["evidence"]) == ("unanswerable", [])
    gold = load_gold([tmp_path / "gold.jsonl"])
    assert gold.problems == ()
    assert [question.question for question in gold.questions] == [QUESTION, QUESTION, REFUSED.question]
    assert gold.questions[0].evidence[0].quote == QUOTE


@pytest.mark.parametrize(
    ("reason", "kind", "quotes"),
    [
        ("should_refuse", "unanswerable", 0),
        ("wrong_citation", "target", 0),
        ("wrong_figure", "target", 1),
        ("incomplete", "target", 1),
    ],
)
def test_the_reason_decides_what_is_expected(book: FeedbackBook, reason: str, kind: str, quotes: int) -> None:
    book.add(ANSWER, good=False, reason=reason)  # type: ignore[arg-type]
    (candidate,) = gold_candidates(book.all())
    assert (candidate["kind"], len(candidate["evidence"])) == (kind, quotes)
    book.close()


def test_of_equal_judgements_the_last_counts(book: FeedbackBook) -> None:
    for note in ("应为6%", "应为6.5%"):
        book.add(ANSWER, good=False, reason="wrong_figure", note=note)
    book.add(ANSWER, good=True)
    assert gold_candidates(book.all())[0]["answer"] == "应为6.5%"
    assert len(gold_candidates(book.all())) == 2
    book.close()


def test_a_file_that_is_there_is_not_overwritten(book: FeedbackBook, tmp_path: Path) -> None:
    book.add(ANSWER, good=True)
    book.close()
    reviewed = tmp_path / "reviewed.jsonl"
    reviewed.write_text("mine\n")
    done = export(reviewed, tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "已经有了" in done.stderr
    assert "换一个文件名" in done.stderr
    assert reviewed.read_text() == "mine\n"
    assert export(tmp_path / "none" / "x.jsonl", tmp_path).returncode == 1


def test_without_feedback_the_export_is_empty(tmp_path: Path) -> None:
    done = export(tmp_path / "gold.jsonl", tmp_path / "new home")
    assert done.returncode == 0
    assert "导出 0 道" in done.stderr
    assert (tmp_path / "gold.jsonl").read_text() == ""
