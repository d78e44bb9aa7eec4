"""A file as one source, or as several where several reports lie in it: in the rows of a table, or one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.corpus.catalogue import identity_of
from assistant.corpus.kinds import is_table
from assistant.corpus.parsing.parsed import Parsed, Part
from assistant.corpus.readers import LARGEST_FILE, read_file
from assistant.corpus.several import part_of, reports_in
from assistant.corpus.sources import Source
from assistant.errors import SeveralReports, UnreadableFile

Recognising = Callable[[Path, int, int], None]
"""Called with a file whose pages are pictures, and how many of how many of them are recognised."""

_SHOWN = 6
"""Reports of a file that are named one by one."""


@dataclass(frozen=True, slots=True)
class Opening:
    """How files are opened: each as one report, or as several."""

    is_held: Callable[[str], bool]
    """Whether the library holds the report with an id."""
    in_place_of: str = ""
    """The report that is to be replaced: a file of several is refused then."""
    split: bool | None = None
    """Whether a file in which several reports seem to stand is taken apart (True), is one after all (False), or is refused."""
    recognising: Recognising | None = None

    def parted(self, files: Iterable[Source]) -> Iterator[Source]:
        """Yield each report by itself; a file that cannot be opened is refused when its turn comes."""
        for file in files:
            try:
                parts = self._split(file) if self.split and not is_table(file.path) else self._rows(file)
                if not self.in_place_of:
                    yield from parts
                    continue
                whole, *more = parts
                if more:
                    told = f"《{file.path.name}》里有{len(more) + 1}份报告，不能用来换掉一份。"
                    raise UnreadableFile(told, "请只留下要换上的那一份。")
                yield whole
            except UnreadableFile as error:
                yield replace(file, refusal=error)
            except OSError:
                yield file  # whoever reads it says why

    def parse(self, source: Source) -> Parsed:
        """Return the text of one report.

        Raises `UnreadableFile` as `read_file` does, and `SeveralReports` where there are more. A file that is held was taken
        for one report before, or somebody said that it is.
        """
        parsed = source.parsed or self._read(source)
        if parsed.parts:
            told = f"《{source.path.name}》里是表格，装有{len(parsed.parts)}份报告。"
            raise UnreadableFile(told, "请把文件名的后缀改成 .xlsx 再导入。")
        spans = () if source.is_part or self.split is False else reports_in(parsed)
        if spans and not self.is_held(identity_of(source.path, source.content)):
            named = "、".join(span.name for span in spans[:_SHOWN]) + "等" * (len(spans) > _SHOWN)
            told = f"《{source.path.name}》里像是有{len(spans)}份报告（{named}），没有收录：混在一起会答错地方和年份。"
            hint = "拆开收录（命令行加 --split），每份各算一份；确实是一份的，按一份收录（加 --whole）。"
            raise SeveralReports(told, hint, len(spans))
        return parsed

    def _read(self, source: Source) -> Parsed:
        told = self.recognising
        tell = None if told is None else lambda done, total: told(source.path, done, total)
        return read_file(source.path, source.content, tell)

    def _rows(self, source: Source) -> Iterator[Source]:
        """Yield the reports of a table; one that is held as a whole is not even read."""
        is_there = source.content is not None or source.path.is_file()
        if source.refusal is not None or not is_there or not is_table(source.path) or self._holds(source):
            yield source
            return
        parsed = self._read(source)
        if not parsed.parts:
            yield replace(source, parsed=parsed)
        for at, part in enumerate(parsed.parts):
            yield _row(source, part, parsed.notes if at == 0 else ())

    def _holds(self, source: Source) -> bool:
        return source.size <= LARGEST_FILE and self.is_held(identity_of(source.path, source.content))

    def _split(self, source: Source) -> Iterator[Source]:
        """Yield each of several reports that stand one after another."""
        if source.refusal is not None:
            yield source
            return
        parsed = self._read(source)
        spans = reports_in(parsed)
        if not spans:
            yield replace(source, parsed=parsed)
            return
        before = len(parsed.text[: spans[0].start].split())
        notes = (*parsed.notes, *([f"第1份前面的{before}行没有收进来。"] if before else []))
        whole = identity_of(source.path, source.content)
        for at, span in enumerate(spans, 1):
            part = replace(part_of(parsed, span), notes=notes if at == 1 else ())
            path = source.path.with_name(f"{source.path.name} 第{at}份")
            yield Source(path, part.text.encode(), parsed=part, stem="", whole=whole)


def _row(source: Source, part: Part, notes: tuple[str, ...]) -> Source:
    path = source.path.with_name(f"{source.path.name} {part.name}")
    if not part.text:
        refusal = UnreadableFile(f"《{path.name}》没有正文。", "请补上正文，或者删去这一行。")
        return Source(path, b"", refusal, stem="")
    parsed = Parsed(part.text, has_paragraphs=False, notes=(*part.notes, *notes))
    return Source(path, part.text.encode(), parsed=parsed, stem=part.stem)
