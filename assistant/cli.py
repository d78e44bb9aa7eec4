"""The command `zhengwen`. Results go to standard output, everything else to standard error; nothing heavy loads for help."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Annotated

import typer

from assistant import __version__
from assistant.cli_access import audit_app, keys_app
from assistant.cli_corrections import app as corrections_app
from assistant.cli_doctor import doctor
from assistant.cli_eval import app as eval_app
from assistant.cli_explain import explain
from assistant.cli_facts import facts
from assistant.cli_feedback import app as feedback_app
from assistant.cli_indicators import indicators
from assistant.cli_keeping import backup, export, restore
from assistant.cli_reports import app as reports_app
from assistant.cli_reports import ingest, remove
from assistant.errors import QuestionError, StorageError, ZhengwenError
from assistant.json_lines import as_json_line
from assistant.types import Answer, Turn

app = typer.Typer(
    add_completion=False,  # it would offer to edit the user's shell files
    context_settings={"help_option_names": ["-h", "--help"]},
    help="政问：问政府工作报告，每句话、每个数字都有出处。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # `main` says what went wrong
    rich_markup_mode=None,  # plain help is twice as quick
)
app.add_typer(reports_app, name="reports")
app.command()(ingest)
app.command()(remove)
app.add_typer(eval_app, name="eval")
app.add_typer(feedback_app, name="feedback")
app.add_typer(corrections_app, name="corrections")
app.add_typer(keys_app, name="keys")
app.add_typer(audit_app, name="audit")
app.command()(facts)
app.command()(indicators)
app.command()(explain)
app.command()(doctor)
app.command()(backup)
app.command()(restore)
app.command()(export)

JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON，每行一个对象。")]


def main() -> None:
    """Run the command line: exit code 1 after an error, 2 after a wrong call, 130 after Ctrl-C."""
    # Taken out of the environment because a setting of that name does not exist.
    debug = os.environ.pop("ZHENGWEN_DEBUG", "") not in ("", "0")
    _accept_any_text()
    try:
        try:
            app(prog_name="zhengwen")
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # The reader of the pipe has left; Python's own flush at exit must not complain either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # the last door: everything becomes one sentence here
        if debug:
            raise
        _report(error)
        sys.exit(1)


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="显示版本号。")] = False,
) -> None:
    if version:
        typer.echo(f"zhengwen {__version__}")
        raise typer.Exit


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="问题；配合 --json 写成 - 时，从标准输入每行读一个问题。")],
    as_json: JsonOption = False,
) -> None:
    """回答一个问题，并列出所依据的原文。"""
    from assistant.terminal import opened
    from assistant.web.api.types import LabelledAnswer

    if question == "-":
        if not as_json:
            raise QuestionError("从标准输入读问题时要用 JSON 输出。", "请用 zhengwen ask --json - < questions.txt")
        with opened() as assistant:
            assistant.warm_up()
            failed = answer_lines(sys.stdin.buffer, assistant.ask, _write_line)
        if failed:
            typer.echo(f"{failed} 行没有答出，原因见各行的 error。", err=True)
        return
    with opened() as assistant:
        assistant.warm_up()
        answer = assistant.ask(question)
    if as_json:
        _write_line(as_json_line(asdict(LabelledAnswer.of(answer))))
        return
    from assistant.terminal import open_console, show_answer

    show_answer(answer, open_console())


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="要找的内容。")],
    as_json: JsonOption = False,
    limit: Annotated[int, typer.Option("-k", "--limit", min=1, max=50, help="最多几段。")] = 10,
) -> None:
    """查找相关的段落，列出得分和出处。"""
    from assistant.terminal import opened
    from assistant.web.api.types import FoundPassage

    with opened() as assistant:
        found = assistant.search(query, limit)
    if as_json:
        for evidence in found:
            _write_line(as_json_line(asdict(FoundPassage.of(evidence))))
        return
    from assistant.terminal import open_console, show_evidence

    show_evidence(found, open_console())


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="监听的地址，默认 127.0.0.1。")] = None,
    port: Annotated[int | None, typer.Option(help="监听的端口，默认 7860。")] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="几个进程；多于一个时只提供接口，不含网页。")] = 1,
) -> None:
    """打开问答网页，同时提供接口。"""
    from assistant.access.logs import write_json_lines
    from assistant.assembly import open_feedback
    from assistant.settings import load_settings
    from assistant.terminal import opened
    from assistant.web.server.app import serve as serve_page
    from assistant.web.server.app import serve_programs

    given = {"host": host, "port": port}
    settings = load_settings(**{key: value for key, value in given.items() if value is not None})
    write_json_lines()
    if workers > 1:
        with opened(settings):  # the seeds and the index are made once, before several processes look for them
            pass
        serve_programs(settings, workers)
        return
    with opened(settings) as assistant, open_feedback(settings) as book:
        serve_page(assistant, settings, book)


@app.command()
def mcp() -> None:
    """作为 MCP 工具，从标准输入输出回答智能体的问题。"""
    import asyncio

    from assistant.access.logs import write_json_lines
    from assistant.settings import load_settings
    from assistant.terminal import opened
    from assistant.web.server.service import create_desk, serve_tools

    settings = load_settings()
    write_json_lines()
    with opened(settings) as assistant:
        asyncio.run(serve_tools(create_desk(assistant, settings)))


def answer_lines(
    lines: Iterable[bytes], ask_one: Callable[[str, tuple[Turn, ...]], Answer], write: Callable[[str], None]
) -> int:
    """Answer one question a line and write one JSON object a line, in order; return how many could not be answered.

    A line that cannot be answered gives `{"line", "error", "hint"}`, and the rest goes on.
    """
    from assistant.web.api.types import LabelledAnswer

    failed = 0
    for number, line in enumerate(lines, 1):
        try:
            answer = asdict(LabelledAnswer.of(ask_one(*read_question(line))))
        except ZhengwenError as error:
            failed += 1
            answer = {"line": number, "error": error.located, "hint": error.hint}
        write(as_json_line(answer))
    return failed


def read_question(line: bytes) -> tuple[str, tuple[Turn, ...]]:
    """Read a line as a question, or as the object `{"question": …, "history": [earlier questions]}`.

    Other keys of the object are passed over, so that a file of gold questions can be given as it is. Raises `QuestionError`.
    """
    try:
        text = line.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise QuestionError("这一行不是 UTF-8 文字。", "请把输入转成 UTF-8 编码。") from error
    if not text.startswith("{"):
        return text, ()
    hint = '写法：{"question": "…", "history": ["先前的问题"]}'
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise QuestionError("这一行以 { 开头，但不是完整的 JSON 对象。", hint) from error
    question, history = given.get("question"), given.get("history") or []
    if not isinstance(question, str):
        raise QuestionError("这一行没有 question，或者它不是文字。", hint)
    if not isinstance(history, list) or not all(isinstance(earlier, str) for earlier in history):
        raise QuestionError("这一行的 history 不是由问题组成的列表。", hint)
    return question, tuple(map(Turn, history))


def _write_line(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _accept_any_text() -> None:
    """Write UTF-8 whatever the locale, and a lone surrogate as its escape, which JSON reads back."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]


def _report(error: Exception) -> None:
    from assistant.terminal import open_console, show_error
    from embeddings import EmbeddingError

    console = open_console(stderr=True)
    if isinstance(error, OSError):
        error = StorageError.of(error)
    if isinstance(error, ZhengwenError):
        show_error(error.located, error.hint, console)
    elif isinstance(error, EmbeddingError):
        show_error(str(error), error.hint, console)
    else:
        sentence = f"程序出了意料之外的错误（{type(error).__name__}：{error}）。"
        show_error(sentence, "设置 ZHENGWEN_DEBUG=1 再运行一次，可以看到详细经过。", console)
