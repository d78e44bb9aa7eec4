"""The command `zhengwen feedback export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.errors import ZhengwenError
from assistant.json_lines import as_json_line

app = typer.Typer(
    context_settings={"help_option_names": ["-h", "--help"]},
    help="网页上收到的评价（👍、👎）。",
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help is twice as quick
)


class CannotExport(ZhengwenError):
    """The file of candidates cannot be written."""


@app.callback()
def _root() -> None:
    """Keep `export` a command of its own, though it is the only one."""


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="写到哪个文件（JSONL），不能是已有的文件。", metavar="FILE.jsonl")],
) -> None:
    """把评价导出成待审的测试题，每行一道；审过以后可以用来评测。"""
    from assistant.access.audit import AuditLog
    from assistant.access.callers import at_terminal
    from assistant.assembly import open_feedback
    from assistant.evaluation.candidates import gold_candidates
    from assistant.settings import load_settings

    settings = load_settings()
    with open_feedback(settings) as book:
        candidates = gold_candidates(book.all())
    lines = [as_json_line(one) + "\n" for one in candidates]
    try:
        with file.open("x", encoding="utf-8", errors="backslashreplace", newline="\n") as written:
            written.writelines(lines)
    except FileExistsError as error:
        raise CannotExport(f"{file} 已经有了。", "里面可能有审过的题，所以不覆盖：请换一个文件名。") from error
    except OSError as error:
        raise CannotExport(f"写不进 {file}：{error.strerror or error}", "请换一个可以写入的地方。") from error
    AuditLog.of(settings).record("export", at_terminal(), format="feedback", file=file.name, rows=len(lines))
    typer.echo(f"导出 {len(lines)} 道待审的题：{file}", err=True)
