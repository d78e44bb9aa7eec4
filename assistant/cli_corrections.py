"""The command `zhengwen corrections`: what readers have called wrong in the tables, decided and exported."""

from __future__ import annotations

import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.json_lines import as_json_line

if TYPE_CHECKING:
    from assistant.corpus.corrections import State

app = typer.Typer(
    context_settings={"help_option_names": ["-h", "--help"]},
    help="指标表里被标为“不对”的数。",
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help is twice as quick
)


class Decision(StrEnum):
    """What becomes of a correction."""

    accepted = "accepted"
    refused = "refused"
    open = "open"


@app.command("list")
def list_all(
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，每行一个对象，带全部历史。")] = False,
) -> None:
    """列出全部，先写的在前。"""
    from assistant.assembly import open_corrections
    from assistant.settings import load_settings

    with open_corrections(load_settings()) as book:
        for one in book.all():
            if as_json:
                sys.stdout.write(as_json_line(asdict(one)) + "\n")
                continue
            of = f"{one.place}{one.year}年{one.indicator}{'目标' if one.role == 'target' else '完成'}"
            typer.echo("\t".join((one.id, one.state, of, one.figure, one.fault, one.right)))


@app.command()
def decide(
    identity: Annotated[str, typer.Argument(help="编号，见 zhengwen corrections list。", metavar="ID")],
    decision: Annotated[
        Decision, typer.Argument(help="accepted 确认不对，表里不再用这个数；refused 没有错；open 重新打开。")
    ],
) -> None:
    """决定一条：确认以后，表里换成报告里次好的写法，并注明已更正。"""
    from assistant.access.audit import AuditLog
    from assistant.access.callers import at_terminal
    from assistant.assembly import open_corrections
    from assistant.settings import load_settings

    settings, caller = load_settings(), at_terminal()
    state: State = decision.value
    with open_corrections(settings) as book:
        decided = book.decide(identity, state, caller.name)
    AuditLog.of(settings).record("correction", caller, id=decided.id, state=decided.state)
    typer.echo(f"{decided.id} {decided.state}", err=True)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="写到哪个文件（JSONL），不能是已有的文件。", metavar="FILE.jsonl")],
) -> None:
    """把确认过、又写了正确数的导出成待审的测试题，每行一道。"""
    from assistant.assembly import open_corrections
    from assistant.evaluation.candidates import corrected_questions, write_candidates
    from assistant.settings import load_settings

    with open_corrections(load_settings()) as book:
        candidates = corrected_questions(book.all())
    write_candidates(file, candidates)
    typer.echo(f"导出 {len(candidates)} 道待审的题：{file}", err=True)
