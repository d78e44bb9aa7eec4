"""The check-up of a data directory: everything that is looked at, in order, and what is safe is mended where that is wanted."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.errors import LibraryError
from assistant.keeping.finding import Finding
from assistant.keeping.home_checks import audit_findings, home_findings
from assistant.keeping.index_checks import model_findings
from assistant.keeping.library_checks import library_findings
from assistant.keeping.restore import finish_restore
from assistant.settings import Settings


def check_up(settings: Settings) -> Iterator[Finding]:
    """Yield what is found; nothing is changed but that a restore which was killed is brought to its end."""
    home = settings.home.expanduser()
    own = home / "zhengwen.toml"
    yield Finding("good", "设置", f"{own} 读得懂" if own.is_file() else "没有 zhengwen.toml，用默认值和环境变量")
    yield from home_findings(home)
    if not home.is_dir():
        return
    try:
        if finish_restore(home):
            yield Finding("note", "资料库", "上次恢复备份没有做完，现在已经做完。")
    except LibraryError as error:
        yield Finding("wrong", "资料库", error.located, error.hint)
        return
    yield from library_findings(settings, home)
    yield from model_findings(settings, home)
    yield from audit_findings(home)
