"""The commands about the reports themselves: `zhengwen reports` with `review`, `confirm` and `edit`, `ingest`, `remove`."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.json_lines import as_json_line

if TYPE_CHECKING:
    from assistant.corpus.ingest import IngestOutcome
    from assistant.types import Report

JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON，每行一个对象。")]


app = typer.Typer(rich_markup_mode=None)

Identity = Annotated[str, typer.Argument(metavar="ID", help="报告的编号，见 zhengwen reports。")]
Place = Annotated[str | None, typer.Option(help="地区，如 松北区；几个城市都有的区名写成 北京市朝阳区。")]
Year = Annotated[int | None, typer.Option(min=1949, max=2100, help="报告的年份，即它安排哪一年的工作。")]
Kind = Annotated[str | None, typer.Option(help="种类，如 政府工作报告、新闻稿。")]
Title = Annotated[str | None, typer.Option(help="标题。")]
Parent = Annotated[str | None, typer.Option(help="上一级地区，如 哈尔滨市。")]
Delivered = Annotated[str | None, typer.Option(help="作报告的日期，如 2025-01-20。")]
Occasion = Annotated[str | None, typer.Option(help="作报告的会议。")]
Speaker = Annotated[str | None, typer.Option(help="报告人，如 区长 丁磊。")]


_HOW = "对的：zhengwen reports confirm 编号；不对的再加上 --place 地区 --year 年份；不要的：zhengwen remove 编号。"


@app.callback(invoke_without_command=True)
def reports(context: typer.Context, as_json: JsonOption = False) -> None:
    """列出已收录的报告；待确认的用 review 列出，写错的用 edit 改正。"""
    if context.invoked_subcommand:
        return
    from assistant.terminal import open_console, opened, show_reports

    with opened() as assistant:
        held = assistant.reports()
    if as_json:
        for report in held:
            sys.stdout.write(as_json_line(asdict(report)) + "\n")
        return
    show_reports(held, open_console())


@app.command()
def review(as_json: JsonOption = False) -> None:
    """列出待确认的报告：认出了什么，依据是什么，哪里有疑问。"""
    from assistant.assembly import open_library
    from assistant.corpus.claims import SAID
    from assistant.corpus.versions import rivals
    from assistant.settings import load_settings

    with open_library(load_settings()) as library:
        waiting, held = library.reviews.waiting(), library.reports()
    for one in waiting:
        report, others = one.report, rivals(one.report, held)
        if as_json:
            evidence = {"rivals": [asdict(other) for other in others], **asdict(one.review)}
            sys.stdout.write(as_json_line({**asdict(report), **evidence}) + "\n")
            continue
        place, year = report.region or "地区不明", report.report_year or "年份不明"
        _say(f"{report.id}　{place}　{year}　{report.title}（{report.source}）")
        for doubt in one.review.doubts:
            _say(f"  疑问　{doubt.sentence}")
        for other in others:
            _say(f"  已有　{other.id}《{other.title}》（{other.kind}，{other.source}），同一地区同一年")
        for claim in one.review.claims:
            _say(f"  依据　{SAID[claim.source]}：{claim.value}　{claim.words}")
    if not as_json:
        typer.echo(_HOW if waiting else "没有待确认的报告。", err=True)


@app.command()
def confirm(
    identity: Identity,
    place: Place = None,
    year: Year = None,
    kind: Kind = None,
    title: Title = None,
    parent: Parent = None,
    replace: Annotated[bool, typer.Option("--replace", help="同一地区同一年已有另一份时，换掉那一份。")] = False,
) -> None:
    """确认一份待确认的报告；认错的地方同时改正。确认以后才用来回答。"""
    said = {"region": place, "report_year": year, "kind": kind, "title": title, "parent": parent}
    _describe(identity, said, confirm=True, replace_rivals=replace)


@app.command()
def edit(
    identity: Identity,
    place: Place = None,
    year: Year = None,
    kind: Kind = None,
    title: Title = None,
    parent: Parent = None,
    delivered: Delivered = None,
    occasion: Occasion = None,
    speaker: Speaker = None,
) -> None:
    """改正一份报告的地区、年份等；随时可以，不用重新计算向量。"""
    said = {"region": place, "report_year": year, "kind": kind, "title": title, "parent": parent}
    _describe(identity, {**said, "delivered": delivered, "occasion": occasion, "speaker": speaker})


def _describe(identity: str, said: dict[str, Any], **how: Any) -> None:
    from assistant.access.audit import AuditLog
    from assistant.access.callers import at_terminal
    from assistant.errors import DescriptionError
    from assistant.settings import load_settings
    from assistant.terminal import opened

    if not how and not any(said.values()):
        raise DescriptionError("没有写要改什么。", "例如 zhengwen reports edit 编号 --year 2025。")
    settings = load_settings()
    with opened(settings) as assistant:
        report = assistant.changes.describe(identity, said, **how)
    given = {name: value for name, value in said.items() if value}
    AuditLog.of(settings).record("description", at_terminal(), **_described(report), said=given, **how)
    _say(f"{report.id}　{report.region}　{report.report_year}　{report.title}")


def _say(line: str) -> None:
    from assistant.terminal import clean

    typer.echo(clean(line))


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="报告文件，或者装有报告的文件夹、压缩包。")],
    region: Annotated[str | None, typer.Option(help="报告的地区，如 松北区；不写就从正文里认。")] = None,
    year: Annotated[int | None, typer.Option(min=1949, max=2100, help="报告的年份；不写就从正文里认。")] = None,
    title: Annotated[str | None, typer.Option(help="报告的标题；不写就从正文里认。")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="同一地区同一年已有另一份时，换成这一份。")] = False,
    split: Annotated[
        bool | None,
        typer.Option("--split/--whole", help="文件里像是有几份报告时，拆开各算一份，或者就当一份；不写就先不收录。"),
    ] = None,
) -> None:
    """收录报告；有文件收录不了时，其余照常收录。"""
    from assistant.access.audit import AuditLog
    from assistant.access.callers import at_terminal
    from assistant.settings import load_settings
    from assistant.terminal import StageProgress, open_console, opened, show_count, show_outcome

    settings = load_settings()
    log, out, errors = AuditLog.of(settings), open_console(), open_console(stderr=True)
    given = {"region": region, "report_year": year, "title": title}
    overrides = {key: value for key, value in given.items() if value is not None}
    with opened(settings) as assistant, StageProgress() as progress:

        def acknowledge(outcome: IngestOutcome) -> None:
            told = {"file": outcome.path.name, "result": outcome.status, **_described(outcome.report)}
            log.record("upload", at_terminal(), **told, **({"error": str(outcome.error)} if outcome.error else {}))
            with progress.stepped_aside():
                show_outcome(outcome, out, errors)

        how: dict[str, Any] = {"acknowledge": acknowledge, "replace_rivals": replace, "split": split}
        outcomes = assistant.ingest(paths, progress, **how, **overrides)
    show_count(outcomes, errors)
    if any(outcome.status == "failed" for outcome in outcomes):
        raise typer.Exit(1)


def remove(identity: Identity) -> None:
    """删除一份报告和由它而来的一切，再逐处核对没有剩下；有剩下的，退出码是 1。"""
    from assistant.access.audit import AuditLog
    from assistant.access.callers import at_terminal
    from assistant.keeping.removal import remove_with_proof
    from assistant.settings import load_settings
    from assistant.terminal import clean, opened

    settings = load_settings()
    home = settings.home.expanduser()
    with opened(settings) as assistant:
        proof = remove_with_proof(home, identity, assistant.reader().shelf.library, assistant.remove)
    report = proof.report
    AuditLog.of(settings).record("deletion", at_terminal(), **_described(report))
    typer.echo(clean(f"已删除：{report.title}（{report.region}，{report.report_year}年）"), err=True)
    for name in proof.evaluations:
        typer.echo(f"引用了它的评测结果也已删除：{name}", err=True)
    typer.echo("核对　" + "，".join(f"{name} {count}" for name, count in proof.rows.items()))
    for path in proof.left:
        typer.echo(clean(f"还留着　{path}"))
    if not proof.holds:
        typer.echo(
            "正在运行的服务会在下一次提问时换掉旧的索引；replaced- 开头的是恢复备份以前的资料库，请自己删掉。", err=True
        )
        raise typer.Exit(1)
    typer.echo(f"核对　数据目录里的 {proof.searched} 个文件都不再含有它的文字")
    typer.echo("审计日志只记下删除过它，不含正文；以前做的备份里还有它。", err=True)


def _described(report: Report | None) -> dict[str, Any]:
    """What the audit log says of a report."""
    if report is None:
        return {}
    return {"report": report.id, "title": report.title, "region": report.region, "year": report.report_year}
