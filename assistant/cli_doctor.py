"""The command `zhengwen doctor`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from assistant.keeping.finding import Finding
    from assistant.settings import Settings

_READS = {"passages": "读原文后自己写，逐句核对", "extract": "只改写摘录，逐句核对"}
_PROBES = ("从两段里分清目标和完成", "没有就说没有", "分点回答并注明出处")
_LEVELS = {"good": "好　", "note": "注意", "wrong": "不对"}


def doctor(
    fix: Annotated[bool, typer.Option("--fix", help="把能安全修好的修好：清掉残留、收紧权限、重新生成索引。")] = False,
) -> None:
    """检查数据目录、资料库、索引、模型、设置、审计日志和大模型；有不对的，退出码是 1。"""
    from assistant.keeping.checkup import check_up
    from assistant.settings import load_settings

    settings = load_settings()
    wrong = 0
    for finding in check_up(settings):
        wrong += _told(finding, fix)
    wrong += _language_model(settings)
    if wrong:
        typer.echo(f"有{wrong}处不对。", err=True)
        raise typer.Exit(1)


def _told(finding: Finding, fix: bool) -> bool:
    """Print a finding, and what became of it; True where something is wrong after that."""
    from assistant.errors import ZhengwenError
    from assistant.terminal import clean
    from embeddings import EmbeddingError

    typer.echo(clean(f"{_LEVELS[finding.level]}  {finding.area}：{finding.sentence}"))
    if fix and finding.mend is not None:
        try:
            finding.mend()
        except (ZhengwenError, EmbeddingError, OSError) as error:
            typer.echo(clean(f"      没有修好：{error.located if isinstance(error, ZhengwenError) else error}"))
            return True
        typer.echo("      已修好。")
        return False
    if finding.remedy and finding.level != "good":
        typer.echo(clean(f"      {finding.remedy}"))
    return finding.level == "wrong"


def _language_model(settings: Settings) -> bool:
    """Put three small questions to the language model; True where it cannot be asked."""
    from assistant.answering.writing.writer import Writer
    from assistant.errors import LanguageModelError
    from assistant.llm.opening import open_language_model

    try:
        model = open_language_model(settings)
    except LanguageModelError as error:
        typer.echo(f"{_LEVELS['wrong']}  大模型：{error}\n      {error.hint}")
        return True
    if model is None:
        typer.echo(f"{_LEVELS['good']}  大模型：没有设置（llm = none），回答用报告原文。")
        return False
    try:
        writer = Writer(model, settings.reads, settings.llm_price)
        tested = writer.choose() if settings.reads == "auto" else writer.test()
    finally:
        model.close()
    typer.echo(f"{_LEVELS['wrong' if tested.error else 'good']}  大模型：{model.name}")
    for name, passed in zip(_PROBES, tested.passed, strict=False):
        typer.echo(f"      {'通过' if passed else '没通过'}  {name}")
    if tested.error:
        typer.echo(f"      没有测完：{tested.error}")
    why = "按自测选定" if settings.reads == "auto" else f"设置 llm_reads = {settings.reads}"
    typer.echo(f"      用法：{_READS[writer.reads]}（{why}）")
    return bool(tested.error)
