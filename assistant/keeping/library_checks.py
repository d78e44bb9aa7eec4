"""Looks at the library: its file, what hangs on each report, and reports that claim the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from assistant.corpus.database import damages
from assistant.corpus.library import Library
from assistant.corpus.originals import Originals
from assistant.corpus.structure import RULES_VERSION
from assistant.corpus.versions import rivals
from assistant.errors import LibraryError
from assistant.keeping.finding import Finding
from assistant.keeping.home import LIBRARY
from assistant.keeping.index_checks import index_findings
from assistant.keeping.traces import audited_reports, refuse_loss
from assistant.settings import Settings
from assistant.types import Report

_AREA = "资料库"
_FROM_BACKUP = "从备份恢复：zhengwen restore 备份文件。"


def library_findings(settings: Settings, home: Path) -> Iterator[Finding]:
    """Look at the library, and at the index where the library is sound."""
    path = home / LIBRARY
    if not path.exists():
        # Opening it would make a new one, and what was lost would look as if it had never been.
        lost = audited_reports(home)
        if lost or (home / "index" / "CURRENT").exists():
            yield Finding("wrong", _AREA, f"资料库不见了：{path}", _FROM_BACKUP)
        else:
            yield Finding("note", _AREA, "还没有资料库。", "运行 zhengwen serve 或 zhengwen ask，就会收录自带的报告。")
        return
    if found := damages(path):
        yield Finding("wrong", _AREA, f"资料库文件损坏：{found[0]}", _FROM_BACKUP)
        return
    try:
        library = Library.open(path)
    except LibraryError as error:
        yield Finding("wrong", _AREA, error.located, error.hint)
        return
    with closing(library):
        try:
            refuse_loss(home, library)
        except LibraryError as error:
            yield Finding("wrong", _AREA, error.located, error.hint)
            return
        yield from _rows(library, home)
        yield from index_findings(settings, home, library)


def _rows(library: Library, home: Path) -> Iterator[Finding]:
    reports = library.reports()
    places = len({report.region for report in reports})
    yield Finding("good", _AREA, f"{len(reports)}份报告，{places}个地方，{library.passage_count()}个片段")
    if waiting := library.reviews.waiting():
        told = f"{len(waiting)}份报告等待确认，确认以前不用来回答。"
        yield Finding("note", _AREA, told, "zhengwen reports review 列出它们和依据；网页的“资料库”里也可以确认。")
    if library.read_only:
        yield Finding("note", _AREA, "数据目录不能写入：可以提问，不能收录和评价。", f"检查 {home} 的权限。")
    yield from _altered(library, reports)
    yield from _claims(reports)
    yield from _missing(library, home)
    yield from _made_with(library, reports)
    yield from _originals(library, home)
    if not library.read_only and (strays := library.lexical.strays()):
        said = f"词语索引有{strays}个片段对不上。" if strays > 0 else "词语索引损坏了。"
        yield Finding(
            "wrong", _AREA, said, "运行 zhengwen doctor --fix 由片段重新生成。", partial(_index_words, library.path)
        )


def _originals(library: Library, home: Path) -> Iterator[Finding]:
    originals = Originals(home)
    if strays := originals.strays(library):
        said = f"有{len(strays)}个原件不属于任何报告，多半是收录被中断时留下的：{'、'.join(path.name for path in strays[:3])}"
        yield Finding("wrong", _AREA, said, "运行 zhengwen doctor --fix 清掉。", partial(_sweep, home))
    held = originals.held()
    changed = [report.id for report in library.reports() if report.id in held and originals.read(report.id) is None]
    if changed:
        said = f"{len(changed)}份报告的原件和收录时不一样，不会显示：{'、'.join(changed[:5])}"
        yield Finding("wrong", _AREA, said, f"删去 {home / 'originals'} 里的这些文件，再用原来的文件收录一次。")


def _sweep(home: Path) -> None:
    with Library.open(home / LIBRARY) as library:
        Originals(home).sweep(library)


def _index_words(path: Path) -> None:
    with Library.open(path) as library:
        library.lexical.rebuild()


def _altered(library: Library, reports: tuple[Report, ...]) -> Iterator[Finding]:
    altered = library.checksums.altered(report.id for report in reports)
    for report in reports:
        if report.id in altered:
            sentence = f"{report.id}《{report.title}》的文字和收录时不一致，不会被引用。"
            yield Finding("wrong", _AREA, sentence, "用原来的文件重新收录：zhengwen ingest 文件；或者从备份恢复。")


def _claims(reports: tuple[Report, ...]) -> Iterator[Finding]:
    """Two reports of one place and year: each answer could come from the one or the other."""
    told: set[str] = set()
    for report in reports:
        others = [] if report.id in told else rivals(report, reports)
        if others:
            told.update(other.id for other in others)
            ids = "、".join(f"{one.id}《{one.title}》" for one in (report, *others))
            sentence = f"{report.region}{report.report_year}年有{len(others) + 1}份报告：{ids}"
            yield Finding("wrong", _AREA, sentence, "用 zhengwen remove 删去不要的。")


def _missing(library: Library, home: Path) -> Iterator[Finding]:
    """Reports that were taken in by the audit log, and are not held: an older copy of the library may have been put in its place."""
    gone = sorted(identity for identity in audited_reports(home) if identity not in library)
    gone = [identity for identity in gone if not library.was_removed(identity)]
    if gone:
        sentence = (
            f"审计日志记着收录过、资料库里却没有的报告有{len(gone)}份：{'、'.join(gone[:5])}{' 等' * (len(gone) > 5)}"
        )
        yield Finding("note", _AREA, sentence, "如果恢复过较早的备份，把这些报告重新收录。")


def _made_with(library: Library, reports: tuple[Report, ...]) -> Iterator[Finding]:
    made = {report.id: library.made_with(report.id) for report in reports}
    old = [identity for identity, by in made.items() if by is not None and by[0] != RULES_VERSION]
    if old:
        sentence = f"{len(old)}份报告是按旧规则分段的：{'、'.join(old[:5])}{' 等' * (len(old) > 5)}"
        yield Finding("note", _AREA, sentence, "用原来的文件重新收录一次：zhengwen ingest 文件。")
    empty = [report.id for report in reports if not library.passages_of(report.id)]
    if empty:
        yield Finding("wrong", _AREA, f"{len(empty)}份报告没有正文：{'、'.join(empty[:5])}", "用原来的文件重新收录。")
