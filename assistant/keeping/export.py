"""Everything that the library holds of reports as JSON lines, for whoever wants to read it without this program."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from assistant.corpus.fact_rows import FactQuery
from assistant.corpus.library import Library
from assistant.errors import ZhengwenError
from assistant.json_lines import as_json_line

FORMAT = 1


class ExportError(ZhengwenError):
    """An export cannot be written."""

    hint = "请换一个文件名，并检查目录的权限和剩余空间。"


def export(library: Library, file: Path) -> dict[str, int]:
    """Write all reports to a new file, each with its paragraphs, facts and items behind it; return how many lines of each kind.

    Numbers of facts are texts, so that they stay exact. The file is whole once this returns. Raises `ExportError`.
    """
    if file.exists():
        raise ExportError(f"已经有这个文件了：{file}")
    part = file.with_name(f"{file.name}.part")
    counts: dict[str, int] = {}
    try:
        with part.open("w", encoding="utf-8") as written:
            for line in _lines(library):
                counts[line["record"]] = counts.get(line["record"], 0) + 1
                written.write(as_json_line(line) + "\n")
            written.flush()
            os.fsync(written.fileno())
        part.replace(file)
    except OSError as error:
        raise ExportError(f"导出写不进去：{file}（{error.strerror or error}）") from error
    finally:
        part.unlink(missing_ok=True)
    return counts


def _lines(library: Library) -> Iterator[dict[str, Any]]:
    yield {"record": "library", "format": FORMAT, "state": library.state()}
    for report in library.reports():
        rules, embedding = library.made_with(report.id) or ("", "")
        is_altered = bool(library.checksums.altered([report.id]))
        yield {"record": "report", **asdict(report), "rules": rules, "embedding": embedding, "altered": is_altered}
        for paragraph in library.paragraphs(report.id):
            yield {"record": "paragraph", **asdict(paragraph)}
        for fact in library.facts(FactQuery(reports=[report.id])):
            yield {"record": "fact", **{name: _plain(value) for name, value in asdict(fact).items()}}
        for item in library.items(report.id):
            yield {"record": "item", **asdict(item)}
    for replacement in library.versions.replacements():
        yield {"record": "replacement", **asdict(replacement)}


def _plain(value: object) -> object:
    return f"{value:f}" if isinstance(value, Decimal) else value
