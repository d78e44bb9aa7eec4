"""What else knows of reports, where the library itself holds none: the audit log, and the index that was made from it."""

from __future__ import annotations

import json
from pathlib import Path

from assistant.access.audit import FOLDER
from assistant.corpus.library import Library
from assistant.errors import LibraryError
from embeddings import entry_count


def audited_reports(home: Path) -> set[str]:
    """Return the ids of the reports that were taken in, and not removed since, by what there is of the audit log."""
    held: set[str] = set()
    for path in sorted((home / FOLDER).glob("????-??-??.jsonl")):
        for row in path.read_bytes().splitlines():
            if any(event in row for event in (b'"upload"', b'"deletion"', b'"description"')):
                held = _after(row, held)
    return held


def refuse_loss(home: Path, library: Library) -> None:
    """Raise `LibraryError` where the library is as good as new, but something else knows that it held reports."""
    if not library.is_new:
        return
    entries, audited = entry_count(home / "index"), len(audited_reports(home))
    if not entries and not audited:
        return
    known = [f"审计日志记着收录过{audited}份报告"] if audited else []
    known += [f"向量索引里有{entries}条"] if entries else []
    raise LibraryError(
        f"资料库是空的，可是{'，'.join(known)}：{library.path} 多半被删除或清空了。",
        "请从备份恢复：zhengwen restore 备份文件。没有备份、想从头开始时，用 ZHENGWEN_HOME 指定一个新的数据目录。",
    )


def _after(row: bytes, held: set[str]) -> set[str]:
    try:
        line = json.loads(row)
        report = str(line.get("report", ""))
    except (ValueError, AttributeError):
        return held
    if line.get("event") == "deletion":
        return held - {report}
    is_added = line.get("event") == "upload" and line.get("result") == "added"
    taken_in = report and (is_added or (line.get("event") == "description" and line.get("confirm")))
    return held | {report} if taken_in else held
