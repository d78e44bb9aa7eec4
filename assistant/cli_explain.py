"""The command `zhengwen explain`."""

from __future__ import annotations

from typing import Annotated

import typer

MOST_CANDIDATES = 5


def explain(
    question: Annotated[str, typer.Argument(help="要看的问题。")],
) -> None:
    """说明一个问题是怎样被理解、由什么决定回答的：概率、候选的句子和各项特征。"""
    from assistant.answering.features import named_values
    from assistant.answering.understood import understood_as
    from assistant.assembly import build
    from assistant.query.heads import SLOTS
    from assistant.settings import load_settings

    assistant = build(load_settings())
    try:
        told = assistant.explain(question)
    finally:
        assistant.close()
    typer.echo(f"理解为：{understood_as(told.question) or '—'}")
    for slot in SLOTS:
        shares = sorted(told.question.asked.of[slot].items(), key=lambda item: -item[1])
        typer.echo(f"{slot}：" + "，".join(f"{value or '未说明'} {share:.2f}" for value, share in shares[:3]))
    typer.echo(
        f"决定：{told.verdict}（{told.decided_by}）；{told.kind} 的把握 {told.confidence:.2f}，界限 {told.least:.2f}"
    )
    for candidate in told.candidates[:MOST_CANDIDATES]:
        fact, text = candidate.fact, candidate.paragraph.text
        words = text[slice(*fact.clause)] if fact else candidate.text[:60]
        typer.echo(f"\n{candidate.probability:.2f}  {candidate.report.region}{candidate.report.report_year}  {words}")
        typer.echo("      " + "  ".join(f"{name}={value:g}" for name, value in named_values(candidate) if value))
