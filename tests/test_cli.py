"""The command line as a person or a script meets it: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import asdict, replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from assistant.cli import answer_lines, read_question
from assistant.errors import QuestionError
from assistant.json_lines import as_json_line
from assistant.terminal import show_answer, show_evidence, show_reports
from assistant.types import Answer, Citation, Evidence, Figure, Paragraph, Passage, Report, ReportRef, Turn

HEAVY = ("chromadb", "fastapi", "gradio", "langchain", "langchain_core", "numpy", "sentence_transformers", "torch")
ESCAPE = "\x1b"

REPORT = Report("8fabc22ccca2c171", "2025年松北区政府工作报告", "松北区", 2025)
QUOTE = "地区生产总值增长5.5%规模以上工业增加值增长6%"
PARAGRAPH = Paragraph(
    "8fabc22ccca2c171-1-7", REPORT.id, 7, ("二、2025年工作安排", "主要目标"), f"2025年主要预期目标是:{QUOTE}。"
)
PASSAGE = Passage(PARAGRAPH.id + "-0", PARAGRAPH.id, REPORT.id, 0, len(PARAGRAPH.text), PARAGRAPH.text, PARAGRAPH.text)
ANSWER = Answer(
    question="松北区2025年GDP目标是多少",
    verdict="answered",
    answer="松北区2025年地区生产总值预期目标：增长5.5%〔1〕",
    citations=(Citation(1, ReportRef.of(REPORT), PARAGRAPH.headings, PARAGRAPH.text, QUOTE, PARAGRAPH.id),),
    figures=(Figure("5.5%", 5.5, "%", None, "地区生产总值", "target", "2025年", 1, "verified"),),
    seconds=0.021,
    understood="松北区 · 2025年 · 地区生产总值 · 目标",
)


def run(*arguments: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `zhengwen` in a child, its home being the test's own unless `environment` names another."""
    done = subprocess.run(
        [sys.executable, "-m", "assistant", *arguments],
        input=stdin,
        capture_output=True,
        env={**os.environ, **environment},
        timeout=120,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def run_with(command: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `zhengwen planted`, a command whose body is `command`."""
    program = f"import sys\nfrom assistant import cli\n@cli.app.command()\ndef planted():\n    {command}\ncli.main()\n"
    return subprocess.run(
        [sys.executable, "-c", program, "planted", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=60,
    )


def shown(answer: Answer, *, width: int = 80, terminal: bool = False) -> str:
    out = StringIO()
    console = Console(file=out, width=width, force_terminal=terminal, highlight=False, markup=False, emoji=False)
    console.soft_wrap = not terminal
    show_answer(answer, console)
    return out.getvalue()


@pytest.mark.parametrize(
    "command", [[], ["ask"], ["search"], ["reports"], ["ingest"], ["serve"], ["doctor"], ["backup"]]
)
def test_help_names_what_there_is_and_loads_nothing_heavy(command: list[str]) -> None:
    look = (
        f"import sys; from assistant.cli import app; sys.argv = ['zhengwen', *{command}, '--help']\n"
        f"try: app()\nfinally: print(*sorted(set({HEAVY}) & set(sys.modules)), file=sys.stderr)"
    )
    helped = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert helped.stderr.split() == []
    for word in ["--json"] if command == ["ask"] else [] if command else ["ask", "search", "reports", "ingest"]:
        assert word in helped.stdout


def test_the_version_is_one_line() -> None:
    assert run("--version").stdout == "zhengwen 0.1.0\n"


def test_a_wrong_call_ends_with_two_and_no_traceback() -> None:
    for wrong in (["ask"], ["search", "x", "-k", "0"], ["serve", "--port", "x"], ["nothing"]):
        done = run(*wrong)
        assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (2, "", False), wrong


def test_an_error_is_one_line_and_a_hint_on_standard_error() -> None:
    done = run("ask", "-")
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r"错误：.+\n提示：.+--json -.+\n", done.stderr)


def test_an_unexpected_error_is_one_sentence_and_says_how_to_see_more() -> None:
    done = run_with("raise LookupError('[red]x')")
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r"错误：.*LookupError：\[red\]x.*\n提示：.*ZHENGWEN_DEBUG=1.*\n", done.stderr)
    assert "Traceback" in run_with("raise LookupError('x')", ZHENGWEN_DEBUG="1").stderr


def test_a_broken_settings_file_and_a_home_that_is_a_file_are_one_true_sentence_each(tmp_path: Path) -> None:
    (tmp_path / "zhengwen.toml").write_text("top_k = 5\nllm = none\n")
    done = run("reports", ZHENGWEN_HOME=str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r"错误：设置文件 \S+zhengwen.toml 第 2 行写法不对。\n提示：.+\n", done.stderr)
    done = run("corrections", "list", ZHENGWEN_HOME=str(tmp_path / "zhengwen.toml"))
    assert re.fullmatch(r"错误：数据目录的位置上是一个文件：.+\n提示：.+ZHENGWEN_HOME.+\n", done.stderr)


def test_a_full_disk_and_an_index_that_fails_are_told_as_what_they_are() -> None:
    done = run_with("raise OSError(28, 'No space left on device', '/data/x')")
    assert re.fullmatch(r"错误：磁盘已满：/data/x\n提示：.+\n", done.stderr)
    done = run_with("from embeddings import IndexDamaged; raise IndexDamaged('向量索引坏了。')")
    assert re.fullmatch(r"错误：向量索引坏了。\n提示：.+\n", done.stderr)


def test_the_debug_switch_is_not_taken_for_a_setting() -> None:
    done = run_with("from assistant.settings import load_settings; load_settings()", ZHENGWEN_DEBUG="1")
    assert (done.returncode, done.stderr) == (0, "")


def test_an_interrupt_ends_with_130_and_no_traceback() -> None:
    heeds = "signal.signal(signal.SIGINT, signal.default_int_handler)"  # a shell's background job ignores it, and so do its children
    done = run_with(f"import os, signal, time; {heeds}; os.kill(os.getpid(), signal.SIGINT); time.sleep(5)")
    assert (done.returncode, "Traceback" in done.stderr) == (130, False)


def test_a_reader_that_leaves_the_pipe_hears_no_complaint() -> None:
    for body in ("[cli._write_line('x' * 99) for _ in range(9999)]", "sys.stdout.write('x')"):
        program = f"import sys\nfrom assistant import cli\n@cli.app.command()\ndef planted():\n    {body}\ncli.main()\n"
        with subprocess.Popen(
            [sys.executable, "-c", program, "planted"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as child:
            assert child.stdout
            assert child.stderr
            child.stdout.close()
            assert child.stderr.read() == b""
        assert child.returncode == 1


def test_lines_are_answered_in_order_and_a_bad_one_stops_no_other() -> None:
    asked: list[tuple[str, tuple[Turn, ...]]] = []

    def ask_one(question: str, history: tuple[Turn, ...]) -> Answer:
        asked.append((question, history))
        if not question:
            raise QuestionError("问题是空的。", "请写下要问的事。")
        return replace(ANSWER, question=question)

    lines = [
        "\ufeff第一问\r\n".encode(),
        '{"question": "那2023年呢", "history": ["松北区2025年GDP目标是多少"], "kind": "target"}\n'.encode(),
        b"\n",
        b'{"question": \n',
        b'{"history": []}\n',
        b'{"question": "x", "history": "y"}\n',
        "问".encode("gbk") + b"\n",
        b"{" * 99_999,
        b'{"question": "\\ud800"}',
    ]
    written: list[str] = []
    assert answer_lines(lines, ask_one, written.append) == 6
    assert asked == [
        ("第一问", ()),
        ("那2023年呢", (Turn("松北区2025年GDP目标是多少"),)),
        ("", ()),
        ("\ud800", ()),
    ]
    objects = [json.loads(line) for line in written]
    assert [found.get("line") for found in objects] == [None, None, 3, 4, 5, 6, 7, 8, None]
    assert all(found["error"] and found["hint"] for found in objects if "line" in found)
    assert objects[1]["question"] == "那2023年呢"


def test_a_line_that_is_json_but_no_object_is_a_question() -> None:
    assert read_question(b'"GDP"') == ('"GDP"', ())


def test_the_json_object_has_the_promised_fields() -> None:
    line = as_json_line(asdict(ANSWER))
    found = json.loads(line)
    assert "松北区" in line
    assert list(found) == [
        *("question", "verdict", "answer", "citations", "figures", "retrieved", "seconds", "model", "settings"),
        *("understood", "suggestions", "standalone", "alternatives", "notice", "writing", "decided_by"),
    ]
    assert list(found["citations"][0]) == [
        *("number", "report", "headings", "paragraph", "quote", "paragraph_id", "pages", "doubtful"),
    ]
    assert list(found["citations"][0]["report"]) == ["id", "title", "region", "report_year"]
    assert list(found["figures"][0]) == [
        *("text", "value", "unit", "hedge", "indicator", "role", "period", "citation", "status", "doubtful"),
    ]


def test_an_object_is_one_line_whatever_is_in_it() -> None:
    text = "a\nb\x85c\u2028d\u2029e\x1cf"
    line = as_json_line({"answer": text})
    assert len(line.splitlines()) == 1
    assert json.loads(line) == {"answer": text}


def test_a_lone_surrogate_reaches_standard_output_as_its_escape() -> None:
    done = run_with(r"cli._write_line(cli.as_json_line({'question': '\ud800'}))", LC_ALL="C", PYTHONUTF8="0")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"question": "\ud800"})


def test_an_answer_in_a_pipe_is_plain_and_its_lines_are_whole() -> None:
    text = shown(replace(ANSWER, suggestions=("松北区2023年GDP目标是多少",)), width=30)
    assert ESCAPE not in text
    assert text.splitlines() == [
        "松北区2025年地区生产总值预期目标：增长5.5%〔1〕",
        "",
        "依据",
        "〔1〕《2025年松北区政府工作报告》",
        "    二、2025年工作安排 › 主要目标",
        f"    {QUOTE}",
        "",
        "可以这样问",
        "  · 松北区2023年GDP目标是多少",
        "",
        "报告原文摘录",
        "理解为：松北区 · 2025年 · 地区生产总值 · 目标 · 0.02 秒 · reader",
    ]


def test_on_a_terminal_lines_fit_and_the_figure_stands_out() -> None:
    text = shown(ANSWER, width=30, terminal=True)
    assert re.search(r"\x1b\[1;32m5\.5%\x1b\[0m〔1〕|\x1b\[1;32m5\.5%\x1b\[0m\x1b\[36m〔1〕", text)
    assert text.count("\x1b[1;32m5.5%") == 2, "in the answer and in the quoted sentence, and 6% nowhere"
    assert max(cell_len(re.sub(r"\x1b\[[\d;]*m", "", line)) for line in text.splitlines()) <= 30


def test_text_from_a_report_cannot_steer_the_terminal_nor_style_itself() -> None:
    hostile = "\x1b[2J\x9b31m[bold]增长\u202e5.5%\x07"
    citation = replace(ANSWER.citations[0], quote=hostile, paragraph=hostile, headings=(hostile,))
    text = shown(replace(ANSWER, answer=hostile, citations=(citation,), suggestions=(hostile,), understood=hostile))
    assert not set("\x1b\x9b\x07\u202e") & set(text)
    assert text.count("[bold]增长5.5%") == 5


def test_passages_are_shown_with_their_scores_and_where_they_stand() -> None:
    out = StringIO()
    console = Console(file=out, soft_wrap=True, highlight=False)
    show_evidence(
        [Evidence(1, 1.25, PASSAGE, PARAGRAPH, replace(REPORT, title="主要任务"), dense=0.87, lexical=12.3)], console
    )
    assert out.getvalue().splitlines() == [
        " 1. 松北区 2025年 《主要任务》  1.250 · 语义 0.870 · 词面 12.30",
        "    二、2025年工作安排 › 主要目标",
        f"    {PARAGRAPH.text}",
    ]
    show_evidence([], console)
    assert "没有找到" in out.getvalue()


def test_the_catalogue_in_a_pipe_is_one_tab_separated_line_a_report() -> None:
    out = StringIO()
    show_reports([REPORT, replace(REPORT, report_year=2023)], Console(file=out, soft_wrap=True, highlight=False))
    assert [line.split("\t")[:2] for line in out.getvalue().splitlines()] == [["松北区", "2023"], ["松北区", "2025"]]


def test_a_question_is_answered_with_its_passage(seeded_home: Path) -> None:
    done = run("ask", ANSWER.question, ZHENGWEN_HOME=str(seeded_home))
    assert (done.returncode, done.stderr) == (0, "")
    assert "5.5%〔1〕" in done.stdout
    assert re.search(r"^〔1〕.*2025年.*松北区", done.stdout, re.MULTILINE)


def test_many_questions_give_one_object_a_line(seeded_home: Path) -> None:
    lines = ["松北区2025年GDP目标是多少", "", '{"question": "那2023年呢", "history": ["松北区2025年GDP目标是多少"]}']
    done = run("ask", "--json", "-", stdin="\n".join(lines).encode(), ZHENGWEN_HOME=str(seeded_home))
    first, second, third = map(json.loads, done.stdout.splitlines())
    assert done.returncode == 0
    assert first["verdict"] == third["verdict"] == "answered"
    assert "5.5%" in first["answer"]
    assert "6.5%" in third["answer"]
    assert (second["line"], bool(second["error"])) == (2, True)
    assert "1 行没有答出" in done.stderr


def test_search_and_reports_write_one_object_a_line(seeded_home: Path) -> None:
    home = str(seeded_home)
    found = _objects(run("search", "营商环境", "--json", "-k", "3", ZHENGWEN_HOME=home))
    assert [each["rank"] for each in found] == [1, 2, 3]
    assert list(found[0]) == [
        *("rank", "score", "dense", "lexical", "passage_id", "paragraph_id", "headings", "text", "report"),
        "pages",
    ]
    held = _objects(run("reports", "--json", ZHENGWEN_HOME=home))
    assert {each["region"] for each in held} == {"松北区", "南岗区", "道里区", "呼兰区"}


def test_a_file_that_is_no_report_is_refused_by_name(seeded_home: Path, tmp_path: Path) -> None:
    stranger = tmp_path / "诗.txt"
    stranger.write_text("床前明月光，疑是地上霜。", "utf-8")
    done = run("ingest", str(stranger), str(tmp_path / "没有.txt"), ZHENGWEN_HOME=str(seeded_home))
    assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (1, "", False)
    assert "诗.txt：" in done.stderr
    assert "没有.txt：" in done.stderr


@pytest.mark.slow
def test_the_first_command_on_an_empty_home_takes_in_the_seeds_by_itself(tmp_path: Path) -> None:
    done = run("reports", "--json", ZHENGWEN_HOME=str(tmp_path / "new"))
    assert len(_objects(done)) == 5
    assert done.stderr, "progress belongs on standard error"


def _objects(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
