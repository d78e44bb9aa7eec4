"""`zhengwen eval` as a person or a build meets it: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.evaluation.files import read, write
from assistant.evaluation.metrics import judge
from tests.evaluation.samples import answer, evaluation, hostile, right, wrong

GOLD = Path(__file__).resolve().parents[2] / "seeds" / "questions.jsonl"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(seeded_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `zhengwen eval` in this process on the five seeds; give exit code, standard output and standard error."""
    monkeypatch.setenv("ZHENGWEN_HOME", str(seeded_home))

    def called(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["zhengwen", "eval", *map(str, arguments)])
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 0
        return code, *capsys.readouterr()

    return called


@pytest.mark.slow  # answering/test_gold.py holds every change to the same marks
def test_the_seeds_keep_what_is_required_of_every_change(run: Run, tmp_path: Path) -> None:
    required = ("--require", "answer_right>=0.95", "--require", "unsupported_numbers<=0")
    code, out, errors = run("--gold", GOLD, "--out", tmp_path, *required)
    assert code == 0, errors
    assert "未达到" not in errors
    assert "回答测试题" in errors
    figures = dict(line.split("\t")[1:3] for line in out.splitlines() if line.count("\t") == 4)
    scorecard = json.loads((tmp_path / "scorecard.json").read_text("utf-8"))
    assert scorecard["overall"].keys() < figures.keys()
    assert figures["unsupported_number_rate"] == "0.0%"
    assert len(read(tmp_path).judged) == len(GOLD.read_text("utf-8").splitlines())


def test_a_missed_requirement_ends_with_one_and_a_line_for_each_miss(run: Run, tmp_path: Path) -> None:
    required = ("--require", "answer_right>1", "--require", "recall@10>=0", "--require", "p50_seconds<0")
    code, _, errors = run("--gold", GOLD, "--out", tmp_path, "--limit", "2", *required)
    assert code == 1
    missed = [line for line in errors.splitlines() if line.startswith("未达到")]
    assert [line.split("：")[0] for line in missed] == ["未达到 answer_right>1", "未达到 p50_seconds<0"]
    assert (tmp_path / "report.html").is_file()


def test_a_bad_line_is_named_by_file_and_number_and_the_rest_is_asked(run: Run, tmp_path: Path) -> None:
    gold = tmp_path / "mine.jsonl"
    first, second = GOLD.read_text("utf-8").splitlines()[:2]
    gold.write_text(f"{first}\n{{broken\n{second}\n", "utf-8")
    code, _, errors = run("--gold", gold, "--out", tmp_path / "out")
    assert code == 0
    assert [line for line in errors.splitlines() if line.startswith("mine.jsonl:2: ")]
    assert len(read(tmp_path / "out").judged) == 2


def test_several_gold_files_make_one_evaluation(run: Run, tmp_path: Path) -> None:
    lines = GOLD.read_text("utf-8").splitlines()[:2]
    for name, line in zip("ab", lines, strict=True):
        (tmp_path / f"{name}.jsonl").write_text(line + "\n", "utf-8")
    code, _, _ = run("--gold", tmp_path / "a.jsonl", "--gold", tmp_path / "b.jsonl", "--out", tmp_path / "out")
    written = read(tmp_path / "out")
    assert (code, len(written.judged)) == (0, 2)
    assert [one["file"] for one in written.scorecard["what"]["gold"]] == ["a.jsonl", "b.jsonl"]


def test_an_unknown_metric_is_an_error_before_anything_is_asked(run: Run, tmp_path: Path) -> None:
    code, out, errors = run("--gold", GOLD, "--out", tmp_path / "out", "--require", "accuracy>=0.9")
    assert (code, out) == (1, "")
    assert "accuracy" in errors
    assert "answer_right" in errors
    assert not (tmp_path / "out").exists()


def test_a_missing_gold_file_is_an_error_in_words(run: Run, tmp_path: Path) -> None:
    code, out, errors = run("--gold", tmp_path / "none.jsonl", "--out", tmp_path / "out")
    assert (code, out) == (1, "")
    assert errors.startswith("错误：")


@pytest.mark.parametrize(
    "given", [(), ("--gold", GOLD), ("--out", "x"), ("--gold", GOLD, "--out", "x", "--limit", "0")]
)
def test_a_call_without_what_it_needs_ends_with_two(run: Run, given: tuple[str, ...]) -> None:
    code, out, errors = run(*given)
    assert (code, out) == (2, "")
    assert "Traceback" not in errors


def test_two_evaluations_are_compared_and_what_flipped_is_shown_side_by_side(run: Run, tmp_path: Path) -> None:
    write(evaluation([right(1), wrong(2), right(3)]), tmp_path / "a")
    write(evaluation([right(1), right(2), wrong(3)]), tmp_path / "b")
    code, out, errors = run("compare", tmp_path / "a", tmp_path / "b")
    assert (code, errors) == (0, "")
    row = next(line for line in out.splitlines() if "\tanswer_right\t" in line).split("\t")
    assert row[2:5] == ["66.7%", "66.7%", "0.0%"]
    assert row[6:] == ["1.000", "McNemar", "3"]
    gained, lost = out.split("A 错 B 对：1 道")[1].split("A 对 B 错：1 道")
    assert "q 2" in gained
    assert gained.index("8.5%") < gained.index("5.5%")
    assert "q 3" in lost


def test_a_comparison_of_different_questions_says_how_many_are_common(run: Run, tmp_path: Path) -> None:
    write(evaluation([right(1), right(2)]), tmp_path / "a")
    write(evaluation([right(2), right(3), right(4)]), tmp_path / "b")
    code, _, errors = run("compare", tmp_path / "a", tmp_path / "b")
    assert code == 0
    assert "只比较相同的 1 道" in errors
    assert "只在 A 里 1 道、只在 B 里 2 道" in errors


def test_a_hostile_answer_cannot_write_to_the_screen_or_break_its_row(run: Run, tmp_path: Path) -> None:
    hostile_wrong = hostile(1)
    mended = answer(hostile_wrong.gold)
    write(evaluation([hostile_wrong]), tmp_path / "a")
    write(evaluation([judge(hostile_wrong.gold, mended, 0.1)]), tmp_path / "b")
    code, out, _ = run("compare", tmp_path / "a", tmp_path / "b")
    assert code == 0
    assert not set("\x1b\u202e\u2028") & set(out)
    assert len(out.split("A 错 B 对：1 道\n")[1].split("\n\n")[0].splitlines()) == 2


def test_what_cannot_be_compared_is_refused_with_a_hint(run: Run, tmp_path: Path) -> None:
    write(evaluation([right(1)]), tmp_path / "a")
    write(evaluation([right(2)]), tmp_path / "b")
    for other in ("b", "nothing"):
        code, out, errors = run("compare", tmp_path / "a", tmp_path / other)
        assert (code, out) == (1, "")
        assert "提示：" in errors
