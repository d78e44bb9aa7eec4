"""The commands `zhengwen keys …` and `zhengwen audit …`."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.json_lines import as_json_line

if TYPE_CHECKING:
    from assistant.access.keys import Key
    from assistant.settings import Settings

keys_app = typer.Typer(
    context_settings={"help_option_names": ["-h", "--help"]},
    help="程序调用接口用的密钥。",
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help is twice as quick
)
audit_app = typer.Typer(
    context_settings={"help_option_names": ["-h", "--help"]},
    help="审计日志。",
    no_args_is_help=True,
    rich_markup_mode=None,
)

JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON，每行一个对象。")]


class _Scope(StrEnum):
    ask = "ask"
    admin = "admin"


@keys_app.command()
def add(
    portal: Annotated[str, typer.Option(help="给谁用，例如门户的名字。")],
    scope: Annotated[
        _Scope, typer.Option(help="ask 只能提问和查看，admin 还能改资料库、处理更正、看运行指标和评测。")
    ] = _Scope.ask,
    days: Annotated[int | None, typer.Option(min=1, max=3650, help="多少天后失效；不写就一直有效。")] = None,
) -> None:
    """发一个新密钥；只显示这一次。"""
    from assistant.access.audit import AuditLog
    from assistant.access.callers import at_terminal
    from assistant.access.keys import KeyRing
    from assistant.errors import SettingsError

    if not portal.strip() or len(portal) > 64 or not portal.isprintable():
        raise SettingsError("portal 要写成 1 到 64 个字的名字。", "例如 --portal oa")
    settings = _settings()
    ring = KeyRing(settings.home)
    shown, key = ring.add(scope.value, portal.strip(), days)
    try:
        AuditLog.of(settings).record("key_added", at_terminal(), key=key.id, scope=key.scope, for_portal=key.portal)
    except Exception:
        ring.revoke(key.id)  # a key that nobody can see in the log does not come into the world
        raise
    typer.echo(shown)
    typer.echo(f"编号 {key.id}。请现在就保存好：密钥只显示这一次，这里只留下它的哈希。", err=True)


@keys_app.command("list")
def list_keys(as_json: JsonOption = False) -> None:
    """列出发过的密钥。"""
    from assistant.access.keys import KeyRing

    now = datetime.now().timestamp()
    for key in KeyRing(_settings().home).all():
        row = _row(key, now)
        typer.echo(as_json_line(row) if as_json else "\t".join(str(cell or "-") for cell in row.values()))


@keys_app.command()
def revoke(identity: Annotated[str, typer.Argument(metavar="ID", help="密钥的编号。")]) -> None:
    """吊销一个密钥；马上生效。"""
    from assistant.access.audit import AuditLog
    from assistant.access.callers import at_terminal
    from assistant.access.keys import KeyRing

    settings = _settings()
    key = KeyRing(settings.home).revoke(identity)  # first of all: what happens to the log does not keep a key alive
    AuditLog.of(settings).record("key_revoked", at_terminal(), key=key.id, scope=key.scope, for_portal=key.portal)
    typer.echo(f"已吊销 {key.id}（{key.portal}）。", err=True)


@audit_app.callback()
def _root() -> None:
    """Keep `verify` a command of its own, though it is the only one."""


@audit_app.command()
def verify() -> None:
    """检查审计日志有没有被删、被改、被调换或被截断。"""
    from assistant.access.auditing import counted, faults

    home = _settings().home
    found = faults(home)
    for fault in found:
        typer.echo(fault)
    if found:
        typer.echo(f"审计日志有 {len(found)} 处不对。", err=True)
        raise typer.Exit(1)
    typer.echo(f"审计日志完整，共 {counted(home)} 行。", err=True)


def _row(key: Key, now: float) -> dict[str, str | None]:
    return {
        "id": key.id,
        "scope": key.scope,
        "portal": key.portal,
        "state": key.state(now),
        "created": _day(key.created),
        "expires": None if key.expires is None else _day(key.expires),
    }


def _day(at: float) -> str:
    return f"{datetime.fromtimestamp(at).astimezone():%Y-%m-%d %H:%M%z}"


def _settings() -> Settings:
    """The settings, with a data directory that is there."""
    from assistant.settings import load_settings

    settings = load_settings()
    home = settings.home.expanduser()
    home.mkdir(parents=True, exist_ok=True)
    return settings.model_copy(update={"home": home})
