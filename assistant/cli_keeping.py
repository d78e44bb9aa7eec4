"""The commands that keep a library whole and take it elsewhere: `zhengwen backup`, `restore`, `export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="写到哪个文件，不能是已有的文件。")],
) -> None:
    """备份数据目录里不能重新生成的一切；服务正在运行也可以备份。"""
    from assistant.access.audit import AuditLog
    from assistant.access.callers import at_terminal
    from assistant.assembly import open_library
    from assistant.keeping.backup import back_up
    from assistant.settings import load_settings

    settings = load_settings()
    with open_library(settings) as library:
        made = back_up(settings.home.expanduser(), library, file)
        can_log = not library.read_only
    if can_log:
        AuditLog.of(settings).record("backup", at_terminal(), file=file.name, reports=made.reports)
    size = file.stat().st_size / (1 << 20)
    typer.echo(f"已备份并核对：{made.reports}份报告，{len(made.files)}个文件，{size:.1f} MB，{file}", err=True)
    typer.echo("里面有密钥的哈希、设置和读者的评价，请放在别人读不到的地方。", err=True)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="zhengwen backup 写出的文件。")],
) -> None:
    """从备份恢复：先核对整个备份，再换掉现在的资料库；原来的留在数据目录里。先停下服务。"""
    from assistant.access.audit import AuditLog
    from assistant.access.callers import at_terminal
    from assistant.keeping.restore import restore as put_back
    from assistant.settings import load_settings

    settings = load_settings()
    done = put_back(settings.home.expanduser(), file)
    manifest = done.manifest
    AuditLog.of(settings).record("restore", at_terminal(), file=file.name, made=manifest.made, reports=manifest.reports)
    typer.echo(f"已恢复：{manifest.reports}份报告，备份于 {manifest.made}。", err=True)
    if done.left_out:
        typer.echo(f"保留了现有的 {'、'.join(done.left_out)}，没有换成备份里的。", err=True)
    if done.aside is not None:
        typer.echo(f"原来的数据留在 {done.aside}；确认恢复得对以后，请自己删掉。", err=True)


def export(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="写到哪个文件，不能是已有的文件。")],
) -> None:
    """把全部报告导出成 JSONL：报告、自然段、数据、条目各一行，不用本程序也能读。"""
    from assistant.access.audit import AuditLog
    from assistant.access.callers import at_terminal
    from assistant.assembly import open_library
    from assistant.keeping.export import export as write_lines
    from assistant.settings import load_settings

    settings = load_settings()
    with open_library(settings) as library:
        counts = write_lines(library, file)
        can_log = not library.read_only
    if can_log:
        rows = sum(counts.values())
        AuditLog.of(settings).record("export", at_terminal(), format="library", file=file.name, rows=rows)
    names = {"report": "份报告", "paragraph": "个自然段", "fact": "个数据", "item": "个条目"}
    held = "，".join(f"{counts.get(kind, 0)}{name}" for kind, name in names.items())
    typer.echo(f"已导出 {held}：{file}", err=True)
