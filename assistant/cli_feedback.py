"""The command `zhengwen feedback export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    context_settings={"help_option_names": ["-h", "--help"]},
    help="网页上收到的评价（👍、👎）。",
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help is twice as quick
)


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
    from assistant.evaluation.candidates import gold_candidates, write_candidates
    from assistant.settings import load_settings

    settings = load_settings()
    with open_feedback(settings) as book:
        candidates = gold_candidates(book.all())
    write_candidates(file, candidates)
    AuditLog.of(settings).record("export", at_terminal(), format="feedback", file=file.name, rows=len(candidates))
    typer.echo(f"导出 {len(candidates)} 道待审的题：{file}", err=True)
