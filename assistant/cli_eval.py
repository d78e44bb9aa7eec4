"""The commands `zhengwen eval` and `zhengwen eval compare`."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from assistant.evaluation.questions import GoldSet
    from assistant.evaluation.run import Evaluation

app = typer.Typer(
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,  # plain help is twice as quick
)

GoldOption = Annotated[
    list[Path] | None,
    typer.Option(help="测试题文件（JSONL、CSV、XLSX）或 BEIR 文件夹；可以写多次。", metavar="FILE", show_default=False),
]
OutOption = Annotated[Path | None, typer.Option(help="结果写到哪个文件夹。", metavar="DIR", show_default=False)]
LimitOption = Annotated[int | None, typer.Option(min=1, help="只评前几道题。", show_default=False)]
RequireOption = Annotated[
    list[str] | None,
    typer.Option(
        help='要求，如 "answer_right>=0.9"；达不到时退出码是 1。可以写多次。', metavar="EXPR", show_default=False
    ),
]

JudgeOption = Annotated[
    str | None,
    typer.Option(
        help="再请一个大模型评审，写成 提供方:模型；要先装 zhengwen[judge]。", metavar="MODEL", show_default=False
    ),
]


@app.callback(invoke_without_command=True)
def evaluate(
    context: typer.Context,
    gold: GoldOption = None,
    out: OutOption = None,
    limit: LimitOption = None,
    require: RequireOption = None,
    judge: JudgeOption = None,
) -> None:
    """用测试题评测回答，写出成绩单和报告；比较两次评测用 zhengwen eval compare。"""
    if context.invoked_subcommand is not None:
        return
    if not gold or out is None:
        raise typer.BadParameter("要写 --gold 和 --out，例如 zhengwen eval --gold 测试题.jsonl --out 结果", context)
    from assistant.evaluation.files import REPORT, write
    from assistant.evaluation.gate import misses, parse
    from assistant.evaluation.gold import load_gold
    from assistant.terminal import open_console
    from assistant.terminal_eval import show_note, show_scorecard

    errors = open_console(stderr=True)
    requirements = [parse(expression) for expression in require or ()]  # a misspelt one must not cost a whole run
    questions = load_gold(gold)
    for problem in questions.problems:
        show_note(f"{problem.path}:{problem.line}: {problem.message}", errors)
    evaluation = _evaluate(questions, gold, limit, judge)
    write(evaluation, out)
    _record(gold, len(evaluation.judged))
    show_scorecard(evaluation.scorecard, open_console())
    show_note(f"报告：{out / REPORT}", errors)
    missed = misses(evaluation.scorecard, requirements)
    for line in missed:
        show_note(line, errors)
    if missed:
        raise typer.Exit(1)


@app.command()
def compare(
    a: Annotated[Path, typer.Argument(help="先前的评测结果，eval --out 写出的文件夹。", metavar="DIR_A")],
    b: Annotated[Path, typer.Argument(help="后来的评测结果。", metavar="DIR_B")],
) -> None:
    """比较两次评测：每项指标的差、是否可能只是偶然，以及哪些题从错变对、从对变错。"""
    from assistant.evaluation.compare import compare as compare_evaluations
    from assistant.evaluation.files import read
    from assistant.terminal import open_console
    from assistant.terminal_eval import gold_note, show_comparison, show_note

    comparison = compare_evaluations(read(a), read(b))
    if note := gold_note(comparison):
        show_note(note, open_console(stderr=True))
    show_comparison(comparison, open_console())


def _record(paths: list[Path], questions: int) -> None:
    from assistant.access.audit import AuditLog
    from assistant.access.callers import at_terminal
    from assistant.settings import load_settings

    named = [path.name for path in paths]
    AuditLog.of(load_settings()).record("evaluation", at_terminal(), files=named, questions=questions)


def _evaluate(questions: GoldSet, paths: list[Path], limit: int | None, judge: str | None) -> Evaluation:
    from assistant.assembly import build, open_embeddings
    from assistant.evaluation.judge import judge_with_model, open_chat_model
    from assistant.evaluation.provenance import what_ran
    from assistant.evaluation.run import evaluate as evaluate_answers
    from assistant.evaluation.run import with_judgement
    from assistant.settings import load_settings
    from assistant.terminal import StageProgress

    settings = load_settings()
    model = open_chat_model(judge) if judge else None  # a wrong name must not cost a whole run
    with StageProgress() as progress, closing(build(settings, progress)) as assistant:
        assistant.warm_up()
        evaluation = evaluate_answers(assistant, questions, progress, limit, what_ran(settings, paths))
        if model is None:
            return evaluation
        encoder = open_embeddings(settings)
        judgement = judge_with_model(
            evaluation.judged, model, encoder, lambda done, total: progress("模型评审", done, total)
        )
        return with_judgement(evaluation, judgement)
