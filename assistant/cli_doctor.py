"""The command `zhengwen doctor`."""

from __future__ import annotations

import typer

_READS = {"passages": "读原文后自己写，逐句核对", "extract": "只改写摘录，逐句核对"}
_PROBES = ("从两段里分清目标和完成", "没有就说没有", "分点回答并注明出处")


def doctor() -> None:
    """检查资料库、向量模型和大模型；大模型会被问三个内置的小问题，看它能不能直接读原文。"""
    from assistant.assembly import build
    from assistant.settings import load_settings

    settings = load_settings()
    assistant = build(settings)
    try:
        reports = assistant.reports()
        typer.echo(f"资料库：{len(reports)}份报告，{len({report.region for report in reports})}个地方")
        typer.echo(f"向量模型：{settings.embedding_model}")
        writer = assistant.writer
        if writer is None:
            typer.echo("大模型：没有设置（llm = none），回答用报告原文。")
            return
        typer.echo(f"大模型：{writer.model.name}")
        tested = writer.choose() if settings.reads == "auto" else writer.test()
        for name, passed in zip(_PROBES, tested.passed, strict=False):
            typer.echo(f"  {'通过' if passed else '没通过'}  {name}")
        if tested.error:
            typer.echo(f"  没有测完：{tested.error}")
        why = "按自测选定" if settings.reads == "auto" else f"设置 llm_reads = {settings.reads}"
        typer.echo(f"  用法：{_READS[writer.reads]}（{why}）")
    finally:
        assistant.close()
