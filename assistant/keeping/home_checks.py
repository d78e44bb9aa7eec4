"""Looks at the data directory: who can read it, what is left over, how much room there is, and whether the audit log is whole."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from assistant.access.auditing import counted, faults
from assistant.errors import ZhengwenError
from assistant.keeping.finding import Finding
from assistant.keeping.home import LIBRARY, REPLACED, loose, make_private
from embeddings import leftovers

_AREA = "数据目录"
_LEAST_FREE = 300 << 20
"""Bytes: the model's folder, or the index of a small library and its copies."""


def home_findings(home: Path) -> Iterator[Finding]:
    """Look at the directory itself; nothing in it is opened."""
    if not home.is_dir():
        if home.exists():
            yield Finding("wrong", _AREA, f"不是文件夹：{home}", "用 ZHENGWEN_HOME 指定一个文件夹。")
        else:
            yield Finding("note", _AREA, f"还没有：{home}", "运行 zhengwen serve 或 zhengwen ask 时会建立。")
        return
    yield Finding("good", _AREA, str(home))
    yield from _room(home)
    yield from _readable_by_others(home)
    yield from _left_over(home)


def audit_findings(home: Path) -> Iterator[Finding]:
    """Verify the audit log."""
    try:
        found = faults(home)
    except (ZhengwenError, OSError) as error:
        found = [str(error)]
    if found:
        remedy = "运行 zhengwen audit verify 查看全部，再向管理员查明。"
        yield Finding("wrong", "审计日志", f"有{len(found)}处不对：{found[0]}", remedy)
    else:
        yield Finding("good", "审计日志", f"完整，共{counted(home)}行")


def _room(home: Path) -> Iterator[Finding]:
    library = home / LIBRARY
    needed = max(_LEAST_FREE, 2 * library.stat().st_size if library.exists() else 0)
    free = shutil.disk_usage(home).free
    if free < needed:
        sentence = f"磁盘只剩 {free >> 20} MB，收录、建索引和备份可能要 {needed >> 20} MB。"
        yield Finding("wrong", _AREA, sentence, "腾出空间；models/ 和 index/ 可以删，会重新生成。")


def _readable_by_others(home: Path) -> Iterator[Finding]:
    if found := loose(home):
        names = "、".join(path.name for path in found)
        sentence = f"这台机器上的其他人能读到：{names}"
        yield Finding(
            "wrong",
            _AREA,
            sentence,
            f"运行 zhengwen doctor --fix，或者 chmod -R go= {home}",
            partial(make_private, home),
        )
    settings = home / "zhengwen.toml"
    if settings.exists() and settings.stat().st_mode & 0o022:
        yield Finding("wrong", _AREA, "其他人能改写 zhengwen.toml。", f"运行 chmod go-w {settings}")


def _left_over(home: Path) -> Iterator[Finding]:
    try:
        rubbish = leftovers(home / "index")
    except OSError:
        return  # nothing can be written here, so nothing can be left either
    if rubbish:
        said = f"有{len(rubbish)}个被中断的操作留下的文件夹：{'、'.join(path.name for path in rubbish[:3])}"
        yield Finding("wrong", _AREA, said, "运行 zhengwen doctor --fix 清掉。", partial(_remove, rubbish))
    for aside in sorted(home.glob(f"{REPLACED}*")):
        yield Finding("note", _AREA, f"恢复备份以前的资料库还留在 {aside}", "确认恢复得对以后，请自己删掉。")


def _remove(paths: list[Path]) -> None:
    for path in paths:
        shutil.rmtree(path, ignore_errors=True)
